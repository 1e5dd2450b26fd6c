"""Writes of a panel before it sits: its rules, the items it judges, its end before its time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from qunxing.core.errors import Refused
from qunxing.directory.models import Organization
from qunxing.ledger.actions import add_many, change, create
from qunxing.ledger.numbers import next_number
from qunxing.ledger.reasons import needed_reason
from qunxing.ledger.recording import recording
from qunxing.panels.actions.common import move, require, require_state
from qunxing.panels.actions.voiding import void_reviews
from qunxing.panels.models import Item, Panel, Party, Review
from qunxing.panels.rules import Permission
from qunxing.panels.states import OPEN, OVER, PANEL, TAKES_ITEMS, ReviewState
from qunxing.panels.terms import PanelTerms, ScoringTerms

LETTERS = "P"


@dataclass(frozen=True)
class PartySpec:
    """Who stands behind an item: an organisation of the ledger, or a name; `role` leader is a person."""

    organization: Organization | None = None
    name: str = ""
    uscc: str = ""
    role: str = Party.Role.LEAD


@dataclass(frozen=True)
class ItemSpec:
    """An item to be added; what its fields mean stands at `models.Item`."""

    code: str
    title: str
    text: str = ""
    body: Sequence[Mapping[str, Any]] = ()
    link: str = ""
    parties: Sequence[PartySpec] = ()
    affiliation: str = ""


def create_panel(
    *,
    actor: Any,
    title: str,
    terms: PanelTerms,
    scoring: ScoringTerms,
    day: date,
    issuer_parties: Iterable[PartySpec] = (),
    demo: bool = False,
) -> Panel:
    """Plan a panel; Unreadable names what is wrong with its rules."""
    require(actor, Permission.CREATE_PANEL)
    terms.check()
    scoring.check()
    panel = Panel(title=title, terms=terms.to_json(), scoring=scoring.to_json(), day=day, demo=demo)
    with recording(actor=actor):
        panel.number = next_number(Panel, LETTERS, day)
        create(panel, actor=actor)
        issuers = [party_of(panel, None, replace(one, role=Party.Role.ISSUER)) for one in issuer_parties]
        add_many(issuers)
    return panel


def party_of(panel: Panel, item: Item | None, spec: PartySpec) -> Party:
    made = Party(
        panel=panel,
        item=item,
        organization=spec.organization,
        name=spec.name[:200],
        uscc=spec.uscc or (spec.organization.uscc or "" if spec.organization is not None else ""),
        role=spec.role,
        demo=panel.demo,
    )
    if not made.label:
        raise Refused(_("Give an organisation of the ledger, or a name."), "", 422)
    made.derive()
    return made


def change_terms(
    panel: Panel,
    *,
    actor: Any,
    terms: PanelTerms | None = None,
    scoring: ScoringTerms | None = None,
    day: date | None = None,
) -> Panel:
    """Other rules, as long as nobody was drawn; scoring until somebody is seated."""
    require(actor, Permission.RUN, panel)
    values: dict[str, Any] = {}
    if terms is not None or day is not None:
        require_state(panel, {"planned"})
    if terms is not None:
        terms.check()
        values["terms"] = terms.to_json()
    if scoring is not None:
        require_state(panel, OPEN)
        scoring.check()
        values["scoring"] = scoring.to_json()
    if day is not None:
        values["day"] = day
    return change(panel, actor=actor, values=values)


def add_item(panel: Panel, *, actor: Any, **words: Any) -> Item:
    """Give the panel something to judge; the words are those of `ItemSpec`."""
    return add_items(panel, [ItemSpec(**words)], actor=actor)[0]


def add_items(panel: Panel, specs: Sequence[ItemSpec], *, actor: Any) -> list[Item]:
    """The same for many, in a few statements."""
    require(actor, Permission.RUN, panel)
    require_state(panel, TAKES_ITEMS)
    codes = [spec.code for spec in specs]
    if len(set(codes)) < len(codes) or Item.objects.filter(panel=panel, code__in=codes).exists():
        raise Refused(_("Another item of this panel has this code."), "", 422)
    with recording(actor=actor):
        items = add_many([item_of(panel, spec) for spec in specs])
        add_many([party_of(panel, item, one) for item, spec in zip(items, specs, strict=True) for one in spec.parties])
    return items


def item_of(panel: Panel, spec: ItemSpec) -> Item:
    made = Item(
        panel=panel,
        code=spec.code,
        title=spec.title[:200],
        text=spec.text,
        body=[dict(one) for one in spec.body],
        link=spec.link,
        affiliation=spec.affiliation[:200],
        demo=panel.demo,
    )
    made.derive()
    return made


def withdraw_item(item: Item, *, actor: Any, reason: str) -> Item:
    """Take an item from the panel; what was scored of it is void."""
    require(actor, Permission.RUN, item.panel)
    reason = needed_reason(reason)
    if Panel.objects.filter(pk=item.panel_id, state__in=OVER).exists():
        raise Refused(_("This is not possible in the panel's present state."), _("Reload the page."), 409)
    with recording(actor=actor, reason=reason):
        void_reviews(Review.objects.filter(item=item).exclude(state=ReviewState.VOID))
        return change(item, actor=actor, values={"withdrawn": True}, reason=reason)


def dissolve(panel: Panel, *, actor: Any, reason: str) -> Panel:
    """End the panel before its time."""
    move(panel, "dissolve", PANEL, actor=actor, reason=reason)
    return panel
