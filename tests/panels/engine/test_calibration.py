"""Calibration: what it finds in made-up panels, how it bears little and odd data, and how it foretells scores."""

import csv
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from qunxing.panels.calibration import (
    Calibration,
    CalibrationError,
    Score,
    affiliations,
    bands_of,
    calibrate,
    quantile,
    ranks,
)
from qunxing.panels.integration import Moments

PUBLISHED = Path(__file__).resolve().parents[3] / "shared" / "data" / "panel_scores.csv"


def panel(
    chance: np.random.Generator, name: str = "P", *, entries: int = 10, bias: float = 0.0, severity: float = 0.5
) -> list[Score]:
    """Seven reviewers of six affiliations, the same in every panel; noise of one."""
    effects, homes = severity * np.array([1.5, 1.0, 0.5, 0.0, -0.5, -1.0, -1.5]), [0, 1, 2, 3, 4, 5, 5]
    made = []
    for entry in range(entries):
        level, home = chance.normal(80, 3), chance.integers(0, 6)
        for number, effect in enumerate(effects):
            value = level + effect + bias * (homes[number] == home) + chance.normal()
            made.append(Score(name, f"E{entry}", f"R{number}", float(value), f"A{home}", f"A{homes[number]}"))
    return made


def one_panel(*rows: Sequence[float | None]) -> list[Score]:
    """Entries by reviewers; None is no score."""
    return [
        Score("P", f"E{entry}", f"R{number}", value)
        for entry, values in enumerate(rows)
        for number, value in enumerate(values)
        if value is not None
    ]


def predictions(found: Calibration, scores: Sequence[Score]) -> list[tuple[float, float]]:
    """By the contract, and by the raw mean."""
    levels = {(one.panel, one.entry): (one.calibrated.estimate, one.raw_mean) for one in found.entries}
    effects = {one.reviewer: one.effect.estimate for one in found.reviewers}
    bias = found.home.bias.estimate if found.home else 0.0
    return [
        (levels[s.panel, s.entry][0] + effects.get(s.reviewer, 0.0) + bias * s.home, levels[s.panel, s.entry][1])
        for s in scores
    ]


def missed_by(scores: Sequence[Score], left_out: set[int]) -> tuple[float, float]:
    """Root mean squares of what calibration and raw means miss unseen scores by."""
    unseen = [scores[number] for number in sorted(left_out)]
    found = calibrate([score for number, score in enumerate(scores) if number not in left_out])
    values = np.array([score.value for score in unseen])[:, None]
    ours, raw = np.sqrt(((np.array(predictions(found, unseen)) - values) ** 2).mean(axis=0))
    return float(ours), float(raw)


# --- what it finds ----------------------------------------------------------------------------------------------------


def test_severity_and_home_bias_are_found() -> None:
    chance = np.random.default_rng(1)
    found = calibrate([score for number in range(6) for score in panel(chance, f"P{number}", bias=1.0, severity=1.0)])
    assert 0 < found.home.bias.low < 1.0 < found.home.bias.high
    order = sorted(found.reviewers, key=lambda one: -one.effect.estimate)
    assert [order[0].reviewer, order[-1].reviewer] == ["R0", "R6"]
    assert found.spread.noise == pytest.approx(1.0, abs=0.1)


def test_home_bias_is_seldom_found_where_there_is_none() -> None:
    chance = np.random.default_rng(2)
    held = []
    for _time in range(60):
        home = calibrate(panel(chance)).home
        held.append(home.bias.low <= 0 <= home.bias.high)
    assert 0.88 <= np.mean(held) <= 1.0


def test_severity_of_the_only_home_reviewer_is_no_home_bias() -> None:
    """Whoever is at home with every entry cannot be told from somebody lenient."""
    chance = np.random.default_rng(0)
    found = calibrate(
        [
            Score("P", f"E{entry}", name, float(70 + entry + gift + chance.normal()), "A", home)
            for entry in range(8)
            for name, gift, home in (("x", 3, "A"), ("y", 0, "B"), ("z", 0, "C"))
        ]
    )
    assert found.home.bias.low < 0 < found.home.bias.high


