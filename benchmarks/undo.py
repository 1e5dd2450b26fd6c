"""A batch of added and changed records undone, beside what a user of django-simple-history would write.

Half of the records was added by the batch, half changed; one in a hundred was edited since. Ours finds what the batch
wrote, keeps the later edits, and writes versions and log. The others look for no later edits: one saves the version
before of each record as the documentation has it, one deletes and updates in bulk, without versions of what it updates.

With --kills the program is killed (kill -9) at random moments of an undo: each time all of it is done or nothing, and
the job says so.
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
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any

from _running import database_facts, run_on_postgres, show_table, start, write_json
from imports import fresh_database
from intake import DAY, Watch, values_of

THEIRS = ("saving each", "in bulk")
EDITED = 100  # one in so many was edited after the batch
MEMORY = 1024  # MB
EARLIEST, LATEST = 0.02, 1.1  # of the time that undoing takes when nothing disturbs it


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--theirs", type=int, default=10_000, help="records for the others, which are slow")
    parser.add_argument("--kills", type=int, default=0, help="kill an undo so many times instead")
    parser.add_argument("--seed", type=int, default=7, help="the same moments again")
    parser.add_argument("--postgres", action="store_true", help="on a PostgreSQL of its own")
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    parser.add_argument("--child", choices=["ours", *THEIRS, "undo", "look"], help=argparse.SUPPRESS)
    parser.add_argument("--batch", default="", help=argparse.SUPPRESS)
    parser.add_argument("--data-dir", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


# --- the batch -------------------------------------------------------------------------------------------------------


def firms(numbers: range, *, changed: bool = False) -> list[Any]:
    from qunxing.directory.models import Organization  # noqa: PLC0415 - after the program has started

    rows = (values_of(number, changed=changed) for number in numbers)
    made = [Organization(**{**row, "roles": (row["roles"],)}) for row in rows]
    for one in made:
        one.derive()
    return made


def write_batch(records: int) -> str:
    """Half of the records as the ledger had them, then a batch that changes those and adds the rest, then edits."""
    from qunxing.directory.models import Organization  # noqa: PLC0415
    from qunxing.intake.models import Batch  # noqa: PLC0415
    from qunxing.ledger.actions import add_many, change_many  # noqa: PLC0415
    from qunxing.ledger.recording import recording  # noqa: PLC0415

    half = records // 2
    with recording(actor=None):
        add_many(firms(range(half)))
    stored = list(Organization.objects.order_by("pk"))
    with recording(actor=None, reason="batch") as frame:
        for one in stored:
            one.address = one.address.replace("一期", "二期")
            one.size_class = "large"
        change_many(stored, ["address", "size_class"])
        add_many(firms(range(half, records)))
    edited = list(Organization.objects.order_by("pk")[::EDITED])
    with recording(actor=None, reason="edits"):
        for one in edited:
            one.website = "https://example.org"
        change_many(edited, ["website"])
    words = {"kind": Batch.Kind.SHEET, "state": Batch.State.APPLIED, "list_code": "organizations", "title": "batch"}
    return str(Batch.objects.create(**words, day=DAY, recorded_at=frame.at).ref)


# --- in a process of its own -----------------------------------------------------------------------------------------


def run_ours(ref: str) -> dict[str, Any]:
    from qunxing.intake import actions  # noqa: PLC0415
    from qunxing.intake.models import Batch  # noqa: PLC0415

    import_module("django.urls").get_resolver().url_patterns  # noqa: B018 - the worker has read them long since
    watch = Watch()
    batch = Batch.objects.get(ref=ref)
    plan = watch("plan", lambda: actions.plan_of(batch))
    counts, plan = plan.counts, None
    watch("undo", lambda: actions.undo_batch(batch, actor=None, reason="benchmark"))
    return watch.result(records=sum(counts.values()) - counts["later"], counts=counts)


def run_theirs(kind: str) -> dict[str, Any]:
    from qunxing.directory.models import Organization  # noqa: PLC0415
    from qunxing.intake.models import Batch  # noqa: PLC0415
    from qunxing.ledger.recording import recording  # noqa: PLC0415

    moment = Batch.objects.earliest("pk").recorded_at
    revert = save_back if kind == THEIRS[0] else bulk_back

    def undo() -> int:
        versions = list(Organization.history.filter(history_date=moment).order_by("history_id"))
        with recording(actor=None):
            revert(versions)
        return len(versions)

    watch = Watch()
    return watch.result(records=watch("undo", undo))


def save_back(versions: list[Any]) -> None:
    """The instance of the version before is saved; what was added is deleted."""
    for version in versions:
        if version.history_type == "+":
            type(version).instance_type.objects.get(pk=version.id).delete()
        else:
            version.prev_record.instance.save()


def bulk_back(versions: list[Any]) -> None:
    history, kind = type(versions[0]).objects, type(versions[0]).instance_type
    for start_at in range(0, len(versions), 500):
        chunk = versions[start_at : start_at + 500]
        kind.objects.filter(pk__in=[one.id for one in chunk if one.history_type == "+"]).delete()
        changed = [one.id for one in chunk if one.history_type == "~"]
        before = history.filter(id__in=changed, history_date__lt=chunk[0].history_date).order_by("history_id")
        rows = [one.instance for one in {version.id: version for version in before}.values()]
        kind.objects.bulk_update(rows, ["address", "size_class"])


def undo_as_job(ref: str) -> dict[str, Any]:
    """Undo as the worker does; what is said of its beginning lets the parent aim."""
    from qunxing.accounts.models import Kind, User  # noqa: PLC0415
    from qunxing.intake.jobs import start_job  # noqa: PLC0415
    from qunxing.intake.models import Batch  # noqa: PLC0415
    from qunxing.ledger.jobs import run_job  # noqa: PLC0415

    clerk = User.objects.get_or_create(username="clerk", defaults={"kind": Kind.STAFF})[0]
    job = start_job("undo", Batch.objects.get(ref=ref), actor=clerk, language="en", reason="benchmark")
    print("began", flush=True)
    began = time.perf_counter()
    run_job.func(job.pk)
    return {"seconds": time.perf_counter() - began}


def look(ref: str) -> dict[str, Any]:
    """How the ledger stands, and what the job says, once the next worker has looked around."""
    from qunxing.cli.log import audit_here  # noqa: PLC0415
    from qunxing.directory.models import Organization  # noqa: PLC0415
    from qunxing.intake.models import Batch  # noqa: PLC0415
    from qunxing.ledger.jobs import end_lost_jobs  # noqa: PLC0415

    end_lost_jobs()
    batch = Batch.objects.select_related("job").get(ref=ref)
    made = batch.undone_by.order_by("-pk").first()
    rows = Organization.objects.order_by("uscc").values_list("uscc", "address", "size_class", "website")
    return {
        "made": made.ref if made else "",
        "stands": sha256(repr(list(rows)).encode()).hexdigest()[:12],
        "records": rows.count(),
        "versions": Organization.history.count(),
        "job": batch.job.state if batch.job else "",
        "says": str(batch.job.problem) if batch.job else "",
        "log": audit_here("").ok,
    }


# --- figures ---------------------------------------------------------------------------------------------------------


def child(kind: str, ref: str, data: Path) -> list[str]:
    return [sys.executable, __file__, "--child", kind, "--batch", ref, "--data-dir", str(data)]


def measure(kind: str, records: int, database: str) -> dict[str, Any]:
    """One run over a batch of its own."""
    with tempfile.TemporaryDirectory(prefix="qunxing-bench-") as folder:
        data = Path(folder) / "data"
        url = fresh_database(database, Path(folder).name) if database else ""
        environment = {**os.environ, "DATABASE_URL": url}
        prepare = [sys.executable, __file__, "--records", str(records), "--child", "ours", "--data-dir", str(data)]
        ref = subprocess.run(prepare, check=True, stdout=subprocess.PIPE, text=True, env=environment).stdout.split()[-1]
        answer = subprocess.run(child(kind, ref, data), check=True, stdout=subprocess.PIPE, text=True, env=environment)
    return dict(json.loads(answer.stdout.splitlines()[-1]))


def lines_of(found: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [
        (f"{stage}, {kind}", one["records"], clock, round(one["records"] / clock), worked, one["peak_mb"])
        for kind, one in found.items()
        for stage, (clock, worked) in one["stages"].items()
    ]


def rate(one: dict[str, Any]) -> float:
    return float(one["records"] / one["stages"]["undo"][0])


def report(found: dict[str, Any], facts: dict[str, Any]) -> None:
    show_table(("what", "records", "seconds", "records/s", "cpu seconds", "peak MB"), lines_of(found))
    ours = found["ours"]
    for kind in THEIRS:
        print(f"ours is {rate(ours) / rate(found[kind]):.1f} times as fast as {kind}")
    print(f"ours: {ours['counts']}, {'under' if ours['peak_mb'] < MEMORY else 'OVER'} {MEMORY:,} MB")
    print(", ".join(f"{name} {value}" for name, value in facts.items()))


# --- kills -----------------------------------------------------------------------------------------------------------


class Course:
    """One database, from kill to kill; what was undone is done again by undoing the undoing."""

    def __init__(self, options: argparse.Namespace, data: Path, ref: str) -> None:
        self.options, self.data, self.ref = options, data, ref
        self.random = random.Random(options.seed)
        self.known: dict[str, tuple[str, int]] = {}  # how the ledger stands before: (digest, versions)
        self.found: list[dict[str, Any]] = []

    def ask(self, kind: str) -> dict[str, Any]:
        answer = subprocess.run(child(kind, self.ref, self.data), check=True, stdout=subprocess.PIPE, text=True)
        return dict(json.loads(answer.stdout.splitlines()[-1]))

    def kill(self, after: float) -> None:
        command = child("undo", self.ref, self.data)
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True) as one:
            assert one.stdout is not None
            one.stdout.readline()
            time.sleep(after)
            os.killpg(one.pid, signal.SIGKILL)

    def run(self) -> None:
        before = self.ask("look")
        whole = float(self.ask("undo")["seconds"])
        after = self.ask("look")
        ends = {before["stands"], after["stands"]}
        self.ref, stood = after["made"], after
        for number in range(1, self.options.kills + 1):
            moment = self.random.uniform(EARLIEST, LATEST) * whole
            self.kill(moment)
            seen = self.ask("look")
            self.found.append({"kill": number, "after": round(moment, 2), **seen, "fault": fault(seen, stood, ends)})
            self.ref, stood = seen["made"] or self.ref, seen
        seen = self.ask("undo") and self.ask("look")
        told = fault(seen, stood, ends) or ("" if seen["made"] else "it cannot be run again")
        self.found.append({"kill": "run again", "after": 0.0, **seen, "fault": told})


def fault(seen: dict[str, Any], stood: dict[str, Any], ends: set[str]) -> str:
    """What does not hold; "" where all or nothing is undone and the job tells of it."""
    if not seen["log"]:
        return "the log is broken"
    if seen["made"]:
        whole = seen["stands"] in ends and seen["stands"] != stood["stands"]
        return "" if whole and seen["versions"] > stood["versions"] else "half an undo"
    if seen["stands"] != stood["stands"] or seen["versions"] != stood["versions"]:
        return "half an undo"
    return "" if seen["job"] == "failed" and seen["says"] else "the job says nothing"


def report_kills(found: list[dict[str, Any]], facts: dict[str, Any]) -> None:
    names = ("kill", "after", "made", "stands", "records", "versions", "job", "log", "fault")
    show_table(names, [[str(one[name]) for name in names] for one in found])
    done = sum(bool(one["made"]) for one in found)
    print(f"nothing was undone {len(found) - done} times, all {done} times; "
          f"faults: {sum(bool(one['fault']) for one in found)}")  # fmt: skip
    print(", ".join(f"{name} {value}" for name, value in facts.items()))


def killed(options: argparse.Namespace) -> int:
    with tempfile.TemporaryDirectory(prefix="qunxing-bench-") as folder:
        data = Path(folder) / "data"
        start(data)
        facts = database_facts()
        course = Course(options, data, write_batch(options.records))
        course.run()
    report_kills(course.found, facts)
    write_json(options.json, {"facts": facts, "kills": course.found})
    return int(any(one["fault"] for one in course.found))


def do_child(options: argparse.Namespace) -> None:
    """Make a batch ready where none is named; else do what is asked of it."""
    start(options.data_dir)
    if not options.batch:
        print(write_batch(options.records))
        return
    doing = {"ours": run_ours, "undo": undo_as_job, "look": look}.get(options.child)
    print(json.dumps(doing(options.batch) if doing else run_theirs(options.child)))


def main() -> int:
    options = read_arguments()
    if options.postgres:
        return run_on_postgres([argument for argument in sys.argv if argument != "--postgres"])
    if options.child:
        do_child(options)
        return 0
    if options.kills:
        return killed(options)
    database = os.environ.get("DATABASE_URL", "")
    with tempfile.TemporaryDirectory(prefix="qunxing-bench-") as folder:
        start(Path(folder))
        facts = database_facts()
        found = {kind: measure(kind, options.theirs, database) for kind in THEIRS}
        found["ours"] = measure("ours", options.records, database)
    report(found, facts)
    write_json(options.json, {"facts": facts, **found})
    return 0


if __name__ == "__main__":
    sys.exit(main())
