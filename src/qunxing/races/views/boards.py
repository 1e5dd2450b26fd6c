"""Boards: the page, the wall, what others embed, the feed."""

from datetime import datetime
from typing import Any

from csp.decorators import csp_replace
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import conditional_page, require_safe

from qunxing.challenges import clock
from qunxing.core.exports import write_csv
from qunxing.ledger.queries import visible_or_404
from qunxing.races.models import Race, Stage
from qunxing.races.queries.boards import Board, Part, board_of, freeze_of, matrix_rows, parts_for_reader
from qunxing.races.queries.courses import funnel_chart, funnel_of, history_chart
from qunxing.races.queries.drawing import drawn
from qunxing.races.queries.feeds import board_feed
from qunxing.races.queries.scales import PARTS
from qunxing.races.rules.entering import Permission
from qunxing.races.states.stage import StageState

REFRESH = 60  # seconds after which the wall and what is embedded ask again
ANYWHERE = {"frame-ancestors": ["*"]}


def the_race(user: Any, ref: str) -> Race:
    found: Race = visible_or_404(Race.objects.select_related("organization"), user, ref)
    return found


def stages_of(race: Race) -> list[Stage]:
    """The stages with a board: those that began, or the first."""
    every = list(race.stages.exclude(state=StageState.REPLACED).select_related("race").order_by("order"))
    return [stage for stage in every if stage.state != StageState.PLANNED] or every[:1]


def asked_stage(request: HttpRequest, race: Race) -> tuple[Stage, list[Stage]]:
    """(the stage that is asked for, else the last that began, all stages with a board)."""
    stages = stages_of(race)
    if not stages:
        raise Http404
    asked = request.GET.get("stage", "")
    return next((stage for stage in stages if str(stage.order) == asked), stages[-1]), stages


def asked_part(request: HttpRequest, stage: Stage, user: Any) -> str:
    """The part that is asked for; without a word what says most of what everybody may see."""
    allowed = parts_for_reader(stage, user)
    asked = request.GET.get("part", "")
    if asked in set(allowed):
        return asked
    return Part.FINAL if Part.FINAL in allowed else Part.PUBLIC


def board_words(request: HttpRequest, ref: str, user: Any) -> dict[str, Any]:
    """What every form of a board shows this reader."""
    race = the_race(user, ref)
    stage, stages = asked_stage(request, race)
    now = clock.now()
    found = board_of(stage, user, part=asked_part(request, stage, user), now=now)
    return {
        "race": race,
        "stage": stage,
        "board": found,
        "drawn": drawn(found),
        "now": now,
        "freeze": freeze_of(stage) if stage.gate.board.mode == "frozen" else None,
        "stage_tabs": [(stage_title(one), address(race, one, ""), one == stage) for one in stages],
        "part_tabs": [
            (PARTS[part], address(race, stage, part), part == found.part) for part in parts_for_reader(stage, user)
        ],
    }


def stage_title(stage: Stage) -> str:
    return f"{stage.order} · {stage.title}"


def address(race: Race, stage: Stage, part: str, name: str = "races:board") -> str:
    query = f"?stage={stage.order}" + (f"&part={part}" if part else "")
    return reverse(name, args=[race.ref]) + query


@require_safe
def board(request: HttpRequest, ref: str) -> HttpResponse:
    words = board_words(request, ref, request.user)
    stops = funnel_of(words["race"], request.user)
    words |= {
        "matrix": matrix_rows(words["board"]),
        "chart": history_chart(words["board"]),
        "stops": stops,
        "funnel": funnel_chart(stops, timezone.localdate()),
        "to_bench": request.user.has_perm(Permission.SEE_SEALED, words["stage"]),
        "embed_url": settings.PUBLIC_URL.rstrip("/") + address(words["race"], words["stage"], "", "races:board-embed"),
    }
    return render(request, "races/boards/board.html", words)


@require_safe
def wall(request: HttpRequest, ref: str) -> HttpResponse:
    """The board over the whole screen, as everybody may see it, whoever is signed in; it asks again by itself."""
    return render(request, "races/boards/wall.html", board_words(request, ref, AnonymousUser()) | {"refresh": REFRESH})


@require_safe
@xframe_options_exempt
@csp_replace(ANYWHERE)  # type: ignore[arg-type]
def embed(request: HttpRequest, ref: str) -> HttpResponse:
    """The board for a page of somebody else's: as everybody may see it, with nothing in it to press."""
    return render(request, "races/boards/embed.html", board_words(request, ref, AnonymousUser()) | {"refresh": REFRESH})


@require_safe
@conditional_page
def feed(request: HttpRequest, ref: str) -> HttpResponse:  # noqa: ARG001
    """What changed on the boards of a race, as everybody may see it (Atom)."""
    race = the_race(AnonymousUser(), ref)
    text = board_feed(race, now=clock.now())
    return HttpResponse(text, content_type="application/atom+xml; charset=utf-8")


@require_safe
def table(request: HttpRequest, ref: str) -> StreamingHttpResponse:
    """The board as CSV."""
    words = board_words(request, ref, request.user)
    found: Board = words["board"]
    answer = StreamingHttpResponse(write_csv(HEADINGS, csv_rows(found)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="board-{words["race"].name}-{words["stage"].order}.csv"'
    return answer


HEADINGS = ("rank", "lane", "team", "score", "low", "high", "rank_low", "rank_high", "group", "entries", "entered_at")


def csv_rows(found: Board) -> list[list[Any]]:
    """A row for each row of the board; scores as the ranking has them, higher being better."""
    return [
        [
            row.place.rank or "",
            row.place.code,
            row.name if row.lane is not None else _("%(name)s (baseline)") % {"name": row.name},
            *(blank(value) for value in (row.place.score, row.place.low, row.place.high)),
            *(blank(value) for value in (row.place.rank_low, row.place.rank_high, row.place.group)),
            row.entries or "",
            iso(row.at),
        ]
        for row in found.rows
    ]


def blank(value: Any) -> Any:
    return "" if value is None else value


def iso(at: datetime | None) -> str:
    return timezone.localtime(at).isoformat(timespec="seconds") if at is not None else ""
