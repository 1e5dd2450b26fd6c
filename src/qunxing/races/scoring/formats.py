"""Files of answers: csv, lines of JSON, or a zip of either. No Django in here.

Nothing in a file is ever run or unpacked to disk; what is not a table of answers is refused.
"""

import codecs
import csv
import io
import json
from collections.abc import Callable, Collection, Iterator
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from qunxing.races.scoring.archives import members_of
from qunxing.races.scoring.checking import Row, checked
from qunxing.races.scoring.values import Fault, Limits, Reading, Schema, Unreadable, Wrong

LIMITS = Limits()
ZIP = b"PK\x03\x04"
EMPTY_ZIP = b"PK\x05\x06"
BOMS = (b"\xff\xfe", b"\xfe\xff")  # of UTF-16
STEP = 1 << 20
BEGINNING = 4096  # characters that tell the kind of a text
Content = Callable[[], BinaryIO]  # the file, to be read from its beginning


def read(source: bytes | Path, schema: Schema, expected: Collection[str] = (), *, limits: Limits = LIMITS) -> Reading:
    """The answers in a file, held against the schema and the items there must be (none given: any).

    Bad content never raises: what is wrong comes back with row and column.
    """
    size = source.stat().st_size if isinstance(source, Path) else len(source)
    if size > limits.file_bytes:
        return refused(Fault(Wrong.TOO_LARGE, found=str(size), expected=str(limits.file_bytes)))
    return checked(rows_in(partial(opened, source), size, schema, limits), schema, expected, limits)


def opened(source: bytes | Path) -> BinaryIO:
    return source.open("rb") if isinstance(source, Path) else io.BytesIO(source)


def refused(fault: Fault) -> Reading:
    return Reading(None, (fault,), 1)


def rows_in(content: Content, size: int, schema: Schema, limits: Limits) -> Iterator[Row | Fault]:
    """Rows of the file, whatever its kind."""
    with content() as stream:
        beginning = stream.read(4)
    if beginning in (ZIP, EMPTY_ZIP):
        yield from rows_in_zip(content, size, schema, limits)
    else:
        yield from rows_in_text(content, schema)


def rows_in_zip(content: Content, size: int, schema: Schema, limits: Limits) -> Iterator[Row | Fault]:
    """The one table in the zip, or texts that each are the answer to the item their file is named after."""
    with content() as stream:
        members = dict(members_of(stream, size, limits))
    tables = [name for name in members if not name.casefold().endswith(".txt")]
    if len(tables) > 1 or (tables and len(members) > 1):
        raise Unreadable(Fault(Wrong.SEVERAL, found=", ".join(list(members)[:5]), expected="1"))
    if tables:
        for row in rows_in_text(partial(opened, members[tables[0]]), schema, tables[0]):
            yield placed(row, tables[0])
        return
    texts = [one.name for one in schema.fields if one.kind == "text"]
    if len(schema.fields) != 1 or not texts:
        raise Unreadable(Fault(Wrong.NO_ANSWERS, expected=".csv, .jsonl"))
    for name, data in members.items():
        item = name.rsplit("/", 1)[-1][: -len(".txt")]
        look_through(partial(opened, data), name)
        yield Row(0, {schema.item: item, texts[0]: data.decode("utf-8-sig")}, name)


def placed(row: Row | Fault, member: str) -> Row | Fault:
    if isinstance(row, Row):
        return Row(row.number, row.values, member)
    return Fault(row.code, row.row, row.column, row.found, row.expected, row.item, member)


def look_through(content: Content, member: str = "") -> None:
    """Unreadable with the row of the first byte that is not UTF-8, and what it looks like, or of a NUL."""
    decoder, row = codecs.getincrementaldecoder("utf-8")(), 1
    with content() as stream:
        if stream.read(2) in BOMS:
            raise Unreadable(Fault(Wrong.ENCODING, 1, found="UTF-16", expected="UTF-8", member=member))
        stream.seek(0)
        for data in chain(iter(partial(stream.read, STEP), b""), [b""]):
            try:
                decoder.decode(data, final=not data)
            except UnicodeDecodeError as error:
                row += error.object.count(b"\n", 0, error.start)
                found = likely(content)
                raise Unreadable(Fault(Wrong.ENCODING, row, found=found, expected="UTF-8", member=member)) from error
            if b"\0" in data:
                raise Unreadable(Fault(Wrong.NUL, row + data.count(b"\n", 0, data.index(b"\0")), member=member))
            row += data.count(b"\n")


