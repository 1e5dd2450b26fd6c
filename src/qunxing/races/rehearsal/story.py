"""One race from the draft to its end."""

from dataclasses import replace

from qunxing.races.models import Race
from qunxing.races.rehearsal import invariants
from qunxing.races.rehearsal.acts import deciding, drafting, ending, entering, leaving
from qunxing.races.rehearsal.acts.entering import Course, Shares
from qunxing.races.rehearsal.stage import RaceStage, current, fresh, running
from qunxing.races.states.race import RaceState

# Where a race is stopped by decision, seldom.
STOPS = ("draft", "published", "running", "", "", "", "", "", "", "", "", "", "", "", "", "")
# How good lanes are: told apart, all the same, all bad, near each other.
FIELDS = {
    "apart": (0.9, 0.7, 0.5, 0.4, 0.3),
    "tied": (0.7, 0.7, 0.7, 0.7, 0.7),
    "bad": (0.2, 0.15, 0.1, 0.1, 0.1),
    "near": (0.8, 0.775, 0.75, 0.75, 0.725),
}
MOST_GATES = 8


def play(stage: RaceStage, *, of_challenge: bool) -> None:
    """Everything, and then what must hold."""
    run(stage, of_challenge=of_challenge)
    invariants.check(stage.memory, invariants.FINAL)


def run(stage: RaceStage, *, of_challenge: bool) -> None:
    race, stop = drafting.draft(stage, of_challenge=of_challenge), stage.dice.choice(STOPS)
    if not ending.stop_anywhere(stage, race, "draft", stop):
        begin(stage, race, stop)
    if fresh(race).state == RaceState.RUNNING:
        through_gates(stage, race, stop)
    ending.finish(stage, race)
    ending.archive(stage, race)


def begin(stage: RaceStage, race: Race, stop: str) -> None:
    """Published, with its teams, and started."""
    if race.kind == "invited":
        drafting.invited(stage, race)
    if race.kind == "challenge" and any(not lane.route.text for lane in race.lanes.select_related("route")):
        drafting.routes_of(stage, race)
    drafting.publish(stage, race)
    if race.kind == "invited":
        drafting.answered(stage, race)
    if race.kind == "open":
        drafting.entered(stage, race)
    if not ending.stop_anywhere(stage, race, "published", stop):
        drafting.start(stage, race)


def through_gates(stage: RaceStage, race: Race, stop: str) -> None:
    """Gate after gate until the award or the end."""
    for _each in range(MOST_GATES):
        gate = current(race)
        if gate is None or fresh(race).state != RaceState.RUNNING:
            return
        course: Course | None = entering.prepare(stage, race, deciding.in_time(stage, gate), shares(stage, race))
        while course is not None:
            course = one_gate(stage, course)
        if fresh(race).state != RaceState.RUNNING or ending.stop_anywhere(stage, race, "running", stop):
            return
        leaving.gone_for_good(stage, race)
        ending.paid(stage, race)


def one_gate(stage: RaceStage, course: Course) -> Course | None:
    """A window and its gate; the gate that took its place, if one did."""
    entering.run(stage, course)
    leaving.some(stage, course.race)
    found = deciding.decide(stage, course, stage.dice.choice(deciding.FATES))
    if found is None:
        return None
    again = entering.prepare(stage, found.race, found.gate, found.shares)
    return replace(again, shares=found.shares)


def shares(stage: RaceStage, race: Race) -> Shares:
    field = FIELDS[stage.dice.choice(list(FIELDS))]
    rows = running(race)
    return {lane.pk: field[min(place, len(field) - 1)] for place, lane in enumerate(rows)}
