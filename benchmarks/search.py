"""Search over many documents: top 20 with two filters and the reader's scope, beside other ways to do it."""

import argparse
import os
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from _documents import Asked, made_documents, made_queries
from _running import Timing, machine, run_on_postgres, show_table, start, write_json

TARGET = 1.5  # times the p95 of bare tantivy
WARM = 10
# What is typed, letter by letter, and what the others cannot be asked at all.
TYPED = {
    "pinyin": ("xingchen", "yunhai", "tianyuan", "ruibo", "siyuan", "gewu", "qingniao"),
    "initials": ("xcyh", "zhty", "qmgh", "rbsy", "hycz", "xrlx"),
    "parts of numbers": ("0001234", "310104000", "网信算备3101040004321", "01240011"),
    "beginnings": ("星辰", "医学", "智能科技", "xingc", "上海", "31010"),
}


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--queries", type=int, default=400)
    parser.add_argument("--postgres", action="store_true", help="PostgreSQL's full text too, on a server of its own")
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    return parser.parse_args()


def measured(ask: Callable[[Any], int], wishes: Sequence[Any]) -> tuple[Timing, int]:
    """(figures of all queries that can be asked, how many hits there were in all)."""
    for wish in wishes[:WARM]:
        ask(wish)
    wall, cpu, found = [], [], 0
    for wish in wishes:
        began = (time.perf_counter(), time.process_time())
        hits = ask(wish)
        if hits >= 0:
            wall.append(time.perf_counter() - began[0])
            cpu.append(time.process_time() - began[1])
            found += hits
    return Timing.of(wall, cpu), found


def run(engine: Any, documents: int, queries: Sequence[Asked]) -> dict[str, Any]:
    began = time.perf_counter()
    engine.build(made_documents(documents))
    seconds = time.perf_counter() - began
    timing, found = measured(engine.ask, queries)
    return {
        "engine": engine.name,
        "p50 ms": timing.median,
        "p95 ms": timing.p95,
        "p95 cpu": timing.cpu_p95 if engine.within else "elsewhere",
        "index s": round(seconds, 1),
        "size MB": round(engine.size() / 1e6, 1),
        "hits": found,
    }


def own_ways(engine: Any, queries: Sequence[Asked]) -> list[dict[str, Any]]:
    """The whole page, and what is offered while somebody types."""
    ways = [("page with all counts", engine.page, queries)]
    ways += [(name, engine.typed, words * (len(queries) // len(words) or 1)) for name, words in TYPED.items()]
    rows = []
    for name, ask, wishes in ways:
        timing, found = measured(ask, wishes)
        rows.append({"what": name, "p50 ms": timing.median, "p95 ms": timing.p95, "hits": found})
    return rows


def show(rows: Sequence[dict[str, Any]]) -> None:
    show_table([*rows[0]], [[*row.values()] for row in rows])
    print()


def main() -> int:
    arguments = read_arguments()
    if arguments.postgres and "DATABASE_URL" not in os.environ:
        return run_on_postgres(sys.argv)
    with tempfile.TemporaryDirectory(prefix="qunxing-search-") as folder:
        start(Path(folder) / "data")
        engines = import_module("_engines")
        kinds = [engines.Qunxing, engines.Bare, engines.Fts5, *([engines.Postgres] if arguments.postgres else [])]
        queries = made_queries(arguments.queries)
        made = [kind(Path(folder) / kind.__name__) for kind in kinds]
        rows = [run(engine, arguments.documents, queries) for engine in made]
        own = own_ways(made[0], queries)
    print(
        f"{arguments.documents:,} documents, {arguments.queries} queries: the top 20, two filters, a member's scope\n"
    )
    show(rows)
    show(own)
    ratio = round(rows[0]["p95 ms"] / rows[1]["p95 ms"], 2)
    print(f"p95 beside bare tantivy: {ratio} (aim: {TARGET} at most)")
    facts = {"machine": machine("SQLite", sqlite3.sqlite_version), "documents": arguments.documents}
    write_json(arguments.json, {**facts, "engines": rows, "own": own, "p95_ratio": ratio})
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
