"""How far needs come over all lists: needs, challenges, bids, awards, contracts, accepted work, money."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch, Sum
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from qunxing.challenges.models import Bid, Challenge, ChallengeList, Contract, Need, Payment
from qunxing.challenges.states.board import SEALED as SEALED_LISTS
from qunxing.challenges.states.call import NeedState
from qunxing.challenges.states.challenge import ChallengeState
from qunxing.challenges.states.contract import ContractState
from qunxing.challenges.wording import listed
from qunxing.core.errors import Text
from qunxing.core.formats import show_isoday
from qunxing.core.money import show_money
from qunxing.directory.models import Organization

CS = ChallengeState
AWARDED = (CS.AWARDED, CS.DELIVERING, CS.ACCEPTED, CS.FAILED, CS.TERMINATED)


@dataclass(frozen=True)
class Funnel:
    """Counts of what was reached; of money whole yuan. `running` demo rows count like any others, and say so."""

    needs: int
    published: int
    bids: int
    awards: int
    contracts: int
    accepted: int
    offered: int
    granted: int
    paid: int
    demo: bool

    @property
    def stops(self) -> list[tuple[Text, int]]:
        return [
            (_("needs handed in"), self.needs),
            (_("challenges published"), self.published),
            (_("bids opened"), self.bids),
            (pgettext("funnel", "awards"), self.awards),
            (pgettext("funnel", "contracts"), self.contracts),
            (pgettext("funnel", "accepted"), self.accepted),
        ]


def funnel_of(user: Any) -> Funnel:
    """Over the challenges the reader may see; of what hangs on them numbers only, of sealed bids none."""
    entries = Challenge.objects.visible_to(user).filter(number__isnull=False)
    shown = entries.values("pk")
    opened = Bid.objects.filter(challenge__in=shown).exclude(challenge__board__state__in=SEALED_LISTS)
    contracts = told_contracts(user, shown)
    paid = Payment.objects.filter(contract__in=contracts.values("pk"), state="paid")
    awarded = entries.filter(state__in=AWARDED) | entries.filter(state=CS.ARCHIVED, outcome__in=AWARDED)
    accepted = entries.filter(state=CS.ACCEPTED) | entries.filter(state=CS.ARCHIVED, outcome=CS.ACCEPTED)
    return Funnel(
        needs=needs_handed_in(),
        published=entries.count(),
        bids=opened.filter(organization__isnull=False).count(),
        awards=awarded.count(),
        contracts=contracts.count(),
        accepted=accepted.count(),
        offered=total(entries, "money"),
        granted=total(contracts, "grant"),
        paid=total(paid, "amount"),
        demo=entries.filter(demo=True).exists(),
    )


def told_contracts(user: Any, entries: Any) -> Any:
    """The contracts both sides signed, of the contractors the reader may see: no draft, none that came to nothing."""
    return awarded_contracts(user, entries).filter(issuer_signed_on__isnull=False, bidder_signed_on__isnull=False)


def awarded_contracts(user: Any, entries: Any) -> Any:
    """Signed or to be signed: the award behind it was confirmed after its public notice."""
    readable = Organization.objects.visible_to(user).values("pk")
    rows = Contract.objects.filter(challenge__in=entries, organization__in=readable)
    return rows.exclude(state=ContractState.VOID)


def needs_handed_in() -> int:
    """How many needs were ever handed in: a number and no more, so that it may be told to everybody."""
    return Need.objects.exclude(state=NeedState.DRAFT).filter(number__isnull=False).count()


def total(rows: Any, field: str) -> int:
    return int(rows.order_by().aggregate(sum=Sum(field))["sum"] or 0)


def funnel_chart(funnel: Funnel, day: date) -> dict[str, Any] | None:
    """The funnel as a chart; None while nothing was published."""
    if not funnel.published:
        return None
    return {
        "type": "bar",
        "across": True,
        "whole": True,
        "title": _("From needs to accepted work"),
        "note": _("From the ledger, as of %(day)s") % {"day": show_isoday(day)},
        "labels": [str(label) for label, _count in funnel.stops],
        "series": [{"name": _("number"), "data": [count for _label, count in funnel.stops]}],
    }


def money_chart(funnel: Funnel, day: date) -> dict[str, Any] | None:
    if not funnel.offered:
        return None
    amounts = (
        (_("on lists"), funnel.offered),
        (_("in contracts"), funnel.granted),
        (pgettext("funnel", "paid"), funnel.paid),
    )
    return {
        "type": "bar",
        "across": True,
        "title": _("Money, ten thousand yuan"),
        "note": _("From the ledger, as of %(day)s") % {"day": show_isoday(day)},
        "labels": [label for label, _amount in amounts],
        "series": [{"name": _("ten thousand yuan"), "data": [round(amount / 10_000, 1) for _label, amount in amounts]}],
    }


def states_chart(user: Any, day: date) -> dict[str, Any] | None:
    """How many published challenges stand in each state."""
    rows = Challenge.objects.visible_to(user).filter(number__isnull=False).order_by()
    counts: dict[str, int] = {}
    for state in rows.values_list("state", flat=True):
        counts[state] = counts.get(state, 0) + 1
    if not counts:
        return None
    found = [(state.label, counts[state]) for state in CS if state in counts]
    return {
        "type": "donut",
        "title": _("Where challenges stand"),
        "note": _("From the ledger, as of %(day)s") % {"day": show_isoday(day)},
        "labels": [str(label) for label, _count in found],
        "series": [{"name": _("Challenges"), "data": [count for _label, count in found]}],
    }


@dataclass(frozen=True)
class Result:
    """What came of a challenge, as everybody may know it."""

    challenge: Challenge
    winners: str
    money: str


def results_of(user: Any, limit: int = 20) -> list[Result]:
    """The newest challenges with an award, or that ended without one."""
    ended = (*AWARDED, CS.NO_AWARD, CS.WITHDRAWN, CS.ARCHIVED)
    rows = Challenge.objects.visible_to(user).filter(state__in=ended, number__isnull=False)
    found = list(rows.select_related("board", "issuer").order_by("-board__published_on", "-pk")[:limit])
    by_entry: dict[int, list[Contract]] = {}
    for contract in awarded_contracts(user, [row.pk for row in found]).select_related("organization"):
        by_entry.setdefault(contract.challenge_id, []).append(contract)
    return [result_of(row, by_entry.get(row.pk, [])) for row in found]


def result_of(entry: Challenge, contracts: list[Contract]) -> Result:
    granted = sum(contract.grant for contract in contracts)
    return Result(
        entry, listed(str(row.organization) for row in contracts), str(show_money(granted)) if granted else ""
    )


def open_lists(user: Any) -> list[ChallengeList]:
    rows = (
        ChallengeList.objects.visible_to(user)
        .filter(state="published")
        .prefetch_related(Prefetch("publisher", Organization.objects.visible_to(user)))
    )
    return list(rows.order_by("deadline", "pk")[:20])
