import pickle

import pytest
from django.utils.translation import override

from qunxing.core.errors import Refused
from qunxing.core.reasons import Reason, Unreadable, because

NESTED = because("Row %(row)s: %(why)s", row=3, why=because("“%(text)s” is not a day.", text="100%"))


def test_reason_says_its_values() -> None:
    with override("en"):
        assert str(NESTED) == "Row 3: “100%” is not a day."
        assert str(because("50% done")) == "50% done"


def test_reason_survives_storing() -> None:
    assert Reason.from_json(NESTED.to_json()) == NESTED


def test_unreadable_is_refused_and_a_value_error() -> None:
    with override("en"), pytest.raises(ValueError, match="Row 3") as caught:
        raise Unreadable(NESTED)
    assert isinstance(caught.value, Refused)
    assert caught.value.status == 400


def test_unreadable_survives_pickling() -> None:
    assert pickle.loads(pickle.dumps(Unreadable(NESTED))).reason == NESTED
