"""Settling what an import leaves to people: rows that could not be placed, and proposals about names."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from qunxing.core.errors import IllegalTransition, Refused
from qunxing.directory.actions import add_part, rename
from qunxing.directory.models import Link, Organization, OrganizationName
from qunxing.intake.models import Proposal, StaffRow
from qunxing.ledger.actions import create
from qunxing.ledger.models import Record, Source
from qunxing.ledger.reasons import told_reason
from qunxing.ledger.recording import recording


@dataclass(frozen=True)
class Words:
    """In whose name something is done, why, and on what source."""

    actor: Any
    reason: str
    source: Source | None

    def create(self, record: Record) -> None:
        create(record, actor=self.actor, reason=self.reason, source=self.source)


def settle_row(row: StaffRow, *, actor: Any, state: str, note: str) -> None:
    """Say what was done about a row for staff; IllegalTransition when somebody has said so before."""
    close(StaffRow.objects.filter(pk=row.pk), actor=actor, state=StaffRow.State(state), note=told_reason(note))


def dismiss_proposal(proposal: Proposal, *, actor: Any) -> None:
    close(Proposal.objects.filter(pk=proposal.pk), actor=actor, state=Proposal.State.DISMISSED)


def close(rows: QuerySet[Any], *, actor: Any, state: str, **values: Any) -> None:
    """Move an open row to its end by compare-and-swap."""
    if not rows.filter(state="open").update(state=state, settled_by=actor, settled_at=timezone.now(), **values):
        raise IllegalTransition


def accept_proposal(proposal: Proposal, *, actor: Any) -> str:
    """Carry a proposal out and say what was done.

    Only the old name known: it is renamed from the day of the list on. Only the new one: it gets the old one as a
    former name. Both known: the one is linked as the former self of the other, and both stay.
    """
    words = Words(actor, proposal.words or str(proposal), proposal.batch.source)
    with recording(actor=actor, reason=words.reason, source=words.source):
        close(Proposal.objects.filter(pk=proposal.pk), actor=actor, state=Proposal.State.ACCEPTED)
        old, new = bearer(proposal.old_key, proposal.old_name), bearer(proposal.new_key, proposal.new_name)
        if old is not None and new is not None:
            return link_former(old, new, words)
        if old is not None:
            return give_name(old, proposal, words)
        if new is not None:
            return keep_former_name(new, proposal, words)
        raise Refused(_("Neither of the two organisations is in the directory any more."), status=409)


def bearer(key: str, name: str) -> Organization | None:
    """The organisation of that name, else the one that bore it before; Refused when there are several."""
    kind = OrganizationName.Kind.REGISTERED
    former = OrganizationName.objects.filter(name_key=key, kind=kind).values("organization_id")
    for found in (Organization.objects.filter(name_key=key), Organization.objects.filter(pk__in=former)):
        bearers: list[Organization] = list(found[:2])
        if len(bearers) > 1:
            message = _("Several organisations are called “%(name)s”; settle that first.")
            raise Refused(message % {"name": name}, status=409)
        if bearers:
            return bearers[0]
    return None


def link_former(old: Organization, new: Organization, words: Words) -> str:
    if old == new:
        return _("%(name)s bears both names already.") % {"name": new.name}
    known = Link.objects.filter(from_organization=old, to_organization=new, kind=Link.Kind.FORMER)
    if not known.exists():
        words.create(Link(from_organization=old, to_organization=new, kind=Link.Kind.FORMER))
    return _("%(old)s is linked as the former self of %(new)s.") % {"old": old.name, "new": new.name}


def give_name(organization: Organization, proposal: Proposal, words: Words) -> str:
    day = proposal.batch.day
    rename(
        organization, name=proposal.new_name, from_day=day, actor=words.actor, reason=words.reason, source=words.source
    )
    return _("Renamed to %(name)s.") % {"name": proposal.new_name}


def keep_former_name(organization: Organization, proposal: Proposal, words: Words) -> str:
    kind, last_day = OrganizationName.Kind.REGISTERED, proposal.batch.day - timedelta(days=1)
    name = OrganizationName(kind=kind, text=proposal.old_name, to_day=last_day)
    add_part(name, organization, actor=words.actor, reason=words.reason, source=words.source)
    return _("%(name)s is kept as a former name.") % {"name": proposal.old_name}
