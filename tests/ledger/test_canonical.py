"""One value has one spelling."""

import hashlib
import json
from collections import OrderedDict, UserDict
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import Enum, IntEnum, StrEnum
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qunxing.ledger.canonical import CanonicalError, canonical, digest


class Tier(StrEnum):
    CORE = "core"


class Stage(str, Enum):  # noqa: UP042 - the older spelling must be read too
    IN = "in"


class Rank(IntEnum):
    FIRST = 1


@pytest.mark.parametrize(
    ("value", "spelling"),
    [
        (None, "null"),
        (True, "true"),
        (0, "0"),
        (10**40, "1" + "0" * 40),
        (1.5, "1.5"),
        (-0.0, "0.0"),
        ("群星", '"群星"'),
        ('"\\\n\x01', '"\\"\\\\\\n\\u0001"'),
        ("\u2028", '"\u2028"'),
        (Tier.CORE, '"core"'),
        (Stage.IN, '"in"'),
        (Rank.FIRST, "1"),
        (Decimal("1.10"), '"1.1"'),
        (Decimal("1E+3"), '"1000"'),
        (Decimal("0.000"), '"0"'),
        (Decimal("-0"), '"0"'),
        (Decimal("-12.50"), '"-12.5"'),
        (Decimal("1E-7"), '"0.0000001"'),
        (date(2026, 2, 28), '"2026-02-28"'),
        (time(9, 30), '"09:30:00"'),
        (datetime(2026, 2, 28, 16, tzinfo=UTC), '"2026-02-28T16:00:00.000000Z"'),
        (datetime(2026, 3, 1, 0, 0, 0, 7, timezone(timedelta(hours=8))), '"2026-02-28T16:00:00.000007Z"'),
        (datetime(800, 1, 2, tzinfo=UTC), '"0800-01-02T00:00:00.000000Z"'),
        (UUID(int=1), '"00000000-0000-0000-0000-000000000001"'),
        (b"\x00\xff", '"00ff"'),
        (memoryview(b"\x01"), '"01"'),
        ([1, (2, [3])], "[1,[2,[3]]]"),
        ({}, "{}"),
        ({"b": 1, "a": {"d": None, "c": []}}, '{"a":{"c":[],"d":null},"b":1}'),
        ({"\uff5e": 1, "\U0001f600": 2, "Z": 3, "a": 4}, '{"Z":3,"a":4,"\uff5e":1,"\U0001f600":2}'),
        ({Tier.CORE: 1}, '{"core":1}'),
        (OrderedDict(b=1, a=2), '{"a":2,"b":1}'),
        (UserDict({"b": 1, "a": 2}), '{"a":2,"b":1}'),
    ],
)
def test_canonical_spelling(value: Any, spelling: str) -> None:
    assert canonical(value).decode() == spelling


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (float("nan"), "not finite"),
        (float("inf"), "not finite"),
        (Decimal("NaN"), "not finite"),
        (Decimal("-Infinity"), "not finite"),
        (datetime(2026, 2, 28), "time zone"),  # noqa: DTZ001 - the point of the case
        ({1: "a"}, "Keys must be text, not int"),
        ({None: "a"}, "Keys must be text, not NoneType"),
        ({"a": {1, 2}}, "type set"),
        (object(), "type object"),
        (timedelta(1), "type timedelta"),
        ("\ud800", "UTF-8"),
        ({"\udfff": 1}, "UTF-8"),
    ],
)
def test_canonical_refuses(value: Any, reason: str) -> None:
    with pytest.raises(CanonicalError, match=reason):
        canonical(value)


def test_canonical_refuses_what_is_nested_without_end() -> None:
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(CanonicalError, match="nested"):
        canonical(endless)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@settings(deadline=None)
@given(json_values)
def test_canonical_is_read_back_and_stays(value: Any) -> None:
    spelling = canonical(value)
    assert json.loads(spelling) == value
    assert canonical(json.loads(spelling)) == spelling


@settings(deadline=None)
@given(st.dictionaries(st.text(), st.integers(), min_size=2, max_size=6))
def test_canonical_does_not_depend_on_the_order_of_keys(value: dict[str, int]) -> None:
    assert canonical(dict(reversed(value.items()))) == canonical(value)


@settings(deadline=None)
@given(st.decimals(allow_nan=False, allow_infinity=False, places=4), st.integers(0, 6))
def test_canonical_decimal_does_not_depend_on_trailing_zeros(number: Decimal, zeros: int) -> None:
    longer = Decimal(f"{number:f}" + "0" * zeros)
    assert canonical(longer) == canonical(number)
    assert Decimal(json.loads(canonical(number))) == number


def test_digest_is_sha256_of_the_canonical_form() -> None:
    assert digest({"名": "群星", "b": 1}) == hashlib.sha256('{"b":1,"名":"群星"}'.encode()).hexdigest()


def test_digest_of_equal_moments_is_equal() -> None:
    shanghai = datetime(2026, 3, 1, 8, tzinfo=timezone(timedelta(hours=8)))
    assert digest(shanghai) == digest(datetime(2026, 3, 1, tzinfo=UTC))
