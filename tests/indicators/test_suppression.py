"""Small cells stay hidden from whoever subtracts, and little else is lost."""

from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qunxing.indicators.engine.suppression import (
    Band,
    Counts,
    Hidden,
    Protected,
    attack,
    band,
    banded,
    from_list,
    from_sets,
    from_table,
    from_tree,
    is_dominated,
    joined,
    protect,
    protect_money,
    protect_related,
)
from qunxing.indicators.engine.suppression import worlds as worlds_module

COUNTS = st.sampled_from([0, 0, 1, 1, 2, 2, 3, 4, 5, 9, 30])
ROWS, COLUMNS = ("r1", "r2", "r3", "r4"), ("c1", "c2", "c3")


@st.composite
def tables(draw: Any, counts: Any = COUNTS) -> Counts:
    rows, columns = ROWS[: draw(st.integers(1, 4))], COLUMNS[: draw(st.integers(1, 3))]
    return from_table(("tier", "field"), {place: draw(counts) for place in product(rows, columns)})


@st.composite
def pairs_of_tables(draw: Any) -> Counts:
    """The same rows by tier and field, and by tier and stage."""
    firms = draw(st.lists(st.tuples(*(st.sampled_from("abc") for _ in range(3))), min_size=1, max_size=25))
    by_field = {(t, f): sum(x[:2] == (t, f) for x in firms) for t in "abc" for f in "abc"}
    by_stage = {(t, s): sum((x[0], x[2]) == (t, s) for x in firms) for t in "abc" for s in "abc"}
    return joined(from_table(("tier", "field"), by_field), from_table(("tier", "stage"), by_stage))


def narrow(published: Protected, small: set[Any]) -> dict[Any, Any]:
    """What an attacker knows to the one: hidden figures, and small differences."""
    found = attack(published)
    return {
        name: ends
        for name, ends in found.items()
        if (name in published.hidden or name in small) and np.ceil(ends[0] - 1e-6) >= np.floor(ends[1] + 1e-6)
    }


def small_cells(table: Counts, threshold: int = 3) -> set[Any]:
    return {name for name, count in table.cells.items() if 0 < count < threshold}


@settings(max_examples=60, deadline=None)
@given(tables(), st.sampled_from([3, 5]))
def test_subtracting_gives_no_cell_of_a_table_back(table: Counts, threshold: int) -> None:
    published = protect(table, threshold)
    assert narrow(published, set()) == {}
    assert small_cells(table, threshold) <= published.hidden
    shown = {name: value for name, value in published.cells.items() if name not in published.hidden}
    assert shown == {name: table.cells[name] for name in shown}


@settings(max_examples=30, deadline=None)
@given(pairs_of_tables())
def test_subtracting_across_tables_that_share_a_margin_gives_nothing(table: Counts) -> None:
    published = protect(table)
    assert narrow(published, set()) == {}
    assert small_cells(table) <= published.hidden


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(st.sampled_from("ABCDE"), st.frozensets(st.integers(0, 12)), min_size=1))
def test_subtracting_one_set_from_another_gives_nothing(figures: dict[str, frozenset[int]]) -> None:
    table = from_sets(figures)
    assert narrow(protect(table), small_cells(table)) == {}


def worlds(published: Protected, most: int) -> Iterator[dict[Any, int]]:
    """Every list of one dimension that would be published like this one, by trying all."""
    (total, parts), *_ = published.sums
    choices = [possible(published.cells[part], most) for part in parts]
    for values in product(*choices):
        if sum(values) in possible(published.cells[total], most * len(parts)):
            yield {**dict(zip(parts, values, strict=True)), total: sum(values)}


def possible(value: int | Hidden, most: int) -> range:
    if isinstance(value, Hidden):
        return range(value.low, (value.high or most) + 1)
    return range(value, value + 1)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 4), min_size=1, max_size=4))
def test_trying_every_list_leaves_two_values_for_each_hidden_cell(counts: list[int]) -> None:
    table = from_list("tier", {str(at): count for at, count in enumerate(counts)})
    published = protect(table)
    found = list(worlds(published, 8))
    assert dict(table.cells) in found
    assert {name for name in published.hidden if len({world[name] for world in found}) < 2} == set()


