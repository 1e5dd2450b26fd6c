"""The life of a filing, as data."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from qunxing.core.states import Machine, step


class State(models.TextChoices):
    PREPARING = "preparing", _("preparing")
    SUBMITTED = "submitted", _("submitted")
    SUPPLEMENTING = "supplementing", _("supplementing")
    GRANTED = "granted", _("granted")
    CHANGED = "changed", _("granted, changed since")
    WITHDRAWN = "withdrawn", _("withdrawn")
    REVOKED = "revoked", _("revoked")
    REJECTED = "rejected", _("rejected")


# On the authority's published list, now or once; everybody may know of these.
PUBLISHED = (State.GRANTED, State.CHANGED, State.WITHDRAWN, State.REVOKED)
IN_FORCE = (State.GRANTED, State.CHANGED)
ENDED = (State.WITHDRAWN, State.REVOKED)
PENDING = (State.PREPARING, State.SUBMITTED, State.SUPPLEMENTING)
UNGRANTED = (*PENDING, State.REJECTED)

CONDUCT = "registry.conduct_filing"
DECIDE = "registry.decide_filing"

MACHINE = Machine(
    (
        step("submit", [State.PREPARING], State.SUBMITTED, CONDUCT, _("Submit"), tone="info"),
        step("ask", [State.SUBMITTED], State.SUPPLEMENTING, CONDUCT, _("Supplement asked for"), needs_reason=True),
        step("resubmit", [State.SUPPLEMENTING], State.SUBMITTED, CONDUCT, _("Submit again"), tone="info"),
        step("prepare", [State.REJECTED], State.PREPARING, CONDUCT, _("Prepare anew")),
        step("grant", PENDING, State.GRANTED, DECIDE, _("Granted"), tone="good"),
        step("reject", [State.SUBMITTED, State.SUPPLEMENTING], State.REJECTED, DECIDE, _("Rejected"),
             needs_reason=True, tone="bad"),
        step("change", IN_FORCE, State.CHANGED, DECIDE, _("Change recorded"), needs_reason=True),
        step("withdraw", IN_FORCE, State.WITHDRAWN, DECIDE, _("Withdrawn"), tone="warn"),
        step("revoke", IN_FORCE, State.REVOKED, DECIDE, _("Revoked"), needs_reason=True, tone="bad"),
        step("reinstate", ENDED, State.GRANTED, DECIDE, _("In force again"), needs_reason=True, tone="good"),
    )
)  # fmt: skip

TONES = {
    State.PREPARING: "muted",
    State.SUBMITTED: "info",
    State.SUPPLEMENTING: "warn",
    State.GRANTED: "good",
    State.CHANGED: "good",
    State.WITHDRAWN: "muted",
    State.REVOKED: "bad",
    State.REJECTED: "bad",
}
