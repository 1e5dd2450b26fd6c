"""Checking a log as it streams by: every entry, its place, its links and every signed root, naming the first that is bad.

Each leaf hash is there three times: as the hash of the text, as the hash stated beside it, and as `prev` inside the
text of the next entry. Three trees are grown side by side, each believing one of them first. The tree that arrives at a
signed root has believed the right ones, so whatever disagrees with it is proven wrong, entry by entry.
"""

import heapq
import json
import re
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count
from typing import NamedTuple

from qunxing.ledger.checkpoints import Checkpoint, CheckpointError, VerifierKey, verify_checkpoint
from qunxing.ledger.tree import WIDTH, Frontier, leaf_hash
from qunxing.ledger.verdicts import MAX_PROBLEMS, Findings, Kind, Verdict

AHEAD = 1_024
"""So many entries are held back while an earlier one may still come."""
BATCH = 256
MAX_DISPUTES = 1_000
NOTHING = bytes(WIDTH)


class Slot(NamedTuple):
    """One place in the log: hash of its text, hash stated beside it, and the `prev` that its text names."""

    index: int
    text: bytes | None = None
    row: bytes | None = None
    prev: bytes | None = None


class Dispute(NamedTuple):
    """A place whose three hashes disagree, and what each of the three trees believed."""

    slot: Slot
    link: bytes | None
    believed: tuple[bytes, bytes, bytes]


class Due(NamedTuple):
    """A checkpoint that waits until the tree has its size; `kept` if the reader brought it along."""

    size: int
    order: int
    checkpoint: Checkpoint
    kept: bool


@dataclass(frozen=True, slots=True)
class Inside:
    """What the text of an entry says of its own place."""

    index: int | None = None
    prev: bytes | None = None