def test_intervals_hold_the_level_19_times_in_20() -> None:
    chance = np.random.default_rng(3)
    held = []
    for _time in range(60):
        scores = panel(chance, entries=8)
        by_entry = defaultdict(list)
        noise = {id(score): chance.normal() for score in scores}
        level = {f"E{number}": chance.normal(80, 3) for number in range(8)}
        severity = dict(zip((f"R{n}" for n in range(7)), chance.normal(0, 0.5, 7), strict=True))
        for score in scores:
            value = level[score.entry] + severity[score.reviewer] + noise[id(score)]
            by_entry[score.entry].append(replace(score, value=float(value)))
        found = calibrate([score for own in by_entry.values() for score in own]).entries
        held += [one.calibrated.low <= level[one.entry] <= one.calibrated.high for one in found]
    assert 0.91 <= np.mean(held) <= 0.99


def test_lenient_half_of_the_reviewers_does_not_decide() -> None:
    """Two entries that are alike, seen by different reviewers, whom eight others show to be lenient and severe."""
    both = [(s, s, s - 4.0, s - 4.0) for s in (60.0, 64.0, 68.0, 72.0, 76.0, 80.0, 84.0, 88.0)]
    found = calibrate(one_panel(*both, (75.0, 75.0, None, None), (None, None, 71.0, 71.0)))
    lenient, severe = found.entries[-2], found.entries[-1]
    assert lenient.raw_mean - severe.raw_mean == 4.0
    assert lenient.calibrated.estimate == pytest.approx(severe.calibrated.estimate, abs=0.2)
    assert lenient.band == severe.band


def test_panels_do_not_touch_each_other_where_they_share_nobody() -> None:
    """Another panel shifts the view of the variances, never by its own mean."""
    one, other = panel(np.random.default_rng(4)), panel(np.random.default_rng(5), "Q")
    renamed = [replace(s, reviewer=f"X{s.reviewer}", value=s.value + 1000) for s in other]
    low = calibrate([*one, *(replace(s, value=s.value - 1000) for s in renamed)])
    high = calibrate([*one, *renamed])
    for before, after in zip(low.entries[:10], high.entries[:10], strict=True):
        assert before.calibrated.estimate == pytest.approx(after.calibrated.estimate)


def test_scores_in_other_units_say_the_same() -> None:
    scores = panel(np.random.default_rng(6), bias=1.0)
    plain, scaled = calibrate(scores), calibrate([replace(s, value=s.value * 100 + 7) for s in scores])
    for one, other in zip(plain.entries, scaled.entries, strict=True):
        assert one.calibrated.estimate * 100 + 7 == pytest.approx(other.calibrated.estimate)
        assert (one.calibrated_rank, one.band) == (other.calibrated_rank, other.band)


def test_order_of_rows_changes_nothing() -> None:
    chance = np.random.default_rng(7)
    scores = panel(chance, bias=1.0)
    shuffled = [scores[place] for place in chance.permutation(len(scores))]
    levels = [{one.entry: one.calibrated.estimate for one in calibrate(rows).entries} for rows in (scores, shuffled)]
    assert levels[0] == pytest.approx(levels[1])


# --- scores it has not seen -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("entries", [4, 10])
def test_unseen_scores_are_foretold_better_than_by_the_raw_mean(entries: int) -> None:
    chance, errors = np.random.default_rng(8), []
    for _time in range(12):
        scores = [s for number in range(4) for s in panel(chance, f"P{number}", entries=entries, bias=0.5)]
        left_out = {first + int(chance.integers(7)) for first in range(0, len(scores), 7)}
        errors.append(missed_by(scores, left_out))
    ours, raw = np.sqrt((np.array(errors) ** 2).mean(axis=0))
    assert ours < 0.95 * raw


@pytest.mark.skipif(not PUBLISHED.is_file(), reason="the shared data is not there")
def test_unseen_scores_of_real_panels_are_foretold_better() -> None:
    with PUBLISHED.open(encoding="utf-8", newline="") as file:
        scores = [
            Score(r["panel"], r["entry_id"], r["reviewer_id"], float(r["score"]), r["entry_affiliation"],
                r["reviewer_affiliation"]) for r in csv.DictReader(file)
        ]  # fmt: skip
    assert calibrate(scores).home.bias.low > 0.2
    numbers = defaultdict(list)
    for number, score in enumerate(scores):
        numbers[score.panel, score.entry].append(number)
    chance = np.random.default_rng(9)
    ours, raw = missed_by(scores, {int(chance.choice(own)) for own in numbers.values()})
    assert ours < 0.93 * raw


# --- little and odd data ----------------------------------------------------------------------------------------------


