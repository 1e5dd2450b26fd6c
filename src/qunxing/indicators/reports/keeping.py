"""What is kept of an issued report: canonical JSON, compressed, and the digest of that JSON. No Django in here."""

import json
import zlib
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from qunxing.ledger.canonical import canonical

LARGEST = 256 * 2**20


class Unreadable(Exception):
    """What is kept is not what was written."""


def written(content: Mapping[str, Any]) -> bytes:
    """The content as it is kept; the same content gives the same bytes."""
    return zlib.compress(canonical(content), 9)


def plain(content: Mapping[str, Any]) -> dict[str, Any]:
    """The content as it would be read back."""
    found: dict[str, Any] = json.loads(canonical(content))
    return found


def text_of(kept: bytes) -> bytes:
    """The canonical text; Unreadable where the bytes were harmed."""
    unpacker = zlib.decompressobj()
    try:
        found = unpacker.decompress(bytes(kept), LARGEST)
    except zlib.error as error:
        raise Unreadable from error
    if not unpacker.eof:
        raise Unreadable
    return found


def read(kept: bytes) -> dict[str, Any]:
    try:
        found = json.loads(text_of(kept))
    except ValueError as error:
        raise Unreadable from error
    if not isinstance(found, dict):
        raise Unreadable
    return found


def digest_of(kept: bytes) -> str:
    """SHA-256 of the canonical text, in hexadecimal; "" where it cannot be read."""
    try:
        return sha256(text_of(kept)).hexdigest()
    except Unreadable:
        return ""
