"""Proofs that travel: the exported log and the proof of one entry, written and checked with no database."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from qunxing.ledger.auditor import Auditor, from_hex, inside
from qunxing.ledger.canonical import dump
from qunxing.ledger.checkpoints import MAX_SIZE, CheckpointError, VerifierKey, parse_checkpoint, verify_checkpoint
from qunxing.ledger.tree import leaf_hash, verify_inclusion
from qunxing.ledger.verdicts import Findings, Kind, Problem, Verdict

__all__ = ["Kind", "Problem", "Verdict", "export_lines", "make_bundle", "verify_bundle", "verify_export", "verify_file"]

LOG_FORMAT = "qunxing-log/1"
PROOF_FORMAT = "qunxing-proof/1"
MAX_LINE = 64 * 2**20
MAX_BUNDLE = 16 * 2**20
MAX_PATH = 63
FIELDS: dict[str, dict[str, type]] = {
    "header": {"format": str, "key": str, "origin": str},
    "entry": {"entry": str, "index": int, "leaf": str},
    "checkpoint": {"checkpoint": str},
    "end": {"checkpoint": str, "last": str},
}
BUNDLE = {
    "format": str,
    "origin": str,
    "key": str,
    "index": int,
    "size": int,
    "entry": str,
    "path": list,
    "checkpoint": str,
}


class RefusedError(ValueError):
    """A line or bundle that cannot be accepted: which kind of problem, and why."""

    def __init__(self, kind: Kind, detail: str, index: int | None = None) -> None:
        super().__init__(detail)
        self.kind, self.detail, self.index = kind, detail, index


# The exported log


def export_lines(
    rows: Iterable[tuple[int, str, bytes]],
    checkpoints: Iterable[str],
    *,
    key: str | VerifierKey,
    last: bytes | None = None,
) -> Iterator[str]:
    """The log up to its last checkpoint, as lines with their ends.

    Rows are (index, text, leaf hash) by index; `last` is the leaf hash that the log keeps as its last.
    """
    notes = sorted((parse_checkpoint(note).size, note) for note in checkpoints)
    if not notes:
        raise CheckpointError("A log without a checkpoint cannot be exported.")
    size, final = notes.pop()
    notes.reverse()
    yield _line("header", format=LOG_FORMAT, key=str(key), origin=parse_checkpoint(final).origin)
    tail = b""
    for index, text, leaf in rows:
        while notes and notes[-1][0] <= index:
            yield _line("checkpoint", checkpoint=notes.pop()[1])
        if index >= size:
            break
        tail = leaf
        yield _line("entry", entry=text, index=index, leaf=leaf.hex())
    for _size, note in reversed(notes):
        yield _line("checkpoint", checkpoint=note)
    yield _line("end", checkpoint=final, last=(tail if last is None else last).hex())


def _line(kind: str, **fields: str | int) -> str:
    return dump({"type": kind, **fields}) + "\n"


def verify_export(
    lines: Iterable[str] | Iterable[bytes] | str | bytes,
    public_key: str | None = None,
    *,
    known: Iterable[str] = (),
) -> Verdict:
    """Check an exported log. Without a key the one in the file is believed, so the verdict's key must be compared.

    `known` are checkpoints kept from earlier: the log must still be the continuation of each.
    """
    reader = ExportReader(public_key, tuple(known))
    try:
        for line in _split(lines):
            reader.read(line)
    except UnicodeDecodeError:
        reader.unreadable("The file is not UTF-8.")
    return reader.verdict()


def _split(lines: Iterable[str] | Iterable[bytes] | str | bytes) -> Iterable[str | bytes]:
    if isinstance(lines, str):
        return lines.split("\n")
    return lines.split(b"\n") if isinstance(lines, bytes) else lines


class ExportReader:
    """Takes the lines of an export one by one."""

    def __init__(self, public_key: str | None, known: tuple[str, ...]) -> None:
        self._stated, self._known = public_key, known
        self._findings = Findings()
        self._auditor: Auditor | None = None
        self._number = 0
        self._hopeless = False
        self._last: bytes | None = None
        self._ended = False

    def read(self, line: str | bytes) -> None:
        self._number += 1
        try:
            text = (line.decode() if isinstance(line, bytes) else line).rstrip("\r\n")
            fields = read_line(text) if text else {}
        except UnicodeDecodeError:
            return self.unreadable("it is not UTF-8")
        except RefusedError as error:
            return self.unreadable(error.detail)
        if not fields or self._hopeless:
            return None
        return self._take(fields)

    def unreadable(self, detail: str) -> None:
        self._begin({})
        if self._auditor:
            self._auditor.damaged(f"Line {self._number}: {detail}")

    def _take(self, fields: dict[str, Any]) -> None:
        kind = fields["type"]
        if self._ended:
            return self.unreadable("it stands after the end")
        if kind == "header":
            return self.unreadable("it is a second header") if self._auditor else self._begin(fields)
        self._begin({})
        if self._auditor is None:
            return None
        if kind == "entry":
            return self._auditor.entry(fields["index"], fields["entry"], from_hex(fields["leaf"]))
        self._auditor.checkpoint(fields["checkpoint"])
        if kind == "end":
            self._ended, self._last = True, from_hex(fields["last"])
        return None

    def _begin(self, header: dict[str, Any]) -> None:
        """Take the key that is trusted, once; without any there is nothing to check against."""
        if self._auditor or self._hopeless:
            return
        stated = header.get("key", "")
        try:
            key = VerifierKey.parse(self._stated or stated)
        except CheckpointError as error:
            self._hopeless = True
            self._findings.add(None, Kind.KEY if self._stated or stated else Kind.HEADER, str(error))
            return
        self._auditor = Auditor(key, origin=header.get("origin", ""), known=self._known)
        self._findings = self._auditor.findings
        if not header:
            self._findings.add(None, Kind.HEADER, "The first line is not the header of an exported log.")
        elif stated != str(key):
            self._findings.add(None, Kind.KEY, f"The file is made for the key {stated!r}, not for {str(key)!r}.")

    def verdict(self) -> Verdict:
        if self._auditor:
            return self._auditor.finish(last=self._last, complete=self._ended)
        if not self._hopeless:
            self._findings.add(None, Kind.HEADER, "There is nothing in the file.")
        return self._findings.verdict(entries=0)


def read_line(text: str) -> dict[str, Any]:
    """The fields of one line; RefusedError unless it is spelt as the format says, to the byte."""
    if len(text) > MAX_LINE:
        raise RefusedError(Kind.LINE, "it is too long")
    try:
        fields: Any = json.loads(text)
        same = isinstance(fields, dict) and dump(fields) == text
    except (ValueError, RecursionError) as error:
        raise RefusedError(Kind.LINE, "it is not JSON") from error
    kind = fields.get("type") if same else None
    if not isinstance(kind, str) or kind not in FIELDS:
        raise RefusedError(Kind.LINE, "it is not a line of an exported log in its exact spelling")
    _check_types(fields, {"type": str, **FIELDS[kind]}, Kind.LINE)
    _check_values(kind, fields)
    return dict(fields)


def _check_values(kind: str, fields: dict[str, Any]) -> None:
    if kind == "header" and fields["format"] != LOG_FORMAT:
        raise RefusedError(Kind.LINE, f"it says {fields['format'][:40]!r} where {LOG_FORMAT!r} is expected")
    if kind == "entry" and not (0 <= fields["index"] <= MAX_SIZE and from_hex(fields["leaf"])):
        raise RefusedError(Kind.LINE, "its index or leaf hash is not one")
    if kind == "end" and fields["last"] and not from_hex(fields["last"]):
        raise RefusedError(Kind.LINE, "its last leaf hash is not one")


def _check_types(fields: Mapping[str, Any], expected: Mapping[str, type], kind: Kind) -> None:
    if set(fields) != set(expected):
        raise RefusedError(kind, f"it must have exactly these fields: {', '.join(sorted(expected))}")
    for name, wanted in expected.items():
        if type(fields[name]) is not wanted:
            raise RefusedError(kind, f"its field {name!r} is not of the type {wanted.__name__}")


# The proof of one entry


def make_bundle(
    *, index: int, entry: str | bytes, path: Sequence[bytes], checkpoint: str, key: str | VerifierKey
) -> dict[str, Any]:
    """Everything needed to check, on its own, that the entry is in the log."""
    signed = parse_checkpoint(checkpoint)
    return {
        "format": PROOF_FORMAT,
        "origin": signed.origin,
        "key": str(key),
        "index": index,
        "size": signed.size,
        "entry": entry.decode() if isinstance(entry, bytes) else entry,
        "path": [node.hex() for node in path],
        "checkpoint": checkpoint,
    }


def verify_bundle(bundle: Mapping[str, Any] | str | bytes, public_key: str | None = None) -> Verdict:
    """Check the proof of one entry. Without a key the one in it is believed, so the verdict's key must be compared."""
    findings, origin, key = Findings(), "", ""
    try:
        fields = _read_bundle(bundle)
        origin, key = fields["origin"], public_key or fields["key"]
        _check_bundle(fields, key)
    except RefusedError as error:
        findings.add(error.index, error.kind, error.detail)
    except CheckpointError as error:
        findings.add(None, Kind.CHECKPOINT, str(error))
    proven = 0 if findings.problems else 1
    return findings.verdict(entries=1, proven=proven, origin=origin, key=key)


