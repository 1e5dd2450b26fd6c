"""Made-up pairs and grades."""

from datetime import date
from typing import Any

from qunxing.matching.labelling import actions
from qunxing.matching.labelling.models import RatingPair
from tests import factories as people
from tests.scenarios.factories import scenario

DAY = date(2026, 3, 2)


def pair(need: Any = None, firm: Any = None) -> RatingPair:
    return RatingPair.objects.create(
        scenario=need or scenario("published"), organization=firm or people.organization(), drawn_on=DAY
    )


def rated(found: RatingPair, *grades: int, raters: Any = ()) -> list[Any]:
    """Graded by as many raters as there are grades; gives the raters."""
    who = list(raters) or [people.user("staff") for _grade in grades]
    for rater, grade in zip(who, grades, strict=True):
        actions.rate(found, actor=rater, grade=grade, day=DAY)
    return who
