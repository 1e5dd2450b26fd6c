"""The expert's desk: what waits, the form on which is scored, the signature."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qunxing.core.errors import Problem
from qunxing.core.ui import wants_fragment
from qunxing.ledger.edges import require
from qunxing.ledger.queries import visible_or_404
from qunxing.panels import actions
from qunxing.panels.models import Review, Seat, Sheet
from qunxing.panels.queries.desk import all_in, desk_of, others_of, parties_of, sheet_of
from qunxing.panels.report import report
from qunxing.panels.rules import Permission
from qunxing.panels.states import PanelState, SheetState
from qunxing.panels.terms import Criterion

CONFIDENCE = range(1, 6)


@require_safe
def review_list(request: HttpRequest) -> HttpResponse:
    require(request.user, Permission.USE_DESK)
    return render(request, "panels/desk.html", {"works": desk_of(request.user)})


def own_review(request: HttpRequest, ref: str) -> Review:
    """The review, for who holds its seat: nobody else scores, and staff look at it elsewhere."""
    rows = Review.objects.select_related("panel", "item", "seat__expert")
    review: Review = visible_or_404(rows, request.user, ref)
    require(request.user, Permission.SCORE, review)
    return review


@require_safe
def review_detail(request: HttpRequest, ref: str) -> HttpResponse:
    review = own_review(request, ref)
    sheet = sheet_of(review)
    return render(request, "panels/review.html", review_words(review, sheet, typed_of(sheet)))


@dataclass(frozen=True)
class Typed:
    """What stands in the form: marks as they were typed, and the rest."""

    marks: dict[str, str]
    abstain: bool = False
    abstain_reason: str = ""
    confidence: str = ""
    note_to_bidder: str = ""
    note_to_panel: str = ""


def typed_of(sheet: Sheet | None) -> Typed:
    if sheet is None:
        return Typed({})
    return Typed(
        {code: f"{mark:g}" for code, mark in sheet.marks.items()},
        sheet.abstain,
        sheet.abstain_reason,
        str(sheet.confidence or ""),
        sheet.note_to_bidder,
        sheet.note_to_panel,
    )


def typed_in(posted: QueryDict) -> Typed:
    marks = {name.removeprefix("mark_"): posted.get(name, "") for name in posted if name.startswith("mark_")}
    texts = {name: posted.get(name, "") for name in ("abstain_reason", "note_to_bidder", "note_to_panel")}
    return Typed(marks, "abstain" in posted, confidence=posted.get("confidence", ""), **texts)


def filled_from(typed: Typed) -> actions.Filled:
    """What was typed as the action takes it; a mark that is no number goes on as text, to be refused by name."""
    marks = {code: number_or_text(text) for code, text in typed.marks.items() if text.strip()}
    confidence = int(typed.confidence) if typed.confidence.isdecimal() and len(typed.confidence) < 3 else None
    notes = {"note_to_bidder": typed.note_to_bidder, "note_to_panel": typed.note_to_panel}
    return actions.Filled(marks, typed.abstain, typed.abstain_reason, confidence, **notes)


def number_or_text(text: str) -> Any:
    try:
        number = Decimal(text.strip().replace("，", ".").replace("．", "."))
    except InvalidOperation:
        return text
    return float(number) if number.is_finite() else text


@dataclass(frozen=True)
class Line:
    """A criterion as it is shown on the form, with what was typed."""

    code: str
    name: str
    top: float
    weight: float
    anchors: list[tuple[float, str]]
    typed: str


def line_of(one: Criterion, typed: Typed, language: str) -> Line:
    anchors = [(anchor.points, anchor.name(language)) for anchor in one.anchors]
    return Line(one.code, one.name(language), one.top, one.weight, anchors, typed.marks.get(one.code, ""))


def review_words(review: Review, sheet: Sheet | None, typed: Typed) -> dict[str, Any]:
    language = get_language() or "zh"
    blind = review.panel.rules.double_blind
    return {
        "review": review,
        "item": review.item,
        "panel": review.panel,
        "sheet": sheet,
        "typed": typed,
        "blind": blind,
        "parties": parties_of(review),
        "lines": [line_of(one, typed, language) for one in review.panel.marking.criteria],
        "open": review.panel.state == PanelState.SCORING and (sheet is None or sheet.state == SheetState.DRAFT),
        "confidences": [str(number) for number in CONFIDENCE],
        "others": others_of(review),
        "all_in": all_in(review.seat),
    }


@require_POST
def review_save(request: HttpRequest, ref: str) -> HttpResponse:
    """Keep a draft. The page itself asks for it as one types, and is told in a line whether it was kept."""
    review = own_review(request, ref)
    typed = typed_in(request.POST)
    try:
        actions.save_sheet(review, filled_from(typed), actor=request.user)
    except Problem as problem:
        if wants_fragment(request):
            return render(request, "panels/saved.html", {"problem": problem})
        return form_again(request, review, typed, problem)
    if wants_fragment(request):
        return render(request, "panels/saved.html", {"at": timezone.now()})
    messages.success(request, _("The draft is saved."))
    return redirect(review.get_absolute_url())


def form_again(request: HttpRequest, review: Review, typed: Typed, problem: Problem) -> HttpResponse:
    """The form with all that was typed, and what is wrong."""
    context = review_words(review, sheet_of(review), typed) | {"problem": problem}
    return render(request, "panels/review.html", context, status=problem.status)


@require_POST
def review_submit(request: HttpRequest, ref: str) -> HttpResponse:
    review = own_review(request, ref)
    typed = typed_in(request.POST)
    try:
        actions.submit_sheet(review, filled_from(typed), actor=request.user)
    except Problem as problem:
        return form_again(request, review, typed, problem)
    messages.success(request, _("Your sheet for %(item)s is handed in.") % {"item": review.item.code})
    following = next((one for work in desk_of(request.user) for one in work.reviews if is_next(one, review)), None)
    return redirect(following.get_absolute_url() if following else "panels:review-list")


def is_next(one: Review, done: Review) -> bool:
    return one.panel_id == done.panel_id and one.state == "assigned"


@require_POST
def seat_sign(request: HttpRequest, ref: str) -> HttpResponse:
    seat: Seat = visible_or_404(Seat.objects.select_related("panel", "expert"), request.user, ref)
    actions.sign(seat, actor=request.user, dissent=request.POST.get("dissent", ""))
    messages.success(request, _("The report is signed."))
    return redirect("panels:review-list")


@require_safe
def seat_report(request: HttpRequest, ref: str) -> HttpResponse:
    """The report, for a member who is to sign it."""
    seat: Seat = visible_or_404(Seat.objects.select_related("panel", "expert"), request.user, ref)
    require(request.user, Permission.SIGN, seat)
    if seat.panel.state not in {PanelState.CLOSED, PanelState.SIGNED}:
        raise Problem(_("The scoring is not closed yet."), "", 409)
    answer = HttpResponse(
        report(seat.panel), content_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    )
    answer["Content-Disposition"] = f'attachment; filename="panel-{seat.panel.ref}.docx"'
    return answer
