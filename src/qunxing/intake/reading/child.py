"""Runs alone, in a process of its own: opens the workbook on standard input and writes its rows as lines of JSON.

A few kilobytes of workbook can ask for hundreds of gigabytes of cells, and the allocator then ends the process. Here it
ends only this one. Run by path, so that nothing of the project is imported: `child.py sheets` or `child.py rows INDEX`.
"""

import json
import resource
import sys
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any, TextIO

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

CHUNK = 500
Merged = dict[int, list[tuple[int, int]]]


def main(command: str, memory: int, seconds: int, index: int, out: TextIO) -> None:
    """Write messages `{"sheets"}`, `{"rows"}`, `{"error"}`, and at last `{"end"}`: without it something broke."""
    confine(memory, seconds)
    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(sys.stdin.buffer.read()))
        messages = describe(workbook) if command == "sheets" else chunk(workbook.get_sheet_by_index(index))
        for message in messages:
            put(out, message)
        put(out, {"end": True})
    except PasswordError:
        put(out, {"error": "password"})
    except MemoryError:
        put(out, {"error": "memory"})
    except CalamineError as error:
        put(out, {"error": "damaged", "detail": str(error)})


def confine(memory: int, seconds: int) -> None:
    """No more memory or time than this, and no core file to remember it by."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def put(out: TextIO, message: dict[str, Any]) -> None:
    out.write(json.dumps(message, ensure_ascii=False, default=encode))
    out.write("\n")


def encode(value: object) -> dict[str, Any]:
    """Days and times as tagged objects, the one thing that JSON has no word for."""
    if isinstance(value, datetime):
        return {"datetime": value.isoformat()}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, time):
        return {"time": value.isoformat()}
    if isinstance(value, timedelta):
        return {"seconds": value.total_seconds()}
    raise TypeError(type(value).__name__)


def describe(workbook: CalamineWorkbook) -> Iterator[dict[str, Any]]:
    yield {
        "sheets": [
            {"index": index, "name": sheet.name, "hidden": sheet.visible != SheetVisibleEnum.Visible}
            for index, sheet in enumerate(workbook.sheets_metadata)
            if sheet.typ == SheetTypeEnum.WorkSheet
        ]
    }


def chunk(sheet: CalamineSheet) -> Iterator[dict[str, Any]]:
    """Rows with their numbers, some hundreds to a message."""
    pending: list[tuple[int, list[Any]]] = []
    for row in fill(number_rows(sheet), merged_downwards(sheet)):
        pending.append(row)
        if len(pending) == CHUNK:
            yield {"rows": pending}
            pending = []
    yield {"rows": pending}


def number_rows(sheet: CalamineSheet) -> Iterator[tuple[int, list[Any]]]:
    """Rows that hold something, numbered from 1, with the columns left empty before them, without those after."""
    indent = [""] * (sheet.start or (0, 0))[1]
    for number, filled in enumerate(sheet.iter_rows(), start=1):
        cells = indent + filled
        while cells and cells[-1] == "":
            cells.pop()
        if any(not isinstance(cell, str) or cell.strip() for cell in cells):
            yield number, cells


def merged_downwards(sheet: CalamineSheet) -> Merged:
    """By the row where it begins (from 1): the columns of cells merged over several rows, and the last row of each."""
    merged: Merged = {}
    for (top, left), (bottom, _right) in sheet.merged_cell_ranges or []:
        if bottom > top:
            merged.setdefault(top + 1, []).append((left, bottom + 1))
    return merged


def fill(rows: Iterator[tuple[int, list[Any]]], merged: Merged) -> Iterator[tuple[int, list[Any]]]:
    """A cell merged over several rows stands in each of them, where the row holds anything else."""
    spans: dict[int, tuple[int, Any]] = {}  # column: last row, value
    for number, cells in rows:
        for column, (last, value) in list(spans.items()):
            if number > last:
                del spans[column]
            else:
                put_cell(cells, column, value)
        for column, last in merged.get(number, ()):
            if column < len(cells):
                spans[column] = (last, cells[column])
        yield number, cells


def put_cell(cells: list[Any], column: int, value: object) -> None:
    cells.extend([""] * (column + 1 - len(cells)))
    if cells[column] == "":
        cells[column] = value


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), sys.stdout)
