"""Which fund, compute and voucher fit a firm and a scenario, and what rules the others out."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from qunxing.funds.models import Fund, FundKind
from qunxing.ledger.models import Visibility
from qunxing.matching.bundles.candidates import Asked, Market, Option
from qunxing.matching.bundles.models import Supply
from qunxing.matching.bundles.packing import Payment
from qunxing.matching.engine.conditions import Facts, Filed, Mandate, Outcome, check_mandate, find_relation
from qunxing.matching.gathering import COMMUNITY
from qunxing.matching.gathering.facts import mandates_of
from qunxing.matching.gathering.profiles import open_funds, open_offers
from qunxing.resources.models import Kind, Offer, Unit, Voucher, VoucherKind
from qunxing.resources.queries import standing_on
from qunxing.scenarios.models import Scenario

MUNICIPALITIES: Final = ("11", "12", "31", "50")
DOMESTIC: Final = ("国产", "domestic")
HUNDREDTHS: Final = 100


@dataclass(frozen=True)
class Shelf:
    """What there is beside firms: funds with their mandates, compute, vouchers, and who is related to whom."""

    funds: tuple[Fund, ...]
    mandates: dict[str, Mandate]
    offers: tuple[Offer, ...]
    vouchers: tuple[Voucher, ...]
    market: Market


def read_shelf(market: Market) -> Shelf:
    """Rows that are open to the community, as they stand on the day."""
    funds = tuple(fund for fund in open_funds().order_by("pk") if set(fund.kinds) != {FundKind.FUND_OF_FUNDS})
    offers = open_offers(market.day).filter(kind=Kind.COMPUTE).select_related("provider").order_by("pk")
    levels: list[Visibility] = list(COMMUNITY)
    policies = Offer.objects.filter(standing_on(market.day), kind=Kind.POLICY)
    vouchers = Voucher.objects.filter(Voucher.objects.open_rows(levels), offer__in=policies).order_by("pk")
    return Shelf(funds, mandates_of(funds), tuple(offers), tuple(vouchers.select_related("offer__provider")), market)


def kept_apart(shelf: Shelf, *, demo: bool) -> Shelf:
    """What is made up, or what is real: neither is proposed to a scenario of the other kind."""
    return replace(
        shelf,
        funds=tuple(fund for fund in shelf.funds if fund.demo is demo),
        offers=tuple(offer for offer in shelf.offers if offer.demo is demo),
        vouchers=tuple(voucher for voucher in shelf.vouchers if voucher.demo is demo),
    )


# --- the filed model ------------------------------------------------------------------------------------------------


def filed_model(facts: Facts) -> tuple[Filed, str] | None:
    """The filing in force that a firm can name, and how: its own, one it is registered over, or that of its base."""
    own = [filed for filed in facts.filings if filed.in_force]
    for filed in own:
        if not filed.registered:
            return filed, "own"
    for filed in own:
        if filed.relies_on is not None and filed.relies_on.in_force:
            return filed, "registered"
    return next(((filed, "called") for filed in facts.called if filed.in_force), None)


# --- funds ----------------------------------------------------------------------------------------------------------


def fund_obstacle(shelf: Shelf, fund: Fund, facts: Facts, financing: int | None) -> str:
    """What keeps the fund from the firm; an empty text where nothing on record does."""
    findings = check_mandate(shelf.mandates[fund.ref], facts)
    failed = next((finding.code for finding in findings if finding.outcome == Outcome.FAIL), "")
    return failed or ("" if ticket_fits(fund, financing) else "ticket")


def ticket_fits(fund: Fund, financing: int | None) -> bool:
    """Whether the sum lies within the ticket, as far as both are told in yuan."""
    if financing is None or fund.currency != "CNY":
        return True
    return (fund.ticket_low or 0) <= financing and (fund.ticket_high is None or financing <= fund.ticket_high)


# --- compute --------------------------------------------------------------------------------------------------------


def wants_compute(scenario: Scenario) -> bool:
    """What must run on the owner's site needs none from outside, unless its owner asks for some."""
    return not scenario.on_site or supply_of(scenario).compute_amount is not None


