"""What hangs on a fund or a round, as the reader may see it."""

from dataclasses import dataclass
from typing import Any

from qunxing.funds.models import Commitment, Fund, Investment, Round

LONGEST = 50


@dataclass(frozen=True)
class FundParts:
    """`investments` are the newest only, `investments_total` counts all."""

    received: list[Commitment]
    made: list[Commitment]
    investments: list[Investment]
    investments_total: int


def parts_of(fund: Fund, *, user: Any) -> FundParts:
    """One query for each kind of part, and one to count."""
    commitments = Commitment.objects.visible_to(user).select_related("fund", "investor", "investor_fund")
    investments = Investment.objects.visible_to(user).filter(investor_fund=fund)
    newest = investments.select_related("round__organization", "round__stage").order_by("-round__closed_on", "-pk")
    return FundParts(
        received=list(commitments.filter(fund=fund)[:LONGEST]),
        made=list(commitments.filter(investor_fund=fund)[:LONGEST]),
        investments=list(newest[:LONGEST]),
        investments_total=investments.count(),
    )


def round_parts(found: Round, *, user: Any) -> list[Investment]:
    rows = Investment.objects.visible_to(user).filter(round=found)
    return list(rows.select_related("investor", "investor_fund"))
