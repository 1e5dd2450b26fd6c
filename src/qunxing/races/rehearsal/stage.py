"""Where a race is played: the stage of challenges, with what a race needs beside it."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from qunxing.accounts.models import User
from qunxing.challenges.rehearsal.cast import writer_of
from qunxing.challenges.rehearsal.chance import Dice
from qunxing.challenges.rehearsal.clock import StoryClock
from qunxing.challenges.rehearsal.stage import Stage, fresh
from qunxing.races.models import Lane, Race
from qunxing.races.models import Stage as Gate
from qunxing.races.rehearsal.memory import RaceMemory
from qunxing.races.rehearsal.size import RaceSize
from qunxing.races.states.lane import LaneState

FIRST_DAYS = (date(2024, 1, 8), date(2026, 1, 5))


@dataclass
class RaceStage(Stage):
    """One race, after whatever was played on the ground before it."""

    size: RaceSize
    memory: RaceMemory = field(default_factory=RaceMemory)

    def __post_init__(self) -> None:
        self.dice = Dice(f"race {self.seed}")
        first, last = (day.toordinal() for day in FIRST_DAYS)
        self.clock = StoryClock(date.fromordinal(self.dice.randrange(first, last)))

    def by_staff(self, **words: Any) -> dict[str, Any]:
        return {"actor": self.staff, "day": self.clock.day, **words}

    def by_officer(self, **words: Any) -> dict[str, Any]:
        return {"actor": self.officer, "day": self.clock.day, **words}

    def free_firms(self, race: Race) -> list[int]:
        """Those that have no part in the race and do not ask for it."""
        led = set(race.lanes.values_list("organization", flat=True))
        part = set(race.lanes.values_list("parties__organization", flat=True))
        return [key for key in self.cast.firms if key not in led | part]


def running(race: Race) -> list[Lane]:
    """The lanes that run, as they stand now."""
    rows = race.lanes.filter(state=LaneState.RUNNING).select_related("organization", "contract", "race")
    return list(rows.order_by("number"))


def current(race: Race) -> Gate | None:
    """The gate that is run now."""
    found: Gate | None = race.stages.filter(state__in=["running", "deciding"]).select_related("race").first()
    return found


def writer(lane: Lane) -> User:
    """Who writes for the team."""
    return writer_of(lane.organization_id)


__all__ = ["RaceStage", "current", "fresh", "running", "writer"]