@settings(max_examples=40, deadline=None)
@given(tables(st.sampled_from([0, 3, 4, 7, 50])))
def test_nothing_is_hidden_where_nothing_is_small(table: Counts) -> None:
    assert protect(table).hidden == frozenset()


@settings(max_examples=40, deadline=None)
@given(tables(st.integers(3, 90)), st.integers(1, 2))
def test_one_small_cell_costs_three_more_at_most(table: Counts, count: int) -> None:
    inner = {name: value for name, value in table.cells.items() if isinstance(name, tuple) and len(name) == 2}
    values = {(dict(name)["tier"], dict(name)["field"]): value for name, value in inner.items()}
    values[next(iter(values))] = count
    changed = from_table(("tier", "field"), values)
    assert len(protect(changed).hidden) <= len(small_cells(changed)) + 3


def test_a_small_cell_takes_the_smallest_beside_it() -> None:
    table = from_table(("a", "b"), {("x", "p"): 2, ("x", "q"): 4, ("x", "r"): 90, ("y", "p"): 7, ("y", "q"): 5})
    shown = {name: protect(table).shown(name) for name in table.cells}
    assert shown[("a", "x"), ("b", "p")] == "<3"
    assert sorted(name for name, text in shown.items() if text == "·") == [
        (("a", "x"), ("b", "q")),
        (("a", "y"), ("b", "p")),
        (("a", "y"), ("b", "q")),
    ]
    assert shown[("a", "x"), ("b", "r")] == "90"
    assert shown[()] == "108"


def test_two_ones_do_not_show_a_total_that_tells_them() -> None:
    published = protect(from_list("tier", {"core": 1, "star": 1}))
    assert [published.shown(name) for name in published.cells] == ["<3", "<3", "·"]


def test_a_total_to_keep_is_kept_while_something_else_helps() -> None:
    table = from_list("tier", {"core": 1, "star": 4, "none": 60})
    assert protect(table, keep=[()]).cells[()] == 65
    assert protect(table, keep=[()]).shown((("tier", "star"),)) == "·"


def test_nested_totals_are_protected_over_all_levels() -> None:
    values = {"city": 70, "xuhui": 40, "pudong": 30, "space": 38, "around": 2}
    tree = from_tree(values, {"city": ["xuhui", "pudong"], "xuhui": ["space", "around"]})
    published = protect(tree)
    assert published.hidden == {"around", "space"}
    assert narrow(published, set()) == {}


def test_a_space_and_its_surroundings_do_not_tell_who_lies_between() -> None:
    published = protect_related({"space": range(100), "surroundings": range(102)})
    assert published.hidden == {"space"}
    kept = protect_related({"space": range(100), "surroundings": range(102)}, keep=["space"])
    assert kept.hidden == {"surroundings"}


def test_two_days_do_not_tell_who_moved_in_between() -> None:
    march, april, may = set(range(50)), set(range(52)), set(range(60))
    published = protect_related({"march": march, "april": april, "may": may})
    assert published.cells["may"] == 60
    assert len(published.hidden) == 1


def test_two_days_with_much_between_them_are_both_shown() -> None:
    assert protect_related({"march": range(50), "april": range(58)}).hidden == frozenset()


@pytest.mark.parametrize("threshold", [0, 2, -1])
def test_a_threshold_that_tells_the_cell_is_refused(threshold: int) -> None:
    with pytest.raises(ValueError, match="threshold"):
        protect(from_list("tier", {"core": 1}), threshold)


def test_a_threshold_of_one_hides_nothing() -> None:
    assert protect(from_list("tier", {"core": 1, "star": 9}), 1).hidden == frozenset()


@pytest.mark.parametrize(
    ("cells", "sums"), [({"a": -1}, ()), ({"a": 1.5}, ()), ({"a": 1, "b": 2, "t": 4}, (("t", ("a", "b")),))]
)
def test_what_are_no_counts_is_refused(cells: Any, sums: Any) -> None:
    with pytest.raises(ValueError, match=r"no count|not the sum"):
        Counts(cells, sums)


