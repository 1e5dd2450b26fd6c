"""Tables for the commands of races: scores of contestants by item, and their answers. What cannot be read is named."""

import json
import math
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from qunxing.core.errors import Refused
from qunxing.core.text import fold_name
from qunxing.intake.reading import RawRow, ReadingError, read_tables
from qunxing.intake.reading.limits import Limits
from qunxing.races.standing import Table

LIMITS = Limits(columns=100_000, rows=1_000_000)
WHO = ("contestant", "contestant_id", "team", "entrant", "generator", "model", "队伍", "参赛队", "选手", "参赛者")
ITEM = ("item", "item_id", "question", "题目", "题号", "样本")
SCORE = ("score", "得分", "分数", "成绩")
LARGEST = 1e15  # beyond which sums of scores lose themselves
ANSWER = ("answer", "output", "response", "prediction", "答案", "作答", "回答")
BLANK = frozenset({"", "-", "nan", "na", "n/a", "null", "none", "未测", "缺"})


def scores_by_item(file: Path) -> Table:
    """A row for each contestant with a column for each item, or a row for each score with the columns contestant, item
    and score; a blank is an item that has no score.
    """
    head, rows = split(file)
    places = [place_of([fold_name(name) for name in head], known) for known in (WHO, ITEM, SCORE)]
    names = listed(rows, places) if len(head) == 3 and None not in places else wide(head, rows)
    if not names:
        raise Refused(_("%(file)s holds no scores.") % {"file": file.name})
    table = Table(tuple(names), np.array(list(names.values())))
    if np.isnan(table.scores).all():
        raise Refused(_("The table holds no score."))
    return table


def wide(head: list[str], rows: Iterator[RawRow]) -> dict[str, list[float]]:
    """{contestant: scores in the order of the columns}."""
    names: dict[str, list[float]] = {}
    for row in rows:
        name = named(row, 0)
        if name in names:
            raise at_row(row, _("%(name)s stands in it twice") % {"name": name})
        if any(text(value) for value in row.cells[len(head) :]):
            raise at_row(row, _("there are more cells than headings"))
        names[name] = [score(row, place, head[place]) for place in range(1, len(head))]
    return names


def listed(rows: Iterator[RawRow], places: Sequence[int | None]) -> dict[str, list[float]]:
    """{contestant: scores in the order in which items first stand}."""
    who, item, told = (place or 0 for place in places)
    given: dict[str, dict[str, float]] = {}
    for row in rows:
        name, asked = named(row, who), cell(row, item)
        scores = given.setdefault(name, {})
        if asked in scores:
            raise at_row(row, _("%(name)s has a score for %(item)s already") % {"name": name, "item": asked or "–"})
        scores[asked] = score(row, told, asked)
    items = list(dict.fromkeys(asked for scores in given.values() for asked in scores))
    return {name: [scores.get(asked, math.nan) for asked in items] for name, scores in given.items()}


def named(row: RawRow, place: int) -> str:
    name = cell(row, place)
    if not name:
        raise at_row(row, _("the contestant has no name"))
    return name


def split(file: Path) -> tuple[list[str], Iterator[RawRow]]:
    """(headings, the rows below them); the headings name a contestant column and at least one item."""
    rows = filled(file)
    first = next(rows, None)
    head = [text(value) for value in first.cells] if first else []
    while head and not head[-1]:
        head.pop()
    if len(head) < 2:
        raise Refused(_("%(file)s needs headings: contestant, then a column for each item.") % {"file": file.name})
    twice = next((name for name in head[1:] if head.count(name) > 1), None) if len(set(head)) < len(head) else None
    if twice is not None:
        raise Refused(_("The item %(item)s stands in %(file)s twice.") % {"item": twice or "–", "file": file.name})
    return head, rows


