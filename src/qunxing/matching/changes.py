"""What would change the order, worked out from the numbers that made it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qunxing.matching.models import Standing


@dataclass(frozen=True)
class Line:
    """What the order is made of: who, in which standing, with what score and parts; `failed` and `unknown` count.

    Of a `closed` one the reader is not told the numbers, so nobody is measured against it.
    """

    key: str
    standing: str
    score: float
    parts: Mapping[str, float]
    failed: int = 0
    unknown: int = 0
    closed: bool = False


@dataclass(frozen=True)
class Change:
    """If `code` happened it would stand in `place`; or `points` are lacking to the one above, most in `part`."""

    code: str
    place: int = 0
    points: float = 0.0
    part: str = ""
    part_points: float = 0.0


def changes_of(lines: Sequence[Line]) -> dict[str, tuple[Change, ...]]:
    """{who: what would change its place}; the lines are those of one pool, in their order."""
    return {line.key: tuple(found) for line, found in ((line, list(changes(line, lines))) for line in lines)}


def changes(line: Line, lines: Sequence[Line]) -> list[Change]:
    found = []
    if line.standing == Standing.MISSED:
        found.append(Change("closed", place_if(line, Standing.OPEN if line.unknown else Standing.FIT, lines)))
    if line.standing == Standing.OPEN:
        found.append(Change("known", place_if(line, Standing.FIT, lines)))
    above = [other for other in lines if other.standing == line.standing and ahead(other, line)]
    if above and line.standing != Standing.MISSED and not above[-1].closed:
        found.append(gap(line, above[-1]))
    return found


def place_if(line: Line, standing: str, lines: Sequence[Line]) -> int:
    """Its place if it stood so, everybody else as now."""
    order = [Standing.FIT, Standing.OPEN]
    others = [other for other in lines if other.key != line.key and other.standing in order]
    rank = order.index(Standing(standing))
    before = [
        other
        for other in others
        if order.index(Standing(other.standing)) < rank or (other.standing == standing and ahead(other, line))
    ]
    return len(before) + 1


def ahead(one: Line, other: Line) -> bool:
    return (-one.score, one.key) < (-other.score, other.key)


def gap(line: Line, above: Line) -> Change:
    """How far the one above is ahead, and the part in which it gained most of that."""
    lacking = {name: value - line.parts.get(name, 0.0) for name, value in above.parts.items()}
    part = max(lacking, key=lambda name: lacking[name], default="")
    return Change("gap", points=above.score - line.score, part=part, part_points=lacking.get(part, 0.0))
