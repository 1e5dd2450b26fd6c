"""Figures made of figures: ratio, difference, growth, share. Ends are carried through, nothing is guessed."""

import math
from dataclasses import replace
from enum import StrEnum

from qunxing.indicators.engine.figures import Figure


class Operation(StrEnum):
    RATIO = "ratio"
    DIFFERENCE = "difference"
    SHARE = "share"  # a hundred times the ratio
    GROWTH = "growth"  # on an earlier day, in percent


class Undefined(Exception):
    """There is no such number: something is divided by nothing, or is not known."""


def derived(operation: Operation, one: Figure, other: Figure) -> Figure:
    """The figure of two: `one` over, less, or grown from `other`; its rows are those of the first."""
    match operation:
        case Operation.DIFFERENCE:
            return difference(one, other)
        case Operation.RATIO:
            return ratio(one, other)
        case Operation.SHARE:
            return scaled(ratio(one, other), 100)
        case Operation.GROWTH:
            return growth(one, other)


def difference(one: Figure, other: Figure) -> Figure:
    return replace(
        one,
        low=one.low - other.high,
        high=one.high - other.low,
        low_open=one.low_open or other.high_open,
        high_open=one.high_open or other.low_open,
    )


def ratio(one: Figure, other: Figure) -> Figure:
    """For figures that are not below nothing; Undefined where the divisor may be nothing."""
    if math.isnan(other.low) or other.low <= 0:
        raise Undefined
    low = one.low / other.high if not math.isnan(other.high) else 0.0
    return replace(
        one,
        low=low,
        high=one.high / other.low,
        low_open=one.low_open or other.high_open,
        high_open=one.high_open or other.low_open,
    )


def growth(one: Figure, other: Figure) -> Figure:
    found = ratio(one, other)
    return replace(scaled(found, 100), low=found.low * 100 - 100, high=found.high * 100 - 100)


def scaled(figure: Figure, factor: float) -> Figure:
    return replace(figure, low=figure.low * factor, high=figure.high * factor)
