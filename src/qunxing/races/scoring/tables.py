"""Score tables that an independent testing body brings: taken only with its signature over just this table.

No Django in here. The body signs a statement (Ed25519, RFC 8032): which race, stage, lane and test set, and the digest
of the table. So a table cannot be used for another lane or another gate, nor changed on its way.
"""

import base64
import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from qunxing.races.scoring.formats import LIMITS, read, refused
from qunxing.races.scoring.values import Fault, Limits, Reading, Schema, Wrong

FORM = "qunxing-scores-1"
LARGEST = 10_000  # bytes of a signature file


@dataclass(frozen=True)
class Statement:
    """What a testing body puts its name to; `table` is the SHA-256 of the table's bytes in hexadecimal."""

    race: str
    stage: str
    lane: str
    test_set: str
    table: str
    body: str

    @property
    def signed(self) -> bytes:
        """The bytes that are signed: the form, then JSON without spaces, names in order."""
        text = json.dumps(asdict(self), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return f"{FORM}\n{text}".encode()

    @classmethod
    def read(cls, data: Any) -> Self | None:
        """The statement, None where that is none."""
        names = set(cls.__dataclass_fields__)
        if not isinstance(data, Mapping) or set(data) != names or not all(isinstance(data[n], str) for n in names):
            return None
        return cls(**data)


def digest_of(table: bytes) -> str:
    return hashlib.sha256(table).hexdigest()


def sign(key: Ed25519PrivateKey, statement: Statement) -> bytes:
    """The signature file that goes with the table."""
    signature = base64.b64encode(key.sign(statement.signed)).decode()
    content = {"form": FORM, "statement": asdict(statement), "signature": signature}
    return json.dumps(content, ensure_ascii=False, indent=1).encode() + b"\n"


def signature_fault(signature: bytes, key: bytes, expected: Statement) -> Fault | None:
    """Why the file does not hold for what is expected, by the body's public key (32 bytes); None if it does."""
    given = parsed(signature)
    statement = Statement.read(given.get("statement"))
    if given.get("form") != FORM or statement is None:
        return Fault(Wrong.SIGNATURE, expected=FORM)
    for name, value in asdict(expected).items():
        if getattr(statement, name) != value:
            return Fault(Wrong.OTHER_STATEMENT, column=name, found=getattr(statement, name)[:80], expected=value)
    return None if holds(str(given.get("signature", "")), key, statement) else Fault(Wrong.SIGNATURE)


def parsed(signature: bytes) -> Mapping[str, Any]:
    try:
        given = json.loads(signature) if len(signature) <= LARGEST else None
    except (ValueError, RecursionError):
        return {}
    return given if isinstance(given, Mapping) else {}


def holds(signature: str, key: bytes, statement: Statement) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(base64.b64decode(signature, validate=True), statement.signed)
    except (InvalidSignature, ValueError):
        return False
    return True


def read_signed(
    table: bytes,
    signature: bytes,
    key: bytes,
    expected: Statement,
    schema: Schema,
    items: Collection[str] = (),
    *,
    limits: Limits = LIMITS,
) -> Reading:
    """The table, once its signature holds; `expected.table` is the digest of these bytes, whatever was typed."""
    true = Statement(**{**asdict(expected), "table": digest_of(table)})
    fault = signature_fault(signature, key, true)
    return refused(fault) if fault else read(table, schema, items, limits=limits)
