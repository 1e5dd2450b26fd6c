"""How far two raters agree; knows no Django.

Weighted kappa after Cohen (1968): one less the observed disagreement over that of two who grade at random with the
same shares of grades; disagreement is the square of the distance between the grades.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

GRADES: Final = (1, 2, 3, 4)
Pair = tuple[int, int]


@dataclass(frozen=True)
class Agreement:
    """Over `pairs` graded twice: the share that got the same grade, and kappa; None where it is not defined."""

    pairs: int
    same: int
    near: int
    kappa: float | None

    @property
    def share(self) -> float | None:
        return self.same / self.pairs if self.pairs else None

    @property
    def near_share(self) -> float | None:
        """The share in which the grades lie one apart at most."""
        return self.near / self.pairs if self.pairs else None


def agreement(pairs: Sequence[Pair]) -> Agreement:
    same = sum(one == other for one, other in pairs)
    near = sum(abs(one - other) <= 1 for one, other in pairs)
    return Agreement(len(pairs), same, near, weighted_kappa(pairs))


def weighted_kappa(pairs: Sequence[Pair]) -> float | None:
    """Quadratic weights; None without pairs, or when chance itself would never disagree (all grades alike)."""
    if not pairs:
        return None
    observed = sum((one - other) ** 2 for one, other in pairs) / len(pairs)
    firsts, seconds = (shares(column) for column in zip(*pairs, strict=True))
    expected = sum(firsts[one] * seconds[other] * (one - other) ** 2 for one in firsts for other in seconds)
    return None if expected == 0 else 1 - observed / expected


def shares(grades: Iterable[int]) -> dict[int, float]:
    found = list(grades)
    return {grade: found.count(grade) / len(found) for grade in sorted(set(found))}


def both_ways(pairs: Iterable[Pair]) -> list[Pair]:
    """Each pair in both orders: for raters who change from pair to pair, of whom none is the first."""
    return [turned for one, other in pairs for turned in ((one, other), (other, one))]


def crossed(pairs: Iterable[Pair]) -> list[list[int]]:
    """How often each grade of the first met each of the second: rows the first, columns the second."""
    table = [[0] * len(GRADES) for _grade in GRADES]
    for one, other in pairs:
        table[one - 1][other - 1] += 1
    return table
