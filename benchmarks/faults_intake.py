"""A workbook is applied and the program killed (kill -9) at a random moment, twenty times.

After each kill all of the batch is there or nothing of it, the log is whole, the job says what happened, and the same
batch is applied by the next run; the program leaves with 1 where that does not hold.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from io import BytesIO
from pathlib import Path
from typing import Any

from _running import database_facts, run_on_postgres, show_table, start, write_json
from intake import COLUMNS, DAY, values_of

EARLIEST, LATEST = 0.02, 1.1  # of the time that applying takes when nothing disturbs it


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--rows", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=7, help="the same moments again")
    parser.add_argument("--postgres", action="store_true", help="on a PostgreSQL of its own")
    parser.add_argument("--json", type=Path, help="write what happened to this file too")
    parser.add_argument("--child", choices=["prepare", "apply", "look"], help=argparse.SUPPRESS)
    parser.add_argument("--first", type=int, default=0, help=argparse.SUPPRESS)
    parser.add_argument("--batch", default="", help=argparse.SUPPRESS)
    parser.add_argument("--data-dir", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


# --- in a process of its own -----------------------------------------------------------------------------------------


def prepare(options: argparse.Namespace) -> dict[str, Any]:
    """A previewed batch of new organisations, numbered from the first."""
    from django.core.files.base import ContentFile  # noqa: PLC0415 - after the program has started

    from qunxing.core.exports import write_xlsx  # noqa: PLC0415
    from qunxing.core.sheets import sheets  # noqa: PLC0415
    from qunxing.intake.sheets import actions  # noqa: PLC0415

    file = BytesIO()
    rows = (tuple(values_of(number).values()) for number in range(options.first, options.first + options.rows))
    write_xlsx(COLUMNS, rows, file, title="organizations")
    content = ContentFile(file.getvalue(), "organizations.xlsx")
    batch = actions.upload(sheets()["organizations"], actor=clerk(), name="a.xlsx", content=content, day=DAY)
    return {"batch": actions.preview(batch, actor=clerk()).ref}


def clerk() -> Any:
    from qunxing.accounts.models import Kind, User  # noqa: PLC0415

    return User.objects.get_or_create(username="clerk", defaults={"kind": Kind.STAFF})[0]


def apply(options: argparse.Namespace) -> dict[str, Any]:
    """Apply the batch as the worker does, as a job; what is said of its beginning lets the parent aim."""
    from qunxing.intake.jobs import start_job  # noqa: PLC0415
    from qunxing.intake.models import Batch  # noqa: PLC0415
    from qunxing.ledger.jobs import run_job  # noqa: PLC0415
    from qunxing.ledger.models import Job  # noqa: PLC0415

    batch = Batch.objects.get(ref=options.batch)
    job = start_job("sheet_apply", batch, actor=clerk(), language="en")
    print("began", flush=True)
    began = time.perf_counter()
    run_job.func(job.pk)
    return {"seconds": time.perf_counter() - began, "job": Job.objects.get(pk=job.pk).state}


def look(options: argparse.Namespace) -> dict[str, Any]:
    """What is there of the batch, and what its job says, once the next worker has looked around."""
    from qunxing.cli.log import audit_here  # noqa: PLC0415
    from qunxing.directory.models import Organization  # noqa: PLC0415
    from qunxing.intake.models import Batch  # noqa: PLC0415
    from qunxing.ledger.jobs import end_lost_jobs  # noqa: PLC0415
    from qunxing.ledger.models import Evidence  # noqa: PLC0415

    end_lost_jobs()
    batch = Batch.objects.select_related("job").get(ref=options.batch)
    codes = [values_of(number)["uscc"] for number in range(options.first, options.first + options.rows)]
    stored = [code for code in Organization.objects.values_list("uscc", flat=True) if code in set(codes)]
    return {
        "batch": batch.state,
        "job": batch.job.state if batch.job else "",
        "says": str(batch.job.problem) if batch.job else "",
        "organizations": len(stored),
        "versions": Organization.history.filter(uscc__in=codes[:500]).count(),
        "evidence": Evidence.objects.filter(source=batch.source).count() if batch.source_id else 0,
        "applied": batch.rows.filter(applied=True).count(),
        "log": audit_here("").ok,
    }


# --- the parent ------------------------------------------------------------------------------------------------------


class Course:
    """One database, from kill to kill."""

    def __init__(self, options: argparse.Namespace, folder: Path) -> None:
        self.options, self.folder = options, folder
        self.random = random.Random(options.seed)
        self.first, self.batch = 0, ""
        self.found: list[dict[str, Any]] = []

    def command(self, kind: str) -> list[str]:
        words = {"--child": kind, "--rows": self.options.rows, "--first": self.first, "--batch": self.batch}
        told = [str(word) for pair in words.items() for word in pair if pair[1] != ""]
        return [sys.executable, __file__, "--data-dir", str(self.folder), *told]

    def ask(self, kind: str) -> dict[str, Any]:
        answer = subprocess.run(self.command(kind), check=True, stdout=subprocess.PIPE, text=True)
        return dict(json.loads(answer.stdout.splitlines()[-1]))

    def next_batch(self) -> None:
        self.first += self.options.rows if self.batch else 0
        self.batch = ""
        self.batch = str(self.ask("prepare")["batch"])

    def kill(self, after: float) -> None:
        """Apply, and kill the process and all it started so many seconds after it began; it may be done by then."""
        with subprocess.Popen(self.command("apply"), stdout=subprocess.PIPE, text=True, start_new_session=True) as one:
            assert one.stdout is not None
            one.stdout.readline()
            time.sleep(after)
            os.killpg(one.pid, signal.SIGKILL)

    def run(self) -> None:
        self.next_batch()
        whole = float(self.ask("apply")["seconds"])
        self.next_batch()
        for number in range(1, self.options.kills + 1):
            moment = self.random.uniform(EARLIEST, LATEST) * whole
            self.kill(moment)
            seen = self.ask("look")
            self.found.append({"kill": number, "after": round(moment, 2), **seen, "fault": self.fault(seen)})
            if seen["batch"] == "applied":
                self.next_batch()
        self.ask("apply")
        last = self.ask("look")
        self.found.append({"kill": "run again", "after": 0.0, **last, "fault": self.fault(last, whole=True)})

    def fault(self, seen: dict[str, Any], *, whole: bool = False) -> str:
        """What does not hold; "" where all or nothing of the batch is there and the job tells of it."""
        rows = self.options.rows
        parts = (seen["organizations"], seen["evidence"], seen["applied"])
        if not seen["log"]:
            return "the log is broken"
        if seen["batch"] == "applied":
            kept = parts == (rows, rows, rows) and seen["versions"] == min(rows, 500)
            return "" if kept and (seen["job"] == "done" or not whole) else "half a batch"
        if whole or parts != (0, 0, 0) or seen["versions"]:
            return "half a batch"
        return "" if seen["job"] == "failed" and seen["says"] else "the job says nothing"


def report(found: list[dict[str, Any]], facts: dict[str, Any]) -> None:
    names = ("kill", "after", "batch", "organizations", "versions", "evidence", "job", "log", "fault")
    show_table(names, [[str(one[name]) for name in names] for one in found])
    nothing = sum(one["batch"] != "applied" for one in found)
    print(f"nothing was there {nothing} times, all {len(found) - nothing} times; "
          f"faults: {sum(bool(one['fault']) for one in found)}")  # fmt: skip
    print(", ".join(f"{name} {value}" for name, value in facts.items()))


def main() -> int:
    options = read_arguments()
    if options.postgres:
        return run_on_postgres([argument for argument in sys.argv if argument != "--postgres"])
    if options.child:
        start(options.data_dir)
        print(json.dumps({"prepare": prepare, "apply": apply, "look": look}[options.child](options)))
        return 0
    with tempfile.TemporaryDirectory(prefix="qunxing-bench-") as folder:
        start(Path(folder))
        facts = database_facts()
        course = Course(options, Path(folder))
        course.run()
    report(course.found, facts)
    write_json(options.json, {"facts": facts, "kills": course.found})
    return int(any(one["fault"] for one in course.found))


if __name__ == "__main__":
    sys.exit(main())
