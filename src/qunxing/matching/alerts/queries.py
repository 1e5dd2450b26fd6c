"""Reads of one's own alerts: digests as far as their reader may see them now."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from qunxing.core.errors import Text
from qunxing.matching.alerts.matters import place_of, specs, visible_rows
from qunxing.matching.alerts.models import Digest, Notice

SHOWN = 20


@dataclass(frozen=True)
class ShownGroup:
    """New rows of one list; `more` are those beyond the shown ones."""

    title: Text
    icon: str
    rows: list[Any]
    more: int


@dataclass(frozen=True)
class ShownNotice:
    """A watch with what was new in it; `total` counts what may be seen now and nothing else."""

    heading: str
    groups: list[ShownGroup]
    total: int
    url: str
    cut: bool


def shown_notices(digest: Digest, *, user: Any, limit: int = SHOWN) -> list[ShownNotice]:
    """The notices that still hold something for this reader."""
    rows = Notice.objects.filter(digest=digest).select_related("watch")
    shown = (shown_notice(notice, user, limit) for notice in rows)
    return [notice for notice in shown if notice.total]


def shown_notice(notice: Notice, user: Any, limit: int) -> ShownNotice:
    found = list(groups_of(notice, user))
    groups = [
        ShownGroup(specs()[code].title, specs()[code].icon, rows[:limit], max(0, len(rows) - limit))
        for code, rows in found
    ]
    url = place_of(notice.watch, user) if notice.watch else ""
    return ShownNotice(notice.heading, groups, sum(len(rows) for _code, rows in found), url, notice.cut)


def groups_of(notice: Notice, user: Any) -> Iterator[tuple[str, list[Any]]]:
    for code, keys in notice.keys:
        rows = visible_rows(code, keys, user)
        if rows:
            yield code, rows


def unread_count(user: Any) -> int:
    """How many digests wait to be read; none for whoever is not signed in."""
    if user is None or not user.is_authenticated:
        return 0
    return Digest.objects.filter(user=user, read_at=None).count()
