"""Asking in public without being named, and answering."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qunxing.challenges.models import Challenge, ChallengeList, Question
from qunxing.challenges.models.questions import asker_tag
from qunxing.challenges.rules.boards import Permission
from qunxing.challenges.states.question import LIFE, QuestionState
from qunxing.challenges.telling import follow, tell
from qunxing.core.errors import Refused
from qunxing.core.states import advance
from qunxing.ledger.actions import create
from qunxing.ledger.edges import require
from qunxing.ledger.reasons import needed_reason
from qunxing.ledger.recording import recording

MOST_WAITING = 10  # questions of one person to one list that wait for an answer


def questions_until(board: ChallengeList) -> datetime:
    """The last moment at which a question is taken."""
    return board.deadline - timedelta(days=board.rules.amending.question_days)


def ask(board: ChallengeList, *, actor: Any, at: datetime, text: str, challenge: Challenge | None = None) -> Question:
    """Keep a question; neither its row nor the log says who asked. The asker follows the list from now on."""
    require(actor, Permission.ASK_QUESTION, board)
    if at > questions_until(board):
        raise Refused(_("The time for questions is over."), _("It ends some days before the bids do."), 409)
    tag = asker_tag(actor, board)
    if Question.objects.filter(board=board, asker=tag, state=QuestionState.ASKED).count() >= MOST_WAITING:
        raise Refused(_("Your earlier questions to this list still wait for an answer."), status=409)
    question = Question(
        board=board, challenge=challenge, text=text.strip(), asked_on=timezone.localdate(at), asker=tag, demo=board.demo
    )
    with recording(actor=None):
        create(question, actor=None)
        follow(board, actor=actor)
    return question


def answer(question: Question, *, actor: Any, at: datetime, text: str) -> Question:
    """Answer in public; whoever follows the list is told."""
    if not text.strip():
        raise Refused(_("An answer needs words."), status=422)
    with recording(actor=actor):
        values = {"answer": text.strip(), "answered_on": timezone.localdate(at)}
        advance(question, "answer", actor=actor, machine=LIFE, **values)
        tell(question.board, _("A question to %(list)s is answered") % {"list": question.board.number}, at=at)
    return question


def decline(question: Question, *, actor: Any, at: datetime, reason: str) -> Question:
    """Leave a question without an answer, with a reason that everybody reads."""
    reason = needed_reason(reason)
    with recording(actor=actor, reason=reason):
        values = {"answer": reason, "answered_on": timezone.localdate(at)}
        advance(question, "decline", actor=actor, machine=LIFE, **values)
    return question
