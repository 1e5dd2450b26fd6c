"""Sums of money: hidden where few stand behind them or one stands for nearly all, and what would give them back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from qunxing.indicators.engine.suppression.protect import DOT, matrix_of
from qunxing.indicators.engine.suppression.tables import Name
from qunxing.indicators.engine.suppression.worlds import Flags, Problem, hide

FEWEST = 3
LARGEST_SHARE = 80
# How far from the truth whoever subtracts must stay, in percent of the sum.
DISTANCE = 10


@dataclass(frozen=True)
class Money:
    """A sum that is published or hidden, and how many stand behind it; `amount` is None where it is hidden."""

    amount: int | None
    contributors: int

    def __str__(self) -> str:
        return DOT if self.amount is None else str(self.amount)


def is_dominated(amounts: Sequence[int], *, fewest: int = FEWEST, largest_share: int = LARGEST_SHARE) -> bool:
    """Whether fewer than `fewest` stand behind a sum, or one of them for more than `largest_share` percent of it.

    Losses count by their size: a gain that a loss hides is as telling as one that stands alone.
    """
    sizes = [abs(amount) for amount in amounts]
    if not sizes:
        return False
    return len(sizes) < fewest or max(sizes) * 100 > largest_share * sum(sizes)


def protect_money(
    parts: Mapping[Name, Sequence[int]],
    sums: Sequence[tuple[Name, tuple[Name, ...]]],
    *,
    fewest: int = FEWEST,
    largest_share: int = LARGEST_SHARE,
    signed: bool = False,
) -> dict[Name, Money]:
    """{name: the sum, or that it is hidden} of cells told as {name: the amount of each contributor}.

    `sums` are (total, its parts), smaller totals first; a total's contributors are all of its parts'. No hidden sum can
    be told from the others to within a tenth of its largest contributor. `signed` amounts may be below nothing, as
    profits are; of others everybody knows that they are not.
    """
    behind = {name: list(amounts) for name, amounts in parts.items()}
    for total, under in sums:
        behind.setdefault(total, [amount for part in under for amount in behind[part]])
    names = list(behind)
    told = {name for name in names if is_dominated(behind[name], fewest=fewest, largest_share=largest_share)}
    sensitive = np.array([name in told for name in names], dtype=bool)
    problem, scale = problem_of(behind, sums, sensitive, signed=signed)
    largest = np.array([max(map(abs, behind[name]), default=0) for name in names])
    need = np.maximum(0.01, largest * scale * DISTANCE / 100)
    if told:
        hide(problem, np.flatnonzero(sensitive).tolist(), need)
    return {
        name: Money(None if problem.hidden[at] else sum(behind[name]), len(behind[name]))
        for at, name in enumerate(names)
    }


def problem_of(
    behind: Mapping[Name, Sequence[int]],
    sums: Sequence[tuple[Name, tuple[Name, ...]]],
    sensitive: Flags,
    *,
    signed: bool,
) -> tuple[Problem, float]:
    """The problem in thousandths of the largest sum, and how many of these an amount of one is."""
    exact = np.array([float(sum(amounts)) for amounts in behind.values()])
    scale = 1000 / max(float(np.abs(exact).max(initial=0)), 1.0)
    low = np.full(exact.size, -np.inf if signed else 0.0)
    problem = Problem(
        values=exact * scale,
        sums=matrix_of(sums, list(behind)),
        low=low,
        mark_low=low.copy(),
        mark_high=np.full(exact.size, np.inf),
        hidden=sensitive.copy(),
        fixed=np.array([not amounts for amounts in behind.values()], dtype=bool),
        loss=np.abs(exact) * scale / 1000 + 2.0,
        unmark=0.0,
        whole=False,
    )
    return problem, scale
