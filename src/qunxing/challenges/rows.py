"""The targets of a challenge as rows of a form, in the cells of the core indicators of scenarios."""

from collections.abc import Iterable

from qunxing.challenges.models import Challenge, Target
from qunxing.scenarios.rows import CELL, EMPTY_ROWS, MOST_ROWS


def stored_targets(challenge: Challenge) -> list[Target]:
    """The targets, as they were when the challenge given is a version of the past."""
    if not challenge.pk:
        return []
    version = getattr(challenge, "_history", None)
    if version is None:
        return list(challenge.targets.all())
    past: Iterable[Target] = Target.history.as_of(version.history_date).filter(challenge_id=challenge.pk)
    return sorted(past, key=lambda row: (row.position, row.pk))


def row_keys(challenge: Challenge, names: Iterable[str]) -> list[str]:
    """The keys of all rows a form must hold: of the version given, stored now, named in what was posted, empty."""
    posted = (found[1] for name in names if (found := CELL.fullmatch(name)))
    past = [row.ref for row in stored_targets(challenge)]
    present = Target.objects.filter(challenge_id=challenge.pk).values_list("ref", flat=True) if challenge.pk else ()
    empty = (f"new{number}" for number in range(1, EMPTY_ROWS + 1))
    return list(dict.fromkeys([*past, *present, *posted, *empty]))[:MOST_ROWS]
