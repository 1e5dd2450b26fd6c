"""Packages for all open scenarios at once, and for each what is missing and why."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from qunxing.matching.bundles.candidates import ASSIGNING, Asked, Market, Option, read_market, room_of
from qunxing.matching.bundles.packing import Candidate, Limits, Need, Package, Stock, pack
from qunxing.matching.bundles.pieces import (
    Shelf,
    chips_unsure,
    counted,
    filed_model,
    fund_obstacle,
    hundredths,
    kept_apart,
    offer_obstacle,
    payments_for,
    pot_of,
    read_shelf,
    related_offers,
    supply_of,
    support_of,
    voucher_obstacle,
    wants_compute,
)
from qunxing.matching.bundles.settings import Settings
from qunxing.matching.engine.conditions import Facts
from qunxing.matching.pools import Tells

DEPTH = 12  # candidates of a scenario that a package is packed from
NAMED = 3


@dataclass(frozen=True)
class Missing:
    """A piece that was not found: why, how often each obstacle stood in the way, and who has it instead."""

    piece: str
    code: str
    counts: Mapping[str, int] = field(default_factory=dict)
    names: tuple[str, ...] = ()

    def plain(self) -> dict[str, Any]:
        return {"piece": self.piece, "code": self.code, "counts": dict(self.counts), "names": list(self.names)}


@dataclass(frozen=True)
class Bundle:
    """One scenario's package, its filed model, the support that is computed, and what is missing."""

    asked: Asked
    package: Package
    option: Option | None
    filing: str
    filing_how: str
    compute_how: str
    support: int | None
    missing: tuple[Missing, ...]


@dataclass(frozen=True)
class Bundled:
    market: Market
    shelf: Shelf
    bundles: tuple[Bundle, ...]
    proven: bool


def bundle_all(day: date, settings: Settings, tells: Tells) -> Bundled:
    market = read_market(day, settings, tells)
    tells.stage(ASSIGNING)
    shelf = read_shelf(market)
    shelves = {demo: kept_apart(shelf, demo=demo) for demo in (False, True)}
    needs = [need_of(shelves[asked.scenario.demo], asked) for asked in market.asked]
    packed = pack(needs, limits_of(shelf, settings))
    packages = {package.need: package for package in packed.packages}
    tellers = {demo: Teller(found, packages) for demo, found in shelves.items()}
    pairs = zip(market.asked, needs, strict=True)
    bundles = (tellers[asked.scenario.demo].bundle(asked, need) for asked, need in pairs)
    return Bundled(market, shelf, tuple(bundles), packed.proven)


def need_of(shelf: Shelf, asked: Asked) -> Need:
    scenario = asked.scenario
    supply, options = supply_of(scenario), asked.options[:DEPTH]
    fitting = [offer.ref for offer in shelf.offers if not offer_obstacle(scenario, offer)]
    unsure = {offer.ref for offer in shelf.offers if chips_unsure(scenario, offer)}
    return Need(
        scenario.ref,
        tuple(candidate_of(shelf, option, supply.financing) for option in options),
        offers=tuple(fitting) if wants_compute(scenario) else (),
        unsure=frozenset(unsure),
        amount=hundredths(supply.compute_amount),
        financing=supply.financing,
        payments={option.firm: payments_for(shelf, scenario, option) for option in options},
    )


def candidate_of(shelf: Shelf, option: Option, financing: int | None) -> Candidate:
    funds = [fund.ref for fund in shelf.funds if not fund_obstacle(shelf, fund, option.facts, financing)]
    return Candidate(option.firm, option.score, filed_model(option.facts) is not None, tuple(funds))


