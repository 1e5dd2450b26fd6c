"""A filing from its first day to its number, what falls due, an official list from upload to the last proposal."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.e2e.conftest import PageMaker
from tests.e2e.steps import confirm, firm_page, save

TODAY = timezone.localdate()
RENAME = "主体名称由“演示·学海同行科技有限公司”变更为“演示·学海智行科技有限公司”"
HEAD = ["算法名称", "算法类别", "主体名称", "应用产品", "主要用途", "备案编号", "备注"]
ROWS = (
    ["测试写作算法", "生成合成类", "测试写作科技有限公司", "写作台", "写作", "网信算备310104999000101260019号", ""],
    [
        "学海问答算法",
        "生成合成类",
        "演示·学海智行科技有限公司",
        "学伴",
        "问答",
        "网信算备310104999000201260018号",
        RENAME,
    ],
    ["无号算法", "生成合成类", "测试无号科技有限公司", "无", "无", "没有编号", ""],
)


def step(page: Page, name: str, **values: str) -> None:
    page.locator(".page-actions").get_by_role("link", name=name, exact=True).click()
    save(page, **values)


def test_filing_goes_from_preparation_to_its_number(visit: PageMaker) -> None:
    page = visit("staff")
    page.goto("/filings/")
    page.locator(".page-actions .btn-primary").click()
    start = TODAY - timedelta(days=90)
    save(page, kind="filed", name="测试大模型", organization="演示·墨镜科技有限公司", since=f"{start}")
    expect(page.locator("h1")).to_have_text("测试大模型")
    expect(page.locator(".page-tags")).to_contain_text("准备中")
    step(page, "提交", day=f"{start + timedelta(days=30)}")
    expect(page.locator(".page-tags")).to_contain_text("已提交")
    number = f"Shanghai-CeShiDaMoXing-{TODAY:%Y%m%d}0001"
    step(page, "记录通过", day=f"{TODAY - timedelta(days=15)}", number=number)
    expect(page.locator(".page-tags")).to_contain_text("已通过")
    expect(page.locator("dl.facts").first).to_contain_text(number)
    expect(page.locator("#steps tbody tr")).to_have_count(3)


def test_wrong_number_is_refused_with_what_was_expected(visit: PageMaker, faults: list[str]) -> None:
    page = visit("staff")
    page.goto("/filings/?q=星河问答")
    page.locator("#list tbody a").first.click()
    step(page, "记录通过", day=f"{TODAY}", number="网信算备12号")
    expect(page.locator(".field-error").first).to_be_visible()
    expect(page.locator("[name=number]")).to_have_value("网信算备12号")
    faults.clear()


def test_what_falls_due_is_shown_with_its_day(visit: PageMaker) -> None:
    page = visit("staff")
    page.goto("/due/")
    late = page.locator("section.panel", has_text="已逾期").locator("tbody tr").first
    expect(late).to_contain_text("逾期")
    name = late.locator("a").first.inner_text()
    late.locator("a").first.click()
    expect(page.locator("h1")).to_have_text(name)
    expect(page.locator("#due")).to_be_visible()


def test_owner_reports_that_a_duty_is_done(visit: PageMaker) -> None:
    page = visit("owner")
    page.goto("/due/")
    row = page.locator("tbody tr", has_text="星河客服")
    before = row.count()
    row.locator("a").first.click()
    page.get_by_role("link", name="服务日期").click()
    save(page, ended_on=f"{TODAY - timedelta(days=1)}")
    page.goto("/due/")
    expect(page.locator("tbody tr", has_text="更换依托的备案模型")).to_have_count(0)
    assert before


@pytest.fixture
def official_list(tmp_path: Path) -> Path:
    path = tmp_path / "算法备案清单.csv"
    path.write_text("\n".join(",".join(row) for row in (HEAD, *ROWS)), encoding="utf-8")
    return path


def test_official_list_is_seen_before_it_is_taken_over(visit: PageMaker, official_list: Path) -> None:
    page = visit("staff")
    page.goto("/imports/new/")
    page.locator("[name=file]").set_input_files(official_list)
    save(page, list_code="algorithm-filings", title="测试清单", day=f"{TODAY - timedelta(days=2)}")
    expect(page.locator("main")).to_contain_text("应用之前", timeout=30_000)
    expect(page.locator(".stats")).to_contain_text("待人工处理")
    page.get_by_role("button", name="应用").click()
    expect(page.locator("main .note-good")).to_be_visible(timeout=30_000)
    settle_the_row(page)
    accept_the_rename(page)
    page.goto(firm_page("xuehai"))
    expect(page.locator("main")).to_contain_text("演示·学海智行科技有限公司")
    page.goto("/filings/?q=测试写作")
    expect(page.locator("#list tbody tr")).to_have_count(1)


def settle_the_row(page: Page) -> None:
    row = page.locator("#for-staff tbody tr", has_text="无号算法")
    confirm(page, "处理", within=row, reason="已去函查询编号")
    expect(page.locator("#for-staff")).not_to_contain_text("无号算法")


def accept_the_rename(page: Page) -> None:
    row = page.locator("#proposals tbody tr", has_text="学海智行")
    confirm(page, "是同一家", within=row)
    expect(page.locator("#proposals")).not_to_contain_text("学海智行")


def test_file_that_is_no_list_changes_nothing(visit: PageMaker, tmp_path: Path) -> None:
    path = tmp_path / "笔记.csv"
    path.write_text("今天,天气\n很好,是的\n", encoding="gbk")
    page = visit("staff")
    page.goto("/imports/new/")
    page.locator("[name=file]").set_input_files(path)
    save(page, list_code="genai-filings", day=f"{TODAY}")
    expect(page.locator("main .note-bad")).to_contain_text("没有", timeout=30_000)
