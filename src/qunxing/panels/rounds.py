"""What panels do from time to time."""

from datetime import datetime

from qunxing.panels.actions import recheck_all


def look_for_conflicts(*, now: datetime) -> int:  # noqa: ARG001 - every round is given the moment
    """Look again for conflicts where an expert, a tie, an item or the directory has changed."""
    return recheck_all()


ROUNDS = (look_for_conflicts,)
