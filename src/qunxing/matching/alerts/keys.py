"""Sets of row keys in little room: a hundred thousand of them take a few hundred bytes where they lie close."""

import json
import zlib
from collections.abc import Iterable, Mapping
from itertools import accumulate, pairwise

Keys = Mapping[str, frozenset[int]]


def pack(keys: Keys) -> bytes:
    """The keys of each list as steps from one to the next, compressed."""
    steps = {code: list(steps_between(found)) for code, found in sorted(keys.items()) if found}
    return zlib.compress(json.dumps(steps, separators=(",", ":")).encode(), 6) if steps else b""


def steps_between(keys: Iterable[int]) -> Iterable[int]:
    return (after - before for before, after in pairwise([0, *sorted(keys)]))


def unpack(packed: bytes) -> dict[str, frozenset[int]]:
    """What `pack` was given."""
    steps = json.loads(zlib.decompress(packed)) if packed else {}
    return {code: frozenset(accumulate(found)) for code, found in steps.items()}


def joined(one: Keys, other: Keys) -> dict[str, frozenset[int]]:
    none: frozenset[int] = frozenset()
    return {code: one.get(code, none) | other.get(code, none) for code in {*one, *other}}


def without(keys: Keys, known: Keys) -> dict[str, frozenset[int]]:
    """The keys that are not known yet, of lists that have any."""
    found = {code: held - known.get(code, frozenset()) for code, held in keys.items()}
    return {code: new for code, new in found.items() if new}
