"""Experts find seats, reviews and reports on their desk, staff the next step of each panel."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qunxing.accounts.models import Kind, User
from qunxing.core.duties import Duty
from qunxing.ledger.actions import change
from qunxing.panels import actions
from qunxing.panels.duties import DUTIES
from qunxing.panels.models import Panel, Seat
from qunxing.panels.states import ExpertState
from tests import factories as people
from tests.panels import factories

pytestmark = pytest.mark.django_db
DAY = factories.DAY


def duties(user: User) -> list[Duty]:
    return [duty for ask in DUTIES for duty in ask(user, DAY)]


def steps(user: User) -> list[str]:
    return sorted(duty.key.split(":")[2] for duty in duties(user))


def with_account(seat: Seat) -> User:
    """The expert on the seat gets an account."""
    user: User = people.user(Kind.EXPERT)
    change(seat.expert, actor=None, values={"user": user})
    return user


def drawn() -> tuple[Panel, list[Seat]]:
    factories.experts(8)
    made = factories.panel(items=2)
    return made, factories.drawn(made)


def test_invited_expert_declares_ties_first():
    user = people.user(Kind.EXPERT)
    factories.expert(user=user, state=ExpertState.INVITED)
    assert steps(user) == ["declare"]
    assert steps(people.user(Kind.EXPERT)) == []


def test_panel_goes_from_staff_to_experts_and_back():
    factories.experts(8)
    made, staff = factories.panel(items=2), people.user(Kind.STAFF)
    assert steps(staff) == ["planned"]
    actions.commit_draw(made, actor=None, seed="种子")
    assert steps(staff) == ["committed"]
    seats = actions.draw(made, actor=None)
    member = with_account(seats[0])
    assert (steps(staff), steps(member)) == ([], ["answer"])
    actions.accept_many(seats, actor=None)
    made.refresh_from_db()
    assert (steps(staff), steps(member)) == (["seated"], [])
    reviews = factories.scoring(made)
    assert (steps(staff), steps(member)) == ([], ["score"])
    assert duties(member)[0].url == next(one for one in reviews if one.seat_id == seats[0].pk).get_absolute_url()
    factories.score_all(made)
    assert (steps(staff), steps(member)) == (["scoring"], [])
    actions.close(made, actor=None)
    assert (steps(staff), steps(member)) == (["closed"], ["sign"])
    actions.sign(Seat.objects.get(pk=seats[0].pk), actor=None)
    assert steps(member) == []


def test_empty_seat_is_filled_by_staff():
    _made, seats = drawn()
    staff = people.user(Kind.STAFF)
    actions.decline(seats[0], actor=None, reason="出差")
    assert steps(staff) == ["fill"]
    follower = actions.replace(seats[0], actor=None, reason="递补")
    assert (steps(staff), steps(with_account(follower))) == ([], ["answer"])


def test_request_for_recusal_waits_for_staff():
    made, _seats = drawn()
    firm, staff = people.organization(), people.user(Kind.STAFF)
    item = actions.add_item(made, actor=None, **vars(factories.item_spec(9, parties=[actions.PartySpec(firm)])))
    asked = actions.request_recusal(item, actor=None, organization=firm, person="张三", grounds="前同事")
    assert (steps(staff), steps(people.user(Kind.OFFICER))) == (["decide"], [])
    actions.decide_request(asked, "dismiss", actor=None, reason="无关系")
    assert steps(staff) == []


def queries(user: Any) -> int:
    with CaptureQueriesContext(connection) as asked:
        duties(user)
    return len(asked)


def test_desk_asks_as_often_for_three_panels_as_for_one():
    staff = people.user(Kind.STAFF)
    factories.panel(items=1)
    one = queries(staff)
    factories.panel(items=1)
    factories.panel(items=1)
    assert (queries(staff), len(duties(staff))) == (one, 3)
