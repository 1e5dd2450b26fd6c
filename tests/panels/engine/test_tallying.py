"""What scores come to: means, spread, quorum, ranks, the order of the rule that decides."""

import pytest

from qunxing.panels.tallying import Counted, Given, Tally, count, ranks, trimmed_mean
from qunxing.panels.terms import ScoringTerms

NOBODY: dict[str, int] = {}


def given(scores: dict[str, list[float]]) -> list[Given]:
    """Scores by seats a, b, c …"""
    return [Given(item, "abcdefghi"[at], total) for item, totals in scores.items() for at, total in enumerate(totals)]


def tallied(scores: dict[str, list[float]], marking: ScoringTerms | None = None, **abstained: int) -> Tally:
    return count(given(scores), dict.fromkeys(scores, 5), abstained, marking or ScoringTerms())


def by_item(tally: Tally) -> dict[str, Counted]:
    return {one.item: one for one in tally.items}


@pytest.mark.parametrize(
    ("values", "expected"), [([10, 70, 80, 90, 100], 80), ([10, 100], 55), ([1, 2, 3, 100], 26.5), ([7], 7)]
)
def test_the_highest_and_the_lowest_go_from_five_scores_on(values: list[float], expected: float) -> None:
    assert trimmed_mean(values) == expected


def test_the_rule_names_the_mean_that_decides() -> None:
    scores = {"A": [10, 80, 80, 80, 80], "B": [75, 75, 75, 75, 75]}
    places = {
        mean: {one.item: one.raw_rank for one in tallied(scores, ScoringTerms(mean=mean)).items}
        for mean in ("mean", "trimmed")
    }
    assert places == {"mean": {"A": 2, "B": 1}, "trimmed": {"A": 1, "B": 2}}


def test_who_abstains_is_no_score_of_the_quorum() -> None:
    found = by_item(tallied({"A": [80, 80, 80, 80], "B": [70, 70, 70]}, A=1, B=2))
    assert (found["A"].needed, found["A"].quorum, found["A"].abstained) == (4, True, 1)
    assert (found["B"].scores, found["B"].quorum) == (3, False)


def test_a_spread_at_the_limit_is_disagreement() -> None:
    found = by_item(tallied({"A": [70, 85], "B": [70, 84.99], "C": [50]}))
    assert {item: one.disagreement for item, one in found.items()} == {"A": True, "B": False, "C": False}


def test_an_item_nobody_scored_stands_without_a_result() -> None:
    found = by_item(count(given({"A": [80, 70]}), {"A": 2, "B": 2}, NOBODY, ScoringTerms()))
    assert (found["B"].scores, found["B"].raw_mean, found["B"].calibrated_rank) == (0, None, None)


def test_nothing_at_all_is_counted_as_nothing() -> None:
    found = count([], {"A": 5}, NOBODY, ScoringTerms())
    assert (found.calibration, found.items[0].quorum) == (None, False)


def test_equal_means_share_a_rank() -> None:
    assert ranks({"A": 80, "B": 90, "C": 80, "D": 70}) == {"B": 1, "A": 2, "C": 2, "D": 4}


def test_a_severe_reviewer_moves_the_raw_order_and_not_the_calibrated() -> None:
    """A and B are alike; A alone was read by somebody who gives everybody twenty points less."""
    fair = [Given(item, seat, level + noise) for item, level in (("A", 80), ("B", 78), ("C", 60), ("D", 50), ("E", 70))
            for seat, noise in (("a", 0.5), ("b", -0.5), ("c", 0.2))]  # fmt: skip
    severe = [Given(item, "z", level - 20) for item, level in (("A", 80), ("C", 60), ("D", 50), ("E", 70))]
    wanted = dict.fromkeys("ABCDE", 4)
    found = by_item(count([*fair, *severe], wanted, NOBODY, ScoringTerms(quorum="1/2")))
    assert (found["A"].raw_rank, found["B"].raw_rank) == (2, 1)
    assert (found["A"].calibrated_rank, found["B"].calibrated_rank) == (1, 2)


def test_the_total_is_weighted_out_of_a_hundred() -> None:
    marking = ScoringTerms.read(
        {
            "criteria": [
                {"code": "a", "zh": "甲", "weight": 70, "top": 10},
                {"code": "b", "zh": "乙", "weight": 30, "top": 5},
            ]
        }
    )
    assert marking.total({"a": 7.5, "b": 4}) == 76.5
