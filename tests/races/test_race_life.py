"""A race from the draft to its award: money by result, lanes, notices, appeals."""

from datetime import timedelta

import pytest

from qunxing.challenges.actions import accepting, objecting
from qunxing.challenges.models import Payment
from qunxing.core.errors import IllegalTransition, Refused
from qunxing.ledger.models import LogEntry
from qunxing.races.actions import finishing, gates, noticing, publishing
from qunxing.races.models import Lane
from tests.races import runners

pytestmark = pytest.mark.django_db


def states(race: object) -> list[str]:
    return list(Lane.objects.filter(race=race).order_by("number").values_list("state", flat=True))


def due(lane: Lane) -> list[tuple[int, str]]:
    return list(Payment.objects.filter(contract=lane.contract).order_by("position").values_list("amount", "state"))


def test_race_runs_through_two_gates_to_its_award() -> None:
    race = runners.running(3)
    assert [due(lane)[0] for lane in race.lanes.all()] == [(100_000, "due")] * 3
    runners.decided(race, (0.9, 0.7, 0.5))
    assert (race.state, states(race)) == ("running", ["running", "running", "stopped"])
    assert due(runners.lane(race, 1)) == [(100_000, "due"), (300_000, "due"), (500_000, "planned")]
    assert due(runners.lane(race, 3)) == [(100_000, "due"), (300_000, "cancelled"), (500_000, "cancelled")]
    runners.decided(race, (0.9, 0.7), order=2)
    assert (race.state, states(race)) == ("awarded", ["winner", "stopped", "stopped"])
    assert due(runners.lane(race, 1))[-1] == (500_000, "planned")
    told = set(LogEntry.objects.filter(subject_ref=race.ref).values_list("kind", flat=True))
    assert {"race.published", "race.started", "race.awarded"} <= told
