"""The life of an entry (提交) and of what looked odd about one."""

from django.db import models
from django.utils.translation import pgettext_lazy

from qunxing.core.states import Machine, step


class EntryState(models.TextChoices):
    RECEIVED = "received", pgettext_lazy("state of an entry", "received")
    REFUSED = "refused", pgettext_lazy("state of an entry", "refused")
    QUEUED = "queued", pgettext_lazy("state of an entry", "waits to be scored")
    SCORING = "scoring", pgettext_lazy("state of an entry", "being scored")
    SCORED = "scored", pgettext_lazy("state of an entry", "scored")
    FAILED = "failed", pgettext_lazy("state of an entry", "not scored")


E = EntryState
TONES = {
    E.RECEIVED: "info", E.REFUSED: "warn", E.QUEUED: "info", E.SCORING: "info", E.SCORED: "good", E.FAILED: "bad",
}  # fmt: skip
RUN = "races.score_entry"

LIFE = Machine(
    (
        step("refuse", {E.RECEIVED}, E.REFUSED, RUN, pgettext_lazy("step of an entry", "Refuse"), tone="warn"),
        step(
            "queue",
            {E.RECEIVED, E.SCORED, E.FAILED, E.SCORING},
            E.QUEUED,
            RUN,
            pgettext_lazy("step of an entry", "Put into the queue"),
        ),
        step("take", {E.QUEUED}, E.SCORING, RUN, pgettext_lazy("step of an entry", "Score")),
        step("score", {E.SCORING}, E.SCORED, RUN, pgettext_lazy("step of an entry", "Scored"), tone="good"),
        step(
            "fail", {E.RECEIVED, E.SCORING}, E.FAILED, RUN, pgettext_lazy("step of an entry", "Not scored"), tone="bad"
        ),
        step(
            "cancel",
            {E.QUEUED, E.SCORING},
            E.FAILED,
            RUN,
            pgettext_lazy("step of an entry", "Take off the queue"),
            needs_reason=True,
            tone="warn",
        ),
    )
)


class FlagState(models.TextChoices):
    OPEN = "open", pgettext_lazy("state of a sign of trouble", "to be looked at")
    FOUND = "found", pgettext_lazy("state of a sign of trouble", "something was found")
    CLEARED = "cleared", pgettext_lazy("state of a sign of trouble", "nothing was found")


F = FlagState
FLAG_TONES = {F.OPEN: "warn", F.FOUND: "bad", F.CLEARED: "muted"}
LOOK = "races.look_at_flag"

FLAG_LIFE = Machine(
    (
        step(
            "find", {F.OPEN}, F.FOUND, LOOK, pgettext_lazy("step of a sign", "Something was found"), needs_reason=True
        ),
        step(
            "clear", {F.OPEN}, F.CLEARED, LOOK, pgettext_lazy("step of a sign", "Nothing was found"), needs_reason=True
        ),
    )
)