def likely(content: Content) -> str:
    """The encoding that the text, by its beginning, may be in."""
    try:
        with content() as stream:
            codecs.getincrementaldecoder("gb18030")().decode(stream.read(STEP))
    except UnicodeDecodeError:
        return ""
    return "GB18030"


def rows_in_text(content: Content, schema: Schema, member: str = "") -> Iterator[Row | Fault]:
    """Rows as they are read, so that a large file is never held as a whole."""
    look_through(content, member)
    with io.TextIOWrapper(content(), "utf-8-sig", newline="") as stream:
        beginning = stream.read(BEGINNING)
        stream.seek(0)
        if beginning.lstrip()[:1] == "{":
            yield from json_rows(stream, schema)
        elif beginning.strip():
            yield from csv_rows(stream, schema)


# --- csv ------------------------------------------------------------------------------------------------------------


def csv_rows(text: TextIO, schema: Schema) -> Iterator[Row | Fault]:
    """Records by number, as a spreadsheet counts them; blank ones are passed over."""
    reader = csv.reader(text, strict=True)
    number = 0
    heading: list[str] = []
    try:
        for number, cells in enumerate(reader, 1):
            if number == 1:
                heading = [cell.strip() for cell in cells]
                yield from heading_faults(heading, schema)
            elif not any(cell.strip() for cell in cells):
                continue
            elif len(cells) == len(heading):
                yield Row(number, dict(zip(heading, cells, strict=True)))
            else:
                yield Fault(Wrong.CELLS, number, found=str(len(cells)), expected=str(len(heading)))
    except csv.Error as error:
        yield Fault(Wrong.NOT_CSV, number + 1, found=str(error)[:60])


def heading_faults(heading: list[str], schema: Schema) -> Iterator[Fault]:
    """What is wrong with the columns; without the needed ones nothing further can be read."""
    faults = [
        *(Fault(Wrong.DOUBLE_COLUMN, 1, name, name) for name in dict.fromkeys(heading) if heading.count(name) > 1),
        *(
            Fault(Wrong.UNKNOWN_COLUMN, 1, name, name, ", ".join(schema.names))
            for name in heading
            if name not in schema.names
        ),
    ]
    lacking = [name for name in schema.names if name not in heading]
    faults += [Fault(Wrong.NO_COLUMN, 1, name, ", ".join(heading)[:200], name) for name in lacking]
    if faults:
        yield from faults[:-1]
        raise Unreadable(faults[-1])


# --- lines of JSON --------------------------------------------------------------------------------------------------


class DoubleName(ValueError):
    """A name that an object holds twice."""


class NotFinite(ValueError):
    """NaN or Infinity, which JSON has no words for."""


def json_rows(text: TextIO, schema: Schema) -> Iterator[Row | Fault]:
    """One object a line; blank lines are passed over."""
    for number, line in enumerate(text, 1):
        if line.strip():
            yield json_row(number, line, schema)


def json_row(number: int, line: str, schema: Schema) -> Row | Fault:
    try:
        value = json.loads(line, object_pairs_hook=single, parse_constant=no_constant)
    except DoubleName as double:
        return Fault(Wrong.DOUBLE_COLUMN, number, str(double), str(double))
    except NotFinite as constant:
        return Fault(Wrong.NOT_FINITE, number, found=str(constant))
    except (ValueError, RecursionError) as error:
        return Fault(Wrong.NOT_JSON, number, found=str(error)[:60])
    if not isinstance(value, dict):
        return Fault(Wrong.NOT_OBJECT, number, found=line.strip()[:60])
    return misnamed(number, value, schema) or Row(number, value)


def misnamed(number: int, value: dict[str, Any], schema: Schema) -> Fault | None:
    """The first name that should not be there, or is not."""
    for name in value:
        if name not in schema.names:
            return Fault(Wrong.UNKNOWN_COLUMN, number, name[:60], name[:60], ", ".join(schema.names))
    for name in schema.names:
        if name not in value:
            return Fault(Wrong.NO_COLUMN, number, name, ", ".join(value)[:200], name)
    return None


def single(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        raise DoubleName(next(name for name in names if names.count(name) > 1))
    return found


def no_constant(name: str) -> Any:
    raise NotFinite(name)
