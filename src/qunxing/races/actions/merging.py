"""Two lanes made one: the team that joins, its partners, its money; what both did before stays with each."""

from datetime import date

from django.utils.translation import gettext as _

from qunxing.challenges.actions.common import follow, locked, tell
from qunxing.ledger.actions import create
from qunxing.races.actions import money
from qunxing.races.models import Lane, LaneDecision, LaneParty
from qunxing.races.states import lane as lanes


def merge(decision: LaneDecision, *, day: date) -> None:
    """The lane goes into the other: its organisations take part there, its own contract ends."""
    if decision.into is None:
        raise ValueError("a merge names the lane that takes the other in")
    lane, into = locked(decision.lane), locked(decision.into)
    words = _("Merged into %(lane)s") % {"lane": into}
    follow(lane, "merge", lanes.LIFE, merged_into=into, ended_on=day, ending=words)
    join(lane, into)
    money.taken_in(lane, into)
    money.end_contract(lane, day=day, finding=words)
    tell("lane.merged", lane, {"into": into.ref, "race": lane.race.ref})


def join(lane: Lane, into: Lane) -> None:
    """Each organisation once."""
    present = {into.organization_id, *into.parties.values_list("organization_id", flat=True)}
    firms = [lane.organization, *(row.organization for row in lane.parties.select_related("organization"))]
    for firm in firms:
        if firm.pk not in present:
            row = LaneParty(
                lane=into,
                organization=firm,
                role=LaneParty.Role.MERGED,
                tasks=lane.name,
                visibility=into.visibility,
                demo=into.demo,
            )
            create(row, actor=None)
            present.add(firm.pk)