def _read_bundle(bundle: Mapping[str, Any] | str | bytes) -> Mapping[str, Any]:
    fields = bundle if isinstance(bundle, Mapping) else _parse_bundle(bundle)
    if fields.get("format") != PROOF_FORMAT:
        raise RefusedError(Kind.FORMAT, f"it is not a proof in the format {PROOF_FORMAT}")
    _check_types(fields, BUNDLE, Kind.FORMAT)
    if not _encodable(fields.values()):
        raise RefusedError(Kind.FORMAT, "it holds half of a character pair")
    if len(fields["path"]) > MAX_PATH or not all(from_hex(node) for node in fields["path"]):
        raise RefusedError(Kind.FORMAT, "its path is not a list of hashes")
    return fields


def _encodable(values: Iterable[object]) -> bool:
    try:
        "".join(value for value in values if isinstance(value, str)).encode()
    except UnicodeEncodeError:
        return False
    return True


def _parse_bundle(text: str | bytes) -> Mapping[str, Any]:
    try:
        fields = json.loads(text, object_pairs_hook=_without_twins)
    except (ValueError, TypeError, RecursionError) as error:
        raise RefusedError(Kind.FORMAT, f"it cannot be read: {str(error)[:200]}") from error
    if not isinstance(fields, dict):
        raise RefusedError(Kind.FORMAT, "it is not a JSON object")
    return fields


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ValueError("a name stands twice in it")
    return fields


