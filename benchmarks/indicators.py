"""Figures over a large community: the monthly report as of a day and as known at one, and trends, beside DuckDB."""

import argparse
import math
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from _running import DATA, database_facts, run_on_postgres, show_table, start, write_json

DAY = date(2025, 5, 31)
KNOWN = datetime(2023, 12, 31, 16, tzinfo=UTC)
MONTHS = 36


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA.parent / "bench-figures", help="where the rows are made once")
    parser.add_argument("--firms", type=int, default=100_000, help="organisations; versions are ten times as many")
    parser.add_argument("--months", type=int, default=MONTHS)
    parser.add_argument("--runs", type=int, default=3, help="of each; the middle one is told")
    parser.add_argument("--postgres", action="store_true", help="on a PostgreSQL of its own")
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    return parser.parse_args()


def main() -> int:
    options = read_arguments()
    if options.postgres:
        return run_on_postgres([argument for argument in sys.argv if argument != "--postgres"])
    options.data.mkdir(parents=True, exist_ok=True)
    start(options.data)
    from _ledgers import is_made, make  # noqa: PLC0415 - after the program has started

    if not is_made(options.firms):
        sys.stderr.write(f"{make(options.firms):,} versions\n")
    measured = measure(options)
    show_table(
        ("question", "figures", "Qunxing", "processor", "again", "DuckDB", "processor", "times", "differ"), measured
    )
    facts = database_facts()
    print(f"{facts['database']}, load {facts['load']}")
    names = ("question", "figures", "seconds", "processor", "again", "duckdb", "duckdb_processor", "times", "differ")
    write_json(options.json, {"machine": facts, "rows": [dict(zip(names, row, strict=True)) for row in measured]})
    return 1 if any(row[-1] for row in measured) else 0


def measure(options: argparse.Namespace) -> list[tuple[Any, ...]]:
    from _duck import Duck, load  # noqa: PLC0415

    file = load(options.data)
    found = []
    for known in (None, KNOWN):
        name = f"report as of {DAY}" + (f", as known at {known:%Y-%m-%d}" if known else "")
        ours = middle(options.runs, lambda known=known: report(known))
        theirs = middle(options.runs, lambda known=known: duck_report(Duck(file, known)))
        found.append(line(name, ours, theirs))
    ours = middle(1, lambda: trends(options.months))
    theirs = middle(1, lambda: duck_trends(Duck(file), options.months))
    return [*found, line(f"trends of {options.months} months", ours, theirs)]


def middle(runs: int, ask: Callable[[], tuple[dict[Any, Any], float]]) -> tuple[dict[Any, Any], float, float, float]:
    """(answers, seconds and processor seconds of the middle run, seconds of asking the same again)."""
    taken = []
    for _run in range(runs):
        begun, busy = time.perf_counter(), time.process_time()
        answers, again = ask()
        whole = time.perf_counter() - begun
        taken.append((whole - again, (time.process_time() - busy) * (1 - again / whole), again))
    return answers, *sorted(taken)[len(taken) // 2]


def line(name: str, ours: tuple[Any, ...], theirs: tuple[Any, ...]) -> tuple[Any, ...]:
    asked, wanted = ours[0], theirs[0]
    differ = [key for key in wanted if not same(asked.get(key, (0, 0)), wanted[key])]
    for key in differ[:5]:
        sys.stderr.write(f"{key}: {asked.get(key)} {wanted[key]}\n")
    times = (*ours[1:], theirs[1], theirs[2], ours[1] / theirs[1])
    return name, len(asked), *(round(seconds, 2) for seconds in times), len(differ)


def same(one: Any, other: Any) -> bool:
    return all(
        (math.isnan(mine) and its is None) or (its is not None and math.isclose(mine, its, rel_tol=1e-9, abs_tol=1e-6))
        for mine, its in zip(one, other[:2], strict=True)
    )


def questions() -> list[tuple[Any, Any]]:
    """(indicator, its spec) of all that count rows, the large ledgers first."""
    from _duck import FACTS  # noqa: PLC0415

    from qunxing.indicators.figures.catalogue import specs  # noqa: PLC0415

    return [(code, spec) for code, spec in specs().items() if spec.facts in FACTS]


def scopes() -> list[Any]:
    from qunxing.directory.models import Scope  # noqa: PLC0415
    from qunxing.indicators.figures.asking import circle_of  # noqa: PLC0415

    return [(scope.code, circle_of(scope)) for scope in Scope.objects.select_related("community").order_by("width")]


def report(known: datetime | None) -> tuple[dict[Any, Any], float]:
    """Every indicator there is in every scope, with all its breakdowns; then once more."""
    from qunxing.indicators.figures.asking import Ledgers  # noqa: PLC0415

    ledgers = Ledgers(known_at=known)
    found = asked(ledgers)
    begun = time.perf_counter()
    asked(ledgers)
    return found, time.perf_counter() - begun


def asked(ledgers: Any) -> dict[Any, Any]:
    found = {}
    circles = scopes()
    for code, indicator in ledgers.indicators.items():
        for scope, circle in circles:
            answer = ledgers.ask(code, DAY, circle)
            found |= {(code, scope, "", part.code): ends(part.figure) for part in answer.parts}
            for dimension in ledgers.dimensions(indicator):
                parts = ledgers.breakdown(code, dimension.code, DAY, circle)
                found |= {(code, scope, dimension.code, part): ends(figure) for part, figure in parts}
    return found


def ends(figure: Any) -> tuple[float, float]:
    return float(figure.low), float(figure.high)


def duck_report(duck: Any) -> tuple[dict[Any, Any], float]:
    found = {}
    for code, spec in questions():
        for scope, circle in scopes():
            place = (scope, circle.width, circle.division)
            for by in ("", *spec.by):
                found |= {(code, scope, by, part): row for part, row in told(duck.ask(spec, DAY, place, by))}
    return found, 0.0


def told(rows: dict[str, Any]) -> list[tuple[str, Any]]:
    """What stands in an answer; a sum over amounts that nobody told is not known."""
    return [(code, (None, None) if len(row) > 2 and row[2] else row) for code, row in rows.items()]


def trends(months: int) -> tuple[dict[Any, Any], float]:
    from qunxing.indicators.figures.asking import Ledgers  # noqa: PLC0415
    from qunxing.indicators.figures.periods import month_ends  # noqa: PLC0415

    ledgers = Ledgers()
    found = {}
    for code in ledgers.indicators:
        for scope, circle in scopes():
            for answer in (ledgers.ask(code, day, circle) for day in month_ends(DAY, months)):
                found |= {(code, scope, answer.day, part.code): ends(part.figure) for part in answer.parts}
    return found, 0.0


def duck_trends(duck: Any, months: int) -> tuple[dict[Any, Any], float]:
    from qunxing.indicators.figures.periods import month_ends  # noqa: PLC0415

    found = {}
    for code, spec in questions():
        for scope, circle in scopes():
            place = (scope, circle.width, circle.division)
            for day in month_ends(DAY, months):
                found |= {(code, scope, day, part): row for part, row in told(duck.ask(spec, day, place))}
    return found, 0.0


if __name__ == "__main__":
    sys.exit(main())
