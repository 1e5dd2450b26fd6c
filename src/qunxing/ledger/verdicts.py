"""What a check of the log, or of a part of it, has found."""

from dataclasses import dataclass
from enum import StrEnum

MAX_PROBLEMS = 100


class Kind(StrEnum):
    """What is wrong, for programs and for translation; the detail of a problem says it in English."""

    LINE = "line"  # a line that cannot be read
    HEADER = "header"  # the first line is missing or does not fit the rest
    KEY = "key"  # made for another key than the one trusted
    FORMAT = "format"  # not a proof, or not one of this version
    ENTRY = "entry"  # the text is not the one that was logged
    LEAF = "leaf"  # the text is right, the hash stated beside it is not
    LINK = "link"  # the entry names another predecessor than the one before it
    INDEX = "index"  # the text was logged at another place
    MISSING = "missing"  # one or more entries are not there
    ORDER = "order"  # another entry stands in its place and it follows later
    REPEATED = "repeated"  # an entry stands here that stood before
    CHECKPOINT = "checkpoint"  # a checkpoint that is damaged, not signed by the key, or out of place
    ROOT = "root"  # the entries do not give the signed root
    FORK = "fork"  # the entries do not give the root of a checkpoint kept by the reader
    UNSIGNED = "unsigned"  # no valid checkpoint covers the last entries
    TRUNCATED = "truncated"  # it ends too early
    PATH = "path"  # the inclusion path does not lead to the signed root
    FILE = "file"  # a file of a pack is missing, added or changed
    RECORD = "record"  # a record in a pack is not the one that was logged


@dataclass(frozen=True, slots=True)
class Problem:
    """`index` is the zero-based place in the log; None if no entry is at fault."""

    index: int | None
    kind: Kind
    detail: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """`entries` were read, the first `proven` give a signed root, and `first_bad` is the first place that departs."""

    ok: bool
    entries: int
    first_bad: int | None
    problems: tuple[Problem, ...] = ()
    proven: int = 0
    origin: str = ""
    key: str = ""


class Findings:
    """Problems as they are found: the first hundred, and always the one with the lowest index."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.first_bad: int | None = None

    def add(self, index: int | None, kind: Kind, detail: str) -> None:
        earlier = index is not None and (self.first_bad is None or index < self.first_bad)
        if earlier:
            self.first_bad = index
        if len(self.problems) >= MAX_PROBLEMS:
            if not earlier:
                return
            self.problems.pop()
        self.problems.append(Problem(index, kind, detail))

    def verdict(self, *, entries: int, proven: int = 0, origin: str = "", key: str = "") -> Verdict:
        ranked = sorted(self.problems, key=lambda one: (one.index is None, one.index or 0))
        return Verdict(not ranked, entries, self.first_bad, tuple(ranked), proven, origin, key)
