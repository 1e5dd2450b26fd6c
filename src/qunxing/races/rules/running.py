"""Who may plan, publish and run races, decide gates and confirm what was decided."""

from enum import StrEnum
from typing import Any

import rules

from qunxing.accounts.rules import oversight, signed_in, staff
from qunxing.challenges.rules.subjects import writes_somewhere
from qunxing.races.rules.subjects import asks_for, in_merge, leads_lane, race_of
from qunxing.races.states import lane, race
from qunxing.races.states.race import RaceState


class Permission(StrEnum):
    CREATE_RACE = "races.create_race"
    CHANGE_RACE = "races.change_race"
    RUN_RACE = race.RUN
    SEE_RUNNING = "races.see_running"
    ENTER_RACE = "races.enter_race"
    ENTER_LANE = lane.ENTER
    CHANGE_LANE = "races.change_lane"
    CHECK_ROUTES = "races.check_routes"
    DECIDE_GATE = race.DECIDE
    CONFIRM_GATE = race.CONFIRM
    AGREE_TO_MERGE = "races.agree_to_merge"
    ARCHIVE_RACE = race.ARCHIVE
    READ_ARCHIVE = "races.read_archive"


@rules.predicate
def in_draft(_user: Any, row: Any) -> bool:
    found = race_of(row)
    return found is not None and found.state == RaceState.DRAFT


@rules.predicate
def not_started(_user: Any, row: Any) -> bool:
    found = race_of(row)
    return found is not None and found.state in {RaceState.DRAFT, RaceState.PUBLISHED}


GRANTS = {
    Permission.CREATE_RACE: staff,
    Permission.CHANGE_RACE: staff & in_draft,
    Permission.RUN_RACE: staff,
    Permission.SEE_RUNNING: oversight | asks_for,
    Permission.ENTER_RACE: signed_in & writes_somewhere,
    Permission.ENTER_LANE: staff | leads_lane,
    Permission.CHANGE_LANE: (staff | leads_lane) & not_started,
    Permission.CHECK_ROUTES: staff,
    Permission.DECIDE_GATE: staff,
    Permission.CONFIRM_GATE: oversight,
    Permission.AGREE_TO_MERGE: staff | in_merge,
    Permission.ARCHIVE_RACE: staff,
    Permission.READ_ARCHIVE: oversight,
}