def _check_bundle(fields: Mapping[str, Any], key: str) -> None:
    index, text = fields["index"], fields["entry"].encode()
    verifier = _trusted_key(fields, key)
    signed = verify_checkpoint(fields["checkpoint"], verifier)
    if (signed.origin, signed.size) != (fields["origin"], fields["size"]):
        raise RefusedError(Kind.FORMAT, "its origin or size is not the one that was signed")
    if inside(text).index != index:
        raise RefusedError(Kind.INDEX, f"the entry was not logged as number {index}", index)
    path = [bytes.fromhex(node) for node in fields["path"]]
    if not verify_inclusion(leaf_hash(text), index, signed.size, path, signed.root):
        raise RefusedError(Kind.PATH, f"entry {index} with this text is not under the signed root", index)


def _trusted_key(fields: Mapping[str, Any], key: str) -> VerifierKey:
    try:
        verifier = VerifierKey.parse(key)
    except CheckpointError as error:
        raise RefusedError(Kind.KEY, str(error)) from error
    if fields["key"] != str(verifier):
        raise RefusedError(Kind.KEY, f"it is made for the key {fields['key'][:200]!r}, not for {str(verifier)!r}")
    return verifier


# Either, from a file


def verify_file(path: Path, public_key: str | None = None, *, known: Iterable[str] = ()) -> Verdict:
    """Check an exported log or the proof of one entry, whichever the file holds; OSError if it cannot be opened."""
    with path.open("rb") as file:
        first = file.readline(MAX_LINE + 1)
        if b'"type"' not in first:
            whole = first + file.read(MAX_BUNDLE)
            if PROOF_FORMAT.encode() in whole and len(whole) <= MAX_BUNDLE:
                return verify_bundle(whole, public_key)
        file.seek(0)
        return verify_export(iter(lambda: file.readline(MAX_LINE + 1), b""), public_key, known=known)
