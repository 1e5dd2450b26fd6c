"""Experts to bids: 400 by 300, 3,000 by 3,000 and 10,000 by 10,000 (the best 50 of each bid), three of six each.

Beside a greedy hand, and scipy's linear_sum_assignment in three rounds, in each one expert for a bid and two bids at
most for an expert. Every one runs in a process of its own, for its memory. QUNXING_ASSIGNMENT=SIZE,… runs some sizes
alone: small, middle, large.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from _running import show_table, write_json
from scipy.optimize import linear_sum_assignment

from qunxing.matching.engine.assignment import Edges
from qunxing.panels.assignment import Request, assign_experts

EACH, LOAD = 3, 6
CONFLICTS = 0.02
FORBIDDEN = -1e6
Outcome = dict[str, Any]


@dataclass(frozen=True)
class Size:
    bids: int
    experts: int
    top: int | None  # edges of each bid; None is every expert


SIZES = {"small": Size(400, 300, None), "middle": Size(3_000, 3_000, None), "large": Size(10_000, 10_000, 50)}


def made_up(size: Size) -> Edges:
    """Directions in a space of eight dimensions, some experts a little better for all; a fiftieth is in conflict."""
    chance = np.random.default_rng(20260301)
    bids, experts = directions(chance, size.bids), directions(chance, size.experts)
    liked = chance.exponential(0.05, size.experts)
    rows, columns, values = [], [], []
    for bid in range(size.bids):
        score = experts @ bids[bid] + liked
        score[chance.random(size.experts) < CONFLICTS] = -np.inf
        kept = np.flatnonzero(np.isfinite(score))
        if size.top is not None:
            kept = np.sort(kept[np.argsort(-score[kept], kind="stable")[: size.top]])
        rows.append(np.full(len(kept), bid))
        columns.append(kept)
        values.append(score[kept])
    return Edges.of(*map(np.concatenate, (rows, columns, values)))


def directions(chance: np.random.Generator, count: int) -> Any:
    drawn = chance.normal(size=(count, 8))
    return drawn / np.linalg.norm(drawn, axis=1, keepdims=True)


def ours(edges: Edges, size: Size) -> Outcome:
    plan = assign_experts(Request.of(edges, wanted=np.full(size.bids, EACH), loads=np.full(size.experts, LOAD)))
    return {"places": len(plan.chosen), "score": plan.total}


def greedy(edges: Edges, size: Size) -> Outcome:
    """The best pair first, wherever there is room."""
    places, room = [EACH] * size.bids, [LOAD] * size.experts
    filled, total = 0, 0.0
    order = np.argsort(-edges.score, kind="stable")
    for bid, expert, score in zip(
        *(part[order].tolist() for part in (edges.need, edges.supply, edges.score)), strict=True
    ):
        if places[bid] and room[expert]:
            places[bid], room[expert] = places[bid] - 1, room[expert] - 1
            filled, total = filled + 1, total + score
    return {"places": filled, "score": total}


def plain(edges: Edges, size: Size) -> Outcome:
    """A round for each place; left out where two copies of a round's matrix would not fit into what is free."""
    share = LOAD // EACH
    needed = 2 * 8 * size.bids * size.experts * (share + 1)
    if needed > 0.8 * free_memory():
        return {"skipped": f"it needs {needed / 2**30:,.1f} GiB"}
    matrix, total, filled = np.full((size.bids, size.experts), FORBIDDEN), 0.0, 0
    matrix[edges.need, edges.supply] = edges.score
    for _round in range(EACH):
        bids, columns = linear_sum_assignment(np.repeat(matrix, share, axis=1), maximize=True)
        scores = matrix[bids, columns // share]
        total, filled = total + float(scores[scores > FORBIDDEN].sum()), filled + int((scores > FORBIDDEN).sum())
        matrix[bids, columns // share] = FORBIDDEN
    return {"places": filled, "score": total}


def free_memory() -> int:
    for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    return 0


WAYS: dict[str, Callable[[Edges, Size], Outcome]] = {
    "min-cost flow (ours)": ours,
    "greedy": greedy,
    "linear_sum_assignment": plain,
}


def child(size: Size, way: str) -> Outcome:
    """The edges are made before the clock starts; their memory is told apart."""
    edges = made_up(size)
    before, began = peak(), time.perf_counter()
    found = WAYS[way](edges, size)
    return {**found, "edges": len(edges), "seconds": time.perf_counter() - began, "before": before, "peak": peak()}


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def run(name: str) -> list[Outcome]:
    found = []
    for way in WAYS:
        command = [sys.executable, __file__, "--child", name, way]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        found.append({"way": way, "size": name, **json.loads(done.stdout)})
    size = SIZES[name]
    print(f"\n{size.bids:,} bids, {size.experts:,} experts, {found[0]['edges']:,} pairs")
    show_table(["", "seconds", "MB at most", "of them pairs", "places", "score", ""], [row(one) for one in found])
    return found


def row(one: Outcome) -> list[Any]:
    if "skipped" in one:
        return [one["way"], "–", "–", "–", "–", "–", f"skipped: {one['skipped']}"]
    numbers = (f"{one['seconds']:.2f}", f"{one['peak']:,.0f}", f"{one['before']:,.0f}", f"{one['places']:,}")
    return [one["way"], *numbers, f"{one['score']:,.3f}", ""]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    parser.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        print(json.dumps(child(SIZES[options.child[0]], options.child[1])))
    else:
        wish = os.environ.get("QUNXING_ASSIGNMENT", "")
        write_json(options.json, [one for name in (wish.split(",") if wish else SIZES) for one in run(name)])
