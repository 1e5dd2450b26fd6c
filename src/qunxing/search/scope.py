"""What of the index a reader may see, as a condition of every query; so totals, filters and hints keep to it too."""

from collections.abc import Iterable, Sequence
from typing import Any

from qunxing.directory.rules import roles_of
from qunxing.ledger.models.records import SEES_ALL, levels_of
from qunxing.search.queries import any_of, one_of


def scope_of(user: Any) -> Any:
    """Open to the reader's level, or an own organisation's; None for whoever sees all.

    The same two questions as `RecordQuerySet.visible_to`.
    """
    if getattr(user, "kind", None) in SEES_ALL:
        return None
    return scope_within([str(level) for level in levels_of(user)], roles_of(user))


def scope_within(levels: Sequence[str], owners: Iterable[int]) -> Any:
    """Documents of these levels, and those of these organisations."""
    own = [str(key) for key in owners]
    return any_of([one_of("level", levels), *([one_of("owner", own)] if own else [])])
