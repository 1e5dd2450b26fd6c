"""The life of a scenario, as data."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunxing.core.states import Machine, step


class State(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("state of a scenario", "draft")
    SUBMITTED = "submitted", pgettext_lazy("state of a scenario", "submitted")
    IN_APPRAISAL = "in_appraisal", pgettext_lazy("state of a scenario", "in appraisal")
    RETURNED = "returned", pgettext_lazy("state of a scenario", "returned")
    PUBLISHED = "published", pgettext_lazy("state of a scenario", "published")
    MATCHED = "matched", pgettext_lazy("state of a scenario", "matched")
    IN_DELIVERY = "in_delivery", pgettext_lazy("state of a scenario", "in delivery")
    CLOSED = "closed", pgettext_lazy("state of a scenario", "closed")
    WITHDRAWN = "withdrawn", pgettext_lazy("state of a scenario", "withdrawn")


# With its owner, who may still write every part of it.
WITH_OWNER = frozenset({State.DRAFT, State.RETURNED})
# Published, and not yet over.
LIVE = frozenset({State.PUBLISHED, State.MATCHED, State.IN_DELIVERY})
# What it needed to be published stays true afterwards.
ONCE_PUBLISHED = LIVE | {State.CLOSED}
NOT_YET_PUBLISHED = frozenset({State.DRAFT, State.SUBMITTED, State.IN_APPRAISAL, State.RETURNED})
OVER = frozenset({State.CLOSED, State.WITHDRAWN})

# The way of a scenario that meets no obstacle, for the stepper.
PATH = (
    State.DRAFT,
    State.SUBMITTED,
    State.IN_APPRAISAL,
    State.PUBLISHED,
    State.MATCHED,
    State.IN_DELIVERY,
    State.CLOSED,
)

TONES = {
    State.DRAFT: "muted",
    State.SUBMITTED: "info",
    State.IN_APPRAISAL: "info",
    State.RETURNED: "warn",
    State.PUBLISHED: "accent",
    State.MATCHED: "good",
    State.IN_DELIVERY: "good",
    State.CLOSED: "muted",
    State.WITHDRAWN: "bad",
}

SUBMIT, WITHDRAW = "scenarios.submit_scenario", "scenarios.withdraw_scenario"
APPRAISE, PUBLISH, DELIVER = "scenarios.appraise_scenario", "scenarios.publish_scenario", "scenarios.deliver_scenario"

LIFE = Machine(
    (
        step("submit", WITH_OWNER, State.SUBMITTED, SUBMIT, pgettext_lazy("step", "Submit"), tone="accent"),
        step("take_up", {State.SUBMITTED}, State.IN_APPRAISAL, APPRAISE, _("Begin the appraisal"), tone="accent"),
        step(
            "return",
            {State.SUBMITTED, State.IN_APPRAISAL},
            State.RETURNED,
            APPRAISE,
            _("Return to the owner"),
            needs_reason=True,
            tone="warn",
        ),
        step("publish", {State.IN_APPRAISAL}, State.PUBLISHED, PUBLISH, _("Publish"), tone="accent"),
        step("match", {State.PUBLISHED}, State.MATCHED, DELIVER, _("Mark as matched"), tone="good"),
        step("reopen", {State.MATCHED}, State.PUBLISHED, DELIVER, _("Open it again"), needs_reason=True, tone="warn"),
        step("start_delivery", {State.MATCHED}, State.IN_DELIVERY, DELIVER, _("Start the delivery"), tone="good"),
        step("close", {State.IN_DELIVERY}, State.CLOSED, DELIVER, pgettext_lazy("step", "Close")),
        step(
            "withdraw",
            {*NOT_YET_PUBLISHED, State.PUBLISHED, State.MATCHED},
            State.WITHDRAWN,
            WITHDRAW,
            pgettext_lazy("step", "Withdraw"),
            needs_reason=True,
            tone="bad",
        ),
    )
)
