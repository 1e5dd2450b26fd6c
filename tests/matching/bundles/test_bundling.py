"""Packages over all scenarios, from the ledgers."""

from decimal import Decimal
from typing import Any

import pytest

from qunxing.directory.models import Link, Organization
from qunxing.funds.models import Fund
from qunxing.ledger.actions import create
from qunxing.matching.bundles.actions import keep_assignment, keep_bundles
from qunxing.matching.bundles.assigning import assign_all
from qunxing.matching.bundles.bundling import bundle_all
from qunxing.matching.bundles.pieces import city_of, same_city, ticket_fits
from qunxing.matching.bundles.queries import package_json
from qunxing.matching.bundles.settings import Settings
from qunxing.matching.bundles.words import formula
from qunxing.matching.models import Proposal
from qunxing.matching.pools import Silent
from qunxing.resources.models import Offer, Voucher
from tests import factories as people
from tests.funds.factories import fund
from tests.matching.bundles.factories import DAY, compute, filed_firm, firm, need, supply, voucher
from tests.resources.factories import offer

pytestmark = pytest.mark.django_db


def bundled(**settings: Any) -> Any:
    return bundle_all(DAY, Settings(**settings), Silent())


def package(of: Any, **settings: Any) -> dict[str, Any]:
    wishes = Settings(**settings)
    plan = keep_bundles(bundle_all(DAY, wishes, Silent()), settings=wishes, actor=None)
    return package_json(Proposal.objects.get(plan=plan, scenario=of), of)


def codes(told: dict[str, Any]) -> list[str]:
    return [one["code"] for one in told["missing"]]


def test_whole_package_lacks_nothing() -> None:
    asked = need()
    made, money, cards, paid = filed_firm(), fund(fields=("medical",), ticket_high=10**7), compute(), voucher()
    supply(asked, compute_cost=1_000_000, financing=5_000_000)
    told = package(asked)
    assert (told["firm"]["ref"], told["fund"]["ref"], told["compute"]["ref"]) == (made.ref, money.ref, cards.ref)
    assert told["model"]["how"] == "own"
    assert [one["ref"] for one in told["vouchers"]] == [paid.offer.ref]
    assert (told["support"], told["missing"]) == (300_000, [])


def test_nobody_meets_the_conditions() -> None:
    asked = need(organization=firm())
    told = package(asked)
    assert (told["firm"], codes(told)) == (None, ["firm_nobody"])
    assert "1 家最接近的企业有条件不符" in told["missing"][0]["reason"]


def test_firm_is_given_as_often_as_it_has_room() -> None:
    first, second = need(), need(title="住院病历语音录入")
    firm()
    found = {one.asked.scenario.ref: one for one in bundled(capacity=1).bundles}
    taken = [bool(found[asked.ref].package.firm) for asked in (first, second)]
    assert sorted(taken) == [False, True]
    short = next(one for one in found.values() if not one.package.firm)
    assert [missing.code for missing in short.missing] == ["firm_busy"]


def test_firm_without_filing_names_how_to_get_one() -> None:
    asked = need()
    firm()
    assert "model_none" in codes(package(asked))


def test_missing_compute_says_what_stood_in_the_way() -> None:
    asked = need(domestic_chips=True)
    filed_firm()
    compute("国产卡，未必", domestic_chips=False)
    compute("通用训练卡时")
    compute("国产卡", region="440300", domestic_chips=True)
    told = package(asked)
    missing = next(one for one in told["missing"] if one["piece"] == "compute")
    assert missing["code"] == "compute_none"
    assert "国产芯片" in missing["reason"]
    assert "上海" in missing["reason"]
    for part in ("1 项在其他地区", "1 项非国产芯片", "1 项未说明是否国产芯片"):
        assert part in missing["reason"]


def test_compute_of_another_unit_or_too_little_does_not_do() -> None:
    asked = need()
    filed_firm()
    compute(quantity=Decimal(100), unit="cards")
    compute(quantity=Decimal(10), unit="pflops")
    supply(asked, compute_amount=Decimal(20), compute_unit="pflops")
    missing = next(one for one in package(asked)["missing"] if one["piece"] == "compute")
    assert ("计量单位" in missing["reason"], "数量不足" in missing["reason"]) == (True, True)


def test_quantity_is_shared_by_scenarios() -> None:
    asked = [need(), need(title="住院病历语音录入")]
    filed_firm()
    compute(quantity=Decimal(100), unit="cards")
    for one in asked:
        supply(one, compute_amount=Decimal(60), compute_unit="cards")
    found = bundled().bundles
    assert sorted(bool(one.package.offer) for one in found) == [False, True]
    assert [missing.code for one in found for missing in one.missing if missing.piece == "compute"] == ["compute_busy"]


def test_scenario_on_site_asks_for_no_compute() -> None:
    asked = need(on_site=True)
    filed_firm()
    compute()
    told = package(asked)
    assert (told["compute"], "compute_none" in codes(told)) == (None, False)


def test_voucher_does_not_pay_a_related_party() -> None:
    asked, made = need(), filed_firm()
    cards = compute()
    create(Link(from_organization=made, to_organization=cards.provider, kind="holds"), actor=None)
    strict = voucher()
    supply(asked, compute_cost=1_000_000)
    told = package(asked)
    assert (told["compute"]["ref"], told["vouchers"], codes(told)[-1]) == (cards.ref, [], "voucher_spent")
    strict.between_related = True
    strict.save()
    assert package(asked)["support"] == 300_000


