"""Money in parts that make the whole to the last yuan, and the targets that were met. No Django in here."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

HUNDRED = 100


def split(total: int, parts: Sequence[int]) -> tuple[int, ...]:
    """The amount in whole yuan by these percents, which make 100; what rounding leaves goes to the largest remainders.

    The parts always add up to the total.
    """
    if sum(parts) != HUNDRED or any(part < 0 for part in parts) or total < 0:
        raise ValueError("parts of an amount are percents that make 100")
    amounts = [total * part // HUNDRED for part in parts]
    remainders = [total * part % HUNDRED for part in parts]
    missing = total - sum(amounts)
    for place in sorted(range(len(parts)), key=lambda place: (-remainders[place], place))[:missing]:
        amounts[place] += 1
    return tuple(amounts)


def most(cost: int, cap_percent: int, cap_amount: int) -> int:
    """The largest grant for a project of this cost: a percent of it, and no more than the cap where there is one."""
    by_percent = cost * cap_percent // HUNDRED
    return min(by_percent, cap_amount) if cap_amount else by_percent


def meets(operator: str, target: Decimal, high: Decimal | None, value: Decimal) -> bool:
    """Whether a measured value meets a target; the operators are those of core indicators."""
    match operator:
        case "ge":
            return value >= target
        case "le":
            return value <= target
        case "gt":
            return value > target
        case "lt":
            return value < target
        case "eq":
            return value == target
        case "between" if high is not None:
            return target <= value <= high
    raise ValueError(f"there is no operator {operator!r}")


def share_met(met: Sequence[bool]) -> Fraction:
    """The share of targets that were met; nothing is met where there are none."""
    return Fraction(sum(met), len(met)) if met else Fraction(0)


def enough(met: Sequence[bool], percent: int) -> bool:
    """Whether so many percent of the targets were met, counted exactly."""
    return share_met(met) * HUNDRED >= percent
