"""Calibration of panels: scores it has not seen, and whether its intervals cover what they should.

FILE is a CSV of scores (docs/cli.md, `panels calibrate`); without one only the made-up panels are run.
"""

import argparse
import csv
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from _running import show_table, write_json

from qunxing.panels.calibration import Calibration, Score, calibrate

Random = np.random.Generator
WAYS = ("raw mean", "calibrated", "with effect", "with effect and home bias", "with effect in the panel")


@dataclass(frozen=True)
class Design:
    """Made-up panels; what varies is given over the noise, of which the standard deviation is one."""

    name: str
    panels: int
    entries: int
    seats: int
    pool: int
    each: int  # reviewers of an entry
    spread: float
    lasting: float
    own: float
    bias: float
    affiliations: int


DESIGNS = (
    Design("one panel, 12 by 9", 1, 12, 9, 9, 9, 3, 0.5, 0, 0, 8),
    Design("the same with home bias", 1, 12, 9, 9, 9, 3, 0.5, 0, 0.8, 8),
    Design("tiny, 3 by 3", 1, 3, 3, 3, 3, 2, 1, 0, 0, 3),
    Design("small, 5 by 5", 1, 5, 5, 5, 5, 1, 0.5, 0, 0, 5),
    Design("entries alike, 10 by 7", 1, 10, 7, 7, 7, 0.01, 0.5, 0, 0, 6),
    Design("three of 15 for each of 40", 1, 40, 15, 15, 3, 1, 0.7, 0, 0, 8),
    Design("8 panels, no severity", 8, 10, 5, 20, 5, 2, 0, 0, 0, 5),
    Design("8 panels, shared reviewers", 8, 10, 5, 20, 5, 2, 0.4, 0.4, 0, 5),
    Design("30 tiny panels with home bias", 30, 4, 5, 40, 5, 3, 0.4, 0.4, 0.8, 6),
)


# --- scores not seen --------------------------------------------------------------------------------------------------


def read(path: Path) -> list[Score]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [
            Score(
                row["panel"], row["entry_id"], row["reviewer_id"], float(row["score"]),
                row["entry_affiliation"], row["reviewer_affiliation"],
            )
            for row in csv.DictReader(file)
        ]  # fmt: skip


def one_of_each_entry(scores: Sequence[Score], chance: Random) -> Iterator[set[int]]:
    """Three times a score of every entry."""
    by_entry = defaultdict(list)
    for number, score in enumerate(scores):
        by_entry[score.panel, score.entry].append(number)
    for _time in range(3):
        yield {int(chance.choice(numbers)) for numbers in by_entry.values() if len(numbers) > 1}


def one_reviewer_of_each_panel(scores: Sequence[Score], chance: Random) -> Iterator[set[int]]:
    """Three times all scores of a reviewer of every panel, who may be known from other panels."""
    by_panel: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for number, score in enumerate(scores):
        by_panel[score.panel][score.reviewer].append(number)
    for _time in range(3):
        picked = [(own, list(own)[int(chance.integers(len(own)))]) for own in by_panel.values()]
        yield {number for own, name in picked for number in own[name]}


def reviewers_of_all(scores: Sequence[Score], chance: Random) -> Iterator[set[int]]:
    """A tenth of the reviewers at a time, wherever they sat."""
    names = sorted({score.reviewer for score in scores})
    chance.shuffle(names)
    for part in range(10):
        left = set(names[part::10])
        yield {number for number, score in enumerate(scores) if score.reviewer in left}


def errors(scores: Sequence[Score], left_out: set[int]) -> dict[str, list[float]]:
    """What each way of predicting misses the left-out scores by."""
    seen = [score for number, score in enumerate(scores) if number not in left_out]
    found = calibrate(seen)
    raw = {(one.panel, one.entry): one.raw_mean for one in found.entries}
    level = {(one.panel, one.entry): one.calibrated.estimate for one in found.entries}
    effects = {one.reviewer: one.effect.estimate for one in found.reviewers}
    seats = {(name, one.reviewer): at.estimate for one in found.reviewers for name, at in one.panels}
    missed = defaultdict(list)
    for score in (scores[number] for number in sorted(left_out)):
        at = (score.panel, score.entry)
        if at not in raw:
            continue
        home = found.home.bias.estimate if found.home and score.home else 0.0
        effect = effects.get(score.reviewer, 0.0)
        seat = seats.get((score.panel, score.reviewer), effect)
        guesses = (raw[at], level[at], level[at] + effect, level[at] + effect + home, level[at] + seat + home)
        for way, guess in zip(WAYS, guesses, strict=True):
            missed[way].append(score.value - guess)
    return missed


def cross_validate(groups: Sequence[Sequence[Score]], fold: Callable[..., Iterator[set[int]]]) -> dict[str, float]:
    chance, missed = np.random.default_rng(4), defaultdict(list)
    for scores in groups:
        for left_out in fold(scores, chance):
            for way, values in errors(scores, left_out).items():
                missed[way] += values
    return {way: float(np.sqrt(np.mean(np.square(values)))) for way, values in missed.items()}


