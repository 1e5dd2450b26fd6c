"""Who may keep the register, run panels, sit, score, judge conflicts and ask for recusals."""

from enum import StrEnum
from typing import Any

import rules

from qunxing.accounts.models import Kind
from qunxing.accounts.rules import grant, of_kind, oversight, staff
from qunxing.directory.models import Membership
from qunxing.directory.rules import roles_of
from qunxing.panels import states
from qunxing.panels.models import Expert, Item, Review, Seat

EDITING = frozenset({Membership.Role.OWNER, Membership.Role.EDITOR})


def expert_of(row: Any) -> Expert | None:
    """The expert a row is, or is about."""
    if isinstance(row, Expert):
        return row
    if isinstance(row, Review):
        return row.seat.expert
    found = getattr(row, "expert", None)
    return found if isinstance(found, Expert) else None


@rules.predicate
def oneself(user: Any, row: Any) -> bool:
    """The expert with this expert's account; asked of an expert, a declaration, a seat or a review."""
    expert = expert_of(row)
    return getattr(user, "kind", None) == Kind.EXPERT and expert is not None and expert.user_id == user.pk


@rules.predicate
def sits(user: Any, row: Any) -> bool:
    """Still holds the seat; asked of a seat or a review."""
    seat = row.seat if isinstance(row, Review) else row
    return isinstance(seat, Seat) and seat.state in states.HOLDS and bool(oneself.test(user, seat))


@rules.predicate
def bids_for(user: Any, row: Any) -> bool:
    """Owner or editor of an organisation behind the item."""
    if not isinstance(row, Item):
        return False
    mine = [key for key, role in roles_of(user).items() if role in EDITING]
    return bool(mine) and row.parties.filter(organization__in=mine).exists()


class Permission(StrEnum):
    SEE_REGISTER = "panels.see_register"
    CREATE_EXPERT = "panels.create_expert"
    CHANGE_EXPERT = states.KEEP
    DECLARE = "panels.declare_tie"
    SEE_EXPERT = "panels.see_expert"
    SEE_PANELS = "panels.see_panels"
    CREATE_PANEL = "panels.create_panel"
    RUN = states.RUN
    DISSOLVE = states.DISSOLVE
    JUDGE = states.JUDGE
    REQUEST = "panels.request_recusal"
    DECIDE = states.DECIDE
    ANSWER = states.ANSWER
    USE_DESK = "panels.use_desk"
    SCORE = states.SCORE
    SIGN = "panels.sign_report"


# The rows these are asked of: CHANGE_EXPERT and SEE_EXPERT of an expert, DECLARE of an expert or a declaration; RUN and
# DISSOLVE of a panel, or a row of one; JUDGE of a conflict; REQUEST of an item; DECIDE of a request; ANSWER and SIGN of
# a seat; SCORE of a review.
GRANTS: dict[Any, rules.predicates.Predicate] = {
    Permission.SEE_REGISTER: oversight,
    Permission.CREATE_EXPERT: staff,
    Permission.CHANGE_EXPERT: staff,
    Permission.DECLARE: staff | oneself,
    Permission.SEE_EXPERT: staff | oneself,
    Permission.SEE_PANELS: oversight,
    Permission.CREATE_PANEL: staff,
    Permission.RUN: staff,
    Permission.DISSOLVE: oversight,
    Permission.JUDGE: staff,
    Permission.REQUEST: staff | bids_for,
    Permission.DECIDE: staff,
    Permission.ANSWER: staff | sits,
    Permission.USE_DESK: of_kind(Kind.EXPERT),
    Permission.SCORE: sits,
    Permission.SIGN: sits,
}
grant(GRANTS)
