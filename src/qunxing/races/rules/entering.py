"""Who may register test sets and scorers, enter, score, disqualify, and look at signs of trouble."""

from enum import StrEnum
from typing import Any

import rules

from qunxing.accounts.rules import oversight, staff
from qunxing.races.rules.subjects import belongs_to_lane, lane_of, leads_lane
from qunxing.races.states import entry
from qunxing.races.states.lane import LaneState


class Permission(StrEnum):
    KEEP_TEST_SET = "races.keep_test_set"
    KEEP_SCORER = "races.keep_scorer"
    HAND_IN_ENTRY = "races.hand_in_entry"
    READ_ENTRY = "races.read_entry"
    SCORE_ENTRY = entry.RUN
    SEE_SEALED = "races.see_sealed_scores"
    DISQUALIFY_ENTRY = "races.disqualify_entry"
    LOOK_AT_FLAG = entry.LOOK


@rules.predicate
def runs(_user: Any, row: Any) -> bool:
    lane = lane_of(row)
    return lane is not None and lane.state == LaneState.RUNNING


GRANTS = {
    Permission.KEEP_TEST_SET: staff,
    Permission.KEEP_SCORER: staff,
    Permission.HAND_IN_ENTRY: leads_lane & runs,
    Permission.READ_ENTRY: oversight | belongs_to_lane,
    Permission.SCORE_ENTRY: staff,
    Permission.SEE_SEALED: oversight,
    Permission.DISQUALIFY_ENTRY: staff,
    Permission.LOOK_AT_FLAG: oversight,
}
