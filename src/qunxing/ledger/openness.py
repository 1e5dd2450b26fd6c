"""How open rows may be that are told beside a record of some level."""

from collections.abc import Sequence

from qunxing.ledger.models import Visibility

LEVELS: Sequence[Visibility] = tuple(Visibility)


def levels_within(level: str) -> list[Visibility]:
    """For parts of the record itself: whoever sees an internal record sees all its parts."""
    return list(LEVELS[: LEVELS.index(Visibility(level)) + 1])


def levels_beside(level: str) -> list[Visibility]:
    """For rows of others: an internal record is seen by its own people too, who see nothing internal of others."""
    return [one for one in levels_within(level) if one != Visibility.INTERNAL]
