"""The verdict on a run from how its process ended; of what the process told nothing is believed unseen."""

import json
import math
import re
import signal
from collections.abc import Mapping, Sequence
from typing import Any

from qunxing.races.sandbox.verdicts import Kind, Limits, Verdict
from qunxing.races.sandbox.watching import End
from qunxing.races.scoring.values import storable

FRAME = re.compile(r'File "([^"\n]*)", line (\d+) in (\S+)')
SHOWN = 5  # items that words name
FAULTS = 100  # items whose fault is kept
NEARLY = 0.9  # the share of the memory from which a sudden end is told as one for want of it
SUDDEN = (signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS)


class BadResult(ValueError):
    """A result that is none."""


def judged(end: End, items: Sequence[str], order: Sequence[str], limits: Limits, *, zero: bool) -> Verdict:
    """The verdict: `items` were judged, `order` are all items of the key."""
    first: dict[str, Any] = {}
    second: dict[str, Any] = {}
    try:
        first, second = messages_of(end)
        kind, words = ending(end, second, limits)
        if first.get("open"):
            kind, words = Kind.REFUSED, "nothing on this machine keeps off: " + ", ".join(first["open"])
        found = told(kind, words, second, items, order, zero=zero)
    except BadResult as wrong:
        found = {"kind": Kind.BAD_RESULT, "words": storable(str(wrong), 1000)}
    return Verdict(
        **found,
        printed=storable(bytes(end.printed).decode("utf-8", "replace")),
        layers=tuple(first.get("layers", ())),
        absent=dict(first.get("absent", {})),
        open=tuple(first.get("open", ())),
        cpu_seconds=end.cpu_seconds,
        memory_bytes=max(end.memory_bytes, memory_told(second, limits)),
    )


def messages_of(end: End) -> tuple[dict[str, Any], dict[str, Any]]:
    """(layers, result), each empty where the process did not come so far."""
    lines = bytes(end.told).split(b"\n")[:-1][:2]
    first, second, *_more = [read(line) for line in lines] + [{}, {}]
    return first, second


def read(line: bytes) -> dict[str, Any]:
    """One message; a constant like NaN stays by its name, to be refused where it stands."""
    try:
        found = json.loads(line, parse_constant=lambda name: {"not a number": name})
    except (ValueError, RecursionError) as error:
        raise BadResult(f"the result cannot be read: {error}") from error
    if not isinstance(found, dict):
        raise BadResult("the result is no dictionary")
    return found


def memory_told(result: Mapping[str, Any], limits: Limits) -> int:
    """The memory that the process says it held, where that can be."""
    value = result.get("memory")
    return value if isinstance(value, int) and 0 <= value <= limits.memory_bytes else 0


def ending(end: End, result: Mapping[str, Any], limits: Limits) -> tuple[Kind, str]:
    """How the run ended, in one word and in many."""
    if end.stopped:
        return end.stopped, end.words
    if end.status:
        return ended_badly(end, limits)
    if not result:
        return Kind.CRASHED, "ended without a result"
    kind = result.get("kind")
    if kind not in tuple(Kind):
        raise BadResult("the result says nothing of its kind")
    return Kind(kind), storable(str(result.get("words", "")), 1000)


def ended_badly(end: End, limits: Limits) -> tuple[Kind, str]:
    """What a process died of."""
    if end.signal == signal.SIGSYS:
        return Kind.FORBIDDEN, where_forbidden(end)
    if end.signal == signal.SIGXCPU or (end.signal == signal.SIGKILL and end.cpu_seconds >= limits.cpu_seconds - 1):
        return Kind.TIMEOUT, f"used the processor for {limits.cpu_seconds} s"
    if end.signal == signal.SIGKILL:
        return Kind.MEMORY, "ended by the machine, for want of memory"
    if end.signal in SUDDEN and end.memory_bytes >= NEARLY * limits.memory_bytes:
        return Kind.MEMORY, f"used {end.memory_bytes} bytes"
    return Kind.CRASHED, f"ended by {signal.Signals(end.signal).name}" if end.signal else "ended with an error"


def where_forbidden(end: End) -> str:
    """The line of the scorer at which it tried, and what it was about to do."""
    frames = FRAME.findall(bytes(end.printed).decode("utf-8", "replace"))
    own = [line for file, line, _name in frames if file == "scorer.py"]
    place = f"scorer.py, line {own[0]}: " if own else ""
    doing = f" in {frames[0][2]} ({frames[0][0].rsplit('/', 1)[-1]})" if frames else ""
    return f"{place}a forbidden call{doing}"


def told(
    kind: Kind, words: str, result: Mapping[str, Any], items: Sequence[str], order: Sequence[str], *, zero: bool
) -> dict[str, Any]:
    """The fields of a verdict that rest on the result."""
    if kind is not Kind.OK:
        return {"kind": kind, "words": words}
    scores, faults = scores_of(result, items), faults_of(result, items)
    listed = scores if len(scores) == len(order) else {item: scores.get(item) for item in order}
    if faults:
        named = ", ".join(f"{item} ({fault})" for item, fault in list(faults.items())[:SHOWN])
        words = f"failed on {len(faults)} of {len(items)} items: {named}"
        return {"kind": Kind.CRASHED, "words": words, "items": listed, "faults": dict(list(faults.items())[:FAULTS])}
    overall = overall_of(result, scores, len(order) - len(items) if zero else 0)
    return {"kind": kind, "words": words, "items": listed, "overall": overall}


def scores_of(result: Mapping[str, Any], items: Sequence[str]) -> dict[str, float | None]:
    """A number or nothing for each item that was judged, and for no other."""
    given = result.get("items")
    if not isinstance(given, dict):
        raise BadResult("the result has no items")
    unknown = [item for item in given if item not in set(items)] if len(given) != len(items) else []
    missing = [item for item in items if item not in given]
    if unknown or missing:
        raise BadResult(f"items without a score: {missing[:SHOWN]}; unknown items: {unknown[:SHOWN]}")
    return {item: number_of(item, given[item]) for item in items}


def number_of(item: str, value: Any) -> float | None:
    if value is None:
        return None
    if not isinstance(value, bool | int | float) or abs(value) > 1e300 or not math.isfinite(value):
        raise BadResult(f"the score of {item} is no number: {str(value)[:100]}")
    return float(value)


def faults_of(result: Mapping[str, Any], items: Sequence[str]) -> dict[str, str]:
    given = result.get("faults") or {}
    known = set(items)
    if not isinstance(given, dict) or not all(item in known for item in given):
        raise BadResult("the faults name items that are none")
    return {item: storable(str(words), 500) for item, words in given.items()}


def overall_of(result: Mapping[str, Any], scores: Mapping[str, float | None], unanswered: int) -> float | None:
    """The scorer's own figure, else the mean of the items that have a score; unanswered ones count 0."""
    if result.get("overall") is not None:
        return number_of("the whole", result["overall"])
    held = [value for value in scores.values() if value is not None]
    return math.fsum(held) / (len(held) + unanswered) if held else None
