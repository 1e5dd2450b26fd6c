"""The life of a contract with its commitment (军令状)."""

from django.db import models
from django.utils.translation import pgettext_lazy

from qunxing.core.states import Machine, step


class ContractState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("state of a contract", "to be signed")
    IN_FORCE = "in_force", pgettext_lazy("state of a contract", "in force")
    COMPLETED = "completed", pgettext_lazy("state of a contract", "completed")
    FAILED = "failed", pgettext_lazy("state of a contract", "not accepted")
    TERMINATED = "terminated", pgettext_lazy("state of a contract", "terminated")
    VOID = "void", pgettext_lazy("state of a contract", "not concluded")


C = ContractState
OVER = frozenset({C.COMPLETED, C.FAILED, C.TERMINATED, C.VOID})
PATH = (C.DRAFT, C.IN_FORCE, C.COMPLETED)
TONES = {
    C.DRAFT: "info", C.IN_FORCE: "accent", C.COMPLETED: "good", C.FAILED: "bad", C.TERMINATED: "bad", C.VOID: "muted",
}  # fmt: skip
RUN, SIGN, ACCEPT, END = (
    "challenges.run_contract",
    "challenges.sign_contract",
    "challenges.decide_acceptance",
    "challenges.decide_termination",
)

LIFE = Machine(
    (
        step("conclude", {C.DRAFT}, C.IN_FORCE, SIGN, pgettext_lazy("step of a contract", "In force"), tone="good"),
        step(
            "void",
            {C.DRAFT},
            C.VOID,
            RUN,
            pgettext_lazy("step of a contract", "Not concluded"),
            needs_reason=True,
            tone="bad",
        ),
        step(
            "complete", {C.IN_FORCE}, C.COMPLETED, ACCEPT, pgettext_lazy("step of a contract", "Complete"), tone="good"
        ),
        step(
            "fail",
            {C.IN_FORCE},
            C.FAILED,
            ACCEPT,
            pgettext_lazy("step of a contract", "Not accepted"),
            needs_reason=True,
            tone="bad",
        ),
        step(
            "terminate",
            {C.IN_FORCE},
            C.TERMINATED,
            END,
            pgettext_lazy("step of a contract", "Terminate"),
            needs_reason=True,
            tone="bad",
        ),
    )
)
