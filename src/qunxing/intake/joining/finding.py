"""Which firms of a list may be one: by code, entity key, name, or a name nearly the same; asks nothing of a database.

A firm has marks, numbers that stand for what it must have in common with another one to be compared with it: its
code, its names, its trade name whole, without one letter, as it sounds, as it looks. Only firms that share a mark are
compared, so that a hundred thousand take seconds and not hours; and whoever keeps the marks can compare one firm alone.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum
from itertools import combinations

import numpy as np
from rapidfuzz.fuzz import ratio

from qunxing.intake.joining.grounds import Ground
from qunxing.intake.joining.names import SHORTEST, THRESHOLD, compare, split
from qunxing.intake.joining.slips import heard, seen
from qunxing.intake.registering.likeness import shortened

RULES = 2  # raised when marks or likenesses are others: what was found by earlier rules is to be found anew
BODY = slice(8, 17)  # the organisation's own number within its code of 18 digits
MOST_OF_A_KEY = 10  # more firms of one code or name are no duplicates but a slip of the key
MOST_OF_A_WORD = 30  # more trade names alike tell nothing on their own: they are compared by place and by business
LEAST_WEIGHED = 60  # of a hundred: trade names less alike that share a part are not weighed
CODES_DIFFER = 0.5  # the most that two codes leave of a likeness of names
DIFFER = "codes"  # the reason that two codes are against it
KIND_BITS = 3

Pair = tuple[int, int]
Mark = int
Tell = Callable[[int], None]


SCORES = {Ground.CODE: 0.99, Ground.KEY: 0.97, Ground.NAME: 0.95, Ground.FORMER: 0.9}
NEAREST = 0.9  # what a name that is as near as can be is worth


class MarkKind(IntEnum):
    """What a mark stands for: its lowest bits."""

    CODE = 0
    KEY = 1
    NAME = 2
    TRADE = 3
    SOUND = 4
    LOOK = 5


@dataclass(frozen=True)
class Firm:
    """What is compared of a firm; `names` are the folded names that it bore beside its own, `key` is the caller's."""

    key: int
    name: str
    folded: str
    code: str = ""
    entity: str = ""
    names: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True)
class Candidate:
    """Two firms that may be one, the lower key first; `reasons` are codes of `names.Why`, and DIFFER."""

    first: int
    second: int
    score: float
    ground: Ground
    reasons: tuple[str, ...] = ()


def mark(kind: MarkKind, text: str) -> Mark:
    """A number of 63 bits."""
    number = int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")
    return (number >> 1 & ~((1 << KIND_BITS) - 1)) | kind


def kind_of(one: Mark) -> MarkKind:
    return MarkKind(one & (1 << KIND_BITS) - 1)


def marks_of(firm: Firm) -> set[Mark]:
    """What the firm must have in common with another one to be compared with it."""
    found = {mark(MarkKind.NAME, name) for name in (firm.folded, *firm.names) if name}
    if len(firm.code) >= BODY.stop:
        found.add(mark(MarkKind.CODE, firm.code[BODY]))
    if firm.entity:
        found.add(mark(MarkKind.KEY, firm.entity))
    return found | trade_marks(split(firm.name).trade)


def trade_marks(trade: str) -> set[Mark]:
    """Of two trade names a letter apart, or that sound or look alike, at least one is the same."""
    words = shortened(trade) if len(trade) > SHORTEST else {trade}
    found = {mark(MarkKind.TRADE, word) for word in words}
    found |= {mark(MarkKind.SOUND, told) for told in (heard(trade),) if told}
    return found | {mark(MarkKind.LOOK, told) for told in (seen(trade),) if told}


def find(firms: Mapping[int, Firm], marked: Iterable[tuple[Mark, int]], *, about: Collection[int] = (),
         tell: Tell = lambda _done: None) -> list[Candidate]:  # fmt: skip
    """The pairs of firms that may be one, each once by its strongest ground; `marked` are all (mark, key) to go by.

    With `about` only pairs with one of these firms. `tell` hears how many firms' marks are done.
    """
    best: dict[Pair, Candidate] = {}
    wanted = frozenset(about)
    for done, (one, keys) in blocks(marked):
        tell(done)
        for candidate in compared(one, [firms[key] for key in dict.fromkeys(keys) if key in firms], wanted):
            pair = (candidate.first, candidate.second)
            if pair not in best or candidate.score > best[pair].score:
                best[pair] = candidate
    minded = (mind_codes(one, firms) for one in best.values())
    return sorted((one for one in minded if one), key=lambda one: (-one.score, one.first, one.second))


