"""What the writes of panels have in common."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _

from qunxing.core.errors import Refused
from qunxing.core.states import Machine, advance
from qunxing.ledger.recording import Entry, note, recording
from qunxing.panels.models import Panel

REASON_LENGTH = 500


def require(actor: Any, permission: str, row: Any = None) -> None:
    """PermissionDenied unless the actor may; no actor is the program itself."""
    if actor is not None and not actor.has_perm(permission, row):
        raise PermissionDenied


def needed(reason: str) -> str:
    """The reason, which must not be empty."""
    found = tidy(reason)
    if not found:
        raise Refused(_("This step needs a reason."), _("Say in a few words why, then try again."), 422)
    return found


def tidy(reason: str) -> str:
    return reason.replace("\x00", "").strip()[:REASON_LENGTH]


def require_state(panel: Panel, states: Any) -> None:
    """Refused unless the stored panel is in one of the states."""
    state = Panel.objects.values_list("state", flat=True).get(pk=panel.pk)
    if state not in states:
        raise Refused(_("This is not possible in the panel's present state."), _("Reload the page."), 409)


def move(row: Any, step: str, machine: Machine, *, actor: Any, reason: str = "", **changes: Any) -> None:
    """One step with its reason; the permission is asked of the row."""
    transition = machine.named(step)
    reason = needed(reason) if transition.needs_reason else tidy(reason)
    require(actor, transition.permission, row)
    with recording(actor=actor, reason=reason):
        advance(row, step, actor=None, machine=machine, **changes)


def tell(panel: Panel, what: str, **facts: Any) -> None:
    """An entry of the log about the panel, beside those of its versions."""
    note(Entry(f"panel.{what}", panel.kind_code(), panel.ref, facts))
