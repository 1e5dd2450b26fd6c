"""Who may call for needs, hand one in, appraise and judge it."""

from enum import StrEnum
from typing import Any

import rules

from qunxing.accounts.rules import oversight, staff
from qunxing.challenges.models import Need, NeedAppraisal
from qunxing.challenges.rules.subjects import writes_for, writes_somewhere
from qunxing.challenges.states import call
from qunxing.challenges.states.call import NeedState


def need_of(row: Any) -> Need | None:
    """The need a record is, or hangs on."""
    found = row.need if isinstance(row, NeedAppraisal) else row
    return found if isinstance(found, Need) else None


@rules.predicate
def owns_need(user: Any, row: Any) -> bool:
    """Owner or editor of the organisation whose need it is."""
    need = need_of(row)
    return need is not None and writes_for(user, need.organization_id)


@rules.predicate
def not_handed_in(_user: Any, row: Any) -> bool:
    need = need_of(row)
    return need is not None and need.state == NeedState.DRAFT


@rules.predicate
def not_yet_judged(_user: Any, row: Any) -> bool:
    need = need_of(row)
    return need is not None and need.state in {NeedState.DRAFT, NeedState.SUBMITTED, NeedState.IN_APPRAISAL}


@rules.predicate
def was_asked(user: Any, row: Any) -> bool:
    """The expert whom the appraisal was asked of."""
    return isinstance(row, NeedAppraisal) and user.is_authenticated and row.by_id == user.pk


class Permission(StrEnum):
    RUN_CALL = call.RUN_CALL
    CREATE_NEED = "challenges.create_need"
    CHANGE_NEED = "challenges.change_need"
    SUBMIT_NEED = call.SUBMIT_NEED
    WITHDRAW_NEED = call.WITHDRAW_NEED
    JUDGE_NEED = call.JUDGE_NEED
    APPRAISE_NEED = "challenges.appraise_need"
    SEE_NEED_APPRAISALS = "challenges.see_need_appraisals"


GRANTS = {
    Permission.RUN_CALL: staff,
    Permission.CREATE_NEED: staff | writes_somewhere,
    Permission.CHANGE_NEED: (staff & not_yet_judged) | (owns_need & not_handed_in),
    Permission.SUBMIT_NEED: staff | owns_need,
    Permission.WITHDRAW_NEED: staff | owns_need,
    Permission.JUDGE_NEED: staff,
    Permission.APPRAISE_NEED: was_asked,
    Permission.SEE_NEED_APPRAISALS: oversight,
}
