"""Writes of rule sets: a change is a new version, the one before it stays as it was."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from qunxing.challenges.models import RuleSet
from qunxing.challenges.shipped import SHIPPED
from qunxing.challenges.terms import Terms
from qunxing.core.errors import Refused
from qunxing.ledger.actions import StaleRecord, change, create
from qunxing.ledger.recording import Entry, note, recording
from qunxing.ledger.writing import locked_head


def create_rules(
    *, actor: Any, name: str, basis: str, terms: Mapping[str, Any], reason: str = "", demo: bool = False
) -> RuleSet:
    """The first version of a rule set; BadTerms when a rule cannot stand."""
    stored = Terms.read(terms).as_json()
    with recording(actor=actor, reason=reason):
        if RuleSet.objects.filter(name=name).exists():
            raise Refused(_("There is a rule set of this name."), _("Change that one, or choose another name."), 409)
        made = create(RuleSet(name=name, basis=basis, terms=stored, demo=demo), actor=actor, reason=reason)
        tell_log(made)
    return made


def change_rules(
    present: RuleSet, *, actor: Any, basis: str, terms: Mapping[str, Any], reason: str, expected: int | None = None
) -> RuleSet:
    """A new version in force; lists that were published keep theirs. StaleRecord when another version came between."""
    rules = Terms.read(terms)
    with recording(actor=actor, reason=reason):
        stored: RuleSet = RuleSet.objects.select_for_update().get(pk=present.pk)
        if not stored.in_force or (expected is not None and stored.revision != expected):
            raise StaleRecord(RuleSet.objects.filter(name=stored.name).order_by("-version")[0])
        if stored.rules == rules and stored.basis == basis:
            return stored
        change(stored, actor=actor, values={"in_force": False}, reason=reason)
        newest = RuleSet(name=stored.name, version=stored.version + 1, basis=basis, terms=rules.as_json())
        made = create(newest, actor=actor, reason=reason)
        tell_log(made)
    return made


def tell_log(made: RuleSet) -> None:
    facts = {"name": made.name, "version": made.version, "terms": made.rules.digest()}
    note(Entry("rules.set", made.kind_code(), made.ref, facts))


def install(code: str, *, actor: Any) -> RuleSet:
    """One of the rule sets that come with the program, unless it is there already."""
    shipped = next((one for one in SHIPPED if one.code == code), None)
    if shipped is None:
        raise Refused(_("No such rule set comes with the program."), status=404)
    with recording(actor=actor):
        locked_head()
        found: RuleSet | None = RuleSet.objects.filter(name=shipped.name, in_force=True).first()
        return found or create_rules(actor=actor, name=shipped.name, basis=shipped.basis, terms=shipped.terms)
