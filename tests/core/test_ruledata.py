"""Numbers of rules: only what is a number within its bounds."""

from dataclasses import dataclass
from typing import Any

import pytest

from qunxing.core.ruledata import BadRule, read_rules, real


@dataclass(frozen=True)
class Weighed:
    weight: float = real(0.5, 0.0, 1.0)


@pytest.mark.parametrize(
    "value",
    [10**400, -(10**400), float("inf"), float("nan"), 1.5, True, "1", None],
    ids=["huge", "deep", "inf", "nan", "more", "true", "text", "none"],
)
def test_weight_that_is_no_number_within_its_bounds_is_told(value: Any) -> None:
    with pytest.raises(BadRule):
        read_rules(Weighed, {"weight": value})


def test_whole_number_may_stand_for_a_real_one() -> None:
    assert read_rules(Weighed, {"weight": 1}) == Weighed(1.0)
