"""Writes of the draw: what is fixed and logged before, and what the seed brings about."""

import secrets
from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext_lazy as _

from qunxing.core.errors import Refused
from qunxing.core.states import advance
from qunxing.directory.models import TechnicalField
from qunxing.ledger.actions import add_many
from qunxing.ledger.canonical import digest
from qunxing.ledger.recording import recording
from qunxing.panels import drawing
from qunxing.panels.actions.checking import check_conflicts
from qunxing.panels.actions.common import move, require, require_state, tell
from qunxing.panels.drawing import Drawable
from qunxing.panels.models import Conflict, Expert, Panel, Seat
from qunxing.panels.models.experts import SPECIALISTS
from qunxing.panels.proof import code_of, said_seed
from qunxing.panels.rules import Permission
from qunxing.panels.states import PANEL, ExpertState, PanelState, SeatState
from qunxing.panels.terms import PanelTerms
from qunxing.panels.wording import shortage_reason

SAT = (SeatState.ACCEPTED, SeatState.SERVING)


def commit_draw(panel: Panel, *, actor: Any, seed: str | None = None) -> Panel:
    """Fix pool and seed, and log the digests of both before anybody knows who sits.

    Refused, in words, when no panel can be drawn from who is qualified and free of conflicts.
    """
    require(actor, Permission.RUN, panel)
    require_state(panel, {PanelState.PLANNED})
    with recording(actor=actor) as frame:
        check_conflicts(panel, actor=None)
        pool = pool_of(panel)
        refuse_short(pool, panel.rules)
        secret = seed or secrets.token_hex(32)
        rows = [{"code": one.ref, "specialist": one.specialist, "outside": one.outside} for one in pool]
        fixed = {"seed_digest": sha256(secret.encode()).hexdigest(), "pool_digest": digest(rows)}
        changes = {**fixed, "seed": secret, "pool": rows, "committed_at": frame.at}
        advance(panel, "commit", actor=None, machine=PANEL, **changes)
        tell(panel, "committed", **fixed, pool=len(rows), terms=digest(panel.terms))
    return panel


def refuse_short(pool: Sequence[Drawable], terms: PanelTerms) -> None:
    """Refused, with what is missing, when the pool makes no panel."""
    lacking = drawing.shortage(pool, drawing.need_of(terms))
    if lacking is not None:
        why = shortage_reason(lacking)
        raise Refused(
            _("A panel cannot be formed. %(why)s") % {"why": why},
            _("Qualify more experts, or change the rules of the panel."),
            409,
        )


def uncommit(panel: Panel, *, actor: Any, reason: str) -> Panel:
    """Take the commitment back; that it was made stays in the log."""
    emptied: dict[str, Any] = {"seed": "", "seed_digest": "", "pool": [], "pool_digest": "", "committed_at": None}
    move(panel, "uncommit", PANEL, actor=actor, reason=reason, **emptied)
    return panel


def pool_of(panel: Panel) -> list[Drawable]:
    """Who may be drawn: qualified, rested, and without a conflict that keeps them off the panel."""
    terms = panel.rules
    codes = with_narrower(terms.fields)
    barred = barred_from(panel, terms) | recently_seated(panel, terms)
    experts = Expert.objects.filter(state=ExpertState.QUALIFIED).exclude(pk__in=barred).order_by("pk")
    return sorted((drawable(panel, one, codes) for one in experts), key=lambda one: one.ref)


def drawable(panel: Panel, expert: Expert, codes: frozenset[str]) -> Drawable:
    return Drawable(code_of(panel, expert), is_specialist(expert, codes), expert.outside)


def is_specialist(expert: Expert, codes: frozenset[str]) -> bool:
    """Technical or economic, and of one of the panel's fields where it has any."""
    return expert.profession in SPECIALISTS and (not codes or not codes.isdisjoint(expert.fields))


def with_narrower(codes: Sequence[str]) -> frozenset[str]:
    """The fields and those below them."""
    below = TechnicalField.objects.filter(parent__code__in=codes).values_list("code", flat=True) if codes else []
    return frozenset([*codes, *below])


def barred_from(panel: Panel, terms: PanelTerms) -> set[int]:
    """Experts who cannot sit: tied to the issuer; tied to any item where everybody reads everything."""
    rows = Conflict.objects.filter(panel=panel).standing()
    if not terms.everybody and not terms.strict:
        rows = rows.filter(item=None)
    return set(rows.values_list("expert_id", flat=True))


def recently_seated(panel: Panel, terms: PanelTerms) -> set[int]:
    """Experts who sat on another panel within the days of rest."""
    if not terms.rest_days:
        return set()
    since = panel.day - timedelta(days=terms.rest_days)
    rows = Seat.objects.filter(state__in=SAT, panel__day__gt=since, panel__day__lte=panel.day).exclude(panel=panel)
    return set(rows.exclude(panel__state=PanelState.DISSOLVED).values_list("expert_id", flat=True))


def draw(panel: Panel, *, actor: Any, word: str = "") -> list[Seat]:
    """Tell the seed and seat whom it brings; `word` is said in public at the draw, and is drawn with.

    Who has come to have a conflict since the pool was fixed is struck from it, for everybody to see.
    """
    require(actor, Permission.RUN, panel)
    require_state(panel, {PanelState.COMMITTED})
    word = word.strip()[:200]
    with recording(actor=actor) as frame:
        check_conflicts(panel, actor=None)
        by_code = {code_of(panel, one): one for one in Expert.objects.order_by("pk")}
        struck = struck_from(panel, by_code, panel.drawables)
        pool = [one for one in panel.drawables if one.ref not in struck]
        refuse_short(pool, panel.rules)
        drawn = drawing.draw(pool, panel.rules, said_seed(panel.seed, word))
        changes = {
            "word": word,
            "struck": struck,
            "reserves": [one.ref for one in drawn.reserves],
            "drawn_at": frame.at,
        }
        advance(panel, "draw", actor=None, machine=PANEL, **changes)
        seats = add_many([seat_of(panel, by_code[one.ref], at) for at, one in enumerate(drawn.seats, 1)])
        tell(panel, "drawn", seed=panel.seed, word=word, struck=struck, seats=[one.ref for one in drawn.seats])
    return seats


def struck_from(panel: Panel, by_code: dict[str, Expert], pool: Sequence[Drawable]) -> list[str]:
    """Codes of the pool whose experts may no longer be drawn, in order."""
    barred = barred_from(panel, panel.rules)
    found = {one.ref: by_code.get(one.ref) for one in pool}
    return sorted(
        code
        for code, expert in found.items()
        if expert is None or expert.pk in barred or expert.state != ExpertState.QUALIFIED
    )


def seat_of(panel: Panel, expert: Expert, position: int, replaces: Seat | None = None) -> Seat:
    made = Seat(panel=panel, expert=expert, position=position, replaces=replaces, demo=panel.demo)
    made.derive()
    return made
