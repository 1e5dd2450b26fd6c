"""A workbook of organisations previewed and applied, beside django-import-export over the same rows.

A third of the rows is new, a third changed, a third unchanged. Ours reads the workbook, keeps each row of the preview,
and writes versions, evidence and log with the records; django-import-export writes the records alone, in bulk, by its
fastest settings, and previews by a dry run.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import date, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from _running import database_facts, run_on_postgres, show_table, start, write_json
from imports import fresh_database

COLUMNS = (
    "name", "uscc", "short_name", "english_name", "roles", "industry", "size_class", "founded_on",
    "registered_capital", "division", "address", "website",
)  # fmt: skip
DAY = date(2026, 1, 1)
# django-import-export is fast in two ways: it compares nothing and writes every row again, or compares and skips.
THEIRS = {
    "writing all": {"skip_diff": True},
    "skipping": {"skip_unchanged": True, "skip_html_diff": True, "report_skipped": False},
}
AIM, MEMORY = 2.0, 1024  # times as fast; MB
SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--only", choices=["ours", *THEIRS], help="run one of them, and compare nothing")
    parser.add_argument("--postgres", action="store_true", help="on a PostgreSQL of its own")
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    parser.add_argument("--child", choices=["ours", *THEIRS], help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--data-dir", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


# --- the rows --------------------------------------------------------------------------------------------------------


def code_of(number: int) -> str:
    """A well-formed code that no firm has."""
    from stdnum.cn import uscc  # noqa: PLC0415 - what the parent does not need

    bare = f"91310104MA{number:07d}"
    return bare + uscc.calc_check_digit(bare)


def values_of(number: int, *, changed: bool = False) -> dict[str, Any]:
    return {
        "name": f"演示第{number}号智能科技（上海）有限公司",
        "uscc": code_of(number),
        "short_name": f"演示{number}",
        "english_name": f"Demonstration {number} Intelligence Co., Ltd.",
        "roles": "firm",
        "industry": "I",
        "size_class": ("micro", "small", "medium")[number % 3],
        "founded_on": date(2015, 1, 1) + timedelta(days=number % 3_650),
        "registered_capital": 1_000_000 + number * 100,
        "division": "310104",
        "address": f"演示路{number}号{'二期' if changed else '一期'}",
        "website": f"https://example.com/{number}",
    }


def stored_rows(count: int) -> Iterator[dict[str, Any]]:
    """What the ledger holds beforehand: two thirds of the rows."""
    return (values_of(number) for number in range(count // 3 * 2))


def sheet_rows(count: int) -> Iterator[dict[str, Any]]:
    """The first third as it is kept, the second with another address, the rest new."""
    third = count // 3
    return (values_of(number, changed=third <= number < 2 * third) for number in range(count))


def write_workbook(path: Path, count: int) -> None:
    from qunxing.core.exports import write_xlsx  # noqa: PLC0415 - after the program has started

    with path.open("wb") as file:
        write_xlsx(COLUMNS, (tuple(row.values()) for row in sheet_rows(count)), file, title="organizations")


def fill(count: int) -> None:
    """The ledger as it stands before the workbook comes."""
    from qunxing.directory.models import Organization  # noqa: PLC0415
    from qunxing.ledger.actions import add_many  # noqa: PLC0415
    from qunxing.ledger.recording import recording  # noqa: PLC0415

    records = [Organization(**{**row, "roles": (row["roles"],)}) for row in stored_rows(count)]
    for record in records:
        record.derive()
    with recording(actor=None):
        add_many(records)


# --- in a process of its own -----------------------------------------------------------------------------------------


class Watch:
    """Seconds of clock and processor for each stage, with those of children, and memory at its peak."""

    def __init__(self) -> None:
        self.stages: dict[str, list[float]] = {}
        self.peak = 0
        threading.Thread(target=self.look, daemon=True).start()

    def look(self) -> None:
        """See again and again what the process and its children hold together: Linux hands a parent's peak down."""
        while True:
            self.peak = max(self.peak, held())
            time.sleep(0.05)

    def __call__(self, name: str, do: Any) -> Any:
        clock, worked = time.perf_counter(), worked_so_far()
        result = do()
        self.stages[name] = [round(time.perf_counter() - clock, 2), round(worked_so_far() - worked, 2)]
        return result

    def result(self, **more: Any) -> dict[str, Any]:
        return {"stages": self.stages, "peak_mb": self.peak, **more}


def worked_so_far() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def held() -> int:
    """Megabytes in memory of this process and its children, pages of files that are mapped among them."""
    children = [number for path in Path("/proc/self/task").glob("*/children") for number in read(path).split()]
    pages = [fields[1] for name in ("self", *children) if (fields := read(Path("/proc", name, "statm")).split())]
    return sum(map(int, pages)) * resource.getpagesize() // 2**20


def read(path: Path) -> str:
    """A file of /proc; "" where its process is gone."""
    try:
        return path.read_text()
    except OSError:
        return ""


