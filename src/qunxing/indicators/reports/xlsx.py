"""A report as a workbook: a sheet for each section, one of the rows behind the figures, one of what is counted."""

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any, Final

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils import get_column_letter

from qunxing.core.exports import BOLD, SHEET_NAME, fit, visible, xlsx_cell
from qunxing.indicators.figures.words import YUAN
from qunxing.indicators.reports.files import settled
from qunxing.indicators.reports.paper import Paper, hidden_words, text_of

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDTHS = (38, 18)
COLUMNS = 9
# Forms whose number stands for itself; of the others the words are written.
NUMBERS = ("", "previous", "year_before", "count")


def workbook_file(paper: Paper) -> bytes:
    with paper.said():
        book = Workbook(write_only=True)
        write_lines(book, _("Report"), paper.title, [[label, value] for label, value in paper.heading()]
                    + [[remark] for remark in paper.remarks()] + [[paper.closing()]])  # fmt: skip
        for section in paper.content["sections"]:
            lines = [line for block in section["blocks"] for line in lines_of(paper, block)]
            write_lines(book, section["heading"], section["heading"], lines)
        write_rows(book, paper)
        write_definitions(book, paper)
    file = BytesIO()
    book.save(file)
    return settled(file.getvalue(), paper.content["as_of"])


def write_lines(book: Any, name: str, heading: str, lines: Sequence[Sequence[Any]]) -> None:
    """A sheet whose first line is its heading and stays in sight."""
    sheet = book.create_sheet(sheet_name(book, name))
    sheet.freeze_panes = "A2"
    for index in range(1, COLUMNS + 1):
        sheet.column_dimensions[get_column_letter(index)].width = WIDTHS[min(index, 2) - 1]
    sheet.append([bold(sheet, heading)])
    for line in lines:
        sheet.append([written(sheet, value) for value in line])


def sheet_name(book: Any, name: str) -> str:
    """A name that a workbook takes, and that no other sheet has."""
    plain = SHEET_NAME.sub(" ", visible(name)).strip("' ")[:25] or "Sheet"
    taken = {sheet.title.lower() for sheet in book.worksheets}
    names = [plain, *(f"{plain} ({number})" for number in range(2, len(taken) + 3))]
    return next(one for one in names if one.lower() not in taken)


def bold(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, fit(text))
    cell.data_type = "s"
    cell.font = BOLD
    return cell


def written(sheet: Any, value: Any) -> Any:
    """A number with its unit behind it, a heading in bold, any other text as a text."""
    if isinstance(value, tuple):
        number, unit = value
        cell = WriteOnlyCell(sheet, number)
        cell.number_format = f'#,##0{".##" if isinstance(number, float) else ""}"{unit}"'.replace("\\", "")
        return cell
    return bold(sheet, value["text"]) if isinstance(value, dict) else xlsx_cell(sheet, value)


def lines_of(paper: Paper, block: Any) -> Iterator[list[Any]]:
    match block["kind"]:
        case "paragraph":
            yield [text_of(block["parts"])]
        case "table":
            yield [{"text": block["title"]}] if block["title"] else []
            yield [{"text": heading} for heading in block["headings"]]
            yield from ([value_of(paper, cell) for cell in line] for line in block["lines"])
            yield from ([note] for note in block.get("notes", ()))
        case "chart":
            yield from chart_lines(block["chart"])
        case "rows":
            yield [{"text": block["title"]}]
            for key in block["figures"]:
                names, hidden = paper.names_behind(key)
                yield from ([name, ref] for ref, name in names)
                yield [hidden_words(hidden)] if hidden else []
    yield []


def chart_lines(chart: Any) -> Iterator[list[Any]]:
    yield [{"text": f"{chart['title']} ({chart['unit']})" if chart["unit"] else chart["title"]}]
    yield [{"text": ""}, *({"text": one["name"]} for one in chart["series"])]
    columns = [one["data"] for one in chart["series"]]
    yield from ([label, *values] for label, *values in zip(chart["labels"], *columns, strict=True))


def value_of(paper: Paper, cell: Any) -> Any:
    """The number of a cell that shows an exact figure, with its unit; else what it says."""
    item = paper.items.get(cell.get("figure", ""))
    told = item is not None and (item["form"] in NUMBERS or item["form"].startswith("by_"))
    if item is None or not told or not isinstance(item["value"], int | float):
        return cell["text"]
    unit = item["unit"].replace('"', "")
    if item["style"] and item["unit"] == YUAN:
        return item["value"] / 1000, f"千{unit}"
    return item["value"], unit


def write_rows(book: Any, paper: Paper) -> None:
    lines: list[list[str]] = []
    for item in paper.content["figures"]:
        if item["form"]:
            continue
        names, hidden = paper.names_behind(item["key"])
        lines += [[item["name"], name, ref] for ref, name in names]
        lines += [[item["name"], hidden_words(hidden)]] if hidden else []
    write_table(book, _("Rows behind"), [_("Indicator"), _("Name"), _("Reference")], lines)


def write_definitions(book: Any, paper: Paper) -> None:
    lines = [list(line) for line in paper.definitions()]
    write_table(book, _("What is counted"), [_("Indicator"), _("What is counted")], lines)


def write_table(book: Any, name: str, headings: Sequence[str], lines: Sequence[Sequence[str]]) -> None:
    """A sheet that is one table."""
    sheet = book.create_sheet(sheet_name(book, name))
    sheet.freeze_panes = "A2"
    for index in range(1, len(headings) + 1):
        sheet.column_dimensions[get_column_letter(index)].width = WIDTHS[0]
    sheet.append([bold(sheet, heading) for heading in headings])
    for line in lines:
        sheet.append([xlsx_cell(sheet, value) for value in line])
