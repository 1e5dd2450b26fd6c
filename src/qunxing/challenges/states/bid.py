"""The life of a bid (揭榜书)."""

from django.db import models
from django.utils.translation import pgettext_lazy

from qunxing.core.states import Machine, step


class BidState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("state of a bid", "draft")
    SUBMITTED = "submitted", pgettext_lazy("state of a bid", "submitted, sealed")
    WITHDRAWN = "withdrawn", pgettext_lazy("state of a bid", "withdrawn")
    EXPIRED = "expired", pgettext_lazy("state of a bid", "not submitted in time")
    DAMAGED = "damaged", pgettext_lazy("state of a bid", "set aside: not what was received")
    OPENED = "opened", pgettext_lazy("state of a bid", "opened")
    REFUSED = "refused", pgettext_lazy("state of a bid", "failed the formal check")
    ADMITTED = "admitted", pgettext_lazy("state of a bid", "admitted to review")
    PROPOSED = "proposed", pgettext_lazy("state of a bid", "proposed for the award")
    AWARDED = "awarded", pgettext_lazy("state of a bid", "awarded")
    LOST = "lost", pgettext_lazy("state of a bid", "not awarded")
    DISQUALIFIED = "disqualified", pgettext_lazy("state of a bid", "disqualified")


B = BidState
SEALED = frozenset({B.DRAFT, B.SUBMITTED, B.DAMAGED, B.WITHDRAWN, B.EXPIRED})
WRITABLE = frozenset({B.DRAFT, B.SUBMITTED})
UNDECIDED = frozenset({B.OPENED, B.DAMAGED})
LIVE = frozenset({B.OPENED, B.ADMITTED, B.PROPOSED, B.AWARDED})
TONES = {
    B.DRAFT: "muted", B.SUBMITTED: "accent", B.WITHDRAWN: "muted", B.EXPIRED: "warn", B.OPENED: "info",
    B.DAMAGED: "bad", B.REFUSED: "bad", B.ADMITTED: "info", B.PROPOSED: "accent", B.AWARDED: "good", B.LOST: "muted",
    B.DISQUALIFIED: "bad",
}  # fmt: skip

WRITE, SUBMIT, WITHDRAW = "challenges.write_bid", "challenges.submit_bid", "challenges.withdraw_bid"
CHECK, DECIDE, OPEN = "challenges.check_bid", "challenges.decide_bid", "challenges.open_bids"


LIFE = Machine(
    (
        step("submit", {B.DRAFT}, B.SUBMITTED, SUBMIT, pgettext_lazy("step of a bid", "Submit"), tone="accent"),
        step("replace", {B.SUBMITTED}, B.SUBMITTED, SUBMIT, pgettext_lazy("step of a bid", "Replace"), tone="accent"),
        step("take_back", {B.SUBMITTED}, B.DRAFT, WRITE, pgettext_lazy("step of a bid", "Take back to draft")),
        step("withdraw", {B.DRAFT, B.SUBMITTED}, B.WITHDRAWN, WITHDRAW, pgettext_lazy("step of a bid", "Withdraw")),
        step("expire", {B.DRAFT}, B.EXPIRED, OPEN, pgettext_lazy("step of a bid", "Expire")),
        step("set_aside", {B.SUBMITTED}, B.DAMAGED, OPEN, pgettext_lazy("step of a bid", "Set aside"), tone="bad"),
        step("open", {B.SUBMITTED, B.DAMAGED}, B.OPENED, OPEN, pgettext_lazy("step of a bid", "Open")),
        step("admit", {B.OPENED}, B.ADMITTED, CHECK, pgettext_lazy("step of a bid", "Admit to review"), tone="good"),
        step(
            "refuse",
            {B.OPENED, B.DAMAGED},
            B.REFUSED,
            CHECK,
            pgettext_lazy("step of a bid", "Refuse"),
            needs_reason=True,
            tone="bad",
        ),
        step("propose", {B.ADMITTED}, B.PROPOSED, DECIDE, pgettext_lazy("step of a bid", "Propose"), tone="accent"),
        step("set_back", {B.PROPOSED}, B.ADMITTED, DECIDE, pgettext_lazy("step of a bid", "Set back")),
        step("award", {B.PROPOSED}, B.AWARDED, DECIDE, pgettext_lazy("step of a bid", "Award"), tone="good"),
        step("lose", {B.ADMITTED, B.OPENED, B.DAMAGED}, B.LOST, DECIDE, pgettext_lazy("step of a bid", "Not awarded")),
        step(
            "disqualify",
            LIVE,
            B.DISQUALIFIED,
            DECIDE,
            pgettext_lazy("step of a bid", "Disqualify"),
            needs_reason=True,
            tone="bad",
        ),
    )
)
