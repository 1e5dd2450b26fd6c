"""The life of a question to a list: asked, then answered in public or declined."""

from django.db import models
from django.utils.translation import pgettext_lazy

from qunxing.core.states import Machine, step


class QuestionState(models.TextChoices):
    ASKED = "asked", pgettext_lazy("state of a question", "waits for an answer")
    ANSWERED = "answered", pgettext_lazy("state of a question", "answered")
    DECLINED = "declined", pgettext_lazy("state of a question", "declined")


Q = QuestionState
TONES = {Q.ASKED: "warn", Q.ANSWERED: "good", Q.DECLINED: "muted"}
ANSWER = "challenges.answer_question"

LIFE = Machine(
    (
        step(
            "answer",
            {Q.ASKED, Q.DECLINED},
            Q.ANSWERED,
            ANSWER,
            pgettext_lazy("step of a question", "Answer"),
            tone="accent",
        ),
        step(
            "decline",
            {Q.ASKED},
            Q.DECLINED,
            ANSWER,
            pgettext_lazy("step of a question", "Decline"),
            needs_reason=True,
            tone="bad",
        ),
    )
)
