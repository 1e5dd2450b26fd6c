"""Workbooks of a sheet: headings, drop-downs for vocabularies, notes, and a sheet that explains the columns."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import IO, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation

from qunxing.core.errors import Text
from qunxing.core.exports import BOLD, SHEET_NAME, SHEET_ROWS, fit, xlsx_cell
from qunxing.core.sheets import SheetColumn, SheetSpec, Value
from qunxing.intake.sheets.proposing import ASIDE
from qunxing.intake.sheets.values import heading_of, kind_of, options_of

NOTE = Font(italic=True, color="00667085", size=9)
UNSEEN = Font(color="00FFFFFF", size=6)  # what tells the import that a sheet holds no records
WRAPPED = Alignment(wrap_text=True, vertical="top")
REQUIRED = PatternFill("solid", fgColor="00FDF1D7")
PLAIN = PatternFill("solid", fgColor="00EEF0F6")
ROOM = 2_000  # rows of a template that have drop-downs
VOCABULARIES = frozenset({Value.CHOICE, Value.CODES, Value.YES})
FIRST_OPTION = 6  # the column of the explaining sheet where the permitted values begin
DAY_FORMAT = "yyyy-mm-dd"

HOLDS: dict[Value, Text] = {
    Value.TEXT: gettext_lazy("text"),
    Value.CODE: gettext_lazy("a code, as text"),
    Value.NUMBER: gettext_lazy("a whole number"),
    Value.DECIMAL: gettext_lazy("a number"),
    Value.YUAN: gettext_lazy("an amount: 6300000, 630万 or 1.2亿"),
    Value.MONEY: gettext_lazy("an amount or a range, with its currency: 630万, 近3亿美元"),
    Value.DAY: gettext_lazy("a day: 2023-08-31, or 2023年8月 where no more is known"),
    Value.CHOICE: gettext_lazy("one of the permitted values"),
    Value.CODES: gettext_lazy("one or several of the permitted values, parted by 、"),
    Value.YES: gettext_lazy("yes or no"),
    Value.REFERENCE: gettext_lazy("code, number or name of a record"),
    Value.PARTS: gettext_lazy("one or several names, parted by 、"),
}


def write_template(spec: SheetSpec, columns: Sequence[SheetColumn], file: IO[bytes]) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(sheet_name(str(spec.label)))
    begin(sheet, spec, columns, row=3)
    sheet.append([noted(sheet, brief(spec, column)) for column in columns])
    sheet.append([headed(sheet, heading_of(spec, column), required=column.required) for column in columns])
    sheet.row_dimensions[1].height = 44
    add_choices(sheet, spec, columns, first=3, last=ROOM)
    explain(book.create_sheet(guide_name()), spec, columns)
    book.save(file)


def write_rows(
    spec: SheetSpec,
    columns: Sequence[SheetColumn],
    headings: Sequence[str],
    rows: Iterable[Sequence[object]],
    file: IO[bytes],
) -> None:
    """A workbook of these rows, their last column, the mark, hidden; a full sheet is followed by another."""
    book = Workbook(write_only=True)
    remaining = iter(rows)
    stretch = list(islice(remaining, 1))
    while stretch or not book.worksheets:
        number = len(book.worksheets) + 1
        sheet = book.create_sheet(sheet_name(str(spec.label), number))
        begin(sheet, spec, columns, row=2)
        sheet.column_dimensions[get_column_letter(len(headings))].hidden = True
        sheet.append([headed(sheet, text) for text in headings])
        add_choices(sheet, spec, columns, first=2, last=SHEET_ROWS)
        for row in islice(chain(stretch, remaining), SHEET_ROWS - 1):
            sheet.append([xlsx_cell(sheet, value) for value in row])
        stretch = list(islice(remaining, 1))
    explain(book.create_sheet(guide_name()), spec, columns)
    book.save(file)


def sheet_name(text: str, number: int = 1) -> str:
    """A name that a workbook allows, the further sheets of one kind numbered."""
    name = SHEET_NAME.sub(" ", text).strip("' ")[:25]
    return name if number == 1 else f"{name} ({number})"


def begin(sheet: Any, spec: SheetSpec, columns: Sequence[SheetColumn], *, row: int) -> None:
    """Widths and formats, which a streamed sheet must know before its first row."""
    sheet.freeze_panes = f"A{row}"
    for index, column in enumerate(columns, start=1):
        heading = heading_of(spec, column)
        sheet.column_dimensions[get_column_letter(index)].width = min(max(14, 2 * len(heading) + 4), 40)


def headed(sheet: Any, text: str, *, required: bool = False) -> Any:
    cell = WriteOnlyCell(sheet, fit(text))
    cell.data_type, cell.font, cell.fill = "s", BOLD, REQUIRED if required else PLAIN
    return cell


def noted(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, fit(text))
    cell.data_type, cell.font, cell.alignment = "s", NOTE, WRAPPED
    return cell


def brief(spec: SheetSpec, column: SheetColumn) -> str:
    """What stands above a heading: whether it must be filled, and with what."""
    words = [_("Required") if column.required else "", str(column.note) or str(HOLDS[kind_of(spec, column)])]
    example = pgettext("of a column", "e.g. %(example)s") % {"example": column.example} if column.example else ""
    return " · ".join(filter(None, [*words, example]))


def add_choices(sheet: Any, spec: SheetSpec, columns: Sequence[SheetColumn], *, first: int, last: int) -> None:
    """Drop-downs of the permitted values of the explaining sheet; where several may be given none is forced."""
    for index, column in enumerate(columns, start=1):
        options = labels_of(spec, column)
        if not options:
            continue
        row, end = index + 1, get_column_letter(FIRST_OPTION + len(options) - 1)
        values = f"{quote_sheetname(guide_name())}!${get_column_letter(FIRST_OPTION)}${row}:${end}${row}"
        rule = DataValidation(type="list", formula1=values, allow_blank=True)
        rule.showErrorMessage = kind_of(spec, column) is not Value.CODES
        rule.errorStyle = "warning"
        letter = get_column_letter(index)
        rule.add(f"{letter}{first}:{letter}{last}")
        sheet.data_validations.append(rule)


def labels_of(spec: SheetSpec, column: SheetColumn) -> list[str]:
    """The permitted values in the reader's language."""
    if kind_of(spec, column) not in VOCABULARIES:
        return []
    return [words[0] for words in options_of(spec, column).values() if words]


def explain(sheet: Any, spec: SheetSpec, columns: Sequence[SheetColumn]) -> None:
    """A row for each column: what it holds, an example, the permitted values. No table that an import would read."""
    for letter, width in zip("ABCDE", (28, 12, 44, 60, 30), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "B2"
    aside = WriteOnlyCell(sheet, ASIDE)
    aside.font = UNSEEN
    sheet.append([*(headed(sheet, text) for text in guide_headings()), aside])
    for row in guide_rows(spec, columns):
        sheet.append([xlsx_cell(sheet, value) for value in row])


def guide_name() -> str:
    return sheet_name(_("How to fill it in"))


def guide_headings() -> list[str]:
    return [
        _("Heading in the sheet"),
        _("Must be filled"),
        _("What is written there"),
        _("What there is to know"),
        _("An example of it"),
        _("Permitted values"),
    ]


def guide_rows(spec: SheetSpec, columns: Sequence[SheetColumn]) -> Iterator[list[object]]:
    for column in columns:
        holds = str(HOLDS[kind_of(spec, column)])
        must = _("yes") if column.required else ""
        yield [
            heading_of(spec, column), must, holds, str(column.note), column.example, *labels_of(spec, column)
        ]  # fmt: skip
