"""Writing the index: whole from the ledgers, or what the log says has changed.

The log is the outbox: an entry stands or falls with the change it tells of, and entries are in the order in which their
changes were committed. How far the index has read is kept in the index itself, so that one commit puts down both.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import tantivy

from qunxing.core.specs import DocumentSpec
from qunxing.ledger.models import LogEntry, LogHead
from qunxing.search.folders import guarded, make_index, new_folder, put_in_use, sweep
from qunxing.search.gathering import gather, key_of, specs
from qunxing.search.staleness import Stale, stale_documents

POSITION = "position"
BATCH = 1_000
ENTRIES = 5_000
HEAP = 64_000_000
BUILDING_HEAP = 256_000_000
Tell = Callable[[str, int], None]


@dataclass(frozen=True)
class Position:
    """How far an index has read the log: `size` entries, the last with this hash; and up to which day."""

    size: int
    leaf: str
    day: str

    @classmethod
    def of_log(cls, size: int, day: date) -> "Position":
        return cls(size, leaf_before(size), day.isoformat())

    @property
    def fits_the_log(self) -> bool:
        """Whether the log of this database is the one that was read: another one, or an older copy, is not."""
        return leaf_before(self.size) == self.leaf


def leaf_before(size: int) -> str:
    leaf = LogEntry.objects.filter(index=size - 1).values_list("leaf", flat=True).first()
    return bytes(leaf or b"").hex()


def log_size() -> int:
    return LogHead.objects.filter(pk=1).values_list("size", flat=True).first() or 0


class Writer:
    """Writes one index; nothing of it is there before `commit`."""

    def __init__(self, index: Any, heap: int = HEAP, threads: int = 1) -> None:
        with guarded():
            self.writer = index.writer(heap, threads)

    def close(self) -> None:
        """Wait for what still is merged and let others write."""
        with guarded():
            self.writer.wait_merging_threads()

    def add(self, spec: DocumentSpec, keys: Sequence[int]) -> None:
        for start in range(0, len(keys), BATCH):
            for document in gather(spec, keys[start : start + BATCH]):
                with guarded():
                    self.writer.add_document(document)

    def replace(self, spec: DocumentSpec, stale: Stale) -> None:
        with guarded():
            for ref in stale.refs:
                self.writer.delete_documents_by_term("key", key_of(spec, ref))
        self.add(spec, sorted(stale.keys))

    def commit(self, position: Position) -> None:
        """Put down what was written together with how far it goes."""
        with guarded():
            self.writer.delete_documents_by_term("key", POSITION)
            made = tantivy.Document()
            made.add_text("key", POSITION)
            made.add_bytes("card", json.dumps(asdict(position)).encode())
            self.writer.add_document(made)
            self.writer.commit()

    def rollback(self) -> None:
        with guarded():
            self.writer.rollback()


def read_position(index: Any) -> Position | None:
    """How far the index goes; None for one that nothing was put into."""
    with guarded():
        searcher = index.searcher()
        query = tantivy.Query.term_query(index.schema, "key", POSITION, "basic")
        hits = searcher.search(query, 1, count=False).hits
        return Position(**json.loads(bytes(searcher.doc(hits[0][1]).get_first("card")))) if hits else None


def follow(writer: Writer, since: Position, day: date) -> Position:
    """Write what the next entries of the log tell of; gives how far that goes."""
    entries = LogEntry.objects.filter(index__gte=since.size).order_by("index")[:ENTRIES]
    changed: dict[str, set[str]] = defaultdict(set)
    size = since.size
    for index, kind, ref in entries.values_list("index", "subject_kind", "subject_ref"):
        size = index + 1
        changed[kind].add(ref)
    replace_all(writer, stale_documents(changed))
    replace_all(writer, turned_documents(date.fromisoformat(since.day), day))
    position = Position.of_log(size, day)
    writer.commit(position)
    return position


def replace_all(writer: Writer, stale: dict[str, Stale]) -> None:
    for spec in specs():
        if spec.code in stale:
            writer.replace(spec, stale[spec.code])


def turned_documents(since: date, day: date) -> dict[str, Stale]:
    """What is stale because the day is another."""
    found: dict[str, Stale] = {}
    for spec in specs() if since < day else ():
        if spec.turned is not None:
            rows = spec.model._default_manager.filter(spec.turned(since)).values_list("pk", "ref")
            keys = dict(rows)
            found[spec.code] = Stale(set(keys.values()), set(keys))
    return found


def rebuild(day: date, tell: Tell | None = None) -> Path:
    """Build an index anew beside the one in use and put it in its place; call it under the lock of rebuilding.

    What changes meanwhile is read off the log before the two are changed, and what changes after that by who follows.
    """
    folder = new_folder()
    index = make_index(folder)
    start = Position.of_log(log_size(), day)
    writer = Writer(index, BUILDING_HEAP)
    for spec in specs():
        for keys, done in batches(spec):
            writer.add(spec, keys)
            if tell is not None:
                tell(spec.code, done)
    writer.commit(start)
    while start.size < log_size():
        start = follow(writer, start, day)
    writer.close()
    lasting = put_in_use(folder)
    sweep()
    return lasting


def batches(spec: DocumentSpec) -> Iterator[tuple[list[int], int]]:
    """(keys, how many so far) of all records of the kind."""
    last, done = 0, 0
    rows = spec.model._default_manager.order_by("pk").values_list("pk", flat=True)
    while keys := list(rows.filter(pk__gt=last)[:BATCH]):
        last, done = keys[-1], done + len(keys)
        yield keys, done
