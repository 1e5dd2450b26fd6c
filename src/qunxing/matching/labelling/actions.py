"""Writes: drawing pairs, grading, passing over, settling."""

import random
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from qunxing.core.errors import Refused
from qunxing.ledger.actions import change, create
from qunxing.ledger.reasons import needed_reason
from qunxing.ledger.recording import Entry, note, recording
from qunxing.matching.actions import take_turns
from qunxing.matching.gathering.organizations import suppliers
from qunxing.matching.labelling.models import RatingPair, RatingSkip
from qunxing.matching.labelling.queries import Key, grades, key_of, own_label
from qunxing.matching.models import Candidate, Label, Shortlist
from qunxing.scenarios.models import Scenario
from qunxing.scenarios.states import LIVE

TOP, OTHERS = 10, 5


def draw_pairs(*, actor: Any, day: date, top: int = TOP, others: int = OTHERS) -> int:
    """Add the best of each scenario's newest shortlist, and some firms by chance; how many pairs are new."""
    with recording(actor=actor, reason=str(_("Pairs drawn for rating"))):
        known = set(RatingPair.objects.values_list("scenario_id", "organization_id"))
        wanted = [key for key in dict.fromkeys(drawn(top, others)) if key not in known]
        rows = [RatingPair(scenario_id=one, organization_id=other, drawn_on=day) for one, other in wanted]
        RatingPair.objects.bulk_create(rows, ignore_conflicts=True)
        note(Entry("labels.drawn", "matching.ratingpair", "", {"pairs": len(rows)}))
    return len(rows)


def drawn(top: int, others: int) -> Iterator[Key]:
    firms = list(suppliers().order_by("pk").values_list("pk", flat=True))
    scenarios = Scenario.objects.filter(state__in=LIVE).order_by("pk")
    for scenario in scenarios.only("pk", "ref", "organization_id"):
        listed = best_of(scenario, top)
        chance = random.Random(f"labels/{scenario.ref}")  # noqa: S311 - a fair draw that can be made again
        rest = [firm for firm in firms if firm not in set(listed)]
        chosen = chance.sample(rest, min(others, len(rest)))
        yield from ((scenario.pk, firm) for firm in (*listed, *chosen) if firm != scenario.organization_id)


def best_of(scenario: Scenario, top: int) -> list[int]:
    """The firms at the head of the newest shortlist."""
    newest = Shortlist.objects.filter(scenario=scenario).order_by("-pk").first()
    rows = Candidate.objects.filter(shortlist=newest, organization__isnull=False).order_by("place")
    return list(rows.values_list("organization_id", flat=True)[:top]) if newest else []


def rate(pair: RatingPair, *, actor: Any, grade: int, day: date, note: str = "") -> Label:
    """Keep the grade; a second one of the same rater is a new version of the first."""
    check_grade(grade)
    with transaction.atomic():
        take_turns(pair.scenario)
        stored = own_label(pair, actor)
        RatingSkip.objects.filter(pair=pair, rater=actor).delete()
        if stored is not None:
            return change(stored, actor=actor, values={"grade": grade, "day": day, "note": note[:500]})
        sides = {"scenario": pair.scenario, "organization": pair.organization, "note": note[:500]}
        return create(Label(**sides, grade=grade, rater=actor, origin=Label.Origin.RATED, day=day), actor=actor)


def check_grade(grade: int) -> None:
    if grade not in {1, 2, 3, 4}:
        raise Refused(_("A grade is 1, 2, 3 or 4."), status=422)


def skip(pair: RatingPair, *, actor: Any, day: date) -> None:
    RatingSkip.objects.get_or_create(pair=pair, rater=actor, defaults={"day": day})


def settle(pair: RatingPair, *, actor: Any, grade: int, reason: str, day: date) -> None:
    """Choose the grade that counts where the raters disagreed; both grades stay."""
    check_grade(grade)
    reason = needed_reason(reason)
    if len(grades().get(key_of(pair), ())) < 2:
        raise Refused(_("Only pairs that two raters have graded are settled."))
    words = {"scenario": pair.scenario.ref, "organization": pair.organization.ref, "grade": grade}
    with recording(actor=actor, reason=reason):
        open_pair = RatingPair.objects.filter(pk=pair.pk, settled__isnull=True)
        if not open_pair.update(settled=grade, settled_by=actor, settled_on=day, reason=reason):
            raise Refused(_("Somebody settled this pair already."), _("Reload the page."), 409)
        note(Entry("labels.settled", "matching.ratingpair", pair.ref, words))
