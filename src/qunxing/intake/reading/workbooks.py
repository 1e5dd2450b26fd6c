"""Workbooks, read by a process of their own (see `child`)."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, BinaryIO

from django.utils.translation import gettext_noop as _

from qunxing.core.reasons import because
from qunxing.intake.reading.archives import DAMAGED, PROTECTED, archive_notes
from qunxing.intake.reading.errors import ReadingError
from qunxing.intake.reading.formats import ending_notes
from qunxing.intake.reading.gaps import gap_notes
from qunxing.intake.reading.limits import Limits
from qunxing.intake.reading.sources import Source
from qunxing.intake.reading.tables import Cell, Format, RawRow, Table

CHILD = Path(__file__).with_name("child.py")
TOO_MUCH = _(
    "Opening the workbook takes more memory or time than is allowed, or its inside is broken. "
    "Often a stray value far to the right or at the very bottom is the cause: copy the table into a new workbook."
)
ERRORS = {"password": PROTECTED, "damaged": DAMAGED, "memory": TOO_MUCH}


def read_workbook(source: Source, found: Format, limits: Limits) -> list[Table]:
    """One table for each sheet with cells, in the workbook's order, hidden ones marked."""
    notes = ending_notes(source, found) + archive_notes(source, found)
    if found in (Format.XLSX, Format.XLSM):
        notes += gap_notes(source)
    sheets = next(iter(_messages(source, limits, "sheets", 0)))["sheets"]
    return [
        Table(
            sheet=sheet["name"],
            format=found,
            open=partial(_rows, source, limits, sheet["index"], sheet["name"]),
            hidden=sheet["hidden"],
            notes=notes,
        )
        for sheet in sheets
    ]


def _rows(source: Source, limits: Limits, index: int, name: str) -> Iterator[RawRow]:
    for message in _messages(source, limits, "rows", index, sheet=name):
        for number, cells in message.get("rows", ()):
            _check_cells(cells, limits, name, number)
            yield RawRow(name, number, cells)


def _check_cells(cells: list[Cell], limits: Limits, sheet: str, row: int) -> None:
    for column, cell in enumerate(cells, start=1):
        if isinstance(cell, str) and len(cell) > limits.cell_characters:
            reason = because(
                _("A cell holds %(found)s characters; at most %(most)s are read."),
                found=len(cell),
                most=limits.cell_characters,
            )
            raise ReadingError(reason, sheet=sheet, row=row, column=column)


Message = dict[str, Any]


def _messages(source: Source, limits: Limits, command: str, index: int, sheet: str | None = None) -> Iterator[Message]:
    """What the child says; its silence before the end is an error like any other."""
    arguments = [command, str(limits.memory_bytes), str(limits.seconds), str(index)]
    with _as_file(source) as file, _running(arguments, file) as output:
        for line in output:
            message = json.loads(line, object_hook=_decode)
            if "error" in message:
                raise ReadingError(because(ERRORS[message["error"]]), sheet=sheet)
            if "end" in message:
                return
            yield message
    raise ReadingError(because(TOO_MUCH), sheet=sheet)


@contextmanager
def _as_file(source: Source) -> Iterator[BinaryIO]:
    """The workbook as an open file that another process can read."""
    if isinstance(source.origin, Path):
        with source.origin.open("rb") as file:
            yield file
        return
    with TemporaryFile() as file:
        file.write(source.origin)
        file.flush()
        file.seek(0)
        yield file


@contextmanager
def _running(arguments: list[str], file: BinaryIO) -> Iterator[Any]:
    command = [sys.executable, "-I", str(CHILD), *arguments]
    with subprocess.Popen(  # noqa: S603 - fixed arguments
        command, stdin=file, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8"
    ) as process:
        try:
            yield process.stdout
        finally:
            process.kill()


def _decode(value: dict[str, Any]) -> Any:
    """Undo `child.encode`."""
    if "date" in value:
        return date.fromisoformat(value["date"])
    if "datetime" in value:
        return datetime.fromisoformat(value["datetime"])
    if "time" in value:
        return time.fromisoformat(value["time"])
    if "seconds" in value:
        return timedelta(seconds=value["seconds"])
    return value
