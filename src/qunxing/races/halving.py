"""Successive halving: many entrants, one budget of test items; a little of the test for everyone, the rest for those
who are left (Karnin, Koren and Somekh 2013). No Django in here.

Every round costs about the same: as the field shrinks, each who is left is asked more. Earlier items keep counting.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, log

import numpy as np
import numpy.typing as npt

from qunxing.races.scoring.public import lot

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Round:
    """One round: so many entrants get `items` new items each, `asked` in all by its end; `keep` go on."""

    entrants: int
    items: int
    asked: int
    keep: int

    @property
    def cost(self) -> int:
        """Items scored, over all entrants."""
        return self.entrants * self.items


def rounds_of(entrants: int, budget: int, *, finalists: int = 1, rate: int = 2) -> tuple[Round, ...]:
    """The rounds that take the field down to the finalists within a budget of item scores.

    ValueError where there is nothing to part, or the budget gives not every entrant an item a round.
    """
    if entrants <= finalists or finalists < 1 or rate < 2:
        raise ValueError("a field must be larger than its final")
    number = max(1, ceil(log(entrants / finalists) / log(rate) - 1e-9))
    found: list[Round] = []
    left, spent, asked = entrants, 0, 0
    for turn in range(number):
        items = (budget - spent) // (number - turn) // left
        if items < 1:
            raise ValueError("the budget does not give every entrant an item a round")
        keep = finalists if turn == number - 1 else max(finalists, ceil(left / rate))
        spent, asked = spent + items * left, asked + items
        found.append(Round(left, items, asked, keep))
        left = keep
    return tuple(found)


def items_by_round(items: Sequence[str], rounds: Sequence[Round], seed: int) -> tuple[tuple[str, ...], ...]:
    """The new items of each round, drawn by the seed and in the file's order; all entrants of a round get the same.

    ValueError where the test set is smaller than what the last are to be asked.
    """
    if rounds and rounds[-1].asked > len(items):
        raise ValueError(f"the rounds ask {rounds[-1].asked} items, there are {len(items)}")
    drawn = sorted(items, key=lambda item: lot(seed, item))
    found, start = [], 0
    for one in rounds:
        chosen = set(drawn[start : one.asked])
        found.append(tuple(item for item in items if item in chosen))
        start = one.asked
    return tuple(found)


def money_by_round(rounds: Sequence[Round], yuan: int) -> tuple[int, ...]:
    """Whole yuan for each entrant of each round: the budget in equal parts by round, within it parted evenly."""
    return tuple(yuan // len(rounds) // one.entrants for one in rounds)


def survivors(scores: Numbers, keep: int, order: Sequence[int] = ()) -> list[int]:
    """The best `keep` rows by mean, in their order; equal ones by their turn in `order`, else by their number."""
    turn = {row: place for place, row in enumerate(order)}
    means = scores.mean(axis=1)
    ranked = sorted(range(len(means)), key=lambda row: (-means[row], turn.get(row, len(turn)), row))
    return sorted(ranked[:keep])


def halved(scores: Numbers, rounds: Sequence[Round], order: Sequence[int] = ()) -> list[int]:
    """Who is left when all rounds are played on these scores (entrants x items, items in the order they are asked)."""
    left = list(range(len(scores)))
    for one in rounds:
        places = survivors(scores[left, : one.asked], one.keep, [left.index(row) for row in order if row in left])
        left = [left[place] for place in places]
    return left