def limits_of(shelf: Shelf, settings: Settings) -> Limits:
    """What all scenarios share."""
    market = shelf.market
    facts: dict[str, Facts] = {option.firm: option.facts for asked in market.asked for option in asked.options}
    return Limits(
        firms={firm: room_of(known, market.day, settings) for firm, known in facts.items()},
        funds={fund.ref: Stock(size_of(fund), settings.tickets) for fund in shelf.funds},
        offers={offer.ref: Stock(hundredths(offer.quantity), settings.users) for offer in shelf.offers},
        pots={voucher.ref: pot_of(voucher) for voucher in shelf.vouchers},
        caps={voucher.ref: voucher.cap for voucher in shelf.vouchers},
        strict=frozenset(voucher.ref for voucher in shelf.vouchers if not voucher.between_related),
        related=related_offers(shelf, market.asked),
    )


def size_of(fund: Any) -> int | None:
    """What the fund has at least, where it is told in yuan."""
    size: int | None = fund.size_low if fund.currency == "CNY" else None
    return size


@dataclass(frozen=True)
class Teller:
    """Says of each package what is missing."""

    shelf: Shelf
    packages: Mapping[str, Package]

    def bundle(self, asked: Asked, need: Need) -> Bundle:
        package = self.packages[need.key]
        option = next((one for one in asked.options if one.firm == package.firm), None)
        filed = filed_model(option.facts) if option else None
        return Bundle(
            asked=asked,
            package=package,
            option=option,
            filing=filed[0].evidence.ref if filed else "",
            filing_how=filed[1] if filed else "",
            compute_how="chips_unsure" if package.offer in need.unsure else "",
            support=self.support(asked, package),
            missing=tuple(self.missing(asked, need, package, option)),
        )

    def support(self, asked: Asked, package: Package) -> int | None:
        """What the vouchers pay together; None where no cost is told."""
        used = [voucher for voucher in self.shelf.vouchers if voucher.ref in package.vouchers]
        told = [amount for amount in (support_of(voucher, asked.scenario) for voucher in used) if amount is not None]
        return sum(told) if told else None

    def missing(self, asked: Asked, need: Need, package: Package, option: Option | None) -> Iterator[Missing]:
        if option is None:
            yield self.missing_firm(asked)
            return
        if filed_model(option.facts) is None:
            yield Missing("model", "model_none")
        if not package.fund:
            yield self.missing_fund(asked, need, option)
        if not package.offer and wants_compute(asked.scenario):
            yield self.missing_compute(asked, need)
        if not package.vouchers:
            yield self.missing_voucher(asked, need, package, option)

    def missing_firm(self, asked: Asked) -> Missing:
        if not asked.options:
            return Missing("firm", "firm_nobody", {"missed": asked.missed})
        return Missing("firm", "firm_busy", names=tuple(option.firm for option in asked.options[:NAMED]))

    def missing_fund(self, asked: Asked, need: Need, option: Option) -> Missing:
        financing = supply_of(asked.scenario).financing
        obstacles = [fund_obstacle(self.shelf, fund, option.facts, financing) for fund in self.shelf.funds]
        fitting = next((one.funds for one in need.candidates if one.firm == option.firm), ())
        return Missing("fund", "fund_busy" if fitting else "fund_none", counted(obstacles), fitting[:NAMED])

    def missing_compute(self, asked: Asked, need: Need) -> Missing:
        obstacles = [offer_obstacle(asked.scenario, offer) for offer in self.shelf.offers]
        code = "compute_busy" if need.offers else "compute_none"
        return Missing("compute", code, counted(obstacles), need.offers[:NAMED])

    def missing_voucher(self, asked: Asked, need: Need, package: Package, option: Option) -> Missing:
        obstacles = [voucher_obstacle(voucher, asked.scenario, option.facts) for voucher in self.shelf.vouchers]
        fitting = need.payments.get(option.firm, ())
        if not fitting:
            return Missing("voucher", "voucher_none", counted(obstacles))
        if all(one.kind == "compute" for one in fitting) and not package.offer:
            return Missing("voucher", "voucher_waits", names=tuple(one.voucher for one in fitting[:NAMED]))
        return Missing("voucher", "voucher_spent", names=tuple(one.voucher for one in fitting[:NAMED]))
