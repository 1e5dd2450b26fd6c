"""Who may write and publish lists, ask, answer and amend."""

from enum import StrEnum
from typing import Any

import rules

from qunxing.accounts.rules import oversight, signed_in, staff
from qunxing.challenges.models import Challenge, ChallengeList, Question
from qunxing.challenges.rules.subjects import challenge_of, issues, of_issuer
from qunxing.challenges.states import board, challenge, question
from qunxing.challenges.states.board import ListState
from qunxing.challenges.states.challenge import ChallengeState


def list_of(row: Any) -> ChallengeList | None:
    """The list a record is, or stands on."""
    found = row.board if isinstance(row, Challenge | Question) else row
    return found if isinstance(found, ChallengeList) else None


@rules.predicate
def not_published(_user: Any, row: Any) -> bool:
    found = list_of(row)
    return found is not None and found.state == ListState.DRAFT


@rules.predicate
def in_draft(_user: Any, row: Any) -> bool:
    found = challenge_of(row)
    return found is not None and found.state == ChallengeState.DRAFT


@rules.predicate
def open_for_bids(_user: Any, row: Any) -> bool:
    found = list_of(row)
    return found is not None and found.state == ListState.PUBLISHED


class Permission(StrEnum):
    CHANGE_RULES = "challenges.change_rule_set"
    CREATE_LIST = "challenges.create_list"
    CHANGE_LIST = "challenges.change_list"
    PUBLISH_LIST = board.PUBLISH
    CLOSE_LIST = board.CLOSE
    CONCLUDE_LIST = board.CONCLUDE
    WITHDRAW_LIST = board.WITHDRAW
    AMEND_LIST = "challenges.amend_list"
    FOLLOW_LIST = "challenges.follow_list"
    CREATE_CHALLENGE = "challenges.create_challenge"
    CHANGE_CHALLENGE = "challenges.change_challenge"
    RUN_CHALLENGE = challenge.RUN
    WITHDRAW_CHALLENGE = challenge.WITHDRAW
    SEE_CONTACT = "challenges.see_contact"
    ASK_QUESTION = "challenges.ask_question"
    ANSWER_QUESTION = question.ANSWER


GRANTS = {
    Permission.CHANGE_RULES: staff,
    Permission.CREATE_LIST: staff,
    Permission.CHANGE_LIST: staff & not_published,
    Permission.PUBLISH_LIST: staff,
    Permission.CLOSE_LIST: staff,
    Permission.CONCLUDE_LIST: staff,
    Permission.WITHDRAW_LIST: staff,
    Permission.AMEND_LIST: staff & open_for_bids,
    Permission.FOLLOW_LIST: signed_in,
    Permission.CREATE_CHALLENGE: staff,
    Permission.CHANGE_CHALLENGE: (staff | issues) & in_draft,
    Permission.RUN_CHALLENGE: staff,
    Permission.WITHDRAW_CHALLENGE: staff,
    Permission.SEE_CONTACT: oversight | of_issuer,
    Permission.ASK_QUESTION: signed_in & open_for_bids,
    Permission.ANSWER_QUESTION: staff | issues,
}