def filled(file: Path) -> Iterator[RawRow]:
    """The rows of the first sheet that hold something."""
    if not file.is_file():
        raise Refused(_("There is no file %(file)s.") % {"file": file})
    try:
        tables = read_tables(file, limits=LIMITS)
        table = next((one for one in tables if not one.hidden), tables[0])
        for row in table.rows():
            if any(text(value) for value in row.cells):
                yield row
    except ReadingError as error:
        raise Refused(str(error)) from error


def text(value: Any) -> str:
    return "" if value is None else str(value).strip()


def cell(row: RawRow, place: int) -> str:
    return text(row.cells[place]) if place < len(row.cells) else ""


def score(row: RawRow, place: int, item: str) -> float:
    """The score in the column of an item; NaN for a blank."""
    found = unicodedata.normalize("NFKC", cell(row, place))
    if found.casefold() in BLANK:
        return math.nan
    try:
        value = float(found.removesuffix("%")) / (100 if found.endswith("%") else 1)
    except ValueError:
        value = math.inf
    if not math.isfinite(value) or abs(value) > LARGEST:
        raise at_row(row, _("column %(item)s: “%(found)s” is no score") % {"item": item, "found": found[:40]})
    return value


def at_row(row: RawRow, problem: str) -> Refused:
    return Refused(_("Row %(row)s: %(problem)s.") % {"row": row.number, "problem": problem})


# --- answers --------------------------------------------------------------------------------------------------------


def answers_by_item(file: Path, contestants: Sequence[str]) -> dict[str, list[str]]:
    """{contestant: answers in the order of the items}, from a table (a row for each contestant, or the columns
    contestant, item, answer) or from JSON or JSON lines with these names.
    """
    ending = file.suffix.casefold()
    found = long_form(parsed(file)) if ending in {".json", ".jsonl", ".ndjson"} else tabled(file)
    if not found:
        raise Refused(_("%(file)s holds no answers.") % {"file": file.name})
    if not set(found) & set(contestants):
        raise Refused(_("%(file)s names none of the contestants.") % {"file": file.name})
    return found


def tabled(file: Path) -> dict[str, list[str]]:
    head, rows = split(file)
    folded = [fold_name(name) for name in head]
    who, item, answer = (place_of(folded, names) for names in (WHO, ITEM, ANSWER))
    if who is not None and answer is not None:
        return long_form(
            {"contestant": cell(row, who), "item": "" if item is None else cell(row, item), "answer": cell(row, answer)}
            for row in rows
        )
    return {cell(row, 0): [cell(row, place) for place in range(1, len(head))] for row in rows}


def place_of(head: list[str], names: tuple[str, ...]) -> int | None:
    return next((place for place, name in enumerate(head) if name in names), None)


def parsed(file: Path) -> Iterator[dict[str, Any]]:
    if not file.is_file():
        raise Refused(_("There is no file %(file)s.") % {"file": file})
    try:
        written = file.read_text(encoding="utf-8-sig").strip()
        lines = [written] if written.startswith("[") else filter(str.strip, written.splitlines())
        found = [json.loads(line) for line in lines]
    except ValueError as error:
        raise Refused(_("%(file)s is no JSON: %(problem)s.") % {"file": file.name, "problem": error}) from error
    yield from (row for row in (found[0] if written.startswith("[") else found) if isinstance(row, dict))


def long_form(rows: Iterator[dict[str, Any]]) -> dict[str, list[str]]:
    """Answers that stand one a row, put in the order of their items."""
    kept: dict[str, dict[str, str]] = {}
    for number, row in enumerate(rows):
        name, item, answer = (first_of(row, names) for names in (WHO, ITEM, ANSWER))
        if name:
            kept.setdefault(name, {})[item or f"#{number}"] = answer
    items = list(dict.fromkeys(item for given in kept.values() for item in given if not item.startswith("#")))
    if not items:
        return {name: list(given.values()) for name, given in kept.items()}
    return {name: [given.get(item, "") for item in items] for name, given in kept.items()}


def first_of(row: dict[str, Any], names: tuple[str, ...]) -> str:
    return next((str(row[name]).strip() for name in names if row.get(name) is not None), "")
