"""What the ledger's organisations are held to be, compared anew."""

from qunxing.intake.joining.candidates import firms_of, told_apart
from qunxing.intake.joining.finding import Candidate, find_among


def candidates() -> list[Candidate]:
    """All pairs that may be one and that nobody has told apart, the likeliest first; nothing is kept."""
    apart = told_apart()
    return [one for one in find_among(firms_of().values()) if (one.first, one.second) not in apart]
