"""Checking a log as it streams by: every entry, its place, its links, every signed root; the first bad one is named."""

import json
import re
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from qunxing.ledger.checkpoints import Checkpoint, CheckpointError, VerifierKey, verify_checkpoint
from qunxing.ledger.roots import Roots, Slot
from qunxing.ledger.tree import leaf_hash
from qunxing.ledger.verdicts import MAX_PROBLEMS, Findings, Kind, Verdict

AHEAD = 1_024
"""So many entries are held back while an earlier one may still come."""


class Auditor:
    """Give it entries and checkpoints in the order of the log, then ask for the verdict. It never raises on content."""

    def __init__(self, key: VerifierKey, *, origin: str = "", known: Iterable[str] = ()) -> None:
        self.findings = Findings()
        self._key, self._origin = key, origin
        self._roots = Roots(self.findings)
        self._entries = self._valid = self._expected = 0
        self._ahead: dict[int, Slot] = {}
        self._stray: int | None = None
        self._damage: list[str] = []
        self._window: deque[Slot] = deque()
        self._early = ""
        for note in known:
            if checkpoint := self._verified(note):
                self._roots.expect(checkpoint, kept=True)

    # What comes in

    def entry(self, index: int, text: bytes | str, leaf: bytes | None = None) -> None:
        """The next row: its index, its exact text, and the leaf hash stated beside it."""
        self._entries += 1
        data = text.encode(errors="surrogatepass") if isinstance(text, str) else text
        said, hashed = inside(data), leaf_hash(data)
        row = hashed if leaf is None else leaf
        place = index if said.index is None or row != hashed else said.index
        if said.index != index:
            at = place if place == self._expected else self._entries - 1
            self.findings.add(at, Kind.INDEX, f"The row is numbered {index}, its text {said.index}.")
        self._put(Slot(place, hashed, row, said.prev if said.index == place else None))

    def checkpoint(self, note: str) -> None:
        """A signed checkpoint, after the last entry that it covers."""
        checkpoint = self._verified(note)
        if checkpoint is None:
            return
        reached = max(self._ahead, default=self._expected - 1) + 1
        detail = f"The checkpoint for {checkpoint.size} entries stands after {reached}."
        if checkpoint.size < reached:
            self.findings.add(None, Kind.CHECKPOINT, detail)
        elif checkpoint.size > reached:
            self._early = self._early or detail
        self._roots.expect(checkpoint)

    def damaged(self, detail: str) -> None:
        """A line that cannot be read; it counts against the next entry only if that entry does not come."""
        if len(self._damage) < MAX_PROBLEMS:
            self._damage.append(detail)

    def finish(self, *, last: bytes | None = None, size: int = 0, complete: bool = True) -> Verdict:
        """The verdict; `last` is the leaf hash that the log names as its last, `size` the size that it claims."""
        while self._ahead:
            self._skip(min(self._ahead))
        until = max(size, self._roots.waiting())
        if last is not None and until == self._expected + 1:
            self._skip(until)
        self._close(None if until > self._expected else last)
        self._roots.finish()
        self._end(until - self._expected, complete=complete)
        return self.findings.verdict(
            entries=self._entries, proven=self._roots.proven, origin=self._origin, key=str(self._key)
        )

    def _verified(self, note: str) -> Checkpoint | None:
        try:
            checkpoint = verify_checkpoint(note, self._key)
        except CheckpointError as error:
            self.findings.add(None, Kind.CHECKPOINT, str(error))
            return None
        if self._origin and checkpoint.origin != self._origin:
            detail = f"The log is called {self._origin!r}, its checkpoint {checkpoint.origin!r}."
            self.findings.add(None, Kind.HEADER, detail)
        self._origin = checkpoint.origin
        self._valid += 1
        return checkpoint

    # Which entry stands where

    def _put(self, slot: Slot) -> None:
        if slot.place < self._expected or slot.place in self._ahead:
            detail = f"Entry {slot.place} stands again, or too late, where entry {self._expected} belongs."
            self.findings.add(self._expected, Kind.REPEATED, detail)
        elif slot.place > self._expected:
            self._stray = slot.place if self._stray is None else self._stray
            self._ahead[slot.place] = slot
            if len(self._ahead) > AHEAD:
                self._skip(min(self._ahead))
        else:
            self._arrive(slot)

    def _arrive(self, slot: Slot) -> None:
        """The entry that was expected, after what may have stood in its place."""
        if self._stray is not None:
            self.findings.add(slot.place, Kind.ORDER, f"Entry {self._stray} stands where entry {slot.place} belongs.")
        for detail in self._damage:
            self.findings.add(None, Kind.LINE, detail)
        self._advance(slot)

    def _advance(self, slot: Slot) -> None:
        """Take the place, and those after it that had come before."""
        self._stray = None
        self._damage.clear()
        self._push(slot)
        self._expected = slot.place + 1
        while self._expected in self._ahead:
            self._push(self._ahead.pop(self._expected))
            self._expected += 1

    def _skip(self, until: int) -> None:
        """Give up waiting for the expected entry and go on with that one; a single gap is bridged by the links."""
        first = self._expected
        single = until - first == 1
        name = f"Entry {first} is" if single else f"Entries {first} to {until - 1} are"
        if self._damage:
            self.findings.add(first, Kind.LINE, f"{name} not there, or cannot be read: {self._damage[0]}.")
        else:
            self.findings.add(first, Kind.MISSING, f"{name} missing.")
        if not single:
            self._close(None)
            self._roots.abandon(until)
        self._advance(Slot(first) if single else self._ahead.pop(until))

    # What follows each entry

    def _push(self, slot: Slot) -> None:
        """A place is judged once the next two are known: the next names its hash, the second vouches for the next."""
        window = self._window
        window.append(slot)
        if len(window) > 2:
            self._roots.judge(window.popleft(), window[0].prev, vouched=_vouched(window[0], window[1].prev))

    def _close(self, last: bytes | None) -> None:
        """Judge what is left, with the hash that the end names for the last entry."""
        window = self._window
        while window:
            slot = window.popleft()
            if window:
                after = window[1].prev if len(window) > 1 else last
                self._roots.judge(slot, window[0].prev, vouched=_vouched(window[0], after))
            else:
                self._roots.judge(slot, last, vouched=True)

    def _end(self, missing: int, *, complete: bool) -> None:
        """What nothing signed, and what should have come."""
        end, proven = self._expected, self._roots.proven
        for detail in self._damage:
            self.findings.add(end if missing > 0 else None, Kind.LINE, detail)
        if missing > 0:
            self.findings.add(end, Kind.TRUNCATED, f"The log ends after {end} entries; it has {end + missing}.")
        elif not complete:
            self.findings.add(end, Kind.TRUNCATED, f"The last line is missing; the log ends after {end} entries.")
        if not self._valid:
            self.findings.add(None, Kind.CHECKPOINT, "There is no valid checkpoint.")
        if proven < end and missing <= 0 and not self._roots.lost:
            self.findings.add(proven, Kind.UNSIGNED, f"No valid checkpoint covers the entries from {proven} on.")
        if self._early and not self.findings.problems:
            self.findings.add(None, Kind.CHECKPOINT, self._early)


def _vouched(slot: Slot, named: bytes | None) -> bool:
    """Whether the entry after it names the hash of this text."""
    return named is not None and named == slot.text


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


def verify_rows(
    rows: Iterable[tuple[int, bytes | str, bytes | None]],
    checkpoints: Iterable[str],
    *,
    public_key: str | VerifierKey,
    origin: str = "",
    last: bytes | None = None,
    size: int = 0,
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
