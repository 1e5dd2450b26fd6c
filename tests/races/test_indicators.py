"""What the indicators of races count."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from qunxing.ledger.actions import change, create
from qunxing.races.models import GateReport, LaneDecision
from tests import factories as people
from tests.indicators.asking import number
from tests.races import entrants
from tests.races.entrants import DAY

pytestmark = pytest.mark.django_db


def test_race_counts_from_its_publication_until_it_is_over() -> None:
    race = entrants.race("running")
    entrants.race("draft", published_on=None, number=None)
    assert [number("races_running", day) for day in (DAY - timedelta(1), timezone.localdate())] == [0, 1]
    assert number("races_published", DAY) == 1
    change(race, actor=None, values={"state": "awarded"})
    assert (number("races_running", timezone.localdate()), number("races_awarded", timezone.localdate())) == (0, 1)


def test_stopped_race_is_told_when_it_ended() -> None:
    race = entrants.race("running")
    change(race, actor=None, values={"state": "stopped", "ended_on": DAY + timedelta(9)})
    assert [number("races_stopped", DAY + timedelta(day)) for day in (8, 9)] == [0, 1]
    assert number("races_running", DAY + timedelta(9)) == 0


def test_lanes_are_counted_from_entering_until_they_are_out() -> None:
    race = entrants.race()
    lanes = [entrants.lane(race, state=state) for state in ("entered", "running", "invited")]
    change(lanes[1], actor=None, values={"state": "stopped", "ended_on": DAY + timedelta(20)})
    assert (number("lanes_entered", DAY), number("lanes_running", DAY + timedelta(20))) == (2, 1)
    assert [number("lanes_out", DAY + timedelta(day)) for day in (19, 20)] == [0, 1]


def test_gate_is_passed_when_its_report_is_confirmed() -> None:
    stage = entrants.stage()
    lanes = [entrants.lane(stage.race) for _lane in range(3)]
    report = create(
        GateReport(stage=stage, state="final", made_on=DAY, told=True, confirmed_on=DAY + timedelta(5)), actor=None
    )
    for lane, passes in zip(lanes, (True, True, False), strict=True):
        create(LaneDecision(report=report, lane=lane, passes=passes, follows="same" if passes else "stop"), actor=None)
    assert [number("gates_passed", DAY + timedelta(day)) for day in (4, 5)] == [0, 2]


def test_hidden_race_is_not_in_the_total_of_the_public() -> None:
    entrants.lane(entrants.race(visibility="internal"))
    readers = (AnonymousUser(), people.user("visitor"), people.user("staff"))
    assert [number("races_running", timezone.localdate(), user=reader) for reader in readers] == [0, 0, 1]
    assert [number("lanes_running", timezone.localdate(), user=reader) for reader in readers] == [0, 0, 1]