def inside(text: bytes) -> Inside:
    """Read the place from an entry's text; whatever it does not say is None."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return Inside()
    if not isinstance(data, dict):
        return Inside()
    index = data.get("index")
    return Inside(index if type(index) is int else None, from_hex(data.get("prev")))


def from_hex(text: object) -> bytes | None:
    """The hash that 64 lower-case digits spell; None for anything else."""
    if isinstance(text, str) and re.fullmatch(r"[0-9a-f]{64}", text):
        return bytes.fromhex(text)
    return None


class Auditor:
    """Give it entries and checkpoints in the order of the log, then ask for the verdict. It never raises on content."""

    def __init__(self, key: VerifierKey, *, origin: str = "", known: Iterable[str] = ()) -> None:
        self.findings = Findings()
        self.expected = 0
        self._key, self._origin = key, origin
        self._entries = self._valid = self._proven = 0
        self._ahead: dict[int, Slot] = {}
        self._stray: int | None = None
        self._damage: list[str] = []
        self._window: deque[Slot] = deque()
        self._tracks: tuple[Frontier, ...] = (Frontier(),) * 3
        self._batch: list[tuple[bytes, bytes, bytes]] = []
        self._size = 0
        self._disputes: list[Dispute] = []
        self._suspect: int | None = None
        self._lost = False
        self._due: list[Due] = []
        self._orders = count()
        self._early = ""
        for note in known:
            self._keep(note)

    # What comes in

    def entry(self, index: int, text: bytes | str, leaf: bytes | None = None) -> None:
        """The next row: its index, its exact text, and the leaf hash stated beside it."""
        self._entries += 1
        data = text.encode(errors="surrogatepass") if isinstance(text, str) else text
        said = inside(data)
        place = self.expected if self.expected in {index, said.index} else index
        if said.index != index:
            self._report(place, Kind.INDEX, f"The row is numbered {index}, its text {said.index}.")
        hashed = leaf_hash(data)
        self._place(Slot(place, hashed, hashed if leaf is None else leaf, said.prev))

    def checkpoint(self, note: str) -> None:
        """A signed checkpoint, after the last entry that it covers."""
        checkpoint = self._verified(note)
        if checkpoint is None:
            return
        reached = max(self._ahead, default=self.expected - 1) + 1
        if checkpoint.size < reached:
            self._report(None, Kind.CHECKPOINT, f"The checkpoint for {checkpoint.size} entries comes after {reached}.")
        elif checkpoint.size > reached and not self._early:
            self._early = f"The checkpoint for {checkpoint.size} entries comes after {reached}."
        if checkpoint.size >= self._size:
            self._await(checkpoint, kept=False)

    def damaged(self, detail: str) -> None:
        """A line that cannot be read; it counts against the next entry only if that entry does not come."""
        if len(self._damage) < MAX_PROBLEMS:
            self._damage.append(detail)

    def finish(self, *, last: bytes | None = None, size: int | None = None, complete: bool = True) -> Verdict:
        """The verdict; `last` is the leaf hash that the log names as its last, `size` the size that it claims."""
        while self._ahead:
            self._skip()
        self._close(last)
        self._flush()
        self._settle_due()
        self._settle_rest(size, complete=complete)
        found = self.findings
        return found.verdict(entries=self._entries, proven=self._proven, origin=self._origin, key=str(self._key))

    # Which entry stands where

    def _place(self, slot: Slot) -> None:
        if slot.index < self.expected or slot.index in self._ahead:
            detail = f"Entry {slot.index} stands again, or too late, where entry {self.expected} belongs."
            self._report(self.expected, Kind.REPEATED, detail)
        elif slot.index > self.expected:
            self._stray = slot.index if self._stray is None else self._stray
            self._ahead[slot.index] = slot
            if len(self._ahead) > AHEAD:
                self._skip()
        else:
            self._arrive(slot)

    def _arrive(self, slot: Slot) -> None:
        """The entry that was expected, and those that had come before it."""
        if self._stray is not None:
            detail = f"Entry {self._stray} stands where entry {slot.index} belongs."
            self._report(slot.index, Kind.ORDER, detail)
        for detail in self._damage:
            self._report(None, Kind.LINE, detail)
        self._advance(slot)

    def _advance(self, slot: Slot) -> None:
        self._stray = None
        self._damage.clear()
        self._push(slot)
        self.expected = slot.index + 1
        while self.expected in self._ahead:
            self._push(self._ahead.pop(self.expected))
            self.expected += 1

    def _skip(self) -> None:
        """Give up waiting for the expected entry and go on with the first that is there."""
        first, until = self.expected, min(self._ahead)
        name = f"Entry {first} is" if until - first == 1 else f"Entries {first} to {until - 1} are"
        if self._damage:
            self._report(first, Kind.LINE, f"{name} not there, or in a line that cannot be read: {self._damage[0]}")
        else:
            self._report(first, Kind.MISSING, f"{name} missing.")
        if until - first == 1:
            self._advance(Slot(first))
            return
        self._abandon(until)
        self._advance(self._ahead.pop(until))

    def _abandon(self, until: int) -> None:
        """After a gap of several entries no root can be reached: go on with single entries only."""
        self._close(None)
        self._tracks, self._batch, self._lost = (), [], True
        self._size = until
        self._due = [one for one in self._due if one.size > until]
        heapq.heapify(self._due)

    # What each place holds

    def _push(self, slot: Slot) -> None:
        """A place is judged once the next two are known: the next names its hash, the one after vouches for the next."""
        window = self._window
        window.append(slot)
        if len(window) > 2:
            self._judge(window.popleft(), window[0].prev, vouched=_vouched(window[0], window[1].prev))

    def _close(self, last: bytes | None) -> None:
        """Judge what is left, with the hash that the end names for the last entry."""
        window = self._window
        while window:
            slot = window.popleft()
            if window:
                after = window[1].prev if len(window) > 1 else last
                self._judge(slot, window[0].prev, vouched=_vouched(window[0], after))
            else:
                self._judge(slot, last, vouched=last is not None)

    def _judge(self, slot: Slot, link: bytes | None, *, vouched: bool) -> None:
        choice = (link if vouched else None) or _majority(slot.text, slot.row, link)
        believed = (slot.text or choice, slot.row or choice, choice)
        if not slot.text == slot.row == (link or slot.row):
            self._suspect = slot.index if self._suspect is None else min(self._suspect, slot.index)
            if len(self._disputes) < MAX_DISPUTES:
                self._disputes.append(Dispute(slot, link, believed))
        self._size += 1
        self._batch.append(believed)
        if len(self._batch) >= BATCH:
            self._flush()
        self._settle_due()

    def _flush(self) -> None:
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

    # What was signed

    def _keep(self, note: str) -> None:
        """A checkpoint that the reader kept from earlier."""
        checkpoint = self._verified(note)
        if checkpoint is not None:
            self._await(checkpoint, kept=True)

    def _verified(self, note: str) -> Checkpoint | None:
        try:
            checkpoint = verify_checkpoint(note, self._key)
        except CheckpointError as error:
            self._report(None, Kind.CHECKPOINT, str(error))
            return None
        if self._origin and checkpoint.origin != self._origin:
            detail = f"The log is called {self._origin!r}, its checkpoint {checkpoint.origin!r}."
            self._report(None, Kind.HEADER, detail)
        self._origin = checkpoint.origin
        self._valid += 1
        return checkpoint

    def _await(self, checkpoint: Checkpoint, *, kept: bool) -> None:
        heapq.heappush(self._due, Due(checkpoint.size, next(self._orders), checkpoint, kept))
        self._settle_due()

    def _settle_due(self) -> None:
        while self._due and self._due[0].size == self._size:
            self._flush()
            self._settle(heapq.heappop(self._due))

    def _settle(self, due: Due) -> None:
        """Hold the trees against a signed root; the one that fits decides every dispute so far."""
        if not self._tracks:
            return
        fitting = [at for at, track in enumerate(self._tracks) if track.root() == due.checkpoint.root]
        if fitting:
            self._decide(fitting[0])
            self._tracks = (self._tracks[fitting[0]],) * 3
            self._proven, self._suspect, self._lost = due.size, None, False
        elif due.kept:
            detail = f"The first {due.size} entries are not those of the checkpoint that was kept from earlier."
            self._report(self._suspicion(), Kind.FORK, detail)
        elif not self._lost:
            detail = f"Entries {self._proven} to {due.size - 1} do not give the signed root: at least one was changed."
            self._report(self._suspicion(), Kind.ROOT, detail)
            self._lost = True

    def _suspicion(self) -> int:
        return self._proven if self._suspect is None else self._suspect

    def _decide(self, right: int) -> None:
        """Name what disagrees with the tree that gave the signed root."""
        for slot, link, believed in self._disputes:
            truth = believed[right]
            if slot.text is not None and slot.text != truth:
                self._report(slot.index, Kind.ENTRY, f"The text of entry {slot.index} is not the one that was logged.")
            elif slot.row is not None and slot.row != truth:
                self._report(slot.index, Kind.LEAF, f"The hash stated for entry {slot.index} is not its own.")
            if link is not None and link != truth:
                self._report_link(slot.index)
        self._disputes.clear()

    def _report_link(self, index: int) -> None:
        if index + 1 < self.expected:
            self._report(index + 1, Kind.LINK, f"Entry {index + 1} names another predecessor than entry {index}.")
        else:
            self._report(None, Kind.LINK, f"The end names another last entry than entry {index}.")

    def _settle_rest(self, size: int | None, *, complete: bool) -> None:
        """What nothing decided, what nothing signed, and what should have come."""
        end = self.expected
        self._leave_open()
        missing = max([size or 0, *(one.size for one in self._due)]) - end
        for detail in self._damage:
            self._report(end if missing > 0 or not complete else None, Kind.LINE, detail)
        if missing > 0:
            self._report(end, Kind.TRUNCATED, f"The log ends after {end} entries; it has {end + missing}.")
        elif not complete:
            self._report(end, Kind.TRUNCATED, f"After {end} entries the end is missing.")
        if not self._valid:
            self._report(None, Kind.CHECKPOINT, "There is no valid checkpoint.")
        if self._proven < end and not self._lost:
            self._report(self._proven, Kind.UNSIGNED, f"No valid checkpoint covers the entries from {self._proven} on.")
        if self._early and not self.findings.problems:
            self._report(None, Kind.CHECKPOINT, self._early)

    def _leave_open(self) -> None:
        """Disputes that no signed root has decided."""
        for slot, _link, _believed in self._disputes:
            if slot.text is not None:
                detail = f"Entry {slot.index}, the hash beside it and the hash in the next entry do not agree."
                self._report(slot.index, Kind.ENTRY if slot.text != slot.row else Kind.LINK, detail)

    def _report(self, index: int | None, kind: Kind, detail: str) -> None:
        self.findings.add(index, kind, detail)
        if index is not None:
            self._suspect = index if self._suspect is None else min(self._suspect, index)


def _vouched(slot: Slot, named: bytes | None) -> bool:
    """Whether the entry after it names the hash of this text."""
    return named is not None and named == slot.text


def _majority(text: bytes | None, row: bytes | None, link: bytes | None) -> bytes:
    """The hash that two of the three agree on; else the stated one, else any."""
    if text is not None and text == link:
        return text
    return row or link or text or NOTHING


def verify_rows(
    rows: Iterable[tuple[int, bytes | str, bytes | None]],
    checkpoints: Iterable[str],
    *,
    public_key: str | VerifierKey,
    origin: str = "",
    last: bytes | None = None,
    size: int | None = None,
    known: Iterable[str] = (),
) -> Verdict:
    """Check a log that is not a file: (index, text, leaf hash) by index, and its checkpoints by size.

    CheckpointError if the key is not one; what is wrong with the log itself is in the verdict.
    """
    key = VerifierKey.parse(public_key) if isinstance(public_key, str) else public_key
    auditor = Auditor(key, origin=origin, known=known)
    notes = iter(checkpoints)
    note = next(notes, None)
    for index, text, leaf in rows:
        while note is not None and claimed_size(note) <= index:
            auditor.checkpoint(note)
            note = next(notes, None)
        auditor.entry(index, text, leaf)
    while note is not None:
        auditor.checkpoint(note)
        note = next(notes, None)
    return auditor.finish(last=last, size=size)


def claimed_size(note: str) -> int:
    """The size on the second line; 0 if there is none, so that a damaged checkpoint is looked at at once."""
    lines = note.split("\n", 2)
    return int(lines[1]) if len(lines) > 1 and re.fullmatch(r"[0-9]{1,19}", lines[1]) else 0
