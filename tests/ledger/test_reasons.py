"""The reason of a step."""

import pytest

from qunxing.core.errors import Refused
from qunxing.ledger.reasons import LONGEST, needed_reason, told_reason


def test_reason_is_kept_as_far_as_its_column_goes() -> None:
    assert [told_reason(text) for text in (" a\x00b ", "长" * 600, "")] == ["ab", "长" * LONGEST, ""]


@pytest.mark.parametrize("text", ["", "  ", "\x00"])
def test_step_that_needs_a_reason_is_refused_without(text: str) -> None:
    with pytest.raises(Refused) as refused:
        needed_reason(text)
    assert refused.value.status == 422


def test_needed_reason_is_given_back() -> None:
    assert needed_reason(" 已核 ") == "已核"
