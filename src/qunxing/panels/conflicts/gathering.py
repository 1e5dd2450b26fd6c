"""Reading the ledgers for what ties experts to items; as many queries for many as for one.

All rows are read, whatever their level: who looks at conflicts sees everything.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Q

from qunxing.core.text import fold_name
from qunxing.directory.models import Contact, Membership
from qunxing.panels.conflicts.finding import (
    DECLARED,
    DIRECTORSHIP,
    DIRECTORY,
    EMPLOYMENT,
    HOLDING,
    KIN,
    Evidence,
    Found,
    Known,
    Named,
    Person,
    Side,
    Tie,
    Window,
    find_conflicts,
)
from qunxing.panels.conflicts.nodes import Nodes
from qunxing.panels.conflicts.relating import relations_between
from qunxing.panels.models import Expert, Panel, Party, Seat, Stake
from qunxing.panels.states import HOLDS, ExpertState

# Kinds of record on which conflicts hang.
WATCHED = (
    "panels.expert", "panels.job", "panels.stake", "panels.kin", "panels.item", "panels.party",
    "directory.organization", "directory.organizationname", "directory.link", "directory.contact",
    "directory.membership", "funds.fund", "funds.round", "funds.investment",
)  # fmt: skip
LEADS = re.compile(
    r"董事|監事|监事|法定代表|法人代表|总经理|總經理|director|supervisor|chair|president|\bc[eft]o\b", re.IGNORECASE
)
STAKES = {Stake.Kind.DIRECTOR: DIRECTORSHIP, Stake.Kind.SUPERVISOR: DIRECTORSHIP}


def find(panel: Panel, day: date) -> list[Found]:
    """Every tie between whoever may sit, or sits, and the panel's items and issuers, on the day."""
    window = Window(day, years_before(day, panel.rules.recusal_years))
    return find_conflicts(Gathered(panel, window).known, window)


def years_before(day: date, years: int) -> date:
    """The same day so many years ago; the first of March where it had no 29th of February."""
    try:
        return day.replace(year=max(day.year - years, 1))
    except ValueError:
        return date(day.year - years, 3, 1)


