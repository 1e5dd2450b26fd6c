"""The tables in the folder data: tab-separated, a heading line, no quoting."""

from csv import QUOTE_NONE, DictReader
from importlib.resources import files
from pathlib import Path

Row = dict[str, str]


def path_of(name: str) -> Path:
    return Path(str(files("qunxing.demo"))) / "data" / name


def read_table(name: str) -> list[Row]:
    """The rows by their headings; an empty cell is an empty text."""
    with path_of(name).open(encoding="utf-8", newline="") as file:
        return list(DictReader(file, delimiter="\t", quoting=QUOTE_NONE))
