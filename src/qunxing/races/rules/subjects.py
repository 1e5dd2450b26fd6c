"""What the rules of races are asked of: the race and the lane a row is or hangs on, and whose they are."""

from typing import Any

import rules

from qunxing.challenges.rules.subjects import writes_for
from qunxing.directory.rules import roles_of
from qunxing.ledger.rules import hung_on
from qunxing.races.models import Lane, LaneDecision, Race


def race_of(row: Any) -> Race | None:
    """The race a record is, or hangs on."""
    return hung_on(row, Race, "race")


def lane_of(row: Any) -> Lane | None:
    """The lane a record is, or hangs on."""
    return hung_on(row, Lane, "lane")


@rules.predicate
def asks_for(user: Any, row: Any) -> bool:
    """Owner or editor of the organisation that asks for the race."""
    race = race_of(row)
    return race is not None and writes_for(user, race.organization_id)


@rules.predicate
def leads_lane(user: Any, row: Any) -> bool:
    """Owner or editor of the organisation that leads the lane."""
    lane = lane_of(row)
    return lane is not None and writes_for(user, lane.organization_id)


@rules.predicate
def belongs_to_lane(user: Any, row: Any) -> bool:
    """Any member of an organisation in the lane."""
    lane = lane_of(row)
    if lane is None:
        return False
    mine = roles_of(user)
    return lane.organization_id in mine or any(party.organization_id in mine for party in lane.parties.all())


@rules.predicate
def in_merge(user: Any, row: Any) -> bool:
    """Owner or editor of one of the two organisations that a merge needs the word of."""
    if not isinstance(row, LaneDecision) or row.into is None:
        return False
    return writes_for(user, row.lane.organization_id) or writes_for(user, row.into.organization_id)
