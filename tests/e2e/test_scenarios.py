"""A scenario from the first word of its owner to the public's eyes."""

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.e2e.conftest import ENGLISH, NARROW, PageMaker
from tests.e2e.steps import confirm, save

TITLE = "检验报告自动解读"


def in_days(days: int) -> str:
    return f"{timezone.localdate() + timedelta(days=days)}"


def write(page: Page) -> None:
    page.goto("/scenarios/new/")
    page.locator("label", has_text="医疗健康").first.click()
    table = page.locator(".core-rows tbody tr").first
    for column, text in ((1, "解读准确率"), (3, "95"), (5, "%"), (6, "五百份报告由两名医师核对")):
        table.locator("td").nth(column).locator("input").fill(text)
    save(
        page,
        organization="演示·云澜中心医院",
        title=TITLE,
        problem="患者看不懂检验报告，门诊反复解释占去医生时间。",
        budget="100万-150万元",
        apply_by=in_days(30),
        starts_on=in_days(60),
        ends_on=in_days(240),
    )


def test_scenario_is_written_returned_improved_published_and_seen(visit: PageMaker) -> None:
    owner, staff, public = visit("demand"), visit("staff"), visit(size=NARROW, language=ENGLISH)
    write(owner)
    expect(owner.locator("h1")).to_have_text(TITLE)
    address = owner.url
    expect(owner.locator("#missing")).to_contain_text("联系人")
    owner.get_by_role("link", name="编辑").first.click()
    save(owner, contact_name="王医生", contact_phone="021-00000000")
    expect(owner.locator("#missing")).to_have_count(0)
    confirm(owner, "提交")
    expect(owner.locator(".page-tags")).to_contain_text("已提交")
    staff.goto(address)
    confirm(staff, "退回需求方", reason="请写明数据如何脱敏")
    expect(staff.locator(".page-tags")).to_contain_text("已退回")
    owner.goto(address)
    expect(owner.locator("main")).to_contain_text("请写明数据如何脱敏")
    owner.get_by_role("link", name="编辑").first.click()
    save(owner, data_terms="姓名与证件号由医院先行脱敏。")
    confirm(owner, "提交")
    expect(owner.locator(".page-tags")).to_contain_text("已提交")
    publish(staff, address)
    public.goto("/scenarios/?state=published")
    public.get_by_role("link", name=TITLE).click()
    expect(public.locator(".page-tags")).to_contain_text("published")
    expect(public.locator("main")).not_to_contain_text("021-00000000")


def publish(staff: Page, address: str) -> None:
    staff.goto(address)
    confirm(staff, "开始论证")
    expect(staff.locator(".page-tags")).to_contain_text("论证中")
    staff.locator("#appraisals .btn").click()
    save(staff, verdict="fit", notes="数据已脱敏，指标可测。")
    expect(staff.locator("#appraisals")).to_contain_text("指标可测")
    confirm(staff, "发布")
    expect(staff.locator(".page-tags")).to_contain_text("已发布")


def test_draft_of_others_is_not_there(visit: PageMaker, faults: list[str]) -> None:
    staff, public = visit("staff"), visit()
    staff.goto("/scenarios/?state=draft")
    address = staff.locator("#list tbody a").first.get_attribute("href") or ""
    public.goto(address)
    expect(public.locator(".problem")).to_be_visible()
    faults.clear()
