"""Firms for all scenarios at once, each firm as often as it has room, no name more often than the cap."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from qunxing.matching.bundles.candidates import ASSIGNING, Asked, Market, Option, read_market, room_of
from qunxing.matching.bundles.settings import Settings
from qunxing.matching.engine.assignment import Assignment, Edges, assign
from qunxing.matching.gathering.groups import groups_of
from qunxing.matching.pools import Tells

NAMED = 5


@dataclass(frozen=True)
class Assigned:
    """The market with what was chosen; places in `result` are those of `market.asked` and of `firms`."""

    market: Market
    firms: tuple[str, ...]
    result: Assignment

    @property
    def pairs(self) -> list[tuple[Asked, Option]]:
        """Who is proposed to whom: scenario by scenario, the best first."""
        chosen = self.result.chosen
        options = [{option.firm: option for option in asked.options} for asked in self.market.asked]
        found = [
            (need, options[need][self.firms[supply]])
            for need, supply in zip(chosen.need.tolist(), chosen.supply.tolist(), strict=True)
        ]
        found.sort(key=lambda pair: (pair[0], -pair[1].score, pair[1].firm))
        return [(self.market.asked[need], option) for need, option in found]


def assign_all(day: date, settings: Settings, tells: Tells) -> Assigned:
    market = read_market(day, settings, tells)
    tells.stage(ASSIGNING)
    facts = {option.firm: option.facts for asked in market.asked for option in asked.options}
    firms = tuple(sorted(facts))
    place = {firm: number for number, firm in enumerate(firms)}
    lists = [[(place[option.firm], option.score) for option in asked.options] for asked in market.asked]
    result = assign(
        Edges.ranked(lists).relative(),
        wanted=[settings.wanted] * len(market.asked),
        capacity=[room_of(facts[firm], day, settings) for firm in firms],
        cap=settings.cap,
        names=names_of(firms, market),
    )
    return Assigned(market, firms, result)


def names_of(firms: Sequence[str], market: Market) -> list[int]:
    """One number for each name: firms of one corporate group share theirs."""
    groups = groups_of(market.web)
    names: dict[str, int] = {}
    return [names.setdefault(groups.get(firm, firm), len(names)) for firm in firms]


def shortfalls(assigned: Assigned) -> list[dict[str, Any]]:
    """Which scenarios stay short and why, as plain data."""
    return [
        {
            "scenario": assigned.market.asked[one.need].scenario.ref,
            "wanted": one.wanted,
            "got": one.got,
            "candidates": one.candidates,
            "missed": assigned.market.asked[one.need].missed,
            "reasons": [str(reason) for reason in one.reasons],
            "busy": [assigned.firms[firm] for firm in one.busy[:NAMED]],
            "capped": [assigned.firms[firm] for firm in one.capped[:NAMED]],
        }
        for one in assigned.result.short
    ]
