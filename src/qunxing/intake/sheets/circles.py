"""Who would stand above themselves."""

from collections.abc import Hashable, Mapping
from typing import TypeVar

Node = TypeVar("Node", bound=Hashable)


def in_circles(above: Mapping[Node, Node]) -> set[Node]:
    """The nodes from which a way upwards leads back to them; each node has at most one above it."""
    found: set[Node] = set()
    done: set[Node] = set()
    for start in above:
        way: dict[Node, None] = {}
        at: Node | None = start
        while at is not None and at not in done and at not in way:
            way[at] = None
            at = above.get(at)
        if at in way:
            steps = list(way)
            found |= set(steps[steps.index(at) :])
        done |= way.keys()
    return found
