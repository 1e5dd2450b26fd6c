"""The demonstration's races: one past its first gate, one that runs now, one that is over."""

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from qunxing.accounts.models import User
from qunxing.challenges.archive.packing import pack_path
from qunxing.challenges.models import Contract, Payment
from qunxing.demo.desk import ref_of
from qunxing.ledger.packs import verify_pack
from qunxing.races.models import Entry, Flag, GateReport, Lane, Race, ScoreRun, Stage
from qunxing.races.queries.boards import board_of

# What it says is the same on every database; test_loading.py loads it on each.
pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def the_race(key: str) -> Race:
    found: Race = Race.objects.get(ref=ref_of(Race, key))
    return found


def raced() -> Race:
    found: Race = Race.objects.get(kind="challenge")
    return found


def lanes_of(race: Race) -> dict[str, str]:
    return dict(race.lanes.values_list("name", "state"))


def test_races_stand_before_between_and_behind_their_gates(demonstration: date) -> None:
    found = dict(Race.objects.values_list("kind", "state"))
    assert found == {"challenge": "running", "open": "running", "invited": "closed"}


def test_appeal_changed_who_goes_on(demonstration: date) -> None:
    reports = GateReport.objects.filter(stage__race=raced()).order_by("number")
    assert [report.state for report in reports] == ["overturned", "final"]
    assert [set(report.decisions.filter(passes=True).values_list("lane__name", flat=True)) for report in reports] == [
        {"星河队", "瀚澜队"},
        {"星河队", "蓝桥队"},
    ]
    assert lanes_of(raced()) == {"星河队": "running", "蓝桥队": "running", "瀚澜队": "stopped"}
    assert Entry.objects.get(disqualified=True).lane.name == "瀚澜队"


def test_money_follows_the_gate(demonstration: date) -> None:
    states = Payment.objects.filter(contract__lane__race=raced()).order_by("pk")
    by_lane: dict[str, list[str]] = {}
    for name, state in states.values_list("contract__lane__name", "state"):
        by_lane.setdefault(name, []).append(state)
    assert by_lane == {
        "星河队": ["paid", "paid", "planned"],
        "蓝桥队": ["paid", "due", "planned"],
        "瀚澜队": ["paid", "cancelled", "cancelled"],
    }


def test_open_race_shows_a_board_of_a_dozen_with_two_that_cannot_be_told_apart(demonstration: date) -> None:
    stage = the_race("hotline").stages.get(order=1)
    board = board_of(stage, AnonymousUser(), part="public", now=timezone.now(), wait=True)
    lanes, baselines = [row for row in board.rows if row.lane], [row for row in board.rows if row.lane is None]
    assert (len(lanes), len(baselines)) == (12, 2)
    line = stage.gate.rule.top
    first, second = lanes[line - 1].place, lanes[line].place
    assert board.standings.matrix is not None
    assert not board.standings.matrix[first.code, second.code].apart


def test_signs_wait_for_people_or_were_looked_at(demonstration: date) -> None:
    found = Flag.objects.filter(stage__race=the_race("hotline")).values_list("sign", "state")
    assert sorted(found) == [("constant", "cleared"), ("twin", "open"), ("twin", "open")]


def test_finished_race_has_a_winner_that_was_paid_and_an_archive_that_verifies(demonstration: date) -> None:
    race = the_race("boxes")
    (winner,) = race.lanes.filter(state="winner")
    assert (winner.contract.state, set(winner.contract.payments.values_list("state", flat=True))) == (
        "completed",
        {"paid"},
    )
    assert verify_pack(pack_path(race)).ok


def test_second_gate_was_measured_by_a_testing_body(demonstration: date) -> None:
    rows = Entry.objects.filter(stage__race=the_race("boxes"), kind="table")
    assert {str(entry.body) for entry in rows} == {"演示·云澜大学人工智能研究院"}


def test_scoring_follows_the_entry_by_the_clock_of_the_demonstration(demonstration: date) -> None:
    late = [
        run for run in ScoreRun.objects.select_related("entry") if (run.ended_at - run.entry.received_at).seconds > 60
    ]
    assert late == []


def test_everything_of_a_race_is_made_up(demonstration: date) -> None:
    unmarked = [row for kind in (Race, Stage, Lane, Entry, ScoreRun, Flag) for row in kind.objects.filter(demo=False)]
    assert unmarked == []
    assert not Contract.objects.filter(lane__isnull=False, demo=False).exists()


def test_owner_and_demand_see_their_race(demonstration: date) -> None:
    for name in ("owner", "demand"):
        assert Entry.objects.visible_to(User.objects.get(username=name)).exists() == (name == "owner")
        assert Race.objects.visible_to(User.objects.get(username=name)).filter(pk=raced().pk).exists()
