"""Gates: who of a standing goes on, and whom the line cannot part. No Django in here."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from qunxing.races.standing import Standing, Truths, tails


@dataclass(frozen=True)
class Gate:
    """Who goes on: the first `top`, or whoever reaches `threshold`; `veto` names who is out whatever their score.

    `tied`: those whom the line does not part beyond chance go on together ("go_on"), or are cut by their score and,
    where that is equal, by `order`, the tie-break that was fixed in advance ("cut").
    """

    top: int | None = None
    threshold: float | None = None
    tied: Literal["go_on", "cut"] = "go_on"
    veto: frozenset[str] = frozenset()
    order: tuple[str, ...] = ()


@dataclass(frozen=True)
class Passing:
    """What the gate says of one contestant."""

    contestant: str
    passes: bool
    tied_at_line: bool


def passing(found: Standing, gate: Gate, level: float = 0.95) -> tuple[Passing, ...]:
    """The gate's answer for everybody, in the order of the places."""
    names = [place.contestant for place in found.places]
    inside = within(found, gate)
    tied = at_threshold(found, gate) if gate.top is None else at_line(found, inside, level)
    tied &= np.array([name not in gate.veto for name in names])
    goes = inside | tied if gate.tied == "go_on" else inside
    return tuple(
        Passing(name, bool(goes[index]) and name not in gate.veto, bool(tied[index]))
        for index, name in enumerate(names)
    )


def within(found: Standing, gate: Gate) -> Truths:
    """Who is above the line by score alone, equal scores parted by the tie-break."""
    scores = np.array([place.score for place in found.places])
    allowed = np.array([place.contestant not in gate.veto for place in found.places])
    if gate.top is None:
        return allowed & (scores >= (gate.threshold if gate.threshold is not None else -np.inf))
    turn = {name: number for number, name in enumerate(gate.order)}
    keys = [(-place.score, turn.get(place.contestant, len(turn)), place.contestant) for place in found.places]
    order = [index for index in sorted(range(len(keys)), key=keys.__getitem__) if allowed[index]]
    inside = np.zeros(len(scores), dtype=bool)
    inside[order[: gate.top]] = True
    return inside


def at_line(found: Standing, inside: Truths, level: float) -> Truths:
    """Whom the line does not part beyond chance from the nearest on its other side, corrected for all so compared."""
    tied = np.zeros(len(inside), dtype=bool)
    if inside.all() or not inside.any():
        return tied
    last, first = int(np.flatnonzero(inside)[-1]), int(np.flatnonzero(~inside)[0])
    p_values = tails(found.difference, found.spread, max(found.items - 1, 1))
    other = np.where(inside, p_values[:, first], p_values[:, last])
    order = np.argsort(other, kind="stable")
    holds = other[order] <= (1 - level) / np.arange(len(other), 0, -1)
    parted = len(holds) if holds.all() else int(np.argmin(holds))
    tied[order[parted:]] = True
    # A tie takes two: alone on its side, nobody is tied.
    return tied if tied[inside].any() and tied[~inside].any() else np.zeros(len(inside), dtype=bool)


def at_threshold(found: Standing, gate: Gate) -> Truths:
    """Whose interval holds the threshold."""
    if gate.threshold is None:
        return np.zeros(len(found.places), dtype=bool)
    return np.array([place.low <= gate.threshold <= place.high for place in found.places])
