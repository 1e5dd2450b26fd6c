"""The clock closes lists and keeps what ended or is late in the log, once."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.utils import timezone

from qunxing.challenges.rounds import ENDED, OVERDUE, ROUNDS
from qunxing.challenges.states.board import ListState
from qunxing.challenges.states.challenge import ChallengeState
from qunxing.ledger.models import LogEntry
from qunxing.matching.alerts import clock
from tests.challenges import bidders, deciders, factories

pytestmark = pytest.mark.django_db


def go(now: datetime) -> list[int]:
    return [go_round(now=now) for go_round in ROUNDS]


def morning_after(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time(8)))


def test_lists_close_at_their_deadline_and_not_before(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("qunxing.challenges.rounds.not_before_log", lambda moment: moment)
    challenge = bidders.open_challenge()
    assert go(factories.DEADLINE) == [0, 0, 0, 0]
    assert go(factories.DEADLINE + timedelta(seconds=1)) == [1, 0, 0, 0]
    assert go(factories.DEADLINE + timedelta(seconds=2)) == [0, 0, 0, 0]
    challenge.refresh_from_db()
    challenge.board.refresh_from_db()
    assert (challenge.board.state, challenge.state) == (ListState.CLOSED, ChallengeState.CLOSED)


def test_clock_that_was_set_back_closes_by_the_log():
    challenge = bidders.open_challenge(bidders.open_board(deadline=timezone.now() - timedelta(hours=1)))
    assert go(timezone.now() - timedelta(days=2))[0] == 1
    challenge.board.refresh_from_db()
    assert challenge.board.state == ListState.CLOSED


def test_notice_that_ended_and_late_payment_are_told_once():
    contract = deciders.signed()
    payment = contract.payments.get(milestone=None)
    _challenge, notice = deciders.noticed()
    assert go(morning_after(notice.last_day - timedelta(days=1)))[2:] == [0, 0]
    assert go(morning_after(notice.last_day))[2:] == [1, 0]
    assert go(morning_after(payment.pay_by))[2:] == [0, 1]
    assert go(morning_after(payment.pay_by))[2:] == [0, 0]
    told = LogEntry.objects.filter(kind__in=[ENDED, OVERDUE]).values_list("kind", "subject_ref").order_by("index")
    assert list(told) == [(ENDED, notice.ref), (OVERDUE, payment.ref)]


def test_rounds_are_gone_by_the_clock_of_the_program():
    challenge = bidders.open_challenge(bidders.open_board(deadline=timezone.now() - timedelta(hours=1)))
    clock.send_due(now=timezone.now())
    challenge.board.refresh_from_db()
    assert challenge.board.state == ListState.CLOSED
