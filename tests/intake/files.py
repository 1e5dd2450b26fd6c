"""Makers of the files that people have, good and bad."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook

HEADER = ["序号", "属地", "模型名称", "备案单位", "备案号", "备案时间"]
ROW = [1, "上海市", "演示大模型", "上海演示科技有限公司", "Shanghai-YanShi-20240101", "2024/1/1"]
SHEET = "xl/worksheets/sheet1.xml"
BEGIN = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
END = "</sheetData></worksheet>"


def workbook(rows, *, title="名单", merged=()):
    book = Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    for cells in merged:
        sheet.merge_cells(cells)
    return saved(book)


def saved(book):
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def with_part(content, name, part):
    """The same archive with one part put in place of another, or added."""
    out = BytesIO()
    with ZipFile(BytesIO(content)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for info in old.infolist():
            if info.filename != name:
                new.writestr(info.filename, old.read(info))
        new.writestr(name, part)
    return out.getvalue()


def with_sheet(xml):
    return with_part(workbook([["x"]]), SHEET, BEGIN + xml + END)


def lines(*rows, delimiter=","):
    return "".join(delimiter.join(map(str, row)) + "\r\n" for row in rows)


def compound(*streams):
    """A file that begins like an old Office file and names these streams."""
    return bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 504 + b"".join(name.encode("utf-16-le") for name in streams)
