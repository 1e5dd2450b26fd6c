"""A panel's pages: overview and draw, conflicts, assignment, progress, standings, an item, the report."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qunxing.core.errors import Text
from qunxing.core.states import available_transitions
from qunxing.ledger.edges import record_context, require
from qunxing.ledger.lists import list_response
from qunxing.ledger.queries import visible_or_404
from qunxing.panels.actions import is_stale
from qunxing.panels.actions.drawing import barred_from
from qunxing.panels.actions.redrawing import is_exhausted
from qunxing.panels.lists import PANELS
from qunxing.panels.models import Conflict, Item, Panel, Party, RecusalRequest, Seat, Sheet, Signature
from qunxing.panels.queries import quorum, standings
from qunxing.panels.queries.bars import bars_of
from qunxing.panels.queries.boards import assigned
from qunxing.panels.queries.pool import further_draws, pooled
from qunxing.panels.report import report, rule_line, rule_lines
from qunxing.panels.rules import Permission
from qunxing.panels.states import (
    CONFLICT,
    HOLDS,
    OVER,
    PANEL,
    PATH,
    REQUEST,
    SEAT,
    SITS,
    STANDS,
    TAKES_ITEMS,
    PanelState,
    SheetState,
)
from qunxing.panels.words import ground_of

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# Steps that have a button of their own kind, or follow from others.
NOT_BUTTONS = frozenset({"seat", "sign"})
# What staff do on a seat; its expert alone recuses themself.
STAFF_STEPS = frozenset({"accept", "decline", "replace"})
SHOWN = 300  # conflicts on a page
TELLS = frozenset({PanelState.CLOSED, PanelState.SIGNED})  # from here on scores are shown to who ran the panel


@require_safe
def panel_list(request: HttpRequest) -> HttpResponse:
    require(request.user, Permission.SEE_PANELS)
    return list_response(request, PANELS)


def shown_panel(request: HttpRequest, ref: str) -> Panel:
    """The panel, for staff and officers."""
    found: Panel = visible_or_404(Panel.objects, request.user, ref)
    require(request.user, Permission.SEE_PANELS)
    return found


def frame(request: HttpRequest, panel: Panel, here: str) -> dict[str, Any]:
    """What all tabs of a panel share."""
    labels = {
        "panel-detail": _("Overview and draw"),
        "panel-conflicts": _("Conflicts"),
        "panel-assignment": _("Assignment"),
        "panel-progress": _("Progress"),
        "panel-standings": _("Result"),
    }
    tabs = [(label, reverse(f"panels:{name}", args=[panel.ref]), name == here) for name, label in labels.items()]
    return {
        "panel": panel,
        "tabs": tabs,
        "tone": panel.tone,
        "may_run": request.user.has_perm(Permission.RUN, panel),
        "steps": [step for step in available_transitions(request.user, panel, PANEL) if step.name not in NOT_BUTTONS],
        "stops": stops_of(panel),
        "over": panel.state in OVER,
    }


@dataclass(frozen=True)
class Stop:
    label: Text
    status: str
    tone: str = ""


def stops_of(panel: Panel) -> list[Stop]:
    """The way of the panel; where it left the way, that alone is told."""
    state = PanelState(panel.state)
    if state not in PATH:
        return [Stop(state.label, "here", "bad")]
    here = PATH.index(state)
    return [
        Stop(stop.label, "done" if place < here else "here" if place == here else "ahead")
        for place, stop in enumerate(PATH)
    ]


@require_safe
def panel_detail(request: HttpRequest, ref: str) -> HttpResponse:
    panel = shown_panel(request, ref)
    context = record_context(request, panel) | frame(request, panel, "panel-detail")
    context |= {
        "rules": [*rule_lines(panel), rule_line(panel)],
        "terms": panel.rules,
        "seats": shown_seats(request, panel),
        "pool": pooled(panel),
        "further": further_draws(panel),
        "redraw": redraw_step(request, panel),
        "may_add": panel.state in TAKES_ITEMS and request.user.has_perm(Permission.RUN, panel),
        "items": Item.objects.filter(panel=panel, withdrawn=False).count(),
        "issuers": Party.objects.filter(panel=panel, item=None).select_related("organization"),
    }
    return render(request, "panels/panel.html", context)


def redraw_step(request: HttpRequest, panel: Panel) -> str:
    """What staff may do where the reserves have run out: fix another pool, or draw from the one that is fixed."""
    if panel.state not in SITS or not request.user.has_perm(Permission.RUN, panel):
        return ""
    if panel.redrawing is not None:
        return "draw_more"
    return "commit_more" if is_exhausted(panel) else ""


@dataclass(frozen=True)
class ShownSeat:
    """A seat; its steps, whether a reserve is to follow, and whether a conflict keeps its holder from it."""

    seat: Seat
    steps: list[Any]
    vacant: bool
    tied: bool


def shown_seats(request: HttpRequest, panel: Panel) -> list[ShownSeat]:
    rows = list(Seat.objects.filter(panel=panel).select_related("expert__employer", "panel"))
    followed = {row.replaces_id for row in rows}
    tied = barred_from(panel, panel.rules)
    may = request.user.has_perm(Permission.RUN, panel)
    return [
        ShownSeat(
            row,
            [step for step in SEAT.leaving(row.state) if may and step.name in STAFF_STEPS and panel.state not in OVER],
            row.state not in HOLDS and row.pk not in followed,
            row.state in HOLDS and row.expert_id in tied,
        )
        for row in rows
    ]


# --- conflicts ------------------------------------------------------------------------------------------------------


@require_safe
def panel_conflicts(request: HttpRequest, ref: str) -> HttpResponse:
    panel = shown_panel(request, ref)
    rows = Conflict.objects.filter(panel=panel).select_related("expert", "item")
    standing = [row for row in rows if row.state in STANDS]
    others = [row for row in rows if row.state not in STANDS]
    context = frame(request, panel, "panel-conflicts") | {
        "standing": [shown_conflict(row, request.user) for row in standing[:SHOWN]],
        "standing_more": max(len(standing) - SHOWN, 0),
        "others": [shown_conflict(row, request.user) for row in others[:SHOWN]],
        "stale": panel.state not in OVER and is_stale(panel),
        "requests": shown_requests(request, panel),
        "years": panel.rules.recusal_years,
    }
    return render(request, "panels/conflicts.html", context)


@dataclass(frozen=True)
class ShownConflict:
    row: Conflict
    grounds: list[Any]
    steps: list[Any]


def shown_conflict(row: Conflict, user: Any) -> ShownConflict:
    may = user.has_perm(Permission.JUDGE, row)
    steps = [step for step in CONFLICT.leaving(row.state) if may and step.name in {"uphold", "dismiss"}]
    return ShownConflict(row, [ground_of(one) for one in row.evidence], steps)


def shown_requests(request: HttpRequest, panel: Panel) -> list[tuple[RecusalRequest, list[Any]]]:
    rows = RecusalRequest.objects.filter(panel=panel).select_related("item", "organization")
    return [(row, available_transitions(request.user, row, REQUEST)) for row in rows]


# --- work -----------------------------------------------------------------------------------------------------------


@require_safe
def panel_assignment(request: HttpRequest, ref: str) -> HttpResponse:
    panel = shown_panel(request, ref)
    context = frame(request, panel, "panel-assignment") | {
        "board": assigned(panel),
        "wanted": panel.rules.reviews,
        "may_assign": panel.state in {PanelState.SEATED, PanelState.SCORING},
    }
    return render(request, "panels/assignment.html", context)


@require_safe
def panel_progress(request: HttpRequest, ref: str) -> HttpResponse:
    """How much is handed in, never what: scores are nobody's to see while others still score."""
    panel = shown_panel(request, ref)
    context = frame(request, panel, "panel-progress") | {
        "quorum": quorum(panel),
        "board": assigned(panel),
        "share": panel.marking.quorum,
        "scoring": panel.state == PanelState.SCORING,
    }
    return render(request, "panels/progress.html", context)


