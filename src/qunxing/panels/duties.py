"""What waits for experts on panels, and for staff who run them."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qunxing.accounts.rules import staff
from qunxing.core.duties import Duty, duty_of
from qunxing.core.errors import Text
from qunxing.panels.models import Expert, Panel, RecusalRequest, Review, Seat, Signature
from qunxing.panels.states import OVER, ExpertState, PanelState, RequestState, ReviewState, SeatState

# What staff do next with a panel; while members answer or score, nothing waits.
NEXT: dict[str, Text] = {
    PanelState.PLANNED: _("Look for conflicts and commit to a draw"),
    PanelState.COMMITTED: _("Draw the panel"),
    PanelState.SEATED: _("Assign the items and open the scoring"),
    PanelState.SCORING: _("Close the scoring"),
    PanelState.CLOSED: _("Have the report signed"),
}


def day_of(panel: Panel) -> date | None:
    """The day it meets, where that lay ahead when it was planned; else there is no day to keep."""
    return panel.day if panel.day > timezone.localtime(panel.created_at).date() else None


# --- experts --------------------------------------------------------------------------------------------------------


def ties_to_declare(user: Any, _today: date) -> Iterator[Duty]:
    """Somebody who was asked into the register says what ties them; until then they cannot be drawn."""
    for row in Expert.objects.filter(user=user.pk, state=ExpertState.INVITED):
        yield duty_of(row, "declare", _("Declare your jobs, stakes and kin"), row)


def seats_to_answer(user: Any, _today: date) -> Iterator[Duty]:
    rows = Seat.objects.filter(expert__user=user.pk, state=SeatState.DRAWN).exclude(panel__state__in=OVER)
    for row in rows.select_related("panel").order_by("pk"):
        title = _("Accept or decline the seat on the panel")
        yield duty_of(row, "answer", title, row.panel.title, due=day_of(row.panel), url=reverse("panels:review-list"))


def reviews_to_score(user: Any, _today: date) -> Iterator[Duty]:
    """One for each panel, with how many are left; it leads to the first of them."""
    rows = Review.objects.filter(seat__expert__user=user.pk, state=ReviewState.ASSIGNED)
    rows = rows.filter(panel__state=PanelState.SCORING, seat__state=SeatState.SERVING)
    left: dict[int, list[Review]] = {}
    for row in rows.select_related("panel").order_by("item__code", "pk"):
        left.setdefault(row.panel_id, []).append(row)
    for reviews in left.values():
        panel = reviews[0].panel
        about = f"{panel.title} · {len(reviews)}"
        yield duty_of(panel, "score", _("Score what you were given"), about, due=day_of(panel), url=first_of(reviews))


def first_of(reviews: list[Review]) -> str:
    return reviews[0].get_absolute_url()


def reports_to_sign(user: Any, _today: date) -> Iterator[Duty]:
    signed = Signature.objects.filter(seat=OuterRef("pk"), digest=OuterRef("panel__result_digest"))
    rows = Seat.objects.filter(expert__user=user.pk, state=SeatState.SERVING, panel__state=PanelState.CLOSED)
    for row in rows.filter(~Exists(signed)).select_related("panel").order_by("pk"):
        yield duty_of(
            row, "sign", _("Sign the report of the panel"), row.panel.title, url=reverse("panels:review-list")
        )


# --- staff ----------------------------------------------------------------------------------------------------------


def panels_to_run(user: Any, _today: date) -> Iterator[Duty]:
    """Panels whose next step is up to staff: what was asked of members has come in."""
    if not staff(user):
        return
    left = Count("reviews", filter=Q(reviews__state=ReviewState.ASSIGNED), distinct=True)
    rows = Panel.objects.filter(state__in=NEXT).annotate(left=left).order_by("day", "pk")
    for row in rows:
        if row.state != PanelState.SCORING or not row.left:
            yield duty_of(row, row.state, NEXT[row.state], row, due=day_of(row))


def seats_to_fill(user: Any, _today: date) -> Iterator[Duty]:
    """A member is gone and nobody follows."""
    gone = [SeatState.DECLINED, SeatState.RECUSED, SeatState.REPLACED]
    rows = Seat.objects.filter(state__in=gone, successor__isnull=True).exclude(panel__state__in=OVER)
    rows = rows.exclude(panel__state=PanelState.CLOSED).select_related("panel").order_by("pk")
    for row in rows if staff(user) else ():
        yield duty_of(row, "fill", _("Let a reserve follow on the empty seat"), row.panel, due=day_of(row.panel))


def recusals_to_decide(user: Any, _today: date) -> Iterator[Duty]:
    rows = RecusalRequest.objects.filter(state=RequestState.OPEN).select_related("panel").order_by("pk")
    for row in rows if staff(user) else ():
        yield duty_of(row, "decide", _("Decide the request for recusal"), row.panel)


DUTIES = (
    ties_to_declare,
    seats_to_answer,
    reviews_to_score,
    reports_to_sign,
    panels_to_run,
    seats_to_fill,
    recusals_to_decide,
)
