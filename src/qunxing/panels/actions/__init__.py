"""Writes of panels; each asks the actor for its permission, and nobody where the program itself acts (`actor=None`)."""

from qunxing.panels.actions.assigning import assign
from qunxing.panels.actions.checking import (
    check_conflicts,
    decide_request,
    is_stale,
    judge_conflict,
    recheck,
    recheck_all,
    request_recusal,
)
from qunxing.panels.actions.closing import close, reopen, sign, tally
from qunxing.panels.actions.drawing import commit_draw, draw, uncommit
from qunxing.panels.actions.planning import (
    ItemSpec,
    PartySpec,
    add_item,
    add_items,
    change_terms,
    create_panel,
    dissolve,
    withdraw_item,
)
from qunxing.panels.actions.redrawing import commit_more, draw_more
from qunxing.panels.actions.register import add_experts, declare, move_expert
from qunxing.panels.actions.scoring import Filled, open_scoring, save_sheet, submit_many, submit_sheet
from qunxing.panels.actions.seating import accept, accept_many, decline, recuse, replace

__all__ = [
    "Filled",
    "ItemSpec",
    "PartySpec",
    "accept",
    "accept_many",
    "add_experts",
    "add_item",
    "add_items",
    "assign",
    "change_terms",
    "check_conflicts",
    "close",
    "commit_draw",
    "commit_more",
    "create_panel",
    "decide_request",
    "declare",
    "decline",
    "dissolve",
    "draw",
    "draw_more",
    "is_stale",
    "judge_conflict",
    "move_expert",
    "open_scoring",
    "recheck",
    "recheck_all",
    "recuse",
    "reopen",
    "replace",
    "request_recusal",
    "save_sheet",
    "sign",
    "submit_many",
    "submit_sheet",
    "tally",
    "uncommit",
    "withdraw_item",
]
