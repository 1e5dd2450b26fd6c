"""The lives of a call for needs (需求征集) and of a need that is handed in."""

from django.db import models
from django.utils.translation import pgettext_lazy

from qunxing.core.states import Machine, step


class CallState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("state of a call", "draft")
    OPEN = "open", pgettext_lazy("state of a call", "open for needs")
    CLOSED = "closed", pgettext_lazy("state of a call", "closed")


class NeedState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("state of a need", "draft")
    SUBMITTED = "submitted", pgettext_lazy("state of a need", "handed in")
    IN_APPRAISAL = "in_appraisal", pgettext_lazy("state of a need", "in appraisal")
    RECOMMENDED = "recommended", pgettext_lazy("state of a need", "recommended for a list")
    REJECTED = "rejected", pgettext_lazy("state of a need", "not recommended")
    LISTED = "listed", pgettext_lazy("state of a need", "on a list")
    WITHDRAWN = "withdrawn", pgettext_lazy("state of a need", "withdrawn")


N = NeedState
CALL_TONES = {CallState.DRAFT: "muted", CallState.OPEN: "accent", CallState.CLOSED: "info"}
NEED_TONES = {
    N.DRAFT: "muted",
    N.SUBMITTED: "info",
    N.IN_APPRAISAL: "info",
    N.RECOMMENDED: "good",
    N.REJECTED: "bad",
    N.LISTED: "accent",
    N.WITHDRAWN: "muted",
}
NEED_PATH = (N.DRAFT, N.SUBMITTED, N.IN_APPRAISAL, N.RECOMMENDED, N.LISTED)

RUN_CALL = "challenges.run_call"
SUBMIT_NEED, WITHDRAW_NEED = "challenges.submit_need", "challenges.withdraw_need"
JUDGE_NEED = "challenges.judge_need"

CALL = Machine(
    (
        step(
            "open",
            {CallState.DRAFT},
            CallState.OPEN,
            RUN_CALL,
            pgettext_lazy("step of a call", "Publish the call"),
            tone="accent",
        ),
        step("close", {CallState.OPEN}, CallState.CLOSED, RUN_CALL, pgettext_lazy("step of a call", "Close the call")),
        step(
            "reopen",
            {CallState.CLOSED},
            CallState.OPEN,
            RUN_CALL,
            pgettext_lazy("step of a call", "Open the call again"),
            needs_reason=True,
            tone="warn",
        ),
    )
)

NEED = Machine(
    (
        step("submit", {N.DRAFT}, N.SUBMITTED, SUBMIT_NEED, pgettext_lazy("step of a need", "Hand in"), tone="accent"),
        step(
            "return",
            {N.SUBMITTED, N.IN_APPRAISAL},
            N.DRAFT,
            JUDGE_NEED,
            pgettext_lazy("step of a need", "Return to its owner"),
            needs_reason=True,
            tone="warn",
        ),
        step(
            "take_up",
            {N.SUBMITTED},
            N.IN_APPRAISAL,
            JUDGE_NEED,
            pgettext_lazy("step of a need", "Begin the appraisal"),
            tone="accent",
        ),
        step(
            "recommend",
            {N.IN_APPRAISAL},
            N.RECOMMENDED,
            JUDGE_NEED,
            pgettext_lazy("step of a need", "Recommend for a list"),
            tone="good",
        ),
        step(
            "reject",
            {N.SUBMITTED, N.IN_APPRAISAL, N.RECOMMENDED},
            N.REJECTED,
            JUDGE_NEED,
            pgettext_lazy("step of a need", "Do not recommend"),
            needs_reason=True,
            tone="bad",
        ),
        step(
            "reopen",
            {N.REJECTED},
            N.IN_APPRAISAL,
            JUDGE_NEED,
            pgettext_lazy("step of a need", "Appraise again"),
            needs_reason=True,
            tone="warn",
        ),
        step("list", {N.RECOMMENDED}, N.LISTED, JUDGE_NEED, pgettext_lazy("step of a need", "Put on a list")),
        step(
            "unlist",
            {N.LISTED},
            N.RECOMMENDED,
            JUDGE_NEED,
            pgettext_lazy("step of a need", "Take off the list"),
            needs_reason=True,
        ),
        step(
            "withdraw",
            {N.DRAFT, N.SUBMITTED, N.IN_APPRAISAL, N.RECOMMENDED},
            N.WITHDRAWN,
            WITHDRAW_NEED,
            pgettext_lazy("step of a need", "Withdraw"),
            needs_reason=True,
            tone="bad",
        ),
    )
)
