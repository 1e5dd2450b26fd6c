"""Arithmetic among published figures."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qunxing.indicators.quantities import Quantity, parse_quantity
from qunxing.indicators.reading.flags import Flag, Stated, flags_of, implied_total

DAY = date(2025, 5, 7)


def stated(key, indicator, text, scope="space", **more):
    values = {"subject": "模速空间", "first": DAY, "last": DAY, "source": "a"} | more
    return Stated(key, indicator, scope=scope, quantity=parse_quantity(text), **values)


def noticed(*figures):
    return [(flag.code, flag.keys) for flag in flags_of(figures)]


def test_forty_three_of_61_percent_means_70_or_71_in_the_city():
    part, share = stated("part", "filed_models_landed", "43个"), stated("share", "share_of_city_total", "61%", "city")
    assert flags_of([part, share]) == [Flag("implied_total", ("part", "share"), 70, 71)]
    assert implied_total(parse_quantity("43"), parse_quantity("61.4%")) == (70, 70)
    assert implied_total(parse_quantity("近43"), parse_quantity("61%")) is None


@pytest.mark.parametrize(
    ("total", "missed"), [("70款", False), ("71款", False), ("80款", True), ("近60款", True), ("约70款", False)]
)
def test_a_total_that_is_not_what_is_implied_is_flagged(total, missed):
    figures = [
        stated("part", "filed_models_landed", "43个"),
        stated("share", "share_of_city_total", "61%", "city"),
        stated("total", "filed_models", total, "city", subject="全市"),
    ]
    codes = [code for code, _keys in noticed(*figures)]
    assert ("total_missed" in codes) == missed


@given(st.integers(1, 500), st.integers(1, 500))
def test_the_true_total_is_always_among_those_implied(part, more):
    total = part + more
    share = round(Decimal(part) * 100 / total)
    bounds = implied_total(Quantity(Decimal(part), Decimal(part)), Quantity(Decimal(share), Decimal(share), unit="%"))
    if share:
        assert bounds is not None
        assert bounds[0] <= total <= bounds[1]


def test_a_share_above_a_hundred_percent_is_flagged():
    assert noticed(stated("a", "share_of_city_total", "120%", "city")) == [("share_above_100", ("a",))]
    assert noticed(stated("a", "revenue_growth", "120%")) == []
    assert noticed(stated("a", "share_of_city_total", "100%", "city")) == []


@pytest.mark.parametrize(
    ("narrow", "wide", "flagged"),
    [
        ("43个", "40个", True),
        ("43个", "43个", False),
        ("43个", "近43个", True),
        ("43个", "50个", False),
        ("约43个", "40个", False),
    ],
)
def test_a_total_below_its_part_is_flagged(narrow, wide, flagged):
    part, whole = stated("part", "filed_models_landed", narrow), stated("whole", "filed_models", wide, "city")
    assert noticed(part, whole) == ([("total_below_part", ("whole", "part"))] if flagged else [])


def test_a_kind_of_firms_counts_among_firms():
    some, all_of_them = stated("a", "clustered_llm_firms", "90家"), stated("b", "clustered_ai_firms", "80家")
    assert noticed(some, all_of_them) == [("total_below_part", ("b", "a"))]


def test_two_scopes_are_both_kept_and_two_ranges_of_one_are_not():
    narrow = stated("a", "resident_firms", "100余家")
    wide = stated("b", "clustered_llm_firms", "近400家", "surroundings")
    assert noticed(narrow, wide) == []
    assert noticed(narrow, stated("c", "resident_firms", "380家")) == []
    assert noticed(narrow, stated("c", "resident_firms", "90家")) == [("disputed", ("a", "c"))]


def test_other_times_and_plans_are_not_held_against_each_other():
    one, other = stated("a", "resident_firms", "100家"), stated("b", "resident_firms", "120家")
    assert noticed(one, replace(other, first=date(2026, 1, 1), last=date(2026, 1, 31))) == []
    assert noticed(one, replace(other, first=None)) == []
    assert noticed(one, replace(other, status="planned")) == []