@dataclass(frozen=True)
class Gathered:
    panel: Panel
    window: Window

    @cached_property
    def experts(self) -> list[Expert]:
        sitting = Seat.objects.filter(panel=self.panel, state__in=HOLDS).values("expert")
        rows = Expert.objects.filter(Q(state=ExpertState.QUALIFIED) | Q(pk__in=sitting))
        rows = rows.select_related("employer").prefetch_related("jobs__organization", "stakes__organization")
        return list(rows.prefetch_related("kin__organization").order_by("pk"))

    @cached_property
    def parties(self) -> list[Party]:
        rows = Party.objects.filter(panel=self.panel).exclude(item__withdrawn=True)
        return list(rows.select_related("organization", "item").order_by("pk"))

    @cached_property
    def declared(self) -> list[tuple[Expert, Any]]:
        return [(one, row) for one in self.experts for row in [*one.jobs.all(), *one.stakes.all(), *one.kin.all()]]

    @cached_property
    def memberships(self) -> list[Membership]:
        """Of experts with an account."""
        users = [one.user_id for one in self.experts if one.user_id is not None]
        return list(Membership.objects.filter(user__in=users).select_related("organization").order_by("pk"))

    @cached_property
    def nodes(self) -> Nodes:
        keys = {one.employer_id for one in self.experts} | {row.organization_id for _one, row in self.declared}
        keys |= {row.organization_id for row in self.parties} | {row.organization_id for row in self.memberships}
        names = [one.employer_name for one in self.experts] + [row.organization_name for _one, row in self.declared]
        names += [row.name for row in self.parties if not row.person]
        return Nodes({key for key in keys if key is not None}, names, [row.uscc for row in self.parties])

    @property
    def known(self) -> Known:
        ties, sides = list(self.ties()), list(self.sides())
        insides = self.nodes.keys_of([*(one.node for one in ties), *(one.node for one in sides)])
        relations = relations_between(insides, self.window, self.panel)
        return Known(ties, list(self.names()), sides, list(self.people()), relations)

    # --- of experts ---------------------------------------------------------------------------------------------

    def ties(self) -> Iterator[Tie]:
        by_user = {one.user_id: one for one in self.experts if one.user_id is not None}
        for one in self.experts:
            yield from self.employer_of(one)
        for one, row in self.declared:
            node = self.nodes.of(row.organization_id, row.organization_name)
            kind = kind_of(row)
            evidence = said(row.kind_code(), str(row), row.ref, row.from_day, row.to_day)
            yield Tie(one.pk, kind, node, DECLARED, evidence, row.from_day, row.to_day)
        for member in self.memberships:
            evidence = said(member.kind_code(), member.organization.name, member.ref)
            node = self.nodes.of(member.organization_id)
            yield Tie(by_user[member.user_id].pk, EMPLOYMENT, node, DIRECTORY, evidence)

    def employer_of(self, expert: Expert) -> Iterator[Tie]:
        node = self.nodes.of(expert.employer_id, expert.employer_name)
        if node:
            evidence = said("panels.expert", expert.employer_label, f"{expert.ref}/employer")
            yield Tie(expert.pk, EMPLOYMENT, node, DECLARED, evidence)

    def names(self) -> Iterator[Named]:
        for one in self.experts:
            yield Named(one.pk, one.name_key, "", said("panels.expert", one.name, one.ref))
        for one, row in self.declared:
            if kind_of(row) == KIN and row.name:
                yield Named(
                    one.pk, fold_name(row.name), KIN, said(row.kind_code(), f"{row.relation} {row.name}", row.ref)
                )

    # --- of items and issuers -----------------------------------------------------------------------------------

    def sides(self) -> Iterator[Side]:
        for row in self.parties:
            if not row.person:
                node = self.nodes.of(row.organization_id, row.name, row.uscc)
                yield Side(row.item_id, node, said(row.kind_code(), row.label, row.ref))

    def people(self) -> Iterator[Person]:
        for row in self.parties:
            if row.person:
                yield Person(row.item_id, row.name_key, EMPLOYMENT, said(row.kind_code(), row.label, row.ref))
        items = self.items_by_organization()
        for contact in Contact.objects.filter(organization__in=items).order_by("pk"):
            kind = DIRECTORSHIP if LEADS.search(contact.title) else EMPLOYMENT
            evidence = said(contact.kind_code(), f"{contact.name} {contact.title}".strip(), contact.ref)
            for item in items[contact.organization_id]:
                yield Person(item, fold_name(contact.name), kind, evidence)
        yield from self.members(items)

    def members(self, items: Mapping[int, Sequence[int | None]]) -> Iterator[Person]:
        """Accounts of the bidders by their names; an expert's own account is a tie already."""
        own = [one.user_id for one in self.experts if one.user_id is not None]
        rows = Membership.objects.filter(organization__in=items).exclude(user__in=own).select_related("user")
        for row in rows.order_by("pk"):
            evidence = said(row.kind_code(), row.user.name, row.ref)
            for item in items[row.organization_id]:
                yield Person(item, fold_name(row.user.name), EMPLOYMENT, evidence)

    def items_by_organization(self) -> dict[int, list[int | None]]:
        """{organisation of the ledger: the items it stands behind}."""
        found: dict[int, list[int | None]] = {}
        for row in self.parties:
            if not row.person:
                for key in self.nodes.keys_of([self.nodes.of(row.organization_id, row.name, row.uscc)]):
                    found.setdefault(key, []).append(row.item_id)
        return found


def kind_of(row: Any) -> str:
    """What a declaration makes of its organisation."""
    code = row.kind_code()
    if code == "panels.stake":
        return STAKES.get(row.kind, HOLDING)
    return EMPLOYMENT if code == "panels.job" else KIN


def said(kind: str, value: str, ref: str, first: date | None = None, last: date | None = None) -> Evidence:
    """A piece of evidence as it is stored: what says it, what it says, and from when to when."""
    return {
        "kind": kind,
        "value": value,
        "ref": ref,
        "since": first.isoformat() if first else "",
        "until": last.isoformat() if last else "",
    }
