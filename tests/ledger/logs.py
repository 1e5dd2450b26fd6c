"""Logs made up for tests: entries, their tree, checkpoints where asked for, and the exported lines."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from qunxing.ledger.canonical import canonical
from qunxing.ledger.checkpoints import SigningKey, sign_checkpoint
from qunxing.ledger.proofs import export_lines
from qunxing.ledger.tree import inclusion_proof, leaf_hash, root

ORIGIN = "log.example/qunxing"
KEY = SigningKey(ORIGIN, Ed25519PrivateKey.from_private_bytes(b"made up for the tests of the log"))
VKEY = str(KEY.verifier)
OTHER = SigningKey(ORIGIN, Ed25519PrivateKey.from_private_bytes(b"another key made up for the test"))

Row = tuple[int, str, bytes]


def made_entry(index: int, prev: bytes, **more: Any) -> str:
    body = {"kind": "record.changed", "subject": ["directory.organization", f"o{index}"], "note": "改名为群星智能"}
    return canonical({**body, **more, "index": index, "prev": prev.hex()}).decode()


@dataclass
class Log:
    rows: list[Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def leaves(self) -> list[bytes]:
        return [leaf for _index, _text, leaf in self.rows]

    @property
    def lines(self) -> list[str]:
        return [line.rstrip("\n") for line in export_lines(self.rows, self.notes, key=VKEY)]

    def grow(self, count: int) -> None:
        for _each in range(count):
            text = made_entry(len(self.rows), self.leaves[-1] if self.rows else b"")
            self.rows.append((len(self.rows), text, leaf_hash(text.encode())))

    def sign(self, size: int | None = None) -> None:
        size = len(self.rows) if size is None else size
        self.notes.append(sign_checkpoint(ORIGIN, size, root(self.leaves[:size]), KEY))

    def path(self, index: int) -> list[bytes]:
        return inclusion_proof(self.leaves, index)


def made_log(*batches: int) -> Log:
    """A log written in batches of these sizes, each ended by a checkpoint."""
    log = Log()
    for count in batches:
        log.grow(count)
        log.sign()
    return log


def rewritten(row: Row, *, leaf: bool = False, **changes: Any) -> Row:
    """The row with another text and, if asked, the leaf hash that goes with it."""
    index, text, stated = row
    other = canonical({**json.loads(text), **changes}).decode()
    return index, other, leaf_hash(other.encode()) if leaf else stated


def entry_lines(lines: Sequence[str]) -> list[int]:
    """Where the entries stand among the lines of an export, by index."""
    return [at for at, line in enumerate(lines) if '"type":"entry"' in line]
