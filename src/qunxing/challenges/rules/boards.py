"""Who may call for needs, write and publish lists, ask, answer and amend."""

from enum import StrEnum

from qunxing.accounts.rules import staff
from qunxing.challenges.rules.subjects import issues
from qunxing.challenges.states import board, challenge


class Permission(StrEnum):
    CHANGE_RULES = "challenges.change_rule_set"
    CREATE_LIST = "challenges.create_list"
    CHANGE_LIST = "challenges.change_list"
    PUBLISH_LIST = board.PUBLISH
    CLOSE_LIST = board.CLOSE
    CONCLUDE_LIST = board.CONCLUDE
    WITHDRAW_LIST = board.WITHDRAW
    CREATE_CHALLENGE = "challenges.create_challenge"
    CHANGE_CHALLENGE = "challenges.change_challenge"
    RUN_CHALLENGE = challenge.RUN
    WITHDRAW_CHALLENGE = challenge.WITHDRAW


GRANTS = {
    Permission.CHANGE_RULES: staff,
    Permission.CREATE_LIST: staff,
    Permission.CHANGE_LIST: staff,
    Permission.PUBLISH_LIST: staff,
    Permission.CLOSE_LIST: staff,
    Permission.CONCLUDE_LIST: staff,
    Permission.WITHDRAW_LIST: staff,
    Permission.CREATE_CHALLENGE: staff,
    Permission.CHANGE_CHALLENGE: staff | issues,
    Permission.RUN_CHALLENGE: staff,
    Permission.WITHDRAW_CHALLENGE: staff,
}
