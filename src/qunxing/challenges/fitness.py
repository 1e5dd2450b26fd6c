"""Whether whoever is to be awarded still passes the rules of eligibility on the day of the award."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from qunxing.challenges import eligibility
from qunxing.challenges.checkpoints import PASS, name_of, told
from qunxing.challenges.eligibility import PartyFinding
from qunxing.challenges.models import Bid, BidFinding, FormalCheck
from qunxing.core.errors import Text
from qunxing.matching.engine.conditions import Outcome

# A rule, the organisation it failed for, and the rows it rests on.
Ground = tuple[str, str, frozenset[tuple[str, str]]]


@dataclass(frozen=True)
class Unfit:
    """A rule that a bid fails, and that nobody settled by hand on the same grounds."""

    bid: Bid
    finding: PartyFinding

    @property
    def code(self) -> str:
        return self.finding.code

    @property
    def rule(self) -> Text:
        return name_of(self.code)

    @property
    def why(self) -> str:
        """Who it is, and what it rests on."""
        return str(told(self.finding).lazy())

    def __str__(self) -> str:
        return f"{self.rule} ({self.why})"


def unfit(bids: Iterable[Bid], *, day: date) -> list[Unfit]:
    """What the bids fail on the day; what staff settled at the formal check and has no new grounds is left out."""
    return [
        Unfit(bid, one)
        for bid in bids
        for settled in [settled_grounds(bid)]
        for one in eligibility.check(bid, day=day)
        if one.outcome == Outcome.FAIL and ground_of(one) not in settled
    ]


def settled_grounds(bid: Bid) -> frozenset[Ground]:
    """What failed at the formal check and was passed by hand."""
    check = FormalCheck.objects.filter(bid=bid).first()
    by_hand = {one["code"] for one in check.points if one["by_hand"] and one["state"] == PASS} if check else set()
    rows = BidFinding.objects.filter(bid=bid, stage=BidFinding.Stage.CHECK, code__in=by_hand)
    return frozenset(
        (
            row.code,
            row.organization.ref if row.organization else "",
            rows_of([(e["kind"], e["ref"]) for e in row.evidence]),
        )
        for row in rows.select_related("organization")
    )


def ground_of(found: PartyFinding) -> Ground:
    return found.code, found.organization, rows_of([(one.kind, one.ref) for one in found.finding.evidence])


def rows_of(evidence: Sequence[tuple[str, str]]) -> frozenset[tuple[str, str]]:
    return frozenset(evidence)
