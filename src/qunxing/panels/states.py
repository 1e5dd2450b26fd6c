"""The lives of experts, panels, seats, reviews and sheets, as data."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunxing.core.states import Machine, step

RUN, DISSOLVE, KEEP = "panels.run_panel", "panels.dissolve_panel", "panels.change_expert"
ANSWER, SCORE, JUDGE, DECIDE = (
    "panels.answer_seat",
    "panels.score_review",
    "panels.judge_conflict",
    "panels.decide_request",
)


class ExpertState(models.TextChoices):
    INVITED = "invited", pgettext_lazy("expert", "invited")
    QUALIFIED = "qualified", pgettext_lazy("expert", "qualified")
    SUSPENDED = "suspended", pgettext_lazy("expert", "suspended")
    LEFT = "left", pgettext_lazy("expert", "left")


EXPERT = Machine(
    (
        step("qualify", [ExpertState.INVITED], ExpertState.QUALIFIED, KEEP, _("Qualify"), tone="accent"),
        step(
            "suspend",
            [ExpertState.QUALIFIED],
            ExpertState.SUSPENDED,
            KEEP,
            _("Suspend"),
            needs_reason=True,
            tone="warn",
        ),
        step("restore", [ExpertState.SUSPENDED], ExpertState.QUALIFIED, KEEP, _("Restore"), needs_reason=True),
        step(
            "leave",
            [ExpertState.INVITED, ExpertState.QUALIFIED, ExpertState.SUSPENDED],
            ExpertState.LEFT,
            KEEP,
            _("Leave the register"),
            needs_reason=True,
            tone="bad",
        ),
        step("return", [ExpertState.LEFT], ExpertState.INVITED, KEEP, _("Invite again")),
    )
)


class PanelState(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("panel", "planned")
    COMMITTED = "committed", pgettext_lazy("panel", "draw committed")
    DRAWN = "drawn", pgettext_lazy("panel", "drawn")
    SEATED = "seated", pgettext_lazy("panel", "seated")
    SCORING = "scoring", pgettext_lazy("panel", "scoring")
    CLOSED = "closed", pgettext_lazy("panel", "closed")
    SIGNED = "signed", pgettext_lazy("panel", "signed")
    DISSOLVED = "dissolved", pgettext_lazy("panel", "dissolved")


# The way of a panel that meets no obstacle, for the stepper.
PATH = (
    PanelState.PLANNED,
    PanelState.COMMITTED,
    PanelState.DRAWN,
    PanelState.SEATED,
    PanelState.SCORING,
    PanelState.CLOSED,
    PanelState.SIGNED,
)
# Its rules may still change.
OPEN = frozenset({PanelState.PLANNED, PanelState.COMMITTED, PanelState.DRAWN})
# Items may still be added.
TAKES_ITEMS = OPEN | {PanelState.SEATED}
# Seats are filled, and may be filled anew.
SITS = frozenset({PanelState.DRAWN, PanelState.SEATED, PanelState.SCORING})
# The draw can be read by everybody.
PUBLISHED = frozenset(PanelState) - {PanelState.PLANNED}
OVER = frozenset({PanelState.CLOSED, PanelState.SIGNED, PanelState.DISSOLVED})

PANEL = Machine(
    (
        step("commit", [PanelState.PLANNED], PanelState.COMMITTED, RUN, _("Commit to a draw"), tone="accent"),
        step(
            "uncommit",
            [PanelState.COMMITTED],
            PanelState.PLANNED,
            RUN,
            _("Take the commitment back"),
            needs_reason=True,
        ),
        step("draw", [PanelState.COMMITTED], PanelState.DRAWN, RUN, _("Draw"), tone="accent"),
        step("seat", [PanelState.DRAWN], PanelState.SEATED, RUN, _("Seat"), tone="accent"),
        step("open", [PanelState.SEATED], PanelState.SCORING, RUN, _("Open the scoring"), tone="accent"),
        step("close", [PanelState.SCORING], PanelState.CLOSED, RUN, _("Close the scoring"), tone="accent"),
        step("sign", [PanelState.CLOSED], PanelState.SIGNED, RUN, _("Report signed"), tone="good"),
        step(
            "reopen",
            [PanelState.CLOSED, PanelState.SIGNED],
            PanelState.SCORING,
            RUN,
            _("Review again"),
            needs_reason=True,
            tone="warn",
        ),
        step(
            "dissolve",
            frozenset(PanelState) - {PanelState.SIGNED, PanelState.DISSOLVED},
            PanelState.DISSOLVED,
            DISSOLVE,
            _("Dissolve"),
            needs_reason=True,
            tone="bad",
        ),
    )
)


class SeatState(models.TextChoices):
    DRAWN = "drawn", pgettext_lazy("seat", "drawn")
    ACCEPTED = "accepted", pgettext_lazy("seat", "accepted")
    SERVING = "serving", pgettext_lazy("seat", "serving")
    DECLINED = "declined", pgettext_lazy("seat", "declined")
    RECUSED = "recused", pgettext_lazy("seat", "recused")
    REPLACED = "replaced", pgettext_lazy("seat", "replaced")


# Those who hold their place.
HOLDS = frozenset({SeatState.DRAWN, SeatState.ACCEPTED, SeatState.SERVING})

SEAT = Machine(
    (
        step("accept", [SeatState.DRAWN], SeatState.ACCEPTED, ANSWER, _("Accept"), tone="good"),
        step("decline", [SeatState.DRAWN], SeatState.DECLINED, ANSWER, _("Decline"), needs_reason=True, tone="bad"),
        step("serve", [SeatState.ACCEPTED], SeatState.SERVING, RUN, _("Serve")),
        step("recuse", HOLDS, SeatState.RECUSED, ANSWER, _("Recuse myself"), needs_reason=True, tone="bad"),
        step("replace", HOLDS, SeatState.REPLACED, RUN, _("Replace"), needs_reason=True, tone="bad"),
    )
)


class ConflictState(models.TextChoices):
    FOUND = "found", pgettext_lazy("conflict", "found")
    UPHELD = "upheld", pgettext_lazy("conflict", "upheld")
    DISMISSED = "dismissed", pgettext_lazy("conflict", "dismissed")
    LAPSED = "lapsed", pgettext_lazy("conflict", "no longer there")


# What keeps an expert from an item.
STANDS = frozenset({ConflictState.FOUND, ConflictState.UPHELD})

CONFLICT = Machine(
    (
        step(
            "uphold",
            [ConflictState.FOUND, ConflictState.DISMISSED],
            ConflictState.UPHELD,
            JUDGE,
            _("Uphold"),
            needs_reason=True,
        ),
        step(
            "dismiss",
            [ConflictState.FOUND, ConflictState.UPHELD],
            ConflictState.DISMISSED,
            JUDGE,
            _("Dismiss"),
            needs_reason=True,
            tone="warn",
        ),
        step("lapse", [ConflictState.FOUND], ConflictState.LAPSED, RUN, _("No longer there")),
        step("find", [ConflictState.LAPSED], ConflictState.FOUND, RUN, _("Found again")),
    )
)


class RequestState(models.TextChoices):
    OPEN = "open", pgettext_lazy("request", "open")
    UPHELD = "upheld", pgettext_lazy("request", "upheld")
    DISMISSED = "dismissed", pgettext_lazy("request", "dismissed")


REQUEST = Machine(
    (
        step("uphold", [RequestState.OPEN], RequestState.UPHELD, DECIDE, _("Uphold"), needs_reason=True, tone="good"),
        step("dismiss", [RequestState.OPEN], RequestState.DISMISSED, DECIDE, _("Dismiss"), needs_reason=True),
    )
)


class ReviewState(models.TextChoices):
    ASSIGNED = "assigned", pgettext_lazy("review", "to be scored")
    SCORED = "scored", pgettext_lazy("review", "scored")
    VOID = "void", pgettext_lazy("review", "void")


REVIEW = Machine(
    (
        step("score", [ReviewState.ASSIGNED], ReviewState.SCORED, SCORE, _("Hand in")),
        step("again", [ReviewState.SCORED], ReviewState.ASSIGNED, RUN, _("Score again"), needs_reason=True),
        step("void", [ReviewState.ASSIGNED, ReviewState.SCORED], ReviewState.VOID, RUN, _("Void"), needs_reason=True),
    )
)


class SheetState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("sheet", "draft")
    SUBMITTED = "submitted", pgettext_lazy("sheet", "handed in")
    VOID = "void", pgettext_lazy("sheet", "void")


SHEET = Machine(
    (
        step("submit", [SheetState.DRAFT], SheetState.SUBMITTED, SCORE, _("Hand in"), tone="accent"),
        step("void", [SheetState.DRAFT, SheetState.SUBMITTED], SheetState.VOID, RUN, _("Void"), needs_reason=True),
    )
)

TONES = {
    ExpertState.INVITED: "info",
    ExpertState.QUALIFIED: "good",
    ExpertState.SUSPENDED: "warn",
    ExpertState.LEFT: "muted",
    PanelState.PLANNED: "muted",
    PanelState.COMMITTED: "info",
    PanelState.DRAWN: "info",
    PanelState.SEATED: "accent",
    PanelState.SCORING: "accent",
    PanelState.CLOSED: "good",
    PanelState.SIGNED: "good",
    PanelState.DISSOLVED: "bad",
    SeatState.DRAWN: "info",
    SeatState.ACCEPTED: "accent",
    SeatState.SERVING: "good",
    SeatState.DECLINED: "muted",
    SeatState.RECUSED: "warn",
    SeatState.REPLACED: "muted",
    ConflictState.FOUND: "warn",
    ConflictState.UPHELD: "bad",
    ConflictState.DISMISSED: "muted",
    ConflictState.LAPSED: "muted",
    RequestState.OPEN: "warn",
    RequestState.UPHELD: "bad",
    RequestState.DISMISSED: "muted",
    ReviewState.ASSIGNED: "info",
    ReviewState.SCORED: "good",
    ReviewState.VOID: "muted",
    SheetState.DRAFT: "info",
    SheetState.SUBMITTED: "good",
    SheetState.VOID: "muted",
}
