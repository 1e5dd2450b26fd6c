"""What would change the order is worked out from the numbers of the order."""

from qunxing.matching.changes import Change, Line, changes_of
from qunxing.matching.marking import marked

LINES = [
    Line("a", "fit", 10.0, {"title": 6.0, "text": 4.0}),
    Line("b", "fit", 4.0, {"title": 1.0, "text": 3.0}),
    Line("c", "open", 8.0, {"text": 8.0}, unknown=1),
    Line("d", "open", 1.0, {"text": 1.0}, unknown=2),
    Line("e", "missed", 9.0, {"text": 9.0}, failed=1),
    Line("f", "missed", 2.0, {"text": 2.0}, failed=1, unknown=1),
]


def test_first_has_nothing_above_it() -> None:
    assert changes_of(LINES)["a"] == ()


def test_gap_names_the_part_in_which_the_one_above_gained() -> None:
    assert changes_of(LINES)["b"] == (Change("gap", points=6.0, part="title", part_points=5.0),)


def test_known_conditions_lift_among_those_that_pass() -> None:
    found = changes_of(LINES)
    assert (found["c"], found["d"][0]) == ((Change("known", 2),), Change("known", 3))


def test_closed_conditions_lift_as_far_as_the_score_goes() -> None:
    found = changes_of(LINES)
    assert (found["e"], found["f"]) == ((Change("closed", 2),), (Change("closed", 4),))


def test_marks_stand_around_folded_words() -> None:
    assert marked("病歷與 AI <b>", ["病历", "ai"]) == "<mark>病歷</mark>與 <mark>AI</mark> &lt;b&gt;"


def test_overlapping_words_are_one_mark() -> None:
    assert marked("门诊病历", ["门诊", "诊病"]) == "<mark>门诊病</mark>历"


def test_nothing_is_marked_without_words() -> None:
    assert (marked("病历", []), marked("", ["病历"]), marked("病历", [""])) == ("病历", "", "病历")
