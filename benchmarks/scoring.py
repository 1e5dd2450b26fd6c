"""Entries scored by a scorer of one's own: through the sandbox, beside a bare process and beside a call in this one.

The scorer is the same everywhere (an answer is right or wrong, by hand), and everybody gets the same entry. The bare
process is what one would write first: it reads the same JSON and keeps off nothing.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from _running import machine, show_table, write_json

from qunxing.races import sandbox
from qunxing.races.scoring import Answers, Key, Metric, score

SCORER = "def score_item(answer, truth):\n    return float(answer.strip() == truth.strip())\n"
BARE = """
import json, sys
job = json.load(sys.stdin)
space = {}
exec(job["scorer"], space)
each = space["score_item"]
scores = {i: each(a, t) for i, a, t in zip(job["items"], job["answers"], job["truth"])}
sys.stdout.write(json.dumps(scores))
"""


def made_up(items: int) -> tuple[Answers, Key]:
    names = tuple(f"q{number:06}" for number in range(items))
    truth = tuple(f"label {number * 7919 % 13}" for number in range(items))
    given = tuple(f"label {number * 7919 % 13 if number % 4 else 0}" for number in range(items))
    return Answers(names, {"answer": given}), Key(names, {"truth": truth})


def by_sandbox(answers: Answers, key: Key) -> float | None:
    found = sandbox.run(SCORER.encode(), answers, key)
    if not found.good:
        raise SystemExit(f"{found.kind}: {found.words}")
    return found.overall


def by_process(answers: Answers, key: Key) -> float:
    job = {"scorer": SCORER, "items": key.items, "answers": answers.columns["answer"], "truth": key.columns["truth"]}
    command = [sys.executable, "-S", "-c", BARE]
    done = subprocess.run(command, input=json.dumps(job), capture_output=True, check=True, text=True)
    scores = json.loads(done.stdout)
    return sum(scores.values()) / len(scores)


def by_call(answers: Answers, key: Key) -> float:
    space: dict[str, Callable[[object, object], float]] = {}
    exec(SCORER, space)
    pairs = zip(answers.columns["answer"], key.columns["truth"], strict=True)
    return sum(space["score_item"](given, true) for given, true in pairs) / len(key.items)


def by_metric(answers: Answers, key: Key) -> float | None:
    return score([Metric("accuracy")], answers, key).overall


WAYS = {
    "sandbox": by_sandbox,
    "bare process": by_process,
    "call in this process": by_call,
    "built-in accuracy": by_metric,
}


def spent() -> float:
    """Seconds of the processor, those of ended children included."""
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(used.ru_utime + used.ru_stime for used in both)


def measured(way: str, items: int, entries: int) -> dict[str, object]:
    """Entries a second, one after another, after one that does not count."""
    answers, key = made_up(items)
    expected = WAYS[way](answers, key)
    cpu, began = spent(), time.perf_counter()
    for _entry in range(entries):
        if WAYS[way](answers, key) != expected:
            raise SystemExit("the same entry gave two scores")
    seconds = time.perf_counter() - began
    return {
        "way": way,
        "items": items,
        "entries": entries,
        "entries_a_second": entries / seconds,
        "milliseconds": 1000 * seconds / entries,
        "cpu_milliseconds": 1000 * (spent() - cpu) / entries,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, nargs="+", default=[100, 10_000, 100_000])
    parser.add_argument("--entries", type=int, default=20)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    rows = [measured(way, items, asked.entries) for items in asked.items for way in WAYS]
    columns = ("way", "items", "entries_a_second", "milliseconds", "cpu_milliseconds")
    show_table([name.replace("_", " ") for name in columns], [[row[name] for name in columns] for row in rows])
    if asked.json:
        write_json(asked.json, {**machine("none", ""), "rows": rows})


if __name__ == "__main__":
    main()
