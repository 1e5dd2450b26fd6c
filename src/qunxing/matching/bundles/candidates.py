"""For every open scenario the firms that could answer it: relevance, then conditions, as a shortlist has them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from django.utils.translation import gettext_noop

from qunxing.directory.models import Organization
from qunxing.matching.bundles.settings import Settings
from qunxing.matching.computing import READING, STANDINGS
from qunxing.matching.engine import Ranked
from qunxing.matching.engine.conditions import Facts, Web, check, outcome_of
from qunxing.matching.engine.ranking import Allowed
from qunxing.matching.gathering import EVERYTHING
from qunxing.matching.gathering.facts import facts_of, terms_of, web_of
from qunxing.matching.gathering.profiles import open_scenarios, scenario_profile
from qunxing.matching.gathering.vocabulary import Vocabulary
from qunxing.matching.models import Standing
from qunxing.matching.pools import Tells, pool_of
from qunxing.scenarios.models import Scenario

RANKING = gettext_noop("Comparing all scenarios with all firms")
CHECKING = gettext_noop("Holding firms against conditions")
ASSIGNING = gettext_noop("Assigning")
# So many of the most relevant are held against the conditions, for each place wanted in the end.
SPARE: Final = 4
# Scenarios that are compared between two steps of the progress bar.
TOGETHER: Final = 16
CHUNK: Final = 2_000


@dataclass(frozen=True)
class Option:
    """A firm that no condition rules out."""

    facts: Facts
    score: float
    standing: Standing

    @property
    def firm(self) -> str:
        return self.facts.key


@dataclass(frozen=True)
class Asked:
    """An open scenario with its options, best first; `missed` is how many of the relevant a condition rules out."""

    scenario: Scenario
    options: tuple[Option, ...]
    missed: int


@dataclass(frozen=True)
class Market:
    """Everything that one plan chooses from."""

    day: date
    asked: tuple[Asked, ...]
    compared: int
    web: Web


def read_market(day: date, settings: Settings, tells: Tells) -> Market:
    """All scenarios that still take applicants against all firms; from rows that are open to the community.

    Plans are read by staff and officers alone, so closed links and contracts count too.
    """
    tells.stage(READING)
    words = Vocabulary.read()
    scenarios = list(open_scenarios(day).select_related("supply").order_by("pk"))
    needs = [scenario_profile(scenario, words) for scenario in scenarios]
    engine = pool_of("organization", needs, words, day, tells).engine
    tells.stage(RANKING, len(scenarios))
    ranked, allowed = [], apart(scenarios, engine.keys)
    for start in range(0, len(needs), TOGETHER):
        ranked += engine.rank_many(needs[start : start + TOGETHER], limit=settings.depth * SPARE, allowed=allowed)
        tells.advance(len(ranked))
    web = web_of(day, EVERYTHING)
    asked = held_against_conditions(scenarios, ranked, day, web, settings, tells)
    return Market(day, tuple(asked), len(engine.keys), web)


def apart(scenarios: Sequence[Scenario], keys: Sequence[str]) -> Allowed | None:
    """Who may be proposed to whom: made-up firms to made-up scenarios, real ones to real ones."""
    made_up = set(Organization.objects.filter(demo=True).values_list("ref", flat=True))
    if not made_up and not any(scenario.demo for scenario in scenarios):
        return None
    is_made_up = np.array([key in made_up for key in keys], dtype=bool)
    masks = {scenario.ref: is_made_up if scenario.demo else ~is_made_up for scenario in scenarios}
    return lambda need: masks[need.key]


def held_against_conditions(
    scenarios: Sequence[Scenario],
    ranked: Sequence[Sequence[Ranked]],
    day: date,
    web: Web,
    settings: Settings,
    tells: Tells,
) -> list[Asked]:
    tells.stage(CHECKING, len(scenarios))
    known = known_facts({one.key for found in ranked for one in found})
    asked = []
    for place, (scenario, found) in enumerate(zip(scenarios, ranked, strict=True)):
        asked.append(asked_of(scenario, found, known, day, web, settings.depth))
        tells.advance(place + 1)
    return asked


def known_facts(refs: Collection[str]) -> dict[str, Facts]:
    """What is known of the firms, some thousands at a time."""
    names, found = sorted(refs), dict[str, Facts]()
    for start in range(0, len(names), CHUNK):
        found |= facts_of(names[start : start + CHUNK], closed=True)
    return found


def asked_of(
    scenario: Scenario, ranked: Sequence[Ranked], known: dict[str, Facts], day: date, web: Web, depth: int
) -> Asked:
    terms, options, missed = terms_of(scenario), list[Option](), 0
    for one in ranked:
        facts = known.get(one.key)
        if facts is None or one.score <= 0:
            continue
        standing = STANDINGS[outcome_of(check(terms, facts, day, web))]
        if standing == Standing.MISSED:
            missed += 1
        elif len(options) < depth:
            options.append(Option(facts, one.score, standing))
    options.sort(key=lambda option: (option.standing != Standing.FIT, -option.score, option.firm))
    return Asked(scenario, tuple(options), missed)


def room_of(facts: Facts, day: date, settings: Settings) -> int:
    """How many more projects the firm can take: what it said it carries, less what runs."""
    said = next((row for row in facts.held if row.kind == "capacity" and row.stands_on(day)), None)
    carries = settings.capacity if said is None else said.amount if said.held else 0
    return max(0, carries - len(facts.running))