def supply_of(scenario: Scenario) -> Supply:
    found: Supply | None = getattr(scenario, "supply", None)
    return found or Supply(scenario=scenario)


def offer_obstacle(scenario: Scenario, offer: Offer) -> str:
    """What keeps the compute from the scenario; an empty text where nothing on record does."""
    supply = supply_of(scenario)
    if scenario.domestic_chips and not (offer.domestic_chips or chips_unsure(scenario, offer)):
        return "chips" if offer.domestic_chips is False else "chips_untold"
    if not same_city(offer.region, scenario.division):
        return "region"
    if supply.compute_amount is not None and offer.quantity is not None:
        if offer.unit != supply.compute_unit:
            return "unit"
        return "quantity" if offer.quantity < supply.compute_amount else ""
    return ""


def chips_unsure(scenario: Scenario, offer: Offer) -> bool:
    """Whether domestic chips are demanded, and the offer's text speaks of them while nobody declared them."""
    return scenario.domestic_chips and offer.domestic_chips is None and speaks_of_domestic_chips(offer)


def speaks_of_domestic_chips(offer: Offer) -> bool:
    """Whether its own words do; who offers tells nothing."""
    said = f"{offer.title} {offer.description} {offer.price_terms}".lower()
    return any(word in said for word in DOMESTIC)


def same_city(region: str, division: str) -> bool:
    """Whether the two codes lie in one city; one that is not told rules nothing out."""
    if not region or not division:
        return True
    whole_province = region[2:] == "0000"
    return region[:2] == division[:2] if whole_province else city_of(region) == city_of(division)


def city_of(division: str) -> str:
    """The code of the city that a division lies in; a municipality is one city."""
    if not division:
        return ""
    return f"{division[:2]}0000" if division[:2] in MUNICIPALITIES else f"{division[:4]}00"


def hundredths(amount: Any) -> int | None:
    return None if amount is None else int(amount * HUNDREDTHS)


# --- vouchers -------------------------------------------------------------------------------------------------------


def voucher_obstacle(voucher: Voucher, scenario: Scenario, facts: Facts) -> str:
    """What keeps the voucher from the firm; an empty text where nothing on record does."""
    if voucher.kind == VoucherKind.COMPUTE and not wants_compute(scenario):
        return "on_site"
    if voucher.kind == VoucherKind.CORPUS and supply_of(scenario).corpus_cost is None:
        return "no_corpora"
    return "" if same_city(voucher.offer.region, facts.division) else "region"


def cost_of(scenario: Scenario, kind: str) -> int | None:
    cost: int | None = getattr(supply_of(scenario), f"{kind}_cost")
    return cost


def payments_for(shelf: Shelf, scenario: Scenario, option: Option) -> tuple[Payment, ...]:
    return tuple(
        Payment(voucher.ref, voucher.kind, support_of(voucher, scenario), stacks=voucher.stacks)
        for voucher in shelf.vouchers
        if not voucher_obstacle(voucher, scenario, option.facts)
    )


def support_of(voucher: Voucher, scenario: Scenario) -> int | None:
    cost = cost_of(scenario, voucher.kind)
    return None if cost is None else voucher.support(cost)


def pot_of(voucher: Voucher) -> int | None:
    """How much the policy has to give in all, where it says so in yuan."""
    offer = voucher.offer
    return int(offer.quantity) if offer.unit == Unit.YUAN and offer.quantity is not None else None


def related_offers(shelf: Shelf, asked: Sequence[Asked]) -> frozenset[tuple[str, str]]:
    """(firm, offer) whose provider is a related party of the firm."""
    firms = {option.firm: option.facts for one in asked for option in one.options}
    return frozenset(
        (firm, offer.ref)
        for firm, facts in firms.items()
        for offer in shelf.offers
        if find_relation(offer.provider.ref, facts, shelf.market.web).outcome == Outcome.FAIL
    )


def counted(obstacles: Sequence[str]) -> dict[str, int]:
    """{what stands in the way: how often}, the most frequent first."""
    return dict(Counter(obstacle for obstacle in obstacles if obstacle).most_common())
