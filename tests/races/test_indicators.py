"""What the indicators of races count."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from qunxing.indicators.figures.reading import LedgerRead
from qunxing.ledger.actions import change, create
from qunxing.ledger.queries import opened_at, timeline
from qunxing.ledger.versions import history_of
from qunxing.races.models import GateReport, Lane, LaneDecision, Race
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


def backdated(model: Any, day: date) -> None:
    """The versions written last were written on that day."""
    today = history_of(model).objects.filter(history_date__date=timezone.localdate())
    today.update(history_date=datetime.combine(day, time(12), tzinfo=UTC))


def test_what_a_lane_said_before_its_race_was_published_stays_closed() -> None:
    race = entrants.race("draft", published_on=None, number=None)
    lane = entrants.lane(race, state="entered", name="暗星队")
    backdated(Race, DAY), backdated(Lane, DAY)
    change(lane, actor=None, values={"name": "明星队"})
    backdated(Lane, DAY + timedelta(2))
    change(race, actor=None, values={"state": "running", "published_on": DAY + timedelta(4), "number": "SM-2025-999"})
    backdated(Race, DAY + timedelta(4))
    lane, outsider, staff = Lane.objects.get(), people.user("visitor"), people.user("staff")
    asked = [(reader, day) for reader in (outsider, staff) for day in (1, 3, 5)]
    known = {day: datetime.combine(DAY + timedelta(day), time(20), tzinfo=UTC) for day in (1, 3, 5)}
    names = [LedgerRead(reader, known[day])(Lane, "name")["name"].words for reader, day in asked]
    assert [set(words) for words in names] == [set(), {"明星队"}, {"明星队"}, {"暗星队"}, {"明星队"}, {"明星队"}]
    counts = [number("lanes_entered", DAY, user=reader, known_at=known[day]) for reader, day in asked]
    assert counts == [0, 0, 1, 1, 1, 1]
    seen = timeline(lane, user=outsider, since=opened_at(lane, user=outsider))
    assert "暗星队" not in str(seen)
    assert "暗星队" in str(timeline(lane, user=staff, since=opened_at(lane, user=staff)))
