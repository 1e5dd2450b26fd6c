"""Lanes that go before a gate is decided, and those that come back."""

from typing import Any

from qunxing.challenges.rehearsal.stage import fresh
from qunxing.races.actions import lanes
from qunxing.races.models import Lane, Race
from qunxing.races.rehearsal.acts.drafting import ended
from qunxing.races.rehearsal.stage import RaceStage, running, writer


def some(stage: RaceStage, race: Race) -> None:
    """While three run, one may give up, be disqualified for good, or be back before the gate."""
    rows = running(race)
    if len(rows) < 3:
        return
    lane = stage.dice.choice(rows)
    how = stage.dice.choice(["", "", "", "", "", "", "withdraw", "disqualify", "reinstate", "reinstate"])
    if how == "withdraw":
        words: dict[str, Any] = {"actor": writer(lane), "day": stage.clock.day}
        stage.refused("lane.withdrawn_without_a_reason", lanes.withdraw, lane, reason="", **words)
        stage.do("lane.withdraw", lanes.withdraw, lane, reason="经费不足", once=True, **words)
        ended(stage, race)
    elif how:
        out(stage, lane)
        if how == "reinstate":
            back(stage, lane)
        else:
            ended(stage, race)


def out(stage: RaceStage, lane: Lane) -> None:
    team = writer(lane)
    stage.refused("lane.disqualified_by_a_team", lanes.disqualify, lane, actor=team, day=stage.clock.day, reason="x")
    stage.do("lane.disqualify", lanes.disqualify, lane, once=True, **stage.by_staff(reason="疑似抄袭"))


def back(stage: RaceStage, lane: Lane) -> None:
    stage.do("lane.reinstate", lanes.reinstate, lane, once=True, **stage.by_staff(reason="查无实据"))


def gone_for_good(stage: RaceStage, race: Race) -> None:
    """A gate was decided without it: whoever was out stays out."""
    for lane in race.lanes.filter(state="disqualified"):
        stage.refused("lane.reinstated_too_late", lanes.reinstate, lane, **stage.by_staff(reason="再议"))
    for lane in race.lanes.filter(state="stopped")[:1]:
        words = stage.by_staff(reason="再议")
        stage.refused("lane.withdrawn_when_stopped", lanes.withdraw, fresh(lane), **words)
