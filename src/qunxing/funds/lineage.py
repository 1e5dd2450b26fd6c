"""Parents and children among funds, as plain keys; no query is run here."""

from collections.abc import Iterable, Mapping


def ancestors(key: int, parents: Mapping[int, int | None]) -> Iterable[int]:
    """The keys above, nearest first; each at most once, even in a circle."""
    seen: set[int] = set()
    above = parents.get(key)
    while above is not None and above not in seen:
        seen.add(above)
        yield above
        above = parents.get(above)


def closes_circle(key: int, parents: Mapping[int, int | None]) -> bool:
    return key in ancestors(key, parents)


def descendants(key: int, parents: Mapping[int, int | None]) -> Iterable[int]:
    """The keys below, a parent before its children; each at most once."""
    below: dict[int, list[int]] = {}
    for child, parent in parents.items():
        if parent is not None:
            below.setdefault(parent, []).append(child)
    seen, waiting = {key}, [key]
    for parent in waiting:
        for child in below.get(parent, []):
            if child not in seen:
                seen.add(child)
                waiting.append(child)
                yield child
