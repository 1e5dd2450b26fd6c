"""A standing of many contestants over many items: score intervals by bootstrap, beside a plain loop and scipy's.

The plain loop draws items and takes means, contestant by contestant and draw by draw, as one would write it first;
`scipy.stats.bootstrap` is asked for the percentile interval of each contestant's mean. Both give intervals of the
scores alone; ours gives those of all differences, ranks, groups and the corrected comparisons beside them.
"""

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from _running import show_table, write_json
from scipy.stats import bootstrap

from qunxing.races.flags import flags_of
from qunxing.races.standing import Settings, Table, standing


def made_up(entrants: int, items: int) -> Table:
    chance = np.random.default_rng(1)
    level, hard = np.linspace(1, -1, entrants), chance.normal(0, 1, items)
    scores = 1 / (1 + np.exp(-(level[:, None] + hard + chance.normal(0, 1, (entrants, items)))))
    return Table(tuple(f"T{number}" for number in range(entrants)), scores)


def plain_loop(scores: np.ndarray, draws: int) -> np.ndarray:
    chance = np.random.default_rng(0)
    means = np.empty((draws, len(scores)))
    for draw in range(draws):
        picked = chance.integers(0, scores.shape[1], scores.shape[1])
        for row, own in enumerate(scores):
            means[draw, row] = own[picked].mean()
    return np.percentile(means, [2.5, 97.5], axis=0)


def by_scipy(scores: np.ndarray, draws: int) -> np.ndarray:
    found = [
        bootstrap((own,), np.mean, n_resamples=draws, method="percentile", batch=200, rng=0).confidence_interval
        for own in scores
    ]
    return np.array(found).T


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """(seconds of the processor, seconds by the clock)."""
    before, began = time.process_time(), time.perf_counter()
    work()
    return time.process_time() - before, time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entrants", type=int, default=100)
    parser.add_argument("--items", type=int, default=10_000)
    parser.add_argument("--draws", type=int, default=2_000)
    parser.add_argument("--part", type=float, default=0.1, help="part of the entrants that the slow ones are run on")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    table = made_up(asked.entrants, asked.items)
    few = table.scores[: max(2, round(asked.entrants * asked.part))]
    times = asked.entrants / len(few)
    runs = [
        ("qunxing, bootstrap", 1.0, lambda: standing(table, Settings(method="bootstrap", draws=asked.draws))),
        ("qunxing, analytic", 1.0, lambda: standing(table)),
        ("signs of trouble", 1.0, lambda: flags_of(table.contestants, table.scores)),
        ("numpy loop", times, lambda: plain_loop(few, asked.draws)),
        ("scipy.stats.bootstrap", times, lambda: by_scipy(few, asked.draws)),
    ]
    rows = []
    for name, scale, work in runs:
        cpu, clock = timed(work)
        rows.append({"way": name, "cpu_seconds": cpu * scale, "seconds": clock * scale, "scaled_by": scale})
    first = rows[0]["cpu_seconds"]
    show_table(
        ["way", "CPU s", "s", "times ours", "scaled by"],
        [
            [
                row["way"],
                f"{row['cpu_seconds']:.2f}",
                f"{row['seconds']:.2f}",
                f"{row['cpu_seconds'] / first:.1f}",
                f"{row['scaled_by']:g}",
            ]
            for row in rows
        ],
    )
    if asked.json:
        write_json(asked.json, {"entrants": asked.entrants, "items": asked.items, "draws": asked.draws, "rows": rows})


if __name__ == "__main__":
    main()
