"""Another draw where the reserves have run out: from the rest of the register, by a seed that is logged beforehand."""

import secrets
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext_lazy as _

from qunxing.core.errors import Refused
from qunxing.ledger.canonical import digest
from qunxing.ledger.reasons import needed_reason
from qunxing.ledger.recording import recording
from qunxing.panels.actions.checking import check_conflicts
from qunxing.panels.actions.common import require, require_state, tell
from qunxing.panels.actions.drawing import pool_of, struck_from
from qunxing.panels.actions.seating import free_reserves, holders, known_kinds
from qunxing.panels.drawing import Drawable, in_order, need_left, next_reserve, shortage
from qunxing.panels.models import Expert, Panel, Seat
from qunxing.panels.proof import code_of, said_seed
from qunxing.panels.rules import Permission
from qunxing.panels.states import SITS
from qunxing.panels.wording import shortage_reason


def commit_more(panel: Panel, *, actor: Any, reason: str, seed: str | None = None) -> Panel:
    """Fix another pool and another seed, and log their digests with the reason.

    Refused while a reserve can follow, and in words where the rest of the register cannot fill what is vacant.
    """
    reason = needed_reason(reason)
    require(actor, Permission.RUN, panel)
    with recording(actor=actor, reason=reason) as frame:
        stored = locked(panel)
        check_conflicts(stored, actor=None)
        if stored.redrawing is not None:
            raise Refused(_("Another pool is fixed already."), _("Draw from it."), 409)
        refuse_unless_exhausted(stored)
        pool = rest_of_register(stored)
        refuse_too_few(stored, pool)
        secret = seed or secrets.token_hex(32)
        rows = [{"code": one.ref, "specialist": one.specialist, "outside": one.outside} for one in pool]
        fixed = {"seed_digest": sha256(secret.encode()).hexdigest(), "pool_digest": digest(rows)}
        made = {**fixed, "reason": reason, "seed": secret, "pool": rows, "committed_at": frame.at.isoformat()}
        stored.further = [*stored.further, made]
        stored.save()
        tell(stored, "committed_again", **fixed, pool=len(rows), number=len(stored.further), reason=reason)
    panel.refresh_from_db()
    return panel


def draw_more(panel: Panel, *, actor: Any, word: str = "") -> Panel:
    """Tell that seed: the whole pool stands by behind the reserves there were, in the order that it brings."""
    require(actor, Permission.RUN, panel)
    word = word.strip()[:200]
    with recording(actor=actor) as frame:
        stored = locked(panel)
        waiting = stored.redrawing
        if waiting is None:
            raise Refused(_("No other pool is fixed."), _("Fix one first, with the reason."), 409)
        check_conflicts(stored, actor=None)
        pool = [Drawable(one["code"], one["specialist"], one["outside"]) for one in waiting["pool"]]
        struck = struck_from(stored, {code_of(stored, one): one for one in Expert.objects.order_by("pk")}, pool)
        free = [one for one in pool if one.ref not in struck]
        reserves = [one.ref for one in in_order(free, said_seed(waiting["seed"], word))]
        told = {"word": word, "struck": struck, "reserves": reserves, "drawn_at": frame.at.isoformat()}
        stored.further = [*stored.further[:-1], {**waiting, **told}]
        stored.save()
        tell(stored, "drawn_again", seed=waiting["seed"], word=word, struck=struck, number=len(stored.further))
    panel.refresh_from_db()
    return panel


def locked(panel: Panel) -> Panel:
    stored: Panel = Panel.objects.select_for_update().get(pk=panel.pk)
    require_state(stored, SITS)
    return stored


def is_exhausted(panel: Panel) -> bool:
    """Whether no reserve can follow: on a seat that is vacant, or on one of those that are held."""
    free, terms = free_reserves(panel), panel.rules
    seated = holders(panel, known_kinds(panel))
    vacant = len(seated) < terms.size
    left = [seated] if vacant else [[*seated[:at], *seated[at + 1 :]] for at in range(len(seated))]
    return any(not isinstance(next_reserve(stay, free, terms), Drawable) for stay in left)


def refuse_unless_exhausted(panel: Panel) -> None:
    if not is_exhausted(panel):
        raise Refused(_("A reserve can still follow."), _("Let the next one follow."), 409)


def rest_of_register(panel: Panel) -> list[Drawable]:
    """Who may be drawn today and neither sat nor stands by."""
    sat = {code_of(panel, row.expert) for row in Seat.objects.filter(panel=panel).select_related("expert")}
    known = sat | set(panel.all_reserves)
    return [one for one in pool_of(panel) if one.ref not in known]


def refuse_too_few(panel: Panel, pool: list[Drawable]) -> None:
    need = need_left(holders(panel, known_kinds(panel)), panel.rules)
    lacking = shortage([*pool, *free_reserves(panel)], need) if need.seats else None
    if lacking is not None or not pool:
        why = _("Nobody else of the register may sit.") if lacking is None else shortage_reason(lacking).lazy()
        raise Refused(
            _("Another draw brings nobody who can follow. %(why)s") % {"why": why},
            _("Qualify more experts, or dissolve the panel."),
            409,
        )
