"""Each kind of user finds on the desk what waits for them in a race, and nothing once it is done."""

from datetime import date, timedelta
from typing import Any

import pytest

from qunxing.accounts.models import User
from qunxing.races.actions import gates, publishing
from qunxing.races.duties.running import DUTIES
from tests.races import runners

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qunxing.challenges.clock.now", lambda: runners.NOW)


def steps(user: Any, day: date = runners.DAY) -> list[str]:
    """What is to be done, by its short name, in order; the user as the next request has it."""
    again = User.objects.get(pk=user.pk)
    return sorted(duty.key.split(":")[2] for ask in DUTIES for duty in ask(again, day))


def test_invited_team_is_asked_until_it_answers() -> None:
    race, staff = runners.race(), runners.staff()
    for place in range(2):
        runners.lanes.invite(race, runners.team(place), actor=staff, day=runners.DAY)
    lane = runners.lane(race, 1)
    owner = runners.writer(lane)
    assert steps(owner) == []
    publishing.publish(race, actor=staff, at=runners.NOW)
    assert (steps(owner), steps(staff)) == (["answer"], ["start"])
    runners.lanes.answer_invitation(lane, actor=owner, day=runners.DAY, comes=True)
    assert steps(owner) == []


def test_staff_decide_the_gate_give_notice_and_officers_confirm() -> None:
    race, staff, officer = runners.running(2), runners.staff(), runners.officer()
    stage = runners.scored(race, (0.9, 0.7))
    after = runners.after(stage).date() + timedelta(days=1)
    assert (steps(staff), steps(staff, after), steps(officer, after)) == ([], ["report"], [])
    report = gates.make_report(stage, actor=staff, at=runners.after(stage))
    assert (steps(staff, after), steps(officer, after)) == (["notice"], [])
    runners.noticed(report)
    later = report.notice.last_day + timedelta(days=1)
    assert (steps(officer, report.notice.last_day), steps(officer, later), steps(staff, later)) == (
        [],
        ["confirm"],
        ["confirm"],
    )
    runners.confirmed(report)
    assert steps(officer, later) == []


def test_merge_waits_for_both_teams() -> None:
    race = runners.running(3)
    report = runners.reported(race, (0.9, 0.7, 0.5))
    first, third = runners.lane(race, 1), runners.lane(race, 3)
    decision = gates.decide(
        report.decisions.get(lane=third), actor=runners.staff(), follows="merge", money=0, into=first, reason="互补"
    )
    one, other = runners.writer(first), runners.writer(third)
    assert (steps(one), steps(other)) == (["agree"], ["agree"])
    gates.agree_to_merge(decision, actor=one, day=runners.DAY)
    assert (steps(one), steps(other)) == ([], ["agree"])


def test_race_whose_contracts_are_over_is_closed_by_staff() -> None:
    race, staff = runners.running(2), runners.staff()
    runners.decided(race, (0.9, 0.7))
    runners.decided(race, (0.9, 0.7), order=2)
    assert "close" not in steps(staff)
    contract = race.lanes.get(state="winner").contract
    contract.state = "completed"
    contract.save()
    assert "close" in steps(staff)
