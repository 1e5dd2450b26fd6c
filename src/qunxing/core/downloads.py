"""A table as a file that a browser keeps."""

from collections.abc import Iterable, Sequence
from tempfile import SpooledTemporaryFile
from typing import cast

from django.http import FileResponse, HttpResponse, StreamingHttpResponse

from qunxing.core.exports import Row, write_csv, write_json, write_xlsx

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
IN_MEMORY = 8 * 1024 * 1024


def json_response(name: str, names: Sequence[str], rows: Iterable[Row]) -> HttpResponse:
    """The rows as ``name.json``, streamed: an array of objects by these names."""
    return streamed(write_json(names, rows), "application/json", f"{name}.json")


def streamed(content: Iterable[bytes], kind: str, file_name: str) -> HttpResponse:
    answer = StreamingHttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return cast(HttpResponse, answer)


def table_response(kind: str, name: str, headings: Sequence[object], rows: Iterable[Row]) -> HttpResponse:
    """The rows as ``name.csv``, streamed, or as ``name.xlsx``."""
    if kind == "csv":
        return streamed(write_csv(headings, rows), "text/csv; charset=utf-8", f"{name}.csv")
    file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed by the response
    write_xlsx(headings, rows, file)
    file.seek(0)
    return cast(HttpResponse, FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX))
