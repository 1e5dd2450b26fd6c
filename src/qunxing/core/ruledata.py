"""Rules as plain data: read into frozen dataclasses with their bounds checked, written back in full. No Django here."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, field, fields, is_dataclass
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

T = TypeVar("T")


class BadRule(ValueError):
    """A rule that cannot stand; `where` is its dotted name, `found` what was there, `expected` what may be."""

    def __init__(self, where: str, found: Any, expected: str) -> None:
        super().__init__(f"{where}: found {found!r}, expected {expected}")
        self.where, self.found, self.expected = where, found, expected


def number(default: int, least: int = 0, most: int = 10_000) -> Any:
    """A whole number with its bounds."""
    return field(default=default, metadata={"bounds": (least, most)})


def real(default: float, least: float = -1e300, most: float = 1e300) -> Any:
    """A finite number with its bounds."""
    return field(default=default, metadata={"bounds": (least, most)})


def read_rules(kind: type[T], stored: Any, where: str = "") -> T:
    """The rules that were stored, defaults where nothing is said; BadRule names the first that cannot stand."""
    if not isinstance(stored, Mapping):
        raise BadRule(where or "terms", stored, "named rules")
    hints = get_type_hints(kind)
    known = {each.name: each for each in fields(kind)}  # type: ignore[arg-type]
    for name in stored:
        if name not in known:
            raise BadRule(f"{where}{name}", stored[name], "a rule of this name")
    values = {name: _value(hints[name], known[name], value, f"{where}{name}") for name, value in stored.items()}
    return kind(**values)


def as_plain(rules: Any) -> dict[str, Any]:
    """Plain data in full, defaults written out."""
    plain: dict[str, Any] = json.loads(json.dumps(asdict(rules)))
    return plain


def rules_digest(plain: Mapping[str, Any]) -> str:
    """SHA-256, in hex, of the canonical JSON."""
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _value(hint: Any, each: Any, value: Any, where: str) -> Any:
    if is_dataclass(hint):
        return read_rules(hint, value, f"{where}.")  # type: ignore[arg-type]
    if get_origin(hint) is tuple:
        return _many(get_args(hint)[0], value, where)
    if get_origin(hint) is Literal:
        return _one_of(get_args(hint), value, where)
    if hint is int:
        return _whole(value, each.metadata.get("bounds", (0, 10_000)), where)
    if hint is float:
        return _real(value, each.metadata.get("bounds", (-1e300, 1e300)), where)
    return _plain(hint, value, where)


def _plain(hint: Any, value: Any, where: str) -> Any:
    if hint is bool and not isinstance(value, bool):
        raise BadRule(where, value, "true or false")
    if hint is str and not isinstance(value, str):
        raise BadRule(where, value, "words")
    if get_origin(hint) is not None and issubclass(get_origin(hint), Mapping) and not isinstance(value, Mapping):
        raise BadRule(where, value, "named values")
    return value


def _many(kind: Any, value: Any, where: str) -> tuple[Any, ...]:
    if is_dataclass(kind):
        if not isinstance(value, list | tuple):
            raise BadRule(where, value, "a list")
        return tuple(read_rules(kind, row, f"{where}.{at}.") for at, row in enumerate(value, start=1))  # type: ignore[arg-type]
    if get_origin(kind) is Literal and isinstance(value, list | tuple):
        return tuple(_one_of(get_args(kind), row, where) for row in value)
    if not isinstance(value, list | tuple) or not all(type(item) is kind for item in value):
        raise BadRule(where, value, "a list of numbers" if kind is int else "a list of words")
    return tuple(value)


def _one_of(allowed: tuple[Any, ...], value: Any, where: str) -> Any:
    if value not in allowed:
        raise BadRule(where, value, " | ".join(allowed))
    return value


def _whole(value: Any, bounds: tuple[int, int], where: str) -> int:
    least, most = bounds
    if type(value) is not int or not least <= value <= most:
        raise BadRule(where, value, f"a whole number from {least} to {most}")
    return value


def _real(value: Any, bounds: tuple[float, float], where: str) -> float:
    least, most = bounds
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadRule(where, value, "a number")
    if not least <= value <= most:
        raise BadRule(where, value, f"a number from {least:g} to {most:g}")
    return float(value)