def test_one_score_is_left_as_it_is() -> None:
    found = calibrate([Score("P", "a", "x", 3.0)])
    assert [(one.calibrated.estimate, one.calibrated.low, one.band) for one in found.entries] == [(3.0, None, 1)]
    assert [(one.effect.estimate, one.effect.high) for one in found.reviewers] == [(0.0, None)]
    assert (found.home, found.spread) == (None, None)


def test_scores_all_alike_say_so() -> None:
    found = calibrate(one_panel((5.0, 5.0), (5.0, 5.0), (5.0, 5.0)))
    assert [(one.calibrated.estimate, one.raw_rank, one.calibrated_rank, one.band) for one in found.entries] == [
        (5.0, 1, 1, 1)
    ] * 3
    assert [one.effect.estimate for one in found.reviewers] == [0.0, 0.0]


@pytest.mark.parametrize(
    "rows",
    [
        [(3.0,), (4.0,)],
        [(3.0, None), (None, 4.0)],
        [(3.0, 4.0)],
        [(3.0, 4.0), (5.0, 6.0)],
        [(3.0, None, 9.0), (None, 4.0, None)],
        [(1.0, 2.0, 3.0), (2.0, 3.0, 4.0), (3.0, 4.0, 5.0)],
    ],
)
def test_little_data_gives_numbers_and_order(rows: list[Sequence[float | None]]) -> None:
    found = calibrate(one_panel(*rows))
    for one in found.entries:
        assert one.calibrated.low <= one.calibrated.estimate <= one.calibrated.high
    for reviewer in found.reviewers:
        assert np.isfinite(reviewer.effect.estimate)


def test_missing_affiliations_are_nobodys_home() -> None:
    scores = panel(np.random.default_rng(10))
    bare = [replace(s, entry_affiliation="", reviewer_affiliation="-") for s in scores]
    assert calibrate(bare).home is None
    half = [replace(s, entry_affiliation="" if s.entry == "E0" else s.entry_affiliation) for s in scores]
    assert calibrate(half).home.pairs == sum(score.home for score in half)


@pytest.mark.parametrize(
    ("one", "other", "home"),
    [
        ("星河（上海）公司", "星河(上海)公司", True),
        ("ISU", "isu ", True),
        ("甲公司；乙大学", "乙大学", True),
        ("甲公司", "乙大学", False),
        ("", "", False),
        ("-", "-", False),
        ("无", "无", False),
        ("N/A", "n/a", False),
    ],
)
def test_affiliations_are_compared_as_they_are_meant(one: str, other: str, home: bool) -> None:
    assert Score("P", "a", "x", 1.0, one, other).home == home


def test_several_affiliations_are_parted() -> None:
    assert affiliations("甲公司、乙大学; 丙院") == {"甲公司", "乙大学", "丙院"}


@pytest.mark.parametrize(
    "scores",
    [
        [],
        [Score("P", "a", "x", float("nan"))],
        [Score("P", "a", "x", float("inf"))],
        [Score("P", "a", "x", 1.0), Score("P", "a", "x", 1.0)],
    ],
)
def test_nonsense_is_refused(scores: list[Score]) -> None:
    with pytest.raises(CalibrationError):
        calibrate(scores)


# --- ranks and bands --------------------------------------------------------------------------------------------------


def test_ties_share_a_rank() -> None:
    assert ranks(np.array([3.0, 5.0, 3.0, 1.0]), 0.0) == [2, 1, 2, 4]


def test_bands_begin_where_the_first_can_be_told_apart() -> None:
    moments = Moments(np.array([9.0, 8.5, 7.0, 6.9]), np.array([9.0, 8.5, 7.0, 6.9]) ** 2 + 0.125)
    assert bands_of(moments, 2.0, 0.0) == [1, 1, 2, 2]


def test_bands_follow_each_other_by_calibrated_rank() -> None:
    found = calibrate(panel(np.random.default_rng(11)))
    ordered = sorted(found.entries, key=lambda one: one.calibrated_rank)
    numbers = [one.band for one in ordered]
    assert numbers == sorted(numbers)
    assert set(numbers) == set(range(1, max(numbers) + 1))
    assert Counter(one.raw_rank for one in ordered) == Counter(range(1, 11))


@pytest.mark.parametrize(("freedom", "expected"), [(1, 12.7062), (2, 4.3027), (3, 3.1824), (5, 2.5706), (30, 2.0423)])
def test_quantiles_are_those_of_the_tables(freedom: int, expected: float) -> None:
    assert quantile(freedom) == pytest.approx(expected, abs=0.005)