def blocks(marked: Iterable[tuple[Mark, int]]) -> Iterator[tuple[int, tuple[Mark, Sequence[int]]]]:
    """(rows gone through, (mark, keys that have it)) of the marks that several have, in a fixed order."""
    table = np.array(list(marked), dtype=np.int64).reshape(-1, 2)
    table = table[np.lexsort((table[:, 1], table[:, 0]))]
    starts = np.flatnonzero(np.diff(table[:, 0], prepend=-1))
    ends = np.append(starts[1:], len(table))[: len(starts)]
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        if end - start > 1:
            yield end, (int(table[start, 0]), table[start:end, 1].tolist())


def compared(one: Mark, block: Sequence[Firm], wanted: frozenset[int]) -> Iterator[Candidate]:
    """The pairs that may be one among the firms of one mark."""
    kind = kind_of(one)
    if kind <= MarkKind.NAME:
        ground = Ground.CODE if kind is MarkKind.CODE else Ground.KEY
        for ours, theirs in pairs_among(block, wanted) if len(block) <= MOST_OF_A_KEY else ():
            by = name_ground(one, ours, theirs) if kind is MarkKind.NAME else ground
            yield Candidate(ours.key, theirs.key, SCORES[by], by)
        return
    for part in narrowed(block):
        for ours, theirs in pairs_among(part, wanted):
            if worth(one, split(ours.name).trade, split(theirs.name).trade):
                yield from near(ours, theirs)


def pairs_among(block: Sequence[Firm], wanted: frozenset[int]) -> Iterator[tuple[Firm, Firm]]:
    for ours, theirs in combinations(sorted(block, key=lambda firm: firm.key), 2):
        if not wanted or ours.key in wanted or theirs.key in wanted:
            yield ours, theirs


def name_ground(one: Mark, ours: Firm, theirs: Firm) -> Ground:
    same = ours.folded == theirs.folded and mark(MarkKind.NAME, ours.folded) == one
    return Ground.NAME if same else Ground.FORMER


def narrowed(block: Sequence[Firm]) -> Iterator[Sequence[Firm]]:
    """The block, or where it is too large those of it that have their place, or their business, or both in common."""
    if len(block) <= MOST_OF_A_WORD:
        yield block
        return
    told = [split(firm.name) for firm in block]
    for part_of in (
        lambda parts: (parts.place,),
        lambda parts: (parts.business,),
        lambda parts: (parts.place, parts.business),
    ):
        groups: dict[tuple[str, ...], list[Firm]] = defaultdict(list)
        for firm, parts in zip(block, told, strict=True):
            groups[part_of(parts)].append(firm)
        yield from (group for group in groups.values() if 1 < len(group) <= MOST_OF_A_WORD)


def worth(one: Mark, ours: str, theirs: str) -> bool:
    """Whether trade names are to be weighed for this mark: equal ones for that of the whole name alone."""
    if ours == theirs:
        return one == mark(MarkKind.TRADE, ours)
    return kind_of(one) is not MarkKind.TRADE or ratio(ours, theirs, score_cutoff=LEAST_WEIGHED) > 0


def near(ours: Firm, theirs: Firm) -> Iterator[Candidate]:
    likeness = compare(ours.name, theirs.name)
    if likeness.score >= THRESHOLD:
        reasons = tuple(why.value for why in likeness.reasons)
        yield Candidate(ours.key, theirs.key, round(likeness.score * NEAREST, 3), Ground.NEAR, reasons)


def mind_codes(candidate: Candidate, firms: Mapping[int, Firm]) -> Candidate | None:
    """Two codes make two firms: names nearly the same tell nothing then, the same name little."""
    ours, theirs = firms[candidate.first].code, firms[candidate.second].code
    if not ours or not theirs or candidate.ground in {Ground.CODE, Ground.KEY}:
        return candidate
    if candidate.ground is Ground.NEAR:
        return None
    return replace(candidate, score=min(candidate.score, CODES_DIFFER), reasons=(*candidate.reasons, DIFFER))


def find_among(firms: Iterable[Firm]) -> list[Candidate]:
    """The same of a list of firms whose marks nobody keeps."""
    known = {firm.key: firm for firm in firms}
    return find(known, [(one, key) for key, firm in known.items() for one in marks_of(firm)])
