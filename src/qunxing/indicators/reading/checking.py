"""A published figure held against the ledger's: agrees, differs, or cannot be told."""

from decimal import Decimal
from enum import StrEnum

from qunxing.indicators.quantities import Quantity, disjoint
from qunxing.indicators.quantities.ranges import widened

NEAR = Decimal("0.8")


class Verdict(StrEnum):
    AGREES = "agrees"
    DIFFERS = "differs"
    UNTOLD = "untold"


class Why(StrEnum):
    """What explains the verdict, as far as figures can tell."""

    NONE = ""
    NO_INDICATOR = "no_indicator"
    NO_SCOPE = "no_scope"
    WHOLE = "whole"
    NO_FIGURE = "no_figure"
    UNSURE = "unsure"
    SCOPE = "scope"
    MISSING = "missing"
    DEFINITION = "definition"
    NO_FUND = "no_fund"
    FUND = "fund"


def held_against(claim: Quantity, ledger: Quantity | None) -> Verdict:
    """AGREES when all the ledger may mean lies in the claim's range, DIFFERS when nothing of it does."""
    if ledger is None or (ledger.low is None and ledger.high is None):
        return Verdict.UNTOLD
    said = meant(claim)
    if disjoint(said, ledger):
        return Verdict.DIFFERS
    return Verdict.AGREES if inside(ledger, said) else Verdict.UNTOLD


def meant(claim: Quantity) -> Quantity:
    """近400 and 不到400 are said of what comes near it: not of a fifth less."""
    if claim.low is None and claim.high is not None and claim.high_open:
        return Quantity(claim.high * NEAR, claim.high, high_open=True, unit=claim.unit)
    return claim


def inside(ledger: Quantity, claim: Quantity) -> bool:
    low, high = widened(claim)
    if low is not None and (ledger.low is None or ledger.low < low):
        return False
    return high is None or (ledger.high is not None and ledger.high <= high)


def explained(claim: Quantity, ledger: Quantity, elsewhere: bool) -> Why:
    """Why the two differ: another scope would agree, the ledger has fewer (rows may be missing), or it has more."""
    if elsewhere:
        return Why.SCOPE
    low = widened(meant(claim))[0]
    fewer = low is not None and ledger.high is not None and ledger.high <= low
    return Why.MISSING if fewer else Why.DEFINITION
