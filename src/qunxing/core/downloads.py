"""A table as a file that a browser keeps."""

from collections.abc import Iterable, Sequence
from tempfile import SpooledTemporaryFile
from typing import cast

from django.http import FileResponse, HttpResponse, StreamingHttpResponse

from qunxing.core.exports import Row, write_csv, write_xlsx

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
IN_MEMORY = 8 * 1024 * 1024


def table_response(kind: str, name: str, headings: Sequence[object], rows: Iterable[Row]) -> HttpResponse:
    """The rows as ``name.csv``, streamed, or as ``name.xlsx``."""
    if kind == "csv":
        answer = StreamingHttpResponse(write_csv(headings, rows), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
        return cast(HttpResponse, answer)
    file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed by the response
    write_xlsx(headings, rows, file)
    file.seek(0)
    return cast(HttpResponse, FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX))
