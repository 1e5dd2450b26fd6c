"""The index as this process reads it: opened once, read again when it was written, exchanged when another is in use."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from qunxing.ledger.models import LogEntry
from qunxing.search.folders import META, BrokenIndex, State, condemn, current, guarded, open_index, state_of
from qunxing.search.writing import Position, read_position

LATE = timedelta(seconds=60)
Stamp = tuple[int, int, int]


@dataclass(frozen=True)
class Reader:
    """One state of one index."""

    folder: Path
    stamp: Stamp
    index: Any
    searcher: Any
    position: Position | None


class _Held:
    """What this process has open."""

    reader: Reader | None = None


def reader() -> Reader | None:
    """The newest state of the index in use; None where there is none that can be used."""
    folder = current()
    if folder is None:
        return None
    try:
        return fresh(folder)
    except BrokenIndex:
        # Perhaps another was put in its place while we looked.
        again = current()
        if again is None or again == folder:
            condemn(folder)
            return None
        return fresh(again)


def fresh(folder: Path) -> Reader | None:
    held, stamp = _Held.reader, stamp_of(folder)
    if held is None or held.folder != folder:
        state = state_of(folder)
        if state == State.BROKEN:
            raise BrokenIndex(str(folder))
        if state != State.READY:
            return None
        index = open_index(folder)
    elif held.stamp == stamp:
        return held
    else:
        index = held.index
        with guarded():
            index.reload()
    with guarded():
        _Held.reader = Reader(folder, stamp, index, index.searcher(), read_position(index))
    return _Held.reader


def stamp_of(folder: Path) -> Stamp:
    """Tells one commit from another."""
    with guarded():
        found = (folder / META).stat()
    return found.st_ino, found.st_mtime_ns, found.st_size


def late_since() -> datetime | None:
    """From when on changes are not in the index, for nobody seems to keep it up; None while it follows the ledgers."""
    one = _Held.reader
    if one is None or one.position is None:
        return None
    unread = LogEntry.objects.filter(index__gte=one.position.size).order_by("index").values_list("at", flat=True)
    first = unread.first()
    return first if first is not None and timezone.now() - first > LATE else None


def broke(one: Reader) -> None:
    """Let go of an index that failed while it was read."""
    _Held.reader = None
    condemn(one.folder)
