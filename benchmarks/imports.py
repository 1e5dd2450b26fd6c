"""Rows a second of taking lists in, step by step, beside a bare bulk insert of the same records."""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from _lists import write_list
from _running import ROOT, database_facts, run_on_postgres, show_table, start, write_json

PUBLISHED = ROOT.parent / "shared" / "data" / "algorithm_filings.csv"
DAY = date(2026, 1, 1)
TARGET = 1_000


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000, help="rows of the generated list; 0 for none")
    parser.add_argument("--file", type=Path, default=PUBLISHED, help="a published list of algorithm filings")
    parser.add_argument("--postgres", action="store_true", help="on a PostgreSQL of its own")
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    parser.add_argument("--child", choices=["import", "bare"], help=argparse.SUPPRESS)
    parser.add_argument("--data-dir", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


class Watch:
    """Progress of an import that notes how long each stage took, by the clock and by the processor."""

    def __init__(self) -> None:
        self.stages: dict[str, tuple[float, float]] = {}
        self.name = ""
        self.began = (0.0, 0.0)

    def stage(self, name: str, total: int = 0) -> None:
        now = (time.perf_counter(), time.process_time())
        if self.name:
            clock, worked = self.stages.get(self.name, (0.0, 0.0))
            self.stages[self.name] = (clock + now[0] - self.began[0], worked + now[1] - self.began[1])
        self.name, self.began = str(name), now

    def advance(self, done: int) -> None: ...

    def result(self, **more: Any) -> dict[str, Any]:
        self.stage("")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        stages = {name: [round(seconds, 3) for seconds in pair] for name, pair in self.stages.items()}
        return {"stages": stages, "peak_mb": round(peak), **more}


# --- in a process of its own, over a folder of its own ---------------------------------------------------------------


def run_import(path: Path) -> dict[str, Any]:
    """Take the list in, then the same list again."""
    from qunxing.intake.actions import apply_file  # noqa: PLC0415 - after the program has started
    from qunxing.intake.catalogue import known_list  # noqa: PLC0415
    from qunxing.ledger.models import Evidence, LogEntry  # noqa: PLC0415

    wanted = known_list("algorithm-filings")
    words = {"actor": None, "title": path.name, "publisher": "", "day": DAY}
    first, second = Watch(), None
    _batch, plan = apply_file(path, path.name, wanted, progress=first, **words)
    found = first.result(
        counts=plan.counts, log_entries=LogEntry.objects.count(), evidence=Evidence.objects.count(), again=None
    )
    second = Watch()
    _batch, plan = apply_file(path, path.name, wanted, progress=second, **words)
    return {**found, "again": second.result(counts=plan.counts)}


def run_bare(path: Path) -> dict[str, Any]:
    """Insert what the plan makes by `bulk_create` alone: no version, no evidence, no log."""
    from django.db import transaction  # noqa: PLC0415

    from qunxing.intake.actions import prepare_file  # noqa: PLC0415
    from qunxing.intake.catalogue import known_list  # noqa: PLC0415
    from qunxing.intake.registering.writing import steps_of  # noqa: PLC0415
    from qunxing.registry.models import Ownership  # noqa: PLC0415

    plan = prepare_file(path, path.name, known_list("algorithm-filings"), day=DAY).plan
    filings = [row.filing for row in plan.rows if row.outcome == "added"]
    owned = [Ownership(model=model, organization=owner) for model, owner, _first in plan.ownerships]
    watch = Watch()
    watch.stage("bare")
    made = [[made.record for made in plan.organizations], [made.record for made in plan.models], owned, filings]
    with transaction.atomic():
        for records in [*made, list(steps_of(plan))]:
            if records:
                type(records[0]).objects.bulk_create(records, batch_size=1_000)
    return watch.result(counts=plan.counts, records=sum(map(len, made)))


# --- the parent ------------------------------------------------------------------------------------------------------


def in_child(kind: str, path: Path, template: Path, database: str) -> dict[str, Any]:
    """Run one kind over a copy of the folder that was made ready, and give back what it measured."""
    with tempfile.TemporaryDirectory(prefix="qunxing-bench-") as folder:
        data = Path(folder) / "data"
        shutil.copytree(template, data)
        command = [sys.executable, __file__, "--child", kind, "--file", str(path), "--data-dir", str(data)]
        environment = {**os.environ, "DATABASE_URL": fresh_database(database, data.parent.name) if database else ""}
        answer = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    return json.loads(answer.stdout.splitlines()[-1])


def fresh_database(server: str, name: str, template: str = "template1") -> str:
    """A new database on the server, for one run, with what the template holds."""
    import psycopg  # noqa: PLC0415 - only there

    name = name.replace("-", "_").lower()
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return urlsplit(server)._replace(path=f"/{name}").geturl()


def measure(path: Path, template: Path, database: str) -> dict[str, Any]:
    imported = in_child("import", path, template, database)
    bare = in_child("bare", path, template, database)
    return {"list": path.name, "rows": imported["counts"]["rows"], "import": imported, "bare": bare}


Pair = Sequence[float]


def added_up(pairs: Iterable[Pair]) -> Pair:
    clocks, worked = zip(*pairs, strict=True)
    return sum(clocks), sum(worked)


def table_of(found: dict[str, Any]) -> list[Sequence[Any]]:
    """(what, seconds, rows a second, seconds of processor, rows a second of those) for each stage and the whole."""
    stages = found["import"]["stages"]
    lines: list[tuple[str, Pair]] = [
        *stages.items(),
        ("writing in all, with versions, evidence and log", added_up(list(stages.values())[2:])),
        ("bare bulk_create of the same records", found["bare"]["stages"]["bare"]),
        ("the whole import", added_up(stages.values())),
        ("the same list again", added_up(found["import"]["again"]["stages"].values())),
    ]
    return [(name, *rated(found["rows"], clock), *rated(found["rows"], worked)) for name, (clock, worked) in lines]


def rated(rows: int, seconds: float) -> tuple[float, int]:
    return round(seconds, 1), round(rows / seconds) if seconds else 0


def report(results: list[dict[str, Any]], facts: dict[str, Any]) -> None:
    for found in results:
        imported = found["import"]
        print(f"\n{found['list']}: {imported['counts']}")
        table = table_of(found)
        show_table(("what", "seconds", "rows/s", "cpu seconds", "rows/cpu s"), table)
        writing, bare, whole, _again = table[-4:]
        print(f"{imported['log_entries']:,} log entries, {imported['evidence']:,} pieces of evidence")
        print(f"writing takes {writing[3] / bare[3]:.1f} times the bare insert; peak {imported['peak_mb']:,} MB")
        verdict = "over" if whole[2] > TARGET else "over, by the processor's time," if whole[4] > TARGET else "UNDER"
        print(f"{verdict} the target of {TARGET:,} rows/s")
    print("\n" + ", ".join(f"{name} {value}" for name, value in facts.items()))


def main() -> int:
    options = read_arguments()
    if options.postgres:
        return run_on_postgres([argument for argument in sys.argv if argument != "--postgres"])
    if options.child:
        start(options.data_dir)
        print(json.dumps({"import": run_import, "bare": run_bare}[options.child](options.file)))
        return 0
    database = os.environ.get("DATABASE_URL", "")
    with tempfile.TemporaryDirectory(prefix="qunxing-bench-") as folder:
        template = Path(folder) / "template"
        start(template)
        facts = database_facts()
        lists = [options.file] if options.file.exists() else []
        if options.rows:
            lists.append(Path(folder) / "generated_filings.csv")
            write_list(lists[-1], options.rows)
        results = [measure(path, template, database) for path in lists]
    report(results, facts)
    write_json(options.json, {"facts": facts, "results": results})
    return 0


if __name__ == "__main__":
    sys.exit(main())
