"""A shortlist from the ledgers: who is on it, why, in which order, in how many queries; and odd needs."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qunxing.directory.models import Link, Product
from qunxing.ledger.actions import change, create
from qunxing.matching.computing import Computed, compute
from qunxing.matching.engine.conditions import Outcome
from qunxing.matching.models import Standing
from tests import factories
from tests.funds import factories as funds
from tests.matching.factories import DAY, able_firm, capability, invitation, need, requirement
from tests.registry import factories as registry
from tests.resources import factories as resources

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_shelf(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setattr("qunxing.matching.pools.shelf", lambda: tmp_path / "engines")


def standings(computed: Computed) -> dict[str, Standing]:
    return {one.ranked.key: one.standing for one in computed.found}


def closings(computed: Computed, firm: Any) -> list[str]:
    found = next(one for one in computed.found if one.ranked.key == firm.ref)
    return [finding.closing for finding in found.findings if finding.outcome != Outcome.PASS]


def test_firms_stand_by_what_the_conditions_say() -> None:
    fit, asked, missed = able_firm(), able_firm(), able_firm()
    capability(fit, "security", amount=3)
    capability(missed, "security", amount=2)
    found = standings(compute(need(security_level="3"), day=DAY))
    assert (found[fit.ref], found[asked.ref], found[missed.ref]) == ("fit", "open", "missed")


def test_those_that_pass_come_first_then_the_unknown_then_the_misses() -> None:
    better, plain = able_firm(about="门诊病历质控 书写缺项 自动检查 病历书写 质控"), able_firm()
    capability(plain, "security", amount=3)
    miss = able_firm()
    capability(miss, "security", amount=2)
    order = [one.ranked.key for one in compute(need(security_level="3"), day=DAY).found]
    assert order == [plain.ref, better.ref, miss.ref]


def test_parts_add_up_and_hits_are_told() -> None:
    able_firm()
    found = compute(need(), day=DAY).found[0]
    assert sum(part.value for part in found.ranked.parts) == pytest.approx(found.ranked.score, abs=1e-9)
    assert "病历" in {hit.term for hit in found.reason.hits}


def test_model_or_product_that_answers_best_is_named() -> None:
    firm = factories.organization()
    registry.model(firm, name="雨量预报", description="降雨与积水预报")
    best = registry.model(firm, name="病历质控模型", description="门诊病历书写质控")
    found = compute(need(), day=DAY).found[0]
    assert found.reason.answer == ("model", best.ref)


def test_purposes_of_filings_are_read() -> None:
    firm = factories.organization()
    registry.filing(organization=firm, kind="algorithm", name="某算法", purpose="检查门诊病历的书写质量")
    assert [one.ranked.key for one in compute(need(), day=DAY).found] == [firm.ref]


def test_registered_service_over_a_base_model_is_told_how_to_register() -> None:
    maker, firm = factories.organization(), able_firm()
    base = registry.model(maker, name="底座")
    registry.coverage(registry.filing(organization=maker), base)
    registry.model(firm, name="病历助手", description="门诊病历质控", base_model=base)
    computed = compute(need(serves_public_generated=True), day=DAY)
    assert closings(computed, firm) == ["filing_register"]


def test_closed_rows_are_not_read() -> None:
    firm = factories.organization(visibility="internal")
    create(Product(organization=firm, name="病历质控"), actor=None)
    secret = factories.organization()
    create(Product(organization=secret, name="门诊病历质控", visibility="internal"), actor=None)
    assert compute(need(), day=DAY).found == ()


def test_rows_for_the_community_are_read() -> None:
    firm = able_firm(visibility="community")
    assert [one.ranked.key for one in compute(need(), day=DAY).found] == [firm.ref]


def test_authorities_are_not_asked() -> None:
    able_firm(roles=("authority",))
    assert compute(need(), day=DAY).found == ()


def test_related_parties_are_not_proposed() -> None:
    firm, scenario = able_firm(), need()
    create(Link(from_organization=scenario.organization, to_organization=firm, kind="holds"), actor=None)
    computed = compute(scenario, day=DAY)
    assert (standings(computed)[firm.ref], closings(computed, firm)) == ("missed", ["relation_control"])


def test_work_under_contract_takes_capacity() -> None:
    firm = able_firm()
    capability(firm, "capacity", amount=1)
    invitation(need(), firm, "contract", contract_on=DAY)
    assert closings(compute(need(), day=DAY), firm) == ["capacity_full"]


def test_requirements_of_the_scenario_are_conditions() -> None:
    near, far = able_firm(division="310104"), able_firm(division="110000")
    scenario = need()
    requirement(scenario, places=("310000",), certificates="ISO 27001")
    computed = compute(scenario, day=DAY)
    assert (closings(computed, near), closings(computed, far)) == (
        ["certificate_ask"],
        ["place_settle", "certificate_ask"],
    )


def test_nearest_misses_are_shown_when_nobody_passes() -> None:
    firm, further = able_firm(), able_firm()
    for one in (firm, further):
        capability(one, "security", amount=2)
    capability(further, "on_site", held=False)
    computed = compute(need(security_level="3", on_site=True), day=DAY)
    assert [one.ranked.key for one in computed.found] == [firm.ref, further.ref]
    assert computed.remarks == ("nobody",)


def test_limit_is_kept() -> None:
    for _number in range(4):
        able_firm()
    assert len(compute(need(), day=DAY, limit=2).found) == 2


ODD = {
    "one word": {"title": "病历", "problem": ""},
    "long": {"title": "病历质控", "problem": "门诊病历书写质控。" * 6_000},
    "traditional": {"title": "門診病歷質控", "problem": "病歷書寫缺項自動檢查"},
}


@pytest.mark.parametrize("values", ODD.values(), ids=ODD)
def test_odd_needs_find_their_firm(values: dict[str, str]) -> None:
    firm = able_firm()
    assert [one.ranked.key for one in compute(need(**values, fields=(), tasks=()), day=DAY).found] == [firm.ref]


def test_english_need_finds_english_words() -> None:
    firm = able_firm(about="Checks outpatient medical records for missing entries")
    able_firm(about="机器人控制")
    scenario = need(title="Outpatient records", problem="Find missing entries in medical records", fields=(), tasks=())
    assert compute(scenario, day=DAY).found[0].ranked.key == firm.ref


@pytest.mark.parametrize(
    ("title", "remark"), [("……！？", "wordless"), ("☆★", "wordless"), ("畩鱻", "nothing"), ("qzxv", "nothing")]
)
def test_need_without_words_is_told(title: str, remark: str) -> None:
    able_firm()
    scenario = need(title=title, problem="", fields=(), tasks=())
    scenario.indicators_text = ""
    computed = compute(scenario, day=DAY)
    assert (computed.found, computed.remarks) == ((), (remark,))


def test_as_many_queries_for_many_firms_as_for_one() -> None:
    scenario = need(security_level="3", serves_public_generated=True, on_site=True)
    counts = []
    for more in (1, 4):
        for _number in range(more):
            firm = able_firm()
            capability(firm, "security", amount=3)
            registry.filing(organization=firm)
        with CaptureQueriesContext(connection) as queries:
            compute(scenario, day=DAY)
        counts.append(len(queries))
    assert counts[1] <= counts[0]


def test_engine_is_kept_until_a_ledger_changes(tmp_path: Any) -> None:
    firm, scenario = able_firm(), need()
    compute(scenario, day=DAY)
    kept = sorted(path.name for path in (tmp_path / "engines").iterdir())
    compute(scenario, day=DAY)
    assert sorted(path.name for path in (tmp_path / "engines").iterdir()) == kept
    change(firm, actor=None, values={"description": "换了说法"})
    compute(scenario, day=DAY)
    changed = sorted(path.name for path in (tmp_path / "engines").iterdir())
    assert (len(kept), len(changed), kept == changed) == (1, 1, False)


def test_kept_engine_gives_what_a_new_one_gives() -> None:
    able_firm()
    able_firm()
    scenario = need()
    assert compute(scenario, day=DAY).found == compute(scenario, day=DAY).found


def test_broken_or_unwritable_shelf_is_no_obstacle(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    able_firm()
    scenario = need()
    whole = compute(scenario, day=DAY).found
    for file in (tmp_path / "engines").rglob("*"):
        if file.is_file():
            file.write_bytes(b"broken")
    assert compute(scenario, day=DAY).found == whole
    monkeypatch.setattr("qunxing.matching.pools.shelf", lambda: tmp_path / "file" / "engines")
    (tmp_path / "file").write_bytes(b"")
    assert compute(scenario, day=DAY).found == whole


def test_firm_finds_scenarios_funds_and_offers() -> None:
    firm = able_firm()
    scenario = need()
    fund = funds.fund(name="病历医疗基金", fields=("medical",))
    offer = resources.offer(title="门诊病历语料", kind="corpus")
    found = {one.pool: one.ranked.key for one in compute(firm, day=DAY).found}
    assert found == {"scenario": scenario.ref, "fund": fund.ref, "offer": offer.ref}


def test_fund_finds_firms_in_its_mandate() -> None:
    inside, outside = able_firm(), able_firm()
    fund = funds.fund(name="医疗基金", fields=("medical",), stages=("a",))
    funds.round_of(inside, stage=funds.stage("a"), closed_on=DAY)
    funds.round_of(outside, stage=funds.stage("b"), closed_on=DAY)
    found = standings(compute(fund, day=DAY))
    assert (found[inside.ref], found[outside.ref]) == ("fit", "missed")


def test_scenarios_that_take_nobody_are_not_proposed() -> None:
    firm = able_firm()
    need(apply_by=DAY.replace(year=2025))
    need(state="matched")
    need(visibility="internal")
    assert compute(firm, day=DAY).found == ()
