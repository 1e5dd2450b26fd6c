"""A test set parted by a seed: what guides while the window is open, what decides, what is kept for the end.

No Django in here. An item's part depends on the seed, its name and its stratum's other items alone: not on the order
of the file, so that anybody who is told the seed afterwards can draw it again.
"""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from math import floor


def split(
    items: Sequence[str], shares: Mapping[str, float], seed: int, strata: Sequence[str] = ()
) -> dict[str, tuple[str, ...]]:
    """The items of each named part, in their order; every stratum is parted by the same shares.

    Shares are of all items; what they leave over goes to the last part. ValueError where they make more than the whole.
    """
    if not shares or any(share < 0 for share in shares.values()) or sum(shares.values()) > 1 + 1e-9:
        raise ValueError("shares must be parts of one whole")
    groups: dict[str, list[str]] = defaultdict(list)
    for item, stratum in zip(items, strata or [""] * len(items), strict=True):
        groups[stratum].append(item)
    part_of: dict[str, str] = {}
    for group in groups.values():
        part_of.update(parted(sorted(group, key=lambda item: lot(seed, item)), shares))
    return {name: tuple(item for item in items if part_of[item] == name) for name in shares}


def parted(drawn: Sequence[str], shares: Mapping[str, float]) -> dict[str, str]:
    """Each item's part: the drawn order cut at the shares."""
    names, found, upto, start = list(shares), {}, 0.0, 0
    for name in names:
        upto += shares[name]
        end = len(drawn) if name == names[-1] else floor(upto * len(drawn) + 0.5)
        found.update(dict.fromkeys(drawn[start:end], name))
        start = max(start, end)
    return found


def lot(seed: int, item: str) -> bytes:
    """The lot that the item draws."""
    return hashlib.sha256(f"qunxing split {seed} {item}".encode()).digest()


def by_items(items: Sequence[str], public: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The same from a list of the public items; ValueError where one is no item."""
    chosen = set(public)
    unknown = chosen - set(items)
    if unknown:
        raise ValueError(", ".join(sorted(unknown)[:5]))
    return {
        "public": tuple(item for item in items if item in chosen),
        "sealed": tuple(item for item in items if item not in chosen),
    }
