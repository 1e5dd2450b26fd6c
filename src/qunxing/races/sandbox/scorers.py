"""A scorer's own code, called. Runs inside the sandbox and nowhere else.

A scorer is a Python file with either of

    def score_item(answer, truth): ...     # a number, higher is better; None where the item has no score
    def score(answers, truths): ...        # {item: number}, or {"items": {item: number}, "overall": number}

An answer and a true value are plain where there is one column, else a dictionary by column.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from typing import Any

FILE = "scorer.py"
STOPS = (MemoryError, OSError)  # never a matter of one item
SAID = 500  # characters of what a scorer says when it fails


class NoScorer(Exception):
    """A file that is no scorer."""


def scored(job: Mapping[str, Any]) -> dict[str, Any]:
    """What the scorer makes of the job's answers and true values."""
    space = loaded(job["scorer"])
    answers, truths = rows(job["answers"]), rows(job["truth"])
    items: Sequence[str] = job["items"]
    if callable(each := space.get("score_item")):
        return one_by_one(each, items, answers, truths)
    if callable(whole := space.get("score")):
        return whole_of(whole(dict(zip(items, answers, strict=True)), dict(zip(items, truths, strict=True))))
    raise NoScorer("neither score_item(answer, truth) nor score(answers, truths)")


def loaded(text: str) -> dict[str, Any]:
    """The names that the scorer defines, once it has run."""
    steady(text)
    space: dict[str, Any] = {"__name__": "scorer", "__file__": FILE}
    exec(compile(text, FILE, "exec"), space)  # noqa: S102 (what this process is for)
    return space


def steady(text: str) -> None:
    """The same chance at every run, for a scorer that names it."""
    if "random" in text:
        import_module("random").seed(0)
    if "np.random" in text or "numpy.random" in text:
        with suppress(ImportError, OSError):
            import_module("numpy.random").seed(0)


def rows(columns: Mapping[str, Sequence[Any]]) -> list[Any]:
    """Values by item: plain for one column, else by column."""
    if len(columns) == 1:
        return list(next(iter(columns.values())))
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def one_by_one(
    each: Callable[[Any, Any], Any], items: Sequence[str], answers: Sequence[Any], truths: Sequence[Any]
) -> dict[str, Any]:
    """Every item by itself: one that fails does not spoil the others."""
    scores: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for item, answer, truth in zip(items, answers, truths, strict=True):
        try:
            scores[item] = plain(each(answer, truth))
        except STOPS:
            raise
        except Exception as error:  # noqa: BLE001 (anything may come out of a stranger's code)
            scores[item] = None
            faults[item] = said(error)
    return {"items": scores, "faults": faults}


def whole_of(result: Any) -> dict[str, Any]:
    if not isinstance(result, Mapping):
        raise TypeError(f"score() gave {type(result).__name__}, not a dictionary")
    parts = result if isinstance(result.get("items"), Mapping) else {"items": result}
    found: dict[str, Any] = {"items": {str(item): plain(value) for item, value in parts["items"].items()}}
    if parts.get("overall") is not None:
        found["overall"] = plain(parts["overall"])
    return found


def plain(value: Any) -> Any:
    """The number as JSON has it; numpy's, too. What is none is told by its kind, and refused outside."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if callable(getattr(value, "item", None)) and getattr(value, "shape", None) == ():
        return plain(value.item())
    return {"not a number": type(value).__name__}


def said(error: BaseException) -> str:
    """What went wrong, and in which line of the scorer."""
    lines: list[int | None] = []
    step = error.__traceback__
    while step is not None:
        if step.tb_frame.f_code.co_filename == FILE:
            lines.append(step.tb_lineno)
        step = step.tb_next
    if isinstance(error, SyntaxError) and error.filename == FILE:
        lines.append(error.lineno)
    place = f"{FILE}, line {lines[-1]}: " if lines else ""
    return f"{place}{type(error).__name__}: {error}"[:SAID]


def flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