def run_ours(path: Path) -> dict[str, Any]:
    from django.core.files import File  # noqa: PLC0415

    from qunxing.core.sheets import sheets  # noqa: PLC0415
    from qunxing.intake.registering import Quiet  # noqa: PLC0415
    from qunxing.intake.sheets import actions  # noqa: PLC0415
    from qunxing.ledger.models import Evidence, LogEntry  # noqa: PLC0415

    watch, before = Watch(), (Evidence.objects.count(), LogEntry.objects.count())
    with path.open("rb") as file:
        batch = actions.upload(
            sheets()["organizations"], actor=None, name=path.name, content=File(file), day=DAY, title=path.name
        )
    watch("preview", lambda: actions.preview(batch, actor=None, progress=Quiet()))
    counts = dict(batch.counts)
    watch("apply", lambda: actions.apply(batch, actor=None, progress=Quiet()))
    after = (Evidence.objects.count(), LogEntry.objects.count())
    evidence, entries = (now - then for now, then in zip(after, before, strict=True))
    return watch.result(counts=counts, evidence=evidence, log_entries=entries)


def run_theirs(path: Path, settings: dict[str, bool]) -> dict[str, Any]:
    import tablib  # noqa: PLC0415
    from import_export.instance_loaders import CachedInstanceLoader  # noqa: PLC0415
    from import_export.resources import ModelResource  # noqa: PLC0415

    organization = import_module("qunxing.directory.models").Organization

    meta = {"model": organization, "fields": COLUMNS, "import_id_fields": ("uscc",), "use_bulk": True}
    meta |= {"batch_size": 1_000, "instance_loader_class": CachedInstanceLoader, **settings}
    firms = type("Firms", (ModelResource,), {"Meta": type("Meta", (), meta)})

    def told(*, dry_run: bool) -> Any:
        data = tablib.Dataset().load(path.read_bytes(), format="xlsx")
        return firms().import_data(data, dry_run=dry_run, use_transactions=True, raise_errors=True)

    watch = Watch()
    watch("preview", lambda: told(dry_run=True))
    result = watch("apply", lambda: told(dry_run=False))
    return watch.result(counts=dict(result.totals))


# --- the parent ------------------------------------------------------------------------------------------------------


def in_child(kind: str, path: Path, template: Path, database: str) -> dict[str, Any]:
    """Run one over a copy of the folder that was made ready, and give back what it measured."""
    with tempfile.TemporaryDirectory(prefix="qunxing-bench-") as folder:
        data = Path(folder) / "data"
        shutil.copytree(template, data)
        command = [sys.executable, __file__, "--child", kind, "--file", str(path), "--data-dir", str(data)]
        environment = {**os.environ, "DATABASE_URL": copied_database(database, Path(folder).name) if database else ""}
        answer = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environment)
    return dict(json.loads(answer.stdout.splitlines()[-1]))


def copied_database(server: str, name: str) -> str:
    """A database of its own for one run, with what the prepared one holds."""
    from django.db import connection  # noqa: PLC0415

    connection.close()
    return fresh_database(server, name, template=urlsplit(server).path.lstrip("/"))


def table_of(found: dict[str, Any], rows: int) -> list[tuple[Any, ...]]:
    lines = []
    for stage in ("preview", "apply"):
        for kind in found:
            clock, worked = found[kind]["stages"][stage]
            lines.append((f"{stage}, {kind}", clock, round(rows / clock), worked, round(rows / worked)))
    return lines


def ratio(found: dict[str, Any], place: int = 0) -> float:
    """How many times as fast ours is as the faster of theirs, preview and apply together, by clock (0) or processor."""
    sums = {kind: sum(pair[place] for pair in found[kind]["stages"].values()) for kind in found}
    return float(round(min(sums[kind] for kind in THEIRS) / sums["ours"], 2))


def report(found: dict[str, Any], facts: dict[str, Any], rows: int) -> None:
    print(f"{rows:,} rows, {len(COLUMNS)} columns: {next(iter(found.values()))['counts']}")
    show_table(("what", "seconds", "rows/s", "cpu seconds", "rows/cpu s"), table_of(found, rows))
    if ours := found.get("ours"):
        print(f"ours wrote {ours['evidence']:,} pieces of evidence and {ours['log_entries']:,} log entries besides")
    if len(found) > 1:
        times, verdict = ratio(found), "as aimed" if ratio(found) >= AIM else f"UNDER the aim of {AIM}"
        print(f"ours is {times} times as fast, {verdict}; {ratio(found, 1)} by cpu")
    for kind in found:
        peak = found[kind]["peak_mb"]
        verdict = f", {'under' if peak < MEMORY else 'OVER'} the limit of {MEMORY:,}" if kind == "ours" else ""
        print(f"peak of {kind}: {peak:,} MB{verdict}")
    print(", ".join(f"{name} {value}" for name, value in facts.items()))


def main() -> int:
    options = read_arguments()
    if options.postgres:
        return run_on_postgres([argument for argument in sys.argv if argument != "--postgres"])
    if options.child:
        start(options.data_dir)
        theirs = THEIRS.get(options.child)
        print(json.dumps(run_ours(options.file) if theirs is None else run_theirs(options.file, theirs)))
        return 0
    database = os.environ.get("DATABASE_URL", "")
    kinds = [options.only] if options.only else [*THEIRS, "ours"]
    with tempfile.TemporaryDirectory(prefix="qunxing-bench-") as folder:
        template, path = Path(folder) / "template", Path(folder) / "organizations.xlsx"
        start(template)
        fill(options.rows)
        write_workbook(path, options.rows)
        facts = database_facts()
        found = {kind: in_child(kind, path, template, database) for kind in kinds}
    report(found, facts, options.rows)
    times = ratio(found) if len(found) > 1 else None
    write_json(options.json, {"facts": facts, "rows": options.rows, "ratio": times, "limit_mb": MEMORY, **found})
    return int("ours" in found and found["ours"]["peak_mb"] >= MEMORY)


if __name__ == "__main__":
    sys.exit(main())
