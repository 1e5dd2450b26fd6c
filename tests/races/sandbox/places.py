"""Entries and keys that sandbox tests score."""

from typing import Any

from qunxing.races import sandbox
from qunxing.races.sandbox import Kind, Limits, Verdict
from qunxing.races.scoring import Answers, Key

ANSWERS = Answers(("a", "b", "c"), {"answer": ("1", "2", "3")})
KEY = Key(("a", "b", "c"), {"truth": ("1", "2", "4")})
HONEST = "def score_item(answer, truth): return float(answer == truth)"
QUICK = Limits(seconds=120, cpu_seconds=1, memory_bytes=320 << 20, output_bytes=1 << 20, result_bytes=1 << 20)


def run(text: str, **more: Any) -> Verdict:
    return sandbox.run(text.encode(), ANSWERS, KEY, more.pop("limits", QUICK), **more)


def is_unharmed() -> bool:
    """Whether an honest scorer still gets what it should."""
    found = run(HONEST)
    return (found.kind, dict(found.items)) == (Kind.OK, {"a": 1.0, "b": 1.0, "c": 0.0})
