"""A list as it is published: the page for reading and printing, the Word file, open data."""

from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from qunxing.challenges.models import ChallengeList
from qunxing.challenges.publishing.document import document_of, shown_content
from qunxing.challenges.publishing.opendata import COLUMNS, csv_rows, data_of
from qunxing.challenges.publishing.word import word_response
from qunxing.challenges.views.boards import the_board
from qunxing.core.exports import write_csv

R = TypeVar("R", bound=HttpResponseBase)


def published(request: HttpRequest, ref: str) -> tuple[ChallengeList, dict[str, Any]]:
    """The list and what of it this reader sees; a draft for those who may see one."""
    board = the_board(request, ref)
    return board, shown_content(board, user=request.user)


@require_safe
def page(request: HttpRequest, ref: str) -> HttpResponse:
    board, content = published(request, ref)
    context = {"record": board, "document": document_of(board, content), "draft": not board.published_on}
    return render(request, "challenges/page.html", context)


@require_safe
def word(request: HttpRequest, ref: str) -> HttpResponse:
    board, content = published(request, ref)
    return word_response(document_of(board, content), board.number or board.ref)


@require_safe
def open_json(request: HttpRequest, ref: str) -> HttpResponse:
    board, content = published(request, ref)
    options = {"ensure_ascii": False, "indent": 2}
    return named(JsonResponse(data_of(board, content, user=request.user), json_dumps_params=options), board, "json")


@require_safe
def open_csv(request: HttpRequest, ref: str) -> HttpResponseBase:
    board, content = published(request, ref)
    rows = list(csv_rows(board, content, user=request.user))
    answer = StreamingHttpResponse(write_csv(COLUMNS, rows), content_type="text/csv; charset=utf-8")
    return named(answer, board, "csv")


def named(answer: R, board: ChallengeList, ending: str) -> R:
    answer.headers["Content-Disposition"] = f'attachment; filename="{board.number or board.ref}.{ending}"'
    return answer
