"""How the index stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import tantivy

from qunxing.search.folders import BrokenIndex, State, current, guarded, is_taken, open_index, size_of, state_of
from qunxing.search.following import WRITING
from qunxing.search.gathering import specs
from qunxing.search.schema import VERSION, schema
from qunxing.search.writing import log_size, read_position


@dataclass(frozen=True)
class Status:
    """`behind` is how many entries of the log it has not read; `foreign` says that it was made of another database."""

    state: State
    folder: str
    version: int
    documents: Mapping[str, int]
    position: int
    log: int
    foreign: bool
    followed: bool
    bytes: int

    @property
    def behind(self) -> int:
        return max(0, self.log - self.position)

    @property
    def total(self) -> int:
        return sum(self.documents.values())


def status() -> Status:
    """The state of the index in use; nothing is written by looking."""
    folder = current()
    state = state_of(folder)
    counts: dict[str, int] = {}
    position = None
    if folder is not None and state == State.READY:
        try:
            index = open_index(folder)
            position = read_position(index)
            counts = counted(index)
        except BrokenIndex:
            state = State.BROKEN
    return Status(
        state=state,
        folder=str(folder or ""),
        version=VERSION,
        documents=counts,
        position=position.size if position else 0,
        log=log_size(),
        foreign=position is not None and not position.fits_the_log,
        followed=is_taken(WRITING),
        bytes=size_of(folder) if folder else 0,
    )


def counted(index: Any) -> dict[str, int]:
    """{kind: how many documents}."""
    with guarded():
        searcher = index.searcher()
        queries = {spec.code: tantivy.Query.term_query(schema(), "kind", spec.code, "basic") for spec in specs()}
        return {code: searcher.search(query, 1).count for code, query in queries.items()}