@require_safe
def panel_standings(request: HttpRequest, ref: str) -> HttpResponse:
    panel = shown_panel(request, ref)
    told = panel.state in TELLS
    rows = standings(panel) if told else ()
    context = frame(request, panel, "panel-standings") | {
        "told": told,
        "rows": bars_of(rows),
        "rule": rule_line(panel),
        "decides": panel.marking.decides,
        "home": (panel.calibration or {}).get("home") if told else None,
        "effects": effects_of(panel) if told else [],
        "signatures": signatures_of(panel),
    }
    return render(request, "panels/standings.html", context)


def effects_of(panel: Panel) -> list[tuple[Seat, dict[str, Any]]]:
    """How severe or lenient each seat was."""
    found = (panel.calibration or {}).get("reviewers") or {}
    seats = Seat.objects.filter(panel=panel, ref__in=found).select_related("expert").order_by("position")
    return [(seat, found[seat.ref]) for seat in seats]


def signatures_of(panel: Panel) -> list[tuple[Seat, Signature | None]]:
    signed = {row.seat_id: row for row in Signature.objects.filter(panel=panel, digest=panel.result_digest)}
    seats = Seat.objects.filter(panel=panel, state="serving").select_related("expert")
    return [(seat, signed.get(seat.pk)) for seat in seats]


@require_safe
def panel_item(request: HttpRequest, ref: str, item_ref: str) -> HttpResponse:
    """An item: what is read of it, who stands behind it, and once all is in, what it was given."""
    panel = shown_panel(request, ref)
    item: Item = get_object_or_404(Item.objects.visible_to(request.user), panel=panel, ref=item_ref)
    language = get_language() or "zh"
    sheets = Sheet.objects.filter(review__item=item).exclude(state=SheetState.DRAFT)
    told = panel.state in TELLS
    rows = list(sheets.select_related("review__seat__expert").order_by("state", "review__seat__position", "pk"))
    criteria = panel.marking.criteria
    context = frame(request, panel, "panel-assignment") | {
        "item": item,
        "parties": Party.objects.filter(item=item).select_related("organization"),
        "told": told,
        "criteria": [one.name(language) for one in criteria],
        "sheets": [(row, [row.marks.get(one.code) for one in criteria]) for row in rows] if told else [],
    }
    return render(request, "panels/item.html", context)


@require_safe
def panel_report(request: HttpRequest, ref: str) -> HttpResponse:
    """The report in Word; before the scoring is closed it holds no result."""
    panel = shown_panel(request, ref)
    answer = HttpResponse(report(panel), content_type=DOCX)
    answer["Content-Disposition"] = f'attachment; filename="panel-{panel.ref}.docx"'
    return answer
