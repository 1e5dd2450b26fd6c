"""What made-up teams do at a gate: test sets are registered, entries handed in and scored at their hour."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from qunxing.demo.desk import Desk, dice
from qunxing.demo.made.races.answers import Sheet, Task, table
from qunxing.demo.tables import Row, read_table
from qunxing.races.actions import entering, scoring, testsets
from qunxing.races.models import Entry, Lane, Race, Stage
from qunxing.races.uploading import receive

WORKER = "演示"


def teams_of(race: str) -> list[Row]:
    return [row for row in read_table("race-teams.tsv") if row["race"] == race]


def lane_of(race: Race, name: str) -> Lane:
    """The lane of the team with this name."""
    found: Lane = race.lanes.get(name=name)
    return found


def stage_of(race: Race, order: int) -> Stage:
    found: Stage = race.stages.get(order=order)
    return found


def register(desk: Desk, stage: Stage, task: Task, days: int) -> None:
    """Keep the sealed answers, with the questions that are handed out."""
    questions = "\n".join(["item,text", *(f"{item},演示条目 {item}" for item in task.names)]).encode()
    proposed = testsets.Proposed(
        name=f"演示测试集（{stage.title}）",
        file=receive(stage.race, table(task.truth(), "truth"), "key.csv"),
        entry_schema=task.entry_schema,
        key_schema=task.key_schema,
        questions=receive(stage.race, questions, "questions.csv"),
        origin="随演示数据虚构",
    )
    testsets.keep_test_set(stage, actor=desk.clerk, day=desk.ago(days), proposed=proposed)


def hand_in(lane: Lane, stage: Stage, sheet: Sheet, at: datetime, name: str = "answers.csv") -> Entry:
    """Handed in at that moment, and scored half a minute later."""
    file = receive(stage.race, table(sheet), name)
    entry = entering.hand_in(lane, stage, actor=None, at=at, handed=entering.Handed(file))
    scoring.drain(WORKER, clock=lambda: at + timedelta(seconds=30))
    return entry


def moments(stage: Stage, count: int, key: str, until: datetime | None = None) -> Iterator[datetime]:
    """So many hours of work days in the window, in their order, the last ones near its end."""
    opens, closes = stage.opens_at, stage.closes_at
    if opens is None or closes is None:
        return
    chance, last = dice(f"moments/{key}"), min(until or closes, closes)
    length = (last - opens) / max(count, 1)
    for place in range(count):
        yield opens + place * length + chance.uniform(0.35, 0.95) * length


def series(lane: Lane, stage: Stage, sheets: Sequence[Sheet], until: datetime | None = None) -> list[Entry]:
    """One entry after the other over the window."""
    times = moments(stage, len(sheets), f"{stage.title}/{lane.name}", until)
    return [hand_in(lane, stage, sheet, at) for sheet, at in zip(sheets, times, strict=True)]
