"""Reads of lists and challenges: what their pages show beside the facts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from qunxing.challenges.models import Challenge, ChallengeList, Notice, Question
from qunxing.challenges.models.questions import asker_tag
from qunxing.challenges.rules.boards import Permission
from qunxing.challenges.states import board as board_states
from qunxing.challenges.states import challenge as challenge_states
from qunxing.challenges.states.board import ListState
from qunxing.challenges.states.challenge import ChallengeState
from qunxing.challenges.states.question import QuestionState
from qunxing.core.errors import Text
from qunxing.core.masking import mask_email, mask_name, mask_phone

CS = ChallengeState


@dataclass(frozen=True)
class Stop:
    """A stop on a way; `status` is done, here or ahead."""

    label: Text
    status: str
    tone: str = ""


def way(path: Iterable[Any], here: Any, tone: str = "") -> list[Stop]:
    """The stops of a way with the one where it stands."""
    stops = list(path)
    place = stops.index(here)
    return [
        Stop(stop.label, "done" if at < place else "here" if at == place else "ahead", tone if at == place else "")
        for at, stop in enumerate(stops)
    ]


def way_of_board(board: ChallengeList, at: datetime) -> list[Stop]:
    state = board.state_at(at)
    if state == ListState.WITHDRAWN:
        gone = [ListState.DRAFT, *([ListState.PUBLISHED] if board.published_on else [])]
        return way([*gone, state], state, "bad")
    return way(board_states.PATH, state)


def way_of_challenge(entry: Challenge) -> list[Stop]:
    """The way of a challenge; one that left it shows how far it is known to have come."""
    state = CS(entry.state)
    reached = CS(entry.outcome) if state == CS.ARCHIVED and entry.outcome else state
    if reached in challenge_states.PATH:
        return way(challenge_states.PATH, state)
    tone = challenge_states.TONES[reached]
    if reached == CS.SUSPENDED:
        before = challenge_states.PATH[: challenge_states.PATH.index(CS.NOTICE) + 1]
        ahead = challenge_states.PATH[len(before) :]
        return way([*before, reached, *ahead], reached, tone)
    known = [CS.DRAFT, *([CS.OPEN] if entry.number else [])]
    if reached in {CS.FAILED, CS.TERMINATED}:
        known += [CS.AWARDED, CS.DELIVERING]
    tail = [CS.ARCHIVED] if state == CS.ARCHIVED else []
    return way([*known, reached, *tail], state if tail else reached, "" if tail else tone)


@dataclass(frozen=True)
class ContactCard:
    """The person to ask; `masked` says that the reader sees only a part."""

    name: str
    phone: str
    email: str
    masked: bool


def contact_of(entry: Challenge, *, user: Any) -> ContactCard | None:
    """The contact as far as the user may see: in full with the permission, or when the person agreed to be shown."""
    name, phone, email = entry.contact_name, entry.contact_phone, entry.contact_email
    if not any((name, phone, email)):
        return None
    if entry.contact_open or user.has_perm(Permission.SEE_CONTACT, entry):
        return ContactCard(name, phone, email, masked=False)
    return ContactCard(mask_name(name), mask_phone(phone), mask_email(email), masked=True)


@dataclass(frozen=True)
class ShownQuestion:
    question: Question
    own: bool
    can_answer: bool


def questions_of(board: ChallengeList, *, user: Any, challenge: Challenge | None = None) -> list[ShownQuestion]:
    """Questions to a list, or to one of its challenges, that the user may see; one's own even before the answer."""
    rows = board.questions.select_related("challenge", "board")
    if challenge is not None:
        rows = rows.filter(challenge=challenge)
    seen = set(Question.objects.visible_to(user).filter(board=board).values_list("pk", flat=True))
    tag = asker_tag(user, board) if user.is_authenticated else ""
    return [
        ShownQuestion(row, bool(tag) and row.asker == tag, may_answer(row, user))
        for row in rows
        if row.pk in seen or (tag and row.asker == tag)
    ]


def may_answer(question: Question, user: Any) -> bool:
    if question.state == QuestionState.ANSWERED:
        return False
    return bool(user.has_perm(Permission.ANSWER_QUESTION, question))


@dataclass(frozen=True)
class Date:
    """A day of a list or challenge that everybody may know; `tone` marks what is over, now or ahead."""

    label: Text
    at: date | datetime
    note: Text = ""


def dates_of(board: ChallengeList) -> list[Date]:
    """What happened when, and what is to come, oldest first."""
    found: list[Date] = []
    if board.published_on:
        found.append(Date(_("Published"), board.published_on))
    found += [
        Date(_("Amendment %(number)s") % {"number": row.number}, row.day, _("deadline moved") if row.moved else "")
        for row in board.amendments.order_by("number")
    ]
    found.append(Date(_("Bids until"), board.deadline))
    if board.opened_at:
        found.append(Date(_("Bids opened"), board.opened_at))
    if board.ended_on:
        label = _("Withdrawn") if board.state == ListState.WITHDRAWN else _("Concluded")
        found.append(Date(label, board.ended_on, board.ending))
    return sorted(found, key=lambda one: as_day(one.at))


def as_day(moment: date | datetime) -> date:
    return timezone.localtime(moment).date() if isinstance(moment, datetime) else moment


def notices_of(board: ChallengeList, *, user: Any) -> list[Notice]:
    """The public notices of a list that the user may see."""
    rows = Notice.objects.visible_to(user).filter(challenge__board=board)
    return list(rows.select_related("challenge").order_by("pk"))
