"""Plans over all scenarios and the package of one."""

from playwright.sync_api import Page, expect

from qunxing.scenarios.models import Scenario
from tests.e2e.conftest import ENGLISH, NARROW, PageMaker
from tests.e2e.steps import confirm, faults_of, ref, save

PLANS = "/matching/plans/"


def made(page: Page, kind: str) -> None:
    """A plan of the kind, made by its form and opened when it is there."""
    page.goto(PLANS)
    page.select_option("[name=kind]", kind)
    page.locator("main form .btn-primary").click()
    page.wait_for_url("**/jobs/**")
    page.locator(".progress-done a, main a[href*='/matching/plans/']").first.wait_for(timeout=60_000)
    page.goto(PLANS)
    page.locator("tbody a").first.click()


def test_firms_are_assigned_to_all_scenarios(visit: PageMaker) -> None:
    staff = visit("staff")
    made(staff, "assignment")
    expect(staff.locator("h1")).to_have_text("全部场景的企业分配")
    rows = staff.locator("#list tbody tr")
    expect(rows.first).to_contain_text("演示·")
    staff.locator(".filters summary", has_text="约束条件").first.click()
    staff.locator("label", has_text="有待核实").first.click()
    expect(rows.first).to_contain_text("有待核实")
    expect(rows.filter(has_text="条件全部满足")).to_have_count(0)
    confirm(staff, "移除")
    expect(staff.locator("h1")).to_have_text("全局方案")


def test_packages_name_every_piece_and_what_is_missing(visit: PageMaker) -> None:
    staff = visit("staff", language=ENGLISH)
    staff.goto(PLANS)
    staff.locator("tbody a", has_text="Packages").first.click()
    expect(staff.locator("#list tbody tr", has_text="热线工单智能分拨")).to_contain_text("演示·国产训练卡时")
    staff.goto(f"/scenarios/{ref(Scenario, 'hotline')}/package/")
    pieces = staff.locator("main tbody tr")
    names = [text.strip() for text in pieces.locator("th").all_inner_texts()]
    assert names == ["Firm", "Filed model", "Fund", "Compute", "Voucher", "Voucher"]
    expect(pieces.filter(has_text="found")).to_have_count(6)
    expect(pieces.last).to_contain_text("yuan")
    staff.goto(f"/scenarios/{ref(Scenario, 'flood')}/package/")
    expect(pieces.filter(has_text="Compute")).to_contain_text("missing")
    expect(pieces.filter(has_text="Compute")).to_contain_text("Ask providers")


def test_owner_says_what_the_scenario_needs_and_plans_are_not_theirs(visit: PageMaker, faults: list[str]) -> None:
    owner = visit("demand", size=NARROW)
    owner.goto(f"/scenarios/{ref(Scenario, 'record')}/supply/")
    assert faults_of(owner) == []
    save(owner, model_cost="1200000")
    expect(owner.locator("h1")).to_contain_text("门诊病历自动生成")
    answer = owner.goto(PLANS)
    assert answer is not None
    assert answer.status == 403
    faults.clear()


def test_plans_fit_a_phone_and_work_without_javascript(visit: PageMaker) -> None:
    phone, plain = visit("officer", size=NARROW, language=ENGLISH), visit("officer", javascript=False)
    for page in (phone, plain):
        page.goto(PLANS)
        wrong = faults_of(page)
        page.locator("tbody a").last.click()
        assert wrong + faults_of(page) == []
        expect(page.locator("#list tbody tr").first).to_be_visible()
    expect(plain.locator("main form[action$='/make/']")).to_have_count(0)
