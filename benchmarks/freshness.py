"""How long a saved change takes until it is found, through the process that follows the log."""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from _running import database_facts, run_on_postgres, share, show_table, start, write_json

AIM = 1.0  # seconds
LOOK = 0.01
PATIENCE = 60.0
BUILDING = 900.0  # seconds for the first index
PARTS = (("p50 s", 0.5), ("p95 s", 0.95), ("max s", 1.0))


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--changes", type=int, default=30)
    parser.add_argument(
        "--firms", type=int, default=2_000, help="organisations that are there already, with two filings each"
    )
    parser.add_argument("--postgres", action="store_true", help="on a PostgreSQL of its own")
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    return parser.parse_args()


@contextmanager
def follower() -> Iterator[None]:
    """`qunxing index follow` as `serve` starts it, in a process of its own."""
    command = [sys.executable, "-m", "qunxing.cli", "index", "follow"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=20)


def wait_for(words: str, user: Any, patience: float = PATIENCE) -> float:
    """Seconds until the words find something in the index; asked as the page asks."""
    finding, wording = import_module("qunxing.search.finding"), import_module("qunxing.search.wording")
    began = time.perf_counter()
    while time.perf_counter() - began < patience:
        found = finding.find(finding.Wish(user, wording.read(words)))
        if found is not None and not found.near and found.total:
            return time.perf_counter() - began
        time.sleep(LOOK)
    raise SystemExit(f"{words} was not found within {patience:.0f} seconds")


def change_and_wait(changes: int) -> list[float]:
    """Each change gives one firm a name that nobody had; the clock runs from its commit.

    The first is not counted: the follower starts, and builds the index, meanwhile.
    """
    actions, models = import_module("qunxing.ledger.actions"), import_module("qunxing.directory.models")
    user = import_module("django.contrib.auth.models").AnonymousUser()
    firms = list(models.Organization.objects.filter(visibility="public").order_by("pk")[: changes + 1])
    found = []
    for number, firm in enumerate(firms):
        name = f"Zq{number:03d}x{os.getpid()}"
        actions.change(firm, actor=None, values={"short_name": name}, reason="benchmark")
        found.append(wait_for(name, user, PATIENCE if number else BUILDING))
        time.sleep(0.07 * (number % 5))  # not in step with the follower's own pause
    return found[1:]


def main() -> int:
    arguments = read_arguments()
    if arguments.postgres and "DATABASE_URL" not in os.environ:
        return run_on_postgres(sys.argv)
    with tempfile.TemporaryDirectory(prefix="qunxing-freshness-") as folder:
        start(Path(folder) / "data")
        firms = max(arguments.firms, 2 * arguments.changes)
        import_module("_community").make_community(firms, 2 * firms)
        with follower():
            seconds = change_and_wait(arguments.changes)
        facts = database_facts()
    row = {name: round(share(seconds, part), 3) for name, part in PARTS}
    show_table(["changes", *row], [[len(seconds), *(f"{value:.3f}" for value in row.values())]])
    print(f"\naim: found within {AIM:.0f} second")
    write_json(arguments.json, {**facts, "changes": len(seconds), **row})
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
