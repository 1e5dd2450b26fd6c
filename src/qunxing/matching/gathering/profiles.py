"""Profiles of scenarios, funds and offers."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from qunxing.funds.models import Fund, Status
from qunxing.ledger.models import Visibility
from qunxing.matching.engine import Profile
from qunxing.matching.gathering import COMMUNITY
from qunxing.matching.gathering.vocabulary import Vocabulary
from qunxing.resources.models import Offer
from qunxing.resources.queries import standing_on
from qunxing.scenarios.models import Scenario
from qunxing.scenarios.states import State

Basis = dict[str, tuple[str, ...]]
LONGEST = 20_000
DEMO_MARK = "演示·"  # stands before made-up names and says nothing of them


@dataclass(frozen=True, slots=True)
class Built:
    """A profile and the rows it was made of: {kind of record: references}."""

    profile: Profile
    basis: Basis


def sentences(*parts: str) -> str:
    plain = (part.replace(DEMO_MARK, "").strip().rstrip("。") for part in parts if part)
    return "。".join(filter(None, plain))[:LONGEST]


def scenario_profile(scenario: Scenario, words: Vocabulary) -> Profile:
    """The need as its owner wrote it; what it may hold only inside (contact, terms of data) stays out."""
    codes = (*scenario.fields, *scenario.tasks)
    text = sentences(scenario.problem, scenario.indicators_text, words.say(codes))
    return Profile(scenario.ref, sentences(scenario.title), text, codes=codes)


def fund_profile(fund: Fund, words: Vocabulary) -> Profile:
    title = sentences(words.say(fund.fields), fund.short_name or fund.name)
    return Profile(fund.ref, title, fund.description, codes=fund.fields)


def offer_profile(offer: Offer, words: Vocabulary) -> Profile:
    text = sentences(offer.description, str(offer.get_kind_display()), words.say(offer.fields))
    return Profile(offer.ref, sentences(offer.title), text, codes=offer.fields)


def open_scenarios(day: date, levels: Sequence[Visibility] = COMMUNITY) -> Any:
    """Scenarios that still take applicants on the day."""
    rows = Scenario.objects.filter(Scenario.objects.open_rows(list(levels)), state=State.PUBLISHED)
    return rows.filter(Q(apply_by__isnull=True) | Q(apply_by__gte=day)).select_related("organization", "requirement")


def open_funds(levels: Sequence[Visibility] = COMMUNITY) -> Any:
    return Fund.objects.filter(visibility__in=levels).exclude(status=Status.EXITED).select_related("manager")


def open_offers(day: date, levels: Sequence[Visibility] = COMMUNITY) -> Any:
    return Offer.objects.filter(Offer.objects.open_rows(list(levels))).filter(standing_on(day))


def built_of(rows: Iterable[Any], words: Vocabulary) -> Iterator[Built]:
    """Profiles of scenarios, funds or offers; each rests on its own row."""
    for row in rows:
        yield Built(PROFILES[type(row)](row, words), {row.kind_code(): (row.ref,)})


PROFILES: dict[type[Any], Any] = {Scenario: scenario_profile, Fund: fund_profile, Offer: offer_profile}
