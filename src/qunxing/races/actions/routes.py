"""Whether the routes of a race differ: compared by their words, settled by staff with a reason."""

from itertools import combinations
from typing import Any

from qunxing.challenges.actions.common import locked, require, tell
from qunxing.ledger.actions import change, create
from qunxing.ledger.reasons import needed_reason
from qunxing.ledger.recording import recording
from qunxing.races.models import Lane, Race, Route, RouteCheck
from qunxing.races.routes import ALIKE, likeness
from qunxing.races.rules.running import Permission
from qunxing.races.states.lane import COUNTS


def compare_routes(race: Race, *, actor: Any) -> list[RouteCheck]:
    """Hold every two routes against each other; what staff said of texts that are the same as then stays."""
    require(actor, Permission.CHECK_ROUTES, race)
    with recording(actor=actor):
        texts = [(lane, text_of(lane.route)) for lane in lanes_with_routes(race)]
        kept = {(row.first_id, row.second_id): row for row in RouteCheck.objects.filter(race=race)}
        pairs = combinations(texts, 2)
        return [
            kept_check(race, one, other, likeness(said, told), kept.get((one.pk, other.pk)))
            for (one, said), (other, told) in pairs
        ]


def lanes_with_routes(race: Race) -> list[Lane]:
    return list(race.lanes.filter(state__in=COUNTS, route__isnull=False).select_related("route").order_by("number"))


def text_of(route: Route) -> str:
    return "\n".join([route.text, " ".join(route.tags)])


def kept_check(race: Race, first: Lane, second: Lane, found: float, row: RouteCheck | None) -> RouteCheck:
    """The comparison as it stands now; one that came out otherwise needs its word anew."""
    if row is None:
        made = RouteCheck(race=race, first=first, second=second, likeness=found, alike=found >= ALIKE, demo=race.demo)
        return create(made, actor=None)
    if row.likeness == found:
        return row
    values = {"likeness": found, "alike": found >= ALIKE, "differ": None, "word": ""}
    return change(row, actor=None, values=values)


def judge_routes(check: RouteCheck, *, actor: Any, differ: bool, word: str, expected: int | None = None) -> RouteCheck:
    """Staff's word on two routes, with the reason; StaleRecord where they read otherwise than when it was opened."""
    require(actor, Permission.CHECK_ROUTES, check)
    word = needed_reason(word)
    with recording(actor=actor, reason=word):
        stored = locked(check)
        saved = change(stored, actor=actor, values={"differ": differ, "word": word}, expected=expected)
        facts = {"lanes": [saved.first.ref, saved.second.ref], "likeness": saved.likeness, "differ": differ}
        tell("race.routes_judged", saved.race, facts)
    return saved
