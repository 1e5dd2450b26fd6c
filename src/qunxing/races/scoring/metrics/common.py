"""What the metrics share. No Django in here."""

from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]


class Undefinable(Exception):
    """A metric that has no value over these items; `code` says why."""

    def __init__(self, code: str, found: str = "") -> None:
        super().__init__(code)
        self.code, self.found = code, found


@dataclass(frozen=True)
class Result:
    """A metric's value and each item's; `blank` says why items may have none (NaN)."""

    value: float
    items: Numbers | None
    blank: str = ""


def library(name: str) -> Any:
    """A library that takes seconds to load, when it is first needed."""
    return import_module(name)


def mean_of(items: Numbers, blank: str = "") -> Result:
    """Items that count alike; Undefinable where none has a value."""
    held = items[~np.isnan(items)]
    if not len(held):
        raise Undefinable(blank or "no_answers")
    return Result(float(held.mean()), items, blank)


def linear(whole: float, without: Numbers) -> Result:
    """Each item's linear part in the whole, from the values without it (jackknife): the mean is the whole."""
    if len(without) < 2:
        return Result(whole, np.full(len(without), whole))
    return Result(whole, whole + (len(without) - 1) * (without.mean() - without))
