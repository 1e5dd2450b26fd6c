"""What the writes of panels have in common."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _

from qunxing.core.errors import Refused
from qunxing.core.states import Machine, advance
from qunxing.ledger.reasons import reason_for
from qunxing.ledger.recording import Entry, note, recording
from qunxing.panels.models import Panel


def require(actor: Any, permission: str, row: Any = None) -> None:
    """PermissionDenied unless the actor may; no actor is the program itself."""
    if actor is not None and not actor.has_perm(permission, row):
        raise PermissionDenied


def require_state(panel: Panel, states: Any) -> None:
    """Refused unless the stored panel is in one of the states."""
    state = Panel.objects.values_list("state", flat=True).get(pk=panel.pk)
    if state not in states:
        raise Refused(_("This is not possible in the panel's present state."), _("Reload the page."), 409)


def move(row: Any, step: str, machine: Machine, *, actor: Any, reason: str = "", **changes: Any) -> None:
    """One step with its reason; the permission is asked of the row."""
    transition = machine.named(step)
    reason = reason_for(transition, reason)
    require(actor, transition.permission, row)
    with recording(actor=actor, reason=reason):
        advance(row, step, actor=None, machine=machine, **changes)


def tell(panel: Panel, what: str, **facts: Any) -> None:
    """An entry of the log about the panel, beside those of its versions."""
    note(Entry(f"panel.{what}", panel.kind_code(), panel.ref, facts))
