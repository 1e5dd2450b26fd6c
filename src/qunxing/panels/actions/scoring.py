"""Writes of scoring: sheets drafted, handed in, one or many."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _

from qunxing.core.errors import IllegalTransition, Refused
from qunxing.core.states import advance
from qunxing.ledger.actions import add_many, change_many
from qunxing.ledger.canonical import digest
from qunxing.ledger.reasons import told_reason
from qunxing.ledger.recording import Change, recording
from qunxing.panels.actions.assigning import board_of, void_conflicted
from qunxing.panels.actions.checking import recheck
from qunxing.panels.actions.common import require, require_state, tell
from qunxing.panels.models import Conflict, Panel, Review, Sheet
from qunxing.panels.rules import Permission
from qunxing.panels.states import PANEL, PanelState, ReviewState, SeatState, SheetState
from qunxing.panels.terms import Criterion, ScoringTerms

NOTE_LENGTH = 10_000
DECIMALS = 2


@dataclass(frozen=True)
class Filled:
    """What a reviewer says of an item: a mark for each criterion, or that they abstain and why."""

    marks: Mapping[str, Any] = field(default_factory=dict)
    abstain: bool = False
    abstain_reason: str = ""
    confidence: int | None = None
    note_to_bidder: str = ""
    note_to_panel: str = ""


def open_scoring(panel: Panel, *, actor: Any) -> Panel:
    """Let the seats score. Refused while a seat is vacant or an item has too few reviews."""
    require(actor, Permission.RUN, panel)
    with recording(actor=actor):
        recheck(panel)
        void_conflicted(panel)
        refuse_unready(panel)
        panel.refresh_from_db()
        advance(panel, "open", actor=None, machine=PANEL)
        tell(panel, "scoring_opened", scoring=digest(panel.scoring))
    return panel


def refuse_unready(panel: Panel) -> None:
    terms, board = panel.rules, board_of(panel)
    if len(board.seats) < terms.size:
        raise Refused(_("Not every seat is taken."), _("Wait for the answers, or let a reserve follow."), 409)
    have = board.have
    short = [item.code for item in board.items if have[item.pk] < panel.marking.needed(terms.reviews)]
    if short or not board.items:
        words = {"items": "、".join(short[:10])}
        raise Refused(_("Too few reviews are assigned: %(items)s") % words, _("Assign the items first."), 409)


def save_sheet(review: Review, filled: Filled, *, actor: Any) -> Sheet:
    """Keep a draft; what is not filled in yet may be missing, what is must be right."""
    require_scorer(actor, review)
    marking = open_marking(review.panel)
    values = values_of(filled, marking, whole=False)
    with recording(actor=actor):
        sheet = Sheet.objects.filter(review=review).exclude(state=SheetState.VOID).first()
        if sheet is None:
            sheet = Sheet(review=review, demo=review.demo)
        if sheet.state != SheetState.DRAFT:
            raise IllegalTransition(_("This sheet is handed in and does not change any more."))
        if sheet.pk is None or any(getattr(sheet, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(sheet, name, value)
            sheet.save()
    return sheet


def submit_sheet(review: Review, filled: Filled, *, actor: Any) -> Sheet:
    """Hand in; from here on the sheet does not change. Refused with what is missing or wrong."""
    return submit_many(review.panel, [(review, filled)], actor=actor)[0]


def submit_many(panel: Panel, handed: Sequence[tuple[Review, Filled]], *, actor: Any) -> list[Sheet]:
    """Hand in many sheets of one panel at once, all or none; the permission is asked of each review."""
    for review, _filled in handed:
        require_scorer(actor, review)
    marking = open_marking(panel)
    with recording(actor=actor) as frame:
        recheck(panel)
        reviews = awaited(panel, [review for review, _filled in handed])
        drafts = {sheet.review_id: sheet for sheet in Sheet.objects.filter(review__in=reviews, state=SheetState.DRAFT)}
        sheets = [
            filled_sheet(drafts.get(review.pk) or Sheet(review=review, demo=review.demo), filled, marking, frame)
            for review, filled in zip(reviews, [filled for _review, filled in handed], strict=True)
        ]
        add_many([sheet for sheet in sheets if sheet.review_id not in drafts])
        change_many([sheet for sheet in sheets if sheet.review_id in drafts], SHEET_FIELDS)
        for review in reviews:
            review.state = ReviewState.SCORED
        change_many(reviews, ["state"])
    return sheets


SHEET_FIELDS = (
    "state", "marks", "total", "abstain", "abstain_reason", "confidence", "note_to_bidder", "note_to_panel",
    "submitted_at", "digest",
)  # fmt: skip


def require_scorer(actor: Any, review: Review) -> None:
    """Only who holds the seat scores; the program itself may, for rehearsals and demonstrations."""
    if actor is not None and not actor.has_perm(Permission.SCORE, review):
        raise PermissionDenied


def open_marking(panel: Panel) -> ScoringTerms:
    require_state(panel, {PanelState.SCORING})
    return panel.marking


def awaited(panel: Panel, reviews: Sequence[Review]) -> list[Review]:
    """The stored reviews, each still to be scored by who holds the seat and has no conflict; in the same order."""
    keys = [review.pk for review in reviews]
    rows = Review.objects.filter(panel=panel, seat__state=SeatState.SERVING, state=ReviewState.ASSIGNED)
    found = rows.select_for_update(of=("self",)).select_related("seat").in_bulk(keys)
    if len(set(keys)) < len(keys) or len(found) < len(keys):
        raise IllegalTransition(_("This review is handed in or void, or its seat is not held any more."))
    pairs = set(Conflict.objects.filter(panel=panel).standing().values_list("expert_id", "item_id"))
    for review in found.values():
        expert = review.seat.expert_id
        if (expert, review.item_id) in pairs or (expert, None) in pairs:
            raise Refused(_("A conflict of interest has come up: this item cannot be scored."), "", 409)
    return [found[key] for key in keys]


def filled_sheet(sheet: Sheet, filled: Filled, marking: ScoringTerms, frame: Change) -> Sheet:
    values = values_of(filled, marking, whole=True)
    for name, value in values.items():
        setattr(sheet, name, value)
    sheet.total = None if filled.abstain else marking.total(values["marks"])
    sheet.state, sheet.submitted_at = SheetState.SUBMITTED, frame.at
    sheet.digest = digest({"review": sheet.review.ref, **values, "total": sheet.total})
    sheet.derive()
    return sheet


# --- checks ---------------------------------------------------------------------------------------------------------


def values_of(filled: Filled, marking: ScoringTerms, *, whole: bool) -> dict[str, Any]:
    """The columns of a sheet; Refused with everything that is wrong, or (whole) missing."""
    marks = {} if filled.abstain else checked_marks(filled.marks, marking, whole=whole)
    reason = told_reason(filled.abstain_reason)
    if whole and filled.abstain and not reason:
        raise Refused(_("Say why you abstain."), "", 422)
    if filled.confidence is not None and filled.confidence not in range(1, 6):
        raise Refused(_("Say how sure you are from 1 to 5."), "", 422)
    return {
        "marks": marks,
        "abstain": filled.abstain,
        "abstain_reason": reason if filled.abstain else "",
        "confidence": filled.confidence,
        "note_to_bidder": clean(filled.note_to_bidder),
        "note_to_panel": clean(filled.note_to_panel),
    }


def clean(text: str) -> str:
    return text.replace("\x00", "").strip()[:NOTE_LENGTH]


def checked_marks(given: Mapping[str, Any], marking: ScoringTerms, *, whole: bool) -> dict[str, float]:
    """Marks within their criteria; Refused names the first that is not."""
    unknown = [code for code in given if marking.criterion(code) is None]
    if unknown:
        raise Refused(_("There is no criterion “%(code)s”.") % {"code": unknown[0][:40]}, "", 422)
    marks = {
        one.code: checked_mark(given[one.code], one) for one in marking.criteria if given.get(one.code) is not None
    }
    missing = [one for one in marking.criteria if one.code not in marks]
    if whole and missing:
        words = {"criteria": "、".join(one.zh for one in missing)}
        raise Refused(_("These criteria have no mark: %(criteria)s.") % words, "", 422)
    return marks


def checked_mark(value: Any, criterion: Criterion) -> float:
    number = as_number(value)
    if number is None or not 0 <= number <= criterion.top:
        words = {"criterion": criterion.zh, "top": f"{criterion.top:g}", "value": str(value)[:20]}
        raise Refused(_("%(criterion)s: “%(value)s” is not a mark from 0 to %(top)s.") % words, "", 422)
    return number


def as_number(value: Any) -> float | None:
    """The mark to two decimals; None for what is no number."""
    if isinstance(value, bool):
        return None
    try:
        return round(float(value), DECIMALS)
    except (TypeError, ValueError, OverflowError):
        return None
