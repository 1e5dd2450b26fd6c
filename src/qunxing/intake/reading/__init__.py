"""Reading tables from files as people have them: csv in any usual encoding, and workbooks of every kind.

`read_tables` tells what the file is by its content, refuses what is no table with `ReadingError`, and gives a `Table`
for each sheet, whose rows stream from the file each time they are asked for.
"""

from pathlib import Path

from qunxing.intake.reading.delimited import read_delimited
from qunxing.intake.reading.errors import ReadingError
from qunxing.intake.reading.formats import identify
from qunxing.intake.reading.limits import DEFAULT, Limits
from qunxing.intake.reading.sources import Source, check_size
from qunxing.intake.reading.tables import Cell, Format, RawRow, Table
from qunxing.intake.reading.workbooks import read_workbook

__all__ = ["Cell", "Format", "Limits", "RawRow", "ReadingError", "Table", "read_tables"]


def read_tables(origin: Path | bytes, filename: str = "", *, limits: Limits = DEFAULT) -> list[Table]:
    """The tables of a file; the name is what its owner calls it and decides nothing."""
    source = Source(origin, filename or (origin.name if isinstance(origin, Path) else ""))
    check_size(source, limits)
    found = identify(source, limits)
    if found is Format.CSV:
        return [read_delimited(source, limits)]
    return read_workbook(source, found, limits)