def of_the_file(scores: Sequence[Score]) -> dict[str, Any]:
    panels = defaultdict(list)
    for score in scores:
        panels[score.panel].append(score)
    alone = list(panels.values())
    began = time.perf_counter()
    found = calibrate(scores)
    print(f"{len(scores):,} scores in {time.perf_counter() - began:.2f} s; {found.home}; {found.spread}")
    figures = {
        "a score of each entry left out": cross_validate([scores], one_of_each_entry),
        "a reviewer of each panel left out": cross_validate([scores], one_reviewer_of_each_panel),
        "a tenth of the reviewers left out": cross_validate([scores], reviewers_of_all),
        "each panel alone, a score of each entry left out": cross_validate(alone, one_of_each_entry),
    }
    show_table(["", *WAYS], [[name, *(f"{found[way]:.4f}" for way in WAYS)] for name, found in figures.items()])
    shuffled = share_without_bias(scores, np.random.default_rng(6))
    print(f"affiliations of reviewers dealt out anew: the interval holds zero {shuffled:.1%} of 200 times")
    return {**figures, "shuffled": shuffled}


def share_without_bias(scores: Sequence[Score], chance: Random, times: int = 200) -> float:
    """How often the interval holds zero when affiliations mean nothing, home bias taken off beforehand."""
    found = calibrate(scores)
    bias = found.home.by_itself if found.home else 0.0
    clean = [replace(score, value=score.value - bias * score.home) for score in scores]
    names = sorted({score.reviewer for score in scores})
    own = {score.reviewer: score.reviewer_affiliation for score in scores}
    held = 0
    for _time in range(times):
        dealt = dict(zip(names, chance.permutation([own[name] for name in names]), strict=True))
        home = calibrate([replace(score, reviewer_affiliation=str(dealt[score.reviewer])) for score in clean]).home
        held += home is None or holds(home.bias, 0.0)
    return held / times


# --- intervals --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Truth:
    levels: dict[tuple[str, str], float]
    effects: dict[tuple[str, str], float]
    bias: float


def made_up(design: Design, chance: Random) -> tuple[list[Score], Truth]:
    lasting = chance.normal(0, design.lasting, design.pool)
    scores, levels, effects = [], {}, {}
    for number in range(design.panels):
        sitting = chance.choice(design.pool, design.seats, replace=False)
        own = lasting[sitting] + chance.normal(0, design.own, design.seats)
        where, mean = chance.integers(0, design.affiliations, design.seats), chance.normal(70, 5)
        panel = f"P{number}"
        effects |= {(panel, f"R{who}"): float(effect) for who, effect in zip(sitting, own, strict=True)}
        for entry in range(design.entries):
            level, home = mean + chance.normal(0, design.spread), chance.integers(0, design.affiliations)
            levels[panel, f"E{entry}"] = float(level)
            for seat in chance.choice(design.seats, design.each, replace=False):
                value = level + own[seat] + design.bias * (where[seat] == home) + chance.normal()
                who = f"R{sitting[seat]}"
                scores.append(Score(panel, f"E{entry}", who, float(value), f"A{home}", f"A{where[seat]}"))
    return scores, Truth(levels, effects, design.bias)


def holds(interval: Any, truth: float) -> bool:
    return interval.low is not None and bool(interval.low <= truth <= interval.high)


def judged(found: Calibration, truth: Truth) -> Iterator[tuple[str, float]]:
    for entry in found.entries:
        level = truth.levels[entry.panel, entry.entry]
        yield "entries", holds(entry.calibrated, level)
        yield "off", (entry.calibrated.estimate - level) ** 2
        yield "raw off", (entry.raw_mean - level) ** 2
    for reviewer in found.reviewers:
        for panel, effect in reviewer.panels:
            yield "effects", holds(effect, truth.effects[panel, reviewer.reviewer])
    if found.home:
        yield "home bias", holds(found.home.bias, truth.bias)


def coverage(times: int) -> dict[str, dict[str, float]]:
    figures, chance = {}, np.random.default_rng(20260301)
    for design in DESIGNS:
        gathered = defaultdict(list)
        for _time in range(times):
            scores, truth = made_up(design, chance)
            for what, value in judged(calibrate(scores), truth):
                gathered[what].append(value)
        figures[design.name] = {what: float(np.mean(values)) for what, values in gathered.items()}
    shares = ("entries", "effects", "home bias")
    rows = [
        [
            name,
            *(f"{found.get(what, 0):.1%}" for what in shares),
            *(f"{found[w] ** 0.5:.3f}" for w in ("off", "raw off")),
        ]
        for name, found in figures.items()
    ]
    show_table([f"{times} times", *shares, "calibrated off by", "raw mean off by"], rows)
    return figures


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--times", type=int, default=300, help="how many panels of each design")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    told: dict[str, Any] = of_the_file(read(options.file)) if options.file else {}
    write_json(options.json, {**told, "coverage": coverage(options.times)})
