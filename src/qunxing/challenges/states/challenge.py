"""The life of a challenge, one entry of a list, from its draft to the archive."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunxing.core.states import Machine, step


class ChallengeState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("state of a challenge", "draft")
    OPEN = "open", pgettext_lazy("state of a challenge", "open for bids")
    CLOSED = "closed", pgettext_lazy("state of a challenge", "bids closed")
    CHECKING = "checking", pgettext_lazy("state of a challenge", "formal check")
    REVIEW = "review", pgettext_lazy("state of a challenge", "panel review")
    PROPOSED = "proposed", pgettext_lazy("state of a challenge", "award proposed")
    NOTICE = "notice", pgettext_lazy("state of a challenge", "public notice")
    SUSPENDED = "suspended", pgettext_lazy("state of a challenge", "notice suspended")
    AWARDED = "awarded", pgettext_lazy("state of a challenge", "awarded")
    DELIVERING = "delivering", pgettext_lazy("state of a challenge", "in delivery")
    ACCEPTED = "accepted", pgettext_lazy("state of a challenge", "accepted")
    FAILED = "failed", pgettext_lazy("state of a challenge", "not accepted")
    TERMINATED = "terminated", pgettext_lazy("state of a challenge", "terminated")
    NO_AWARD = "no_award", pgettext_lazy("state of a challenge", "no award (流标)")
    WITHDRAWN = "withdrawn", pgettext_lazy("state of a challenge", "withdrawn (撤榜)")
    ARCHIVED = "archived", pgettext_lazy("state of a challenge", "archived")


S = ChallengeState
# Nothing more is decided on them; the archive is all that is left.
OUTCOMES = frozenset({S.ACCEPTED, S.FAILED, S.TERMINATED, S.NO_AWARD, S.WITHDRAWN})
OVER = OUTCOMES | {S.ARCHIVED}
# Bids are sealed: nobody reads one.
SEALED = frozenset({S.DRAFT, S.OPEN, S.CLOSED})
ONCE_PUBLISHED = frozenset(S) - {S.DRAFT}

# The way of a challenge that meets no obstacle, for the stepper.
PATH = (
    S.DRAFT, S.OPEN, S.CLOSED, S.CHECKING, S.REVIEW, S.PROPOSED, S.NOTICE, S.AWARDED, S.DELIVERING, S.ACCEPTED,
    S.ARCHIVED,
)  # fmt: skip

TONES = {
    S.DRAFT: "muted", S.OPEN: "accent", S.CLOSED: "info", S.CHECKING: "info", S.REVIEW: "info", S.PROPOSED: "info",
    S.NOTICE: "accent", S.SUSPENDED: "warn", S.AWARDED: "good", S.DELIVERING: "good", S.ACCEPTED: "good",
    S.FAILED: "bad", S.TERMINATED: "bad", S.NO_AWARD: "warn", S.WITHDRAWN: "bad", S.ARCHIVED: "muted",
}  # fmt: skip

RUN, DECIDE, CONFIRM, WITHDRAW, ARCHIVE = (
    "challenges.run_challenge",
    "challenges.decide_challenge",
    "challenges.confirm_award",
    "challenges.withdraw_challenge",
    "challenges.archive_challenge",
)

LIFE = Machine(
    (
        step("publish", {S.DRAFT}, S.OPEN, RUN, pgettext_lazy("step of a challenge", "Publish"), tone="accent"),
        step("close", {S.OPEN}, S.CLOSED, RUN, _("Close the bidding")),
        step("reopen", {S.CLOSED}, S.OPEN, RUN, _("Open the bidding again"), needs_reason=True, tone="warn"),
        step("open_bids", {S.CLOSED}, S.CHECKING, RUN, _("Begin the formal check"), tone="accent"),
        step("begin_review", {S.CHECKING}, S.REVIEW, RUN, _("Begin the panel review"), tone="accent"),
        step("propose", {S.REVIEW}, S.PROPOSED, DECIDE, _("Propose the award"), tone="accent"),
        step("review_again", {S.PROPOSED, S.SUSPENDED}, S.REVIEW, DECIDE, _("Review again"), needs_reason=True),
        step("give_notice", {S.PROPOSED}, S.NOTICE, DECIDE, _("Give public notice"), tone="accent"),
        step("suspend", {S.NOTICE}, S.SUSPENDED, CONFIRM, _("Suspend the notice"), needs_reason=True, tone="warn"),
        step("resume", {S.SUSPENDED}, S.NOTICE, CONFIRM, _("Go on with the notice"), needs_reason=True),
        step("award", {S.NOTICE}, S.AWARDED, CONFIRM, _("Confirm the award"), tone="good"),
        step("propose_next", {S.SUSPENDED, S.AWARDED}, S.PROPOSED, DECIDE, _("Propose the next"), needs_reason=True),
        step("deliver", {S.AWARDED}, S.DELIVERING, RUN, _("Contracts are signed"), tone="good"),
        step("accept", {S.DELIVERING}, S.ACCEPTED, DECIDE, _("Accepted"), tone="good"),
        step("fail", {S.DELIVERING}, S.FAILED, DECIDE, _("Not accepted"), needs_reason=True, tone="bad"),
        step(
            "terminate",
            {S.DELIVERING},
            S.TERMINATED,
            DECIDE,
            pgettext_lazy("step of a challenge", "Terminate"),
            needs_reason=True,
            tone="bad",
        ),
        step(
            "no_award",
            {S.CLOSED, S.CHECKING, S.REVIEW, S.PROPOSED, S.SUSPENDED, S.AWARDED},
            S.NO_AWARD,
            DECIDE,
            _("End without an award"),
            needs_reason=True,
            tone="warn",
        ),
        step(
            "withdraw",
            {S.DRAFT, S.OPEN, S.CLOSED, S.CHECKING, S.REVIEW, S.PROPOSED, S.SUSPENDED},
            S.WITHDRAWN,
            WITHDRAW,
            pgettext_lazy("step of a challenge", "Withdraw"),
            needs_reason=True,
            tone="bad",
        ),
        step("archive", OUTCOMES, S.ARCHIVED, ARCHIVE, pgettext_lazy("step of a challenge", "Archive")),
    )
)