def test_tables_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(ValueError, match="told twice"):
        joined(from_list("tier", {"core": 4}), from_list("field", {"vision": 5}))


# --- bands ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0"), (1, "1–4"), (4, "1–4"), (5, "5–9"), (49, "20–49"), (99, "50–99"), (100, "100+")]
)
def test_a_count_is_told_as_its_band(count: int, said: str) -> None:
    assert str(band(count)) == said


def test_a_band_of_one_number_is_refused() -> None:
    with pytest.raises(ValueError, match="bands"):
        band(3, (1, 2, 5))


def test_bands_that_would_add_up_to_one_each_are_widened() -> None:
    told = banded(from_list("tier", dict.fromkeys("abcd", 1)))
    assert told[()] == Band(1, None)
    assert told[("tier", "a"),] == Band(1, 4)


@settings(max_examples=40, deadline=None)
@given(tables())
def test_bands_of_a_table_give_no_count_back(table: Counts) -> None:
    told = banded(table)
    cells: dict[Any, Any] = {name: 0 if each.high == 0 else Hidden(each.low, each.high) for name, each in told.items()}
    assert narrow(Protected(cells, table.sums), set()) == {}
    assert {name for name, each in told.items() if not each.low <= table.cells[name] <= (each.high or 10**9)} == {
        name for name, count in table.cells.items() if count and told[name].high == 0
    }


# --- money ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amounts", "hidden"),
    [
        ([], False),
        ([5, 5], True),
        ([5, 5, 5], False),
        ([80, 10, 10], False),
        ([81, 10, 9], True),
        ([-500, 10, 9], True),
        ([0, 0, 0], False),
    ],
)
def test_a_sum_is_dominated_by_few_or_by_one(amounts: list[int], hidden: bool) -> None:
    assert is_dominated(amounts) == hidden


def test_a_hidden_sum_is_not_left_over_when_the_others_are_taken_off() -> None:
    parts = {"core": [900_000], "star": [50_000, 60_000, 70_000], "none": [200_000, 300_000, 400_000]}
    told = protect_money(parts, [("all", tuple(parts))])
    assert told["core"].amount is None
    assert told["core"].contributors == 1
    assert [name for name, sum_ in told.items() if sum_.amount is None] == ["core", "star"]
    assert told["all"].amount == 1_980_000


@settings(max_examples=30, deadline=None)
@given(st.lists(st.lists(st.integers(0, 10**9), max_size=5), min_size=1, max_size=4), st.booleans())
def test_subtracting_gives_no_hidden_sum_back(groups: list[list[int]], signed: bool) -> None:
    parts = {str(at): amounts for at, amounts in enumerate(groups)}
    told = protect_money(parts, [("all", tuple(parts))], signed=signed)
    hidden = [name for name in parts if told[name].amount is None]
    left = told["all"].amount is None
    assert not hidden or left or len(hidden) > 1
    assert all(told[name].amount is None for name in parts if is_dominated(parts[name]))


def test_a_large_table_takes_few_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bounded by the number of linear programs, not by a clock: cells are moved together where they can be."""
    solved, calls = worlds_module.solved, []

    def counted(*arguments: Any) -> Any:
        calls.append(1)
        return solved(*arguments)

    monkeypatch.setattr(worlds_module, "solved", counted)
    values = {(str(row), str(column)): (row * column) % 7 for row in range(20) for column in range(20)}
    table = from_table(("a", "b"), values)
    assert small_cells(table) <= protect(table).hidden
    assert len(calls) <= 20


def test_figures_that_hang_together_with_nothing_stand_alone() -> None:
    published = protect(Counts({"a": 1, "b": 5}))
    assert [published.shown(name) for name in published.cells] == ["<3", "5"]
    assert protect(Counts({})).cells == {}
    assert protect_money({}, []) == {}
    assert protect_money({"a": [7]}, [])["a"].amount is None
