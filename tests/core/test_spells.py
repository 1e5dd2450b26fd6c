"""Spells follow each other, and nothing is told more exactly than it is known."""

from datetime import date
from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from qunxing.core.columns import ALWAYS, NEVER, Coded, Columns, as_days, day_number
from qunxing.core.spells import Spells, life, paired

STATES = ("open", "running", "done")
PUBLISHED, KEPT, LATER = date(2024, 3, 1), date(2025, 1, 5), date(2025, 2, 7)


def told(found: Spells) -> list[tuple[int, str, int, int, int, int]]:
    return [
        (int(key), found.states.words[state], *(int(end[row]) for end in
         (found.since.low, found.since.high, found.until.low, found.until.high)))
        for row, (key, state) in enumerate(zip(found.keys, found.states.places, strict=True))
    ]  # fmt: skip


def lived(
    versions: list[tuple[int, str, date]], rows: list[tuple[int, date | None, date | None]], **words: object
) -> Spells:
    known = Columns({
        "id": np.array([key for key, *_rest in versions], dtype=np.int64),
        "state": Coded.of(state for _key, state, _day in versions),
        "recorded": as_days(day for *_rest, day in versions),
    })  # fmt: skip
    facts = Columns({
        "id": np.array([key for key, *_rest in rows], dtype=np.int64),
        "opened": as_days(day for _key, day, _end in rows),
        "ended": as_days(end for *_rest, end in rows),
    })  # fmt: skip
    return life(known, facts, "state", STATES, **words)  # type: ignore[arg-type]


def opened(versions: list[tuple[int, str, date]], rows: list[tuple[int, date | None, date | None]]) -> Spells:
    return lived(versions, rows, opening="open", days={"open": "opened", "done": "ended"})


def test_row_recorded_today_counts_from_the_day_it_tells() -> None:
    found = opened([(1, "draft", KEPT), (1, "open", KEPT), (1, "running", LATER)], [(1, PUBLISHED, None)])
    begun, on, later = (day_number(day) for day in (PUBLISHED, LATER, LATER))
    assert told(found) == [(1, "open", begun, begun, on, on), (1, "running", later, later, NEVER, NEVER)]


def test_row_first_seen_late_came_there_at_some_time_before() -> None:
    found = opened([(1, "running", KEPT)], [(1, PUBLISHED, None)])
    begun, kept = day_number(PUBLISHED), day_number(KEPT)
    assert told(found) == [(1, "open", begun, begun, begun, kept), (1, "running", begun, kept, NEVER, NEVER)]


def test_end_that_was_told_later_moves_what_was_recorded_after_it() -> None:
    end = date(2024, 9, 1)
    found = opened([(1, "open", KEPT), (1, "running", KEPT), (1, "done", KEPT)], [(1, PUBLISHED, end)])
    begun, over = day_number(PUBLISHED), day_number(end)
    assert told(found) == [
        (1, "open", begun, begun, begun, over),
        (1, "running", begun, over, over, over),
        (1, "done", over, over, NEVER, NEVER),
    ]


def test_without_an_opening_the_first_state_was_always_there() -> None:
    found = lived([(1, "open", KEPT), (1, "open", LATER), (2, "running", KEPT)], [(1, None, None), (2, None, None)])
    assert told(found) == [(1, "open", ALWAYS, ALWAYS, NEVER, NEVER), (2, "running", ALWAYS, ALWAYS, NEVER, NEVER)]


def test_second_time_in_a_state_is_told_apart() -> None:
    versions = [(1, state, KEPT) for state in ("open", "running", "open")]
    found = opened(versions, [(1, PUBLISHED, None)])
    assert [found.turns.words[place] for place in found.turns.places] == ["first", "first", "again"]


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(1, 3), st.sampled_from(STATES), st.integers(0, 90)), max_size=12))
def test_spells_of_a_key_follow_each_other(steps: list[tuple[int, str, int]]) -> None:
    start = day_number(PUBLISHED)
    versions = [(key, state, date.fromordinal(PUBLISHED.toordinal() + day)) for key, state, day in
                sorted(steps, key=lambda step: step[2])]  # fmt: skip
    found = told(opened(versions, [(key, PUBLISHED, None) for key in (1, 2, 3)]))
    for one, other in pairwise(found):
        if one[0] == other[0]:
            assert one[4:] == other[2:4]
            assert start <= one[2] <= other[2]
            assert one[3] <= other[3]
    assert [row[0] for row in found if row[4] == NEVER] == sorted({key for key, *_rest in versions})


def test_pairs_of_words_are_made_once_for_each_row() -> None:
    found = paired(Coded.of(["a", "b", "a"]), Coded.of(["x", "x", "y"]), lambda one, other: one + other)
    assert [found.words[place] for place in found.places] == ["ax", "bx", "ay"]
    assert len(paired(Coded.of([]), Coded.of([]), str.__add__)) == 0