def test_fund_whose_ticket_does_not_fit_is_named() -> None:
    asked = need()
    filed_firm()
    fund(ticket_low=10_000_000, ticket_high=50_000_000)
    supply(asked, financing=1_000_000)
    missing = next(one for one in package(asked)["missing"] if one["piece"] == "fund")
    assert "单笔投资额" in missing["reason"]


def test_nothing_hidden_is_in_a_package() -> None:
    asked = need()
    filed_firm(visibility="internal")
    shown = filed_firm("公开科技有限公司")
    compute(visibility="internal")
    fund(visibility="internal")
    voucher(visibility="internal")
    told = package(asked)
    assert (told["firm"]["ref"], told["compute"], told["fund"], told["vouchers"]) == (shown.ref, None, None, [])


def test_scenarios_that_take_nobody_get_no_package() -> None:
    need(visibility="internal")
    filed_firm()
    assert bundled().bundles == ()


def test_assignment_keeps_the_cap_and_names_who_stays_short() -> None:
    asked = [need(), need(title="住院病历语音录入"), need(title="急诊病历语音录入")]
    star = firm()
    settings = Settings(wanted=1, cap=2)
    plan = keep_assignment(assign_all(DAY, settings, Silent()), settings=settings, actor=people.user("staff"))
    assert plan.proposals.filter(organization=star).count() == 2
    short = plan.summary["short"]
    assert (len(short), short[0]["reasons"], short[0]["capped"]) == (1, ["capped"], [star.ref])
    assert short[0]["scenario"] in {one.ref for one in asked}


def test_same_ledgers_give_the_same_packages() -> None:
    for number in range(3):
        need(title=f"门诊病历语音录入{number}")
        filed_firm(f"听写{number}科技有限公司")
    first, second = bundled(), bundled()
    assert [one.package for one in first.bundles] == [one.package for one in second.bundles]


@pytest.mark.parametrize(
    ("region", "division", "same"),
    [
        ("310104", "310115", True),
        ("310000", "310104", True),
        ("440300", "440305", True),
        ("440300", "440106", False),
        ("440000", "440106", True),
        ("", "310104", True),
        ("310104", "", True),
        ("110000", "310104", False),
    ],
)
def test_places_in_one_city(region: str, division: str, same: bool) -> None:
    assert same_city(region, division) is same


def test_city_of_a_municipality_is_the_whole() -> None:
    assert [city_of(code) for code in ("310104", "440305", "")] == ["310000", "440300", ""]


def test_chips_that_only_the_text_speaks_of_are_proposed_as_not_known() -> None:
    asked = need(domestic_chips=True)
    filed_firm()
    compute("加速卡", provider=people.organization(name="国产算力有限公司"))
    assert package(asked)["compute"] is None
    compute("国产加速卡")
    told = package(asked)["compute"]
    assert (told["name"], told["how"]) == ("国产加速卡", "chips_unsure")


def test_declared_chips_go_before_those_of_a_text() -> None:
    asked = need(domestic_chips=True)
    filed_firm()
    compute("国产加速卡")
    compute("加速卡", domestic_chips=True)
    compute("国产加速卡二号")
    told = package(asked)["compute"]
    assert (told["name"], told["how"]) == ("加速卡", "")


def test_made_up_scenarios_draw_on_made_up_supplies_and_real_ones_on_real_ones() -> None:
    made_up, real = need(demo=True), need(title="住院病历语音录入")
    for demo in (True, False):
        filed_firm(f"听写{demo}科技有限公司", demo=demo)
        compute(f"训练卡时{demo}", demo=demo)
        fund(name=f"医疗基金{demo}", fields=("medical",), demo=demo)
        voucher(offer=offer(title=f"券{demo}", kind="policy", region="310104", demo=demo), kind="model", demo=demo)
    found = {one.asked.scenario.ref: one for one in bundled().bundles}
    for asked, demo in ((made_up, True), (real, False)):
        one = found[asked.ref].package
        rows = [
            Organization.objects.get(ref=one.firm),
            Fund.objects.get(ref=one.fund),
            Offer.objects.get(ref=one.offer),
            *Voucher.objects.filter(ref__in=one.vouchers),
        ]
        assert [row.demo for row in rows] == [demo] * 4


@pytest.mark.parametrize(
    ("ticket", "financing", "fits"),
    [
        ({"ticket_low": 10, "ticket_high": 20}, 15, True),
        ({"ticket_low": 10, "ticket_high": 20}, 21, False),
        ({"ticket_low": 10}, 9, False),
        ({"ticket_high": 20}, None, True),
        ({"ticket_high": 20, "currency": "USD"}, 100, True),
    ],
)
def test_tickets(ticket: dict[str, Any], financing: int | None, fits: bool) -> None:
    assert ticket_fits(fund(**ticket), financing) is fits


@pytest.mark.parametrize(
    ("percent", "cap", "cost", "support"),
    [
        (30, 500_000, 1_000_000, 300_000),
        (30, 500_000, 5_000_000, 500_000),
        (50, None, 999, 499),
        (100, 1, 10, 1),
    ],
)
def test_support_is_a_share_up_to_the_cap(percent: int, cap: int | None, cost: int, support: int) -> None:
    assert voucher(percent=percent, cap=cap).support(cost) == support


def test_formula_is_written_out() -> None:
    assert formula(voucher(), 1_000_000) == "30% × 1,000,000 元 = 300,000 元，封顶 500,000 元：300,000 元"
    assert "未登记" in formula(voucher(), None)
