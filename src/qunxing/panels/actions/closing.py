"""Writes of the result: counted, closed, signed, and reviewed again."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext_lazy as _

from qunxing.core.errors import Refused
from qunxing.core.states import advance
from qunxing.ledger.actions import add_many, change_many, create
from qunxing.ledger.canonical import digest
from qunxing.ledger.reasons import needed_reason
from qunxing.ledger.recording import recording
from qunxing.panels.actions.assigning import void_conflicted
from qunxing.panels.actions.checking import recheck
from qunxing.panels.actions.common import require, require_state, tell
from qunxing.panels.actions.voiding import void_sheets
from qunxing.panels.models import Dissent, Item, Panel, Review, Seat, Sheet, Signature, Standing
from qunxing.panels.queries.scores import abstained_in, given_in, wanted_in
from qunxing.panels.rules import Permission
from qunxing.panels.states import PANEL, PanelState, ReviewState, SeatState
from qunxing.panels.tallying import Counted, Tally, count

COUNTS = frozenset({PanelState.SCORING})
SIGNS = frozenset({PanelState.CLOSED})
COLUMNS = (
    "scores", "abstained", "wanted", "needed", "quorum", "raw_mean", "trimmed_mean", "spread", "disagreement",
    "calibrated", "low", "high", "raw_rank", "calibrated_rank", "band",
)  # fmt: skip


def tally(panel: Panel, *, actor: Any) -> list[Standing]:
    """Count what is handed in, keep a standing for each item, and log the digest of the result.

    A review with a conflict that has come up since counts no more.
    """
    require(actor, Permission.RUN, panel)
    with recording(actor=actor):
        require_state(panel, COUNTS)
        recheck(panel)
        void_conflicted(panel)
        found = count(given_in(panel), wanted_in(panel), abstained_in(panel), panel.marking)
        rows = keep_standings(panel, found.items)
        keep_result(panel, found)
    return rows


def keep_standings(panel: Panel, found: Iterable[Counted]) -> list[Standing]:
    """One row an item; only what differs is written."""
    items = {item.ref: item for item in Item.objects.filter(panel=panel)}
    stored = {row.item_id: row for row in Standing.objects.filter(panel=panel)}
    added: list[Standing] = []
    changed: list[Standing] = []
    rows: list[Standing] = []
    for one in found:
        item = items[one.item]
        row = stored.get(item.pk) or Standing(panel=panel, item=item, demo=panel.demo)
        values = {name: getattr(one, name) for name in COLUMNS}
        differs = any(getattr(row, name) != value for name, value in values.items())
        for name, value in values.items():
            setattr(row, name, value)
        row.derive()
        rows.append(row)
        (added if row.pk is None else changed if differs else []).append(row)
    add_many(added)
    change_many(changed, COLUMNS)
    for key, row in stored.items():
        if key not in {row.item_id for row in rows}:
            row.delete()
    return rows


def keep_result(panel: Panel, found: Tally) -> None:
    """The digest of the result, and what calibration says of reviewers; a version only where it differs."""
    result = result_of(found)
    panel.refresh_from_db()
    if panel.result_digest != digest(result):
        panel.result_digest, panel.calibration = digest(result), calibration_of(found)
        panel.save()
    tell(panel, "tallied", digest=panel.result_digest, items=len(found.items))


def result_of(found: Tally) -> list[dict[str, Any]]:
    return [asdict(one) for one in found.items]


def calibration_of(found: Tally) -> dict[str, Any]:
    """What calibration says of each seat and of home bias, to be shown once all is over."""
    if found.calibration is None:
        return {}
    home = found.calibration.home
    return {
        "reviewers": {one.reviewer: ends(one.effect) for one in found.calibration.reviewers},
        "home": ends(home.bias) | {"pairs": home.pairs} if home else None,
    }


def ends(interval: Any) -> dict[str, float | None]:
    return {
        name: None if value is None else round(value, 4)
        for name, value in (("estimate", interval.estimate), ("low", interval.low), ("high", interval.high))
    }


def close(panel: Panel, *, actor: Any) -> list[Standing]:
    """Count for the last time and end the scoring; Refused while an item lacks its quorum, naming it."""
    require(actor, Permission.RUN, panel)
    with recording(actor=actor):
        rows = tally(panel, actor=actor)
        short = [row for row in rows if not row.quorum]
        if short:
            words = {"items": "、".join(f"{row.item.code} ({row.scores}/{row.needed})" for row in short[:10])}
            raise Refused(
                _("These items lack their quorum: %(items)s.") % words,
                _("Wait for the scores, replace who does not score, or withdraw the item."),
                409,
            )
        panel.refresh_from_db()
        advance(panel, "close", actor=None, machine=PANEL)
        tell(panel, "closed", digest=panel.result_digest)
    return rows


def reopen(panel: Panel, *, actor: Any, reason: str, items: Iterable[Item] | None = None) -> Panel:
    """Review again after an objection: the sheets of these items (all, if none are named) are void."""
    require(actor, Permission.RUN, panel)
    reason = needed_reason(reason)
    with recording(actor=actor, reason=reason):
        panel.refresh_from_db()
        advance(panel, "reopen", actor=None, machine=PANEL)
        reviews = Review.objects.filter(panel=panel, state=ReviewState.SCORED)
        reviews = reviews if items is None else reviews.filter(item__in=list(items))
        rows = list(reviews)
        void_sheets(Sheet.objects.filter(review__in=rows))
        for row in rows:
            row.state = ReviewState.ASSIGNED
        change_many(rows, ["state"])
        tell(panel, "reopened", reviews=len(rows))
    return panel


# --- signing --------------------------------------------------------------------------------------------------------


def sign(seat: Seat, *, actor: Any, dissent: str = "") -> Signature:
    """Sign the result as it stands, perhaps with a dissent in writing; the last signature ends the panel."""
    require(actor, Permission.SIGN, seat)
    with recording(actor=actor) as frame:
        require_state(seat.panel, SIGNS)
        panel = Panel.objects.get(pk=seat.panel_id)
        if seat.state != SeatState.SERVING:
            raise Refused(_("Only members who serve sign the report."), "", 409)
        if Signature.objects.filter(seat=seat, digest=panel.result_digest).exists():
            raise Refused(_("This result is signed already."), "", 409)
        keep_dissent(seat, dissent)
        made = Signature(panel=panel, seat=seat, digest=panel.result_digest, signed_at=frame.at, demo=panel.demo)
        create(made, actor=actor)
        if everybody_signed(panel):
            advance(panel, "sign", actor=None, machine=PANEL)
            tell(panel, "signed", digest=panel.result_digest)
    return made


def keep_dissent(seat: Seat, text: str) -> None:
    text = text.replace("\x00", "").strip()[:10_000]
    row = Dissent.objects.filter(seat=seat).first()
    if not text:
        if row is not None:
            row.delete()
        return
    row = row or Dissent(panel=seat.panel, seat=seat, demo=seat.demo)
    row.text = text
    row.save()


def everybody_signed(panel: Panel) -> bool:
    serving = Seat.objects.filter(panel=panel, state=SeatState.SERVING)
    return not serving.exclude(signatures__digest=panel.result_digest).exists()
