"""The tables in the folder data: tab-separated, a heading line, no quoting."""

from csv import QUOTE_NONE, DictReader
from importlib.resources import files
from pathlib import Path
from typing import Any

Row = dict[str, str]


def path_of(name: str) -> Path:
    return Path(str(files("qunxing.demo"))) / "data" / name


def read_table(name: str) -> list[Row]:
    """The rows by their headings; an empty cell is an empty text."""
    with path_of(name).open(encoding="utf-8", newline="") as file:
        return list(DictReader(file, delimiter="\t", quoting=QUOTE_NONE, restval=""))


def codes_of(text: str) -> Any:
    """The codes of a cell, as a `CodesField` takes them."""
    return tuple(filter(None, text.split("|")))


def days_of(text: str) -> int | None:
    """A number of days; None for an empty cell."""
    return int(text) if text else None


def steps_of(text: str) -> list[tuple[str, int, str]]:
    """What ``submit@40 ask@30=words`` says: the name of each step, how many days ago it was taken, and the words."""
    found = []
    for piece in text.split():
        step, _mark, words = piece.partition("=")
        name, _at, days = step.partition("@")
        found.append((name, int(days), words))
    return found
