"""Batch assignment: 1,000 scenarios, 100,000 firms, the best 50 of each; beside a greedy hand and HiGHS.

QUNXING_CAPACITIES=SCENARIOS,FIRMS,EDGES for another size.
"""

import os
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_matrix, vstack

from qunxing.matching.engine.assignment import Edges, assign

WANTED, CAPACITY, CAP = 5, 3, 3
STARS, SCARCE = 1.15, 1_600  # where a few are wanted by all: how steeply, and how many are in play at all


@dataclass(frozen=True)
class Size:
    scenarios: int = 1_000
    firms: int = 100_000
    edges: int = 50


def made_up(size: Size, *, stars: bool) -> Edges:
    """Edges whose firms are drawn alike, or with a few that everybody wants and that score best."""
    chance = np.random.default_rng(20260301)
    count = size.scenarios * size.edges * (3 if stars else 1)
    need = np.repeat(np.arange(size.scenarios), count // size.scenarios)
    drawn = (chance.zipf(STARS, count) - 1) % SCARCE if stars else chance.integers(0, size.firms, count)
    score = chance.random(count) + (1.0 / np.log2(2.0 + drawn.astype(np.float64)) if stars else 0.0)
    return Edges.of(need, drawn, score).best(size.edges)


def ours(edges: Edges, size: Size) -> tuple[int, float]:
    found = assign(edges, wanted=np.full(size.scenarios, WANTED), capacity=np.full(size.firms, CAPACITY), cap=CAP)
    return len(found.chosen), found.total


def greedy(edges: Edges, size: Size) -> tuple[int, float]:
    """The best edge first, wherever there is room: what a person with a spreadsheet does."""
    room, places, filled, total = np.full(size.firms, CAPACITY), np.full(size.scenarios, WANTED), 0, 0.0
    for edge in np.argsort(-edges.score, kind="stable").tolist():
        need, supply = edges.need[edge], edges.supply[edge]
        if room[supply] and places[need]:
            room[supply] -= 1
            places[need] -= 1
            filled, total = filled + 1, total + float(edges.score[edge])
    return filled, total


def highs(edges: Edges, size: Size) -> tuple[int, float]:
    """The same as a linear program: places first, then scores (without the even spread)."""
    ones, number = np.ones(len(edges)), np.arange(len(edges))
    rows = [
        coo_matrix((ones, (edges.need, number)), shape=(size.scenarios, len(edges))),
        coo_matrix((ones, (edges.supply, number)), shape=(size.firms, len(edges))),
    ]
    bounds = np.concatenate([np.full(size.scenarios, WANTED), np.full(size.firms, CAPACITY)])
    found = linprog(-(10.0 + edges.score), A_ub=vstack(rows).tocsr(), b_ub=bounds, bounds=(0, 1), method="highs")
    chosen = found.x > 0.5
    return int(chosen.sum()), float(edges.score[chosen].sum())


def timed(work: Callable[[Edges, Size], tuple[int, float]], edges: Edges, size: Size) -> dict[str, Any]:
    began = time.perf_counter()
    filled, total = work(edges, size)
    return {"seconds": time.perf_counter() - began, "filled": filled, "total": total}


def run(size: Size) -> None:
    for stars in (False, True):
        edges = made_up(size, stars=stars)
        crowd = "a few stars" if stars else "all alike"
        print(f"\n{size.scenarios:,} scenarios, {size.firms:,} firms, {len(edges):,} edges, {crowd}")
        for name, work in (("min-cost flow (ours)", ours), ("greedy", greedy), ("HiGHS", highs)):
            found = timed(work, edges, size)
            print(f"  {name:22} {found['seconds']:8.2f} s  {found['filled']:6,} places  score {found['total']:10,.1f}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\nlargest memory of this process: {peak:,.0f} MB")


if __name__ == "__main__":
    wish = os.environ.get("QUNXING_CAPACITIES", "")
    run(Size(*map(int, wish.split(","))) if wish else Size())
