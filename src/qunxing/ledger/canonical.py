"""One spelling for one value: the bytes that are hashed, logged and exported."""

import json
import math
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import Enum
from hashlib import sha256
from typing import Any
from uuid import UUID


class CanonicalError(ValueError):
    """The value has no canonical spelling."""


def canonical(value: Any) -> bytes:
    """JSON in UTF-8: keys sorted by code point, no spaces, no escapes that JSON does not demand."""
    try:
        return dump(plain(value)).encode()
    except UnicodeEncodeError as error:
        raise CanonicalError("A text holds half of a character pair and cannot be written as UTF-8.") from error
    except RecursionError as error:
        raise CanonicalError("The value is nested too deeply.") from error


def digest(value: Any) -> str:
    """SHA-256 over the canonical form, in hexadecimal."""
    return sha256(canonical(value)).hexdigest()


def dump(value: Any) -> str:
    """The canonical text of what is JSON already."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))


def plain(value: Any) -> Any:
    """The value in the types of JSON; equal values become equal, whatever class they came in."""
    kind = type(value)
    if value is None or kind in {str, int, bool}:
        return value
    if kind is dict or isinstance(value, Mapping):
        return {key_of(key): plain(item) for key, item in value.items()}
    if kind in {list, tuple}:
        return [plain(item) for item in value]
    return encoded(value)


def key_of(key: Any) -> str:
    """The key as plain text; 1 and "1" would collide, so only text is a key."""
    text = key.value if isinstance(key, Enum) else key
    if not isinstance(text, str):
        raise CanonicalError(f"Keys must be text, not {type(key).__name__}.")
    return str.__str__(text)


def encoded(value: Any) -> Any:
    """The first encoder that fits; a subclass counts as what it is made of."""
    for kind, encode in ENCODERS:
        if isinstance(value, kind):
            return encode(value)
    raise CanonicalError(f"A value of type {type(value).__name__} has no canonical form.")


def real(number: float) -> float:
    if not math.isfinite(number):
        raise CanonicalError("A number that is not finite has no canonical form.")
    return number + 0.0  # a negative zero becomes zero


def exact(number: Decimal) -> str:
    """Digits without exponent or trailing zeros, so that 1.10 and 1.1 are one."""
    if not number.is_finite():
        raise CanonicalError("A number that is not finite has no canonical form.")
    digits = f"{number:f}"
    if "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    return "0" if digits in {"-0", ""} else digits


def moment(value: datetime) -> str:
    """UTC with microseconds and a Z: 2026-02-28T16:00:00.000000Z."""
    if value.utcoffset() is None:
        raise CanonicalError("A moment without a time zone has no canonical form.")
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ").rjust(27, "0")


ENCODERS: tuple[tuple[Any, Callable[[Any], Any]], ...] = (
    (Enum, lambda value: plain(value.value)),
    (str, str.__str__),
    (bool, bool),
    (int, int),
    (float, real),
    (Decimal, exact),
    (datetime, moment),
    ((date, time), lambda value: value.isoformat()),
    (UUID, str),
    ((bytes, bytearray, memoryview), lambda value: bytes(value).hex()),
    ((list, tuple), lambda value: [plain(item) for item in value]),
)
