"""Holding the hashes of a log against its signed roots, and naming the entries that do not belong to them.

Each leaf hash is there three times: as the hash of the text, as the hash stated beside it, and as `prev` inside the
text of the next entry. Three trees are grown side by side, each believing one of them first. The tree that arrives at a
signed root has believed the right ones, so whatever disagrees with it is proven wrong, entry by entry.
"""

import heapq
from itertools import count
from typing import NamedTuple

from qunxing.ledger.checkpoints import Checkpoint
from qunxing.ledger.tree import WIDTH, Frontier
from qunxing.ledger.verdicts import Findings, Kind

BATCH = 256
MAX_DISPUTES = 1_000
NOTHING = bytes(WIDTH)


class Slot(NamedTuple):
    """One place in the log: hash of its text, hash stated beside it, and the `prev` that its text names."""

    place: int
    text: bytes | None = None
    row: bytes | None = None
    prev: bytes | None = None


class Dispute(NamedTuple):
    """A place whose three hashes disagree, and what each of the three trees believed."""

    slot: Slot
    link: bytes | None
    believed: tuple[bytes, bytes, bytes]


class Due(NamedTuple):
    """A checkpoint that waits until the trees have its size; `kept` if the reader brought it along."""

    size: int
    order: int
    checkpoint: Checkpoint
    kept: bool


class Roots:
    """The trees over the places judged so far, and the checkpoints that wait for them."""

    def __init__(self, findings: Findings) -> None:
        self.size = self.proven = 0
        self.lost = False
        """Some root was not reached; nothing more is said until one is."""
        self._findings = findings
        self._tracks: tuple[Frontier, ...] = (Frontier(),) * 3
        self._batch: list[tuple[bytes, bytes, bytes]] = []
        self._disputes: list[Dispute] = []
        self._due: list[Due] = []
        self._orders = count()

    def judge(self, slot: Slot, link: bytes | None, *, vouched: bool) -> None:
        """The next place, with the hash that its follower names; `vouched` if that follower may be believed."""
        choice = (link if vouched else None) or _majority(slot.text, slot.row, link)
        believed = (slot.text or choice, slot.row or choice, choice)
        if not slot.text == slot.row == (link or slot.row) and len(self._disputes) < MAX_DISPUTES:
            self._disputes.append(Dispute(slot, link, believed))
        self.size += 1
        self._batch.append(believed)
        if len(self._batch) >= BATCH:
            self._grow()
        self._settle_due()

    def expect(self, checkpoint: Checkpoint, *, kept: bool = False) -> None:
        """A checkpoint whose signature is good, to be held against the trees as soon as they have its size."""
        if checkpoint.size >= self.size:
            heapq.heappush(self._due, Due(checkpoint.size, next(self._orders), checkpoint, kept))
            self._settle_due()

    def abandon(self, until: int) -> None:
        """After a gap of several entries no root can be reached: go on with single entries only."""
        self._tracks, self._batch, self.lost = (), [], True
        self.size = until
        self._due = sorted(one for one in self._due if one.size > until)

    def waiting(self) -> int:
        """The largest size that a checkpoint still waits for, or 0."""
        return max((one.size for one in self._due), default=0)

    def finish(self) -> None:
        """Name what no root has decided."""
        for slot, _link, _believed in self._disputes:
            if slot.text is not None:
                detail = f"Entry {slot.place}, the hash beside it and the hash in the next entry do not agree."
                self._findings.add(slot.place, Kind.ENTRY if slot.text != slot.row else Kind.LINK, detail)

    def _grow(self) -> None:
        """Grow the three trees, or one for all three while they agree."""
        batch, self._batch = self._batch, []
        if not batch or not self._tracks:
            return
        texts, rows, choices = zip(*batch, strict=True)
        first, *others = self._tracks
        grown = [first.extend(texts)]
        for track, column in zip(others, (rows, choices), strict=True):
            same = track is first and column == texts
            grown.append(grown[0] if same else track.extend(column))
        self._tracks = tuple(grown)

    def _settle_due(self) -> None:
        while self._due and self._due[0].size == self.size:
            self._grow()
            self._settle(heapq.heappop(self._due))

    def _settle(self, due: Due) -> None:
        """The tree that gives the signed root decides every dispute so far."""
        fitting = [at for at, track in enumerate(self._tracks) if track.root() == due.checkpoint.root]
        if fitting:
            self._decide(fitting[0])
            self._tracks = (self._tracks[fitting[0]],) * 3
            self.proven, self.lost = due.size, False
        elif due.kept and self._tracks:
            detail = f"The first {due.size} entries are not those of the checkpoint that was kept from earlier."
            self._findings.add(self._suspect(due.size), Kind.FORK, detail)
        elif not self.lost:
            detail = f"Entries {self.proven} to {due.size - 1} do not give the signed root: at least one was changed."
            self._findings.add(self._suspect(due.size), Kind.ROOT, detail)
            self.lost = True

    def _suspect(self, size: int) -> int:
        """The first place below size that is known to be bad or in dispute, else the first that no root covers."""
        named = [one.index for one in self._findings.problems if one.index is not None]
        places = [*named, *(one.slot.place for one in self._disputes)]
        return min((place for place in places if self.proven <= place < size), default=self.proven)

    def _decide(self, right: int) -> None:
        """Name what disagrees with the tree that gave the signed root."""
        for slot, link, believed in self._disputes:
            place, truth = slot.place, believed[right]
            if slot.text is not None and slot.text != truth:
                self._findings.add(place, Kind.ENTRY, f"The text of entry {place} is not the one that was logged.")
            elif slot.row is not None and slot.row != truth:
                self._findings.add(place, Kind.LEAF, f"The hash stated beside entry {place} is not its own.")
            if link is not None and link != truth:
                detail = f"The entry after {place}, or the end, names another predecessor than entry {place}."
                self._findings.add(place + 1, Kind.LINK, detail)
        self._disputes.clear()


def _majority(text: bytes | None, row: bytes | None, link: bytes | None) -> bytes:
    """The hash that two of the three agree on; else the stated one, else any."""
    if text is not None and text == link:
        return text
    return row or link or text or NOTHING
