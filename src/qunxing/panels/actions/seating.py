"""Writes of those who sit: they accept, decline, recuse themselves, are replaced."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from qunxing.core.errors import Refused
from qunxing.core.states import advance
from qunxing.ledger.actions import change_many
from qunxing.ledger.reasons import needed_reason
from qunxing.ledger.recording import recording
from qunxing.panels.actions.checking import recheck, spoken
from qunxing.panels.actions.common import require, require_state, tell
from qunxing.panels.actions.drawing import barred_from, seat_of
from qunxing.panels.actions.voiding import void_reviews
from qunxing.panels.drawing import Drawable, Shortage, next_reserve
from qunxing.panels.models import Expert, Item, Panel, Seat
from qunxing.panels.models.conflicts import Kind
from qunxing.panels.proof import code_of
from qunxing.panels.rules import Permission
from qunxing.panels.states import HOLDS, PANEL, SEAT, SITS, ExpertState, PanelState, ReviewState, SeatState
from qunxing.panels.wording import shortage_reason

# Past these a new member serves as soon as they accept.
SERVES = frozenset({PanelState.SEATED, PanelState.SCORING})


def accept(seat: Seat, *, actor: Any) -> Seat:
    """Take the seat. The panel is seated when the last one accepts; who follows somebody serves at once."""
    require(actor, Permission.ANSWER, seat)
    with recording(actor=actor):
        require_state(seat.panel, SITS)
        recheck(seat.panel)
        refuse_tied(seat)
        advance(seat, "accept", actor=None, machine=SEAT)
        state = Panel.objects.values_list("state", flat=True).get(pk=seat.panel_id)
        if state in SERVES:
            advance(seat, "serve", actor=None, machine=SEAT)
        elif everybody_accepted(seat.panel):
            seat_panel(seat.panel)
            seat.refresh_from_db()
    return seat


def refuse_tied(seat: Seat) -> None:
    """Nobody takes a seat from whom a conflict keeps them."""
    if seat.expert_id in barred_from(seat.panel, seat.panel.rules):
        words = _("A conflict of interest has come up: this seat cannot be taken.")
        raise Refused(words, _("Let a reserve follow."), 409)


def accept_many(seats: list[Seat], *, actor: Any) -> None:
    """Several at once; the permission is asked of each."""
    with recording(actor=actor):
        for seat in seats:
            accept(seat, actor=actor)


def everybody_accepted(panel: Panel) -> bool:
    states = list(Seat.objects.filter(panel=panel, state__in=HOLDS).values_list("state", flat=True))
    return len(states) == panel.rules.size and set(states) == {SeatState.ACCEPTED}


def seat_panel(panel: Panel) -> None:
    """From here on the rules are fixed; call it inside `recording`."""
    seats = list(Seat.objects.filter(panel=panel, state=SeatState.ACCEPTED))
    for seat in seats:
        seat.state = SeatState.SERVING
    change_many(seats, ["state"])
    panel.refresh_from_db()
    advance(panel, "seat", actor=None, machine=PANEL)


def decline(seat: Seat, *, actor: Any, reason: str) -> Seat:
    """Not take the seat."""
    return leave(seat, "decline", actor=actor, reason=reason)


def recuse(seat: Seat, *, actor: Any, reason: str, item: Item | None = None) -> Seat:
    """Leave the seat on one's own word; what was scored on it is void."""
    with recording(actor=actor, reason=needed_reason(reason)):
        left = leave(seat, "recuse", actor=actor, reason=reason)
        spoken(seat.panel, seat.expert, item, Kind.OWN_WORD, reason)
    return left


def leave(seat: Seat, step: str, *, actor: Any, reason: str) -> Seat:
    """The seat falls vacant, and its reviews and sheets are void."""
    reason = needed_reason(reason)
    require(actor, SEAT.named(step).permission, seat)
    with recording(actor=actor, reason=reason):
        require_state(seat.panel, SITS)
        advance(seat, step, actor=None, machine=SEAT, reason=reason)
        void_reviews(seat.reviews.exclude(state=ReviewState.VOID))
        tell(seat.panel, "seat_left", seat=seat.ref, position=seat.position, step=step)
    return seat


def replace(seat: Seat, *, actor: Any, reason: str) -> Seat:
    """Seat the next reserve in the place of a member, who leaves it now unless they have left already.

    What the member scored is void; who follows takes over their reviews as far as no conflict is in the way.
    Refused, in words, when no reserve keeps the shares of the panel.
    """
    reason = needed_reason(reason)
    panel = seat.panel
    require(actor, Permission.RUN, panel)
    with recording(actor=actor, reason=reason):
        require_state(panel, SITS)
        recheck(panel)
        seat.refresh_from_db()
        if seat.state in HOLDS:
            leave(seat, "replace", actor=None, reason=reason)
        if Seat.objects.filter(replaces=seat).exists():
            raise Refused(_("Somebody follows on this seat already."), "", 409)
        made = seat_of(panel, follower(panel), seat.position, seat)
        made.save(force_insert=True)
        tell(panel, "seat_followed", seat=seat.ref, successor=made.ref, position=made.position)
    return made


def follower(panel: Panel) -> Expert:
    """The next reserve in the order of the draws with whom the panel keeps its shares; Refused when there is none."""
    found = next_reserve(holders(panel, known_kinds(panel)), free_reserves(panel), panel.rules)
    if isinstance(found, Shortage):
        words = _("No reserve can follow. %(why)s") % {"why": shortage_reason(found)}
        raise Refused(words, _("Draw again from the rest of the register, or dissolve the panel."), 409)
    return next(one for one in qualified() if code_of(panel, one) == found.ref)


def qualified() -> Iterable[Expert]:
    return Expert.objects.filter(state=ExpertState.QUALIFIED)


def free_reserves(panel: Panel) -> list[Drawable]:
    """The reserves of all draws who are still qualified, without a conflict, and never sat; in their order."""
    by_code = {code_of(panel, one): one.pk for one in qualified()}
    kinds = known_kinds(panel)
    barred = barred_from(panel, panel.rules)
    sat = set(Seat.objects.filter(panel=panel).values_list("expert_id", flat=True))
    codes = [code for code in panel.all_reserves if code in by_code and code in kinds]
    return [kinds[code] for code in codes if by_code[code] not in barred | sat]


def known_kinds(panel: Panel) -> dict[str, Drawable]:
    """{code: who it stands for} of everybody in any of the panel's pools."""
    return {one.ref: one for one in panel.drawables}


def holders(panel: Panel, kinds: dict[str, Drawable]) -> list[Drawable]:
    """Who sits now, as they were drawn."""
    rows = Seat.objects.filter(panel=panel, state__in=HOLDS).select_related("expert")
    return [kinds[code_of(panel, row.expert)] for row in rows]
