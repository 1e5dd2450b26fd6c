"""The frame in which every change happens: who, why, on what source; its end writes the log.

A `recording` is one transaction. Versions made inside take actor, reason, source and moment from it, and its log
entries are appended together when the outermost frame ends, so that a change and its entry stand or fall as one.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from qunxing.ledger.models import Source
from qunxing.ledger.reasons import bare
from qunxing.ledger.writing import append


@dataclass(frozen=True)
class Entry:
    """What a log entry says beside its place and its links: its kind, its subject and plain facts."""

    kind: str
    subject_kind: str
    subject_ref: str
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class Change:
    """The frame's own words; `entries` is shared by all frames of one transaction."""

    actor: Any
    reason: str
    source: Source | None
    at: datetime
    entries: list[tuple["Change", Entry]] = field(default_factory=list)


_current: ContextVar[Change | None] = ContextVar("recording", default=None)


def current() -> Change | None:
    """The innermost open frame."""
    return _current.get()


@contextmanager
def recording(
    *, actor: Any, reason: str = "", source: Source | None = None, savepoint: bool = True
) -> Iterator[Change]:
    """Open a frame; one opened inside another speaks for itself but shares its moment and ends with it.

    The reason is kept without what no database holds, wherever it was typed. Without a savepoint an error takes the
    whole transaction with it, and SQLite need not hold a copy of every page that a long frame writes.
    """
    outer = _current.get()
    frame = Change(actor, bare(reason), source, outer.at if outer else timezone.now())
    if outer:
        frame = replace(frame, entries=outer.entries)
    before = len(frame.entries)
    with transaction.atomic(savepoint=savepoint):
        token = _current.set(frame)
        try:
            yield frame
        except BaseException:
            del frame.entries[before:]  # what is rolled back is not told, even if the outer frame goes on
            raise
        finally:
            _current.reset(token)
        if outer is None:
            append(entry_body(speaker, entry) for speaker, entry in frame.entries)


def note(entry: Entry) -> None:
    """Put an entry into the open frame, or append it at once where there is none."""
    frame = _current.get()
    if frame is None:
        with recording(actor=None) as alone:
            alone.entries.append((alone, entry))
    else:
        frame.entries.append((frame, entry))


def entry_body(frame: Change, entry: Entry) -> dict[str, Any]:
    """The plain body of an entry, before its index and its link to the entry before."""
    return {
        "kind": entry.kind,
        "at": frame.at,
        "actor": frame.actor.username if frame.actor is not None else "",
        "subject": [entry.subject_kind, entry.subject_ref],
        "source": frame.source.ref if frame.source is not None else "",
        "facts": dict(entry.facts),
    }
