"""Two reports held against each other."""

from typing import Any

from qunxing.indicators.reports.differences import compare


def content(rows: dict[str, int], *, text: str = "", form: str = "", perhaps: tuple[str, ...] = ()) -> dict[str, Any]:
    """One figure over these rows ({ref: revision})."""
    sure = sorted(set(rows) - set(perhaps))
    item = {
        "key": f"firms{form}", "name": "企业", "form": form, "kind": "kind", "text": text or f"{len(rows)}家",
        "rows": sure, "perhaps": list(perhaps),
    }  # fmt: skip
    return {"figures": [item], "rows": {"kind": {ref: {"name": ref, "revision": at} for ref, at in rows.items()}}}


def test_what_came_and_left_is_told_apart_from_what_was_corrected() -> None:
    then = content({"a": 1, "b": 1, "wrong": 1})
    then_as_known_now = content({"a": 1, "b": 1, "late": 1})
    after = content({"a": 1, "late": 1, "new": 1})
    [one] = compare(then, after, then_as_known_now)
    assert (one.came, one.left) == (["new"], ["b"])
    assert (one.corrected_in, one.corrected_out) == (["late"], ["wrong"])
    assert len(one.came) - len(one.left) + len(one.corrected_in) - len(one.corrected_out) == 3 - 3


def test_of_the_same_day_every_difference_is_a_correction() -> None:
    [one] = compare(content({"a": 1, "b": 1}), content({"b": 2, "c": 1}, text="2家"))
    assert (one.came, one.left, one.corrected_in, one.corrected_out, one.corrected) == ([], [], ["c"], ["a"], ["b"])
    assert (one.differs, one.moved) == (False, True)


def test_the_same_says_nothing() -> None:
    assert compare(content({"a": 1}, perhaps=("a",)), content({"a": 1})) == []


def test_figures_of_other_days_follow() -> None:
    [one] = compare(content({"a": 1}, form="growth", text="1%"), content({"a": 1}, form="growth", text="2%"))
    assert one.follows
    then, now = content({"a": 1}, form="by_tier"), content({"b": 1}, form="by_tier")
    now["figures"][0]["label"] = "群星"
    [part] = compare(then, now)
    assert (part.follows, part.name) == (False, "企业 · 群星")


def test_a_figure_that_one_of_them_does_not_tell_is_shown() -> None:
    empty: dict[str, Any] = {"figures": [], "rows": {}}
    [gone] = compare(content({"a": 1}), empty)
    assert (gone.old, gone.new, gone.corrected_out) == ("1家", "", ["a"])
    [new] = compare(empty, content({"a": 1}))
    assert (new.old, new.new, new.corrected_in) == ("", "1家", ["a"])
