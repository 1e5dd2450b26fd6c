"""A table as staff have it, from the upload over its columns and its preview into the ledger, and out of it again."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.e2e.conftest import PageMaker
from tests.e2e.steps import LOOK, confirm, save
from tests.intake.files import workbook

YESTERDAY = timezone.localdate() - timedelta(days=1)
NEW, LATE = "测试表格智能科技有限公司", "测试待改智能科技有限公司"
FIRM, ALIKE = "演示·筑梦影像科技有限公司", "演示·铸梦影像科技有限公司"
ROWS = (
    ["2026年招商中心企业台账"],
    ["企业全称", "成立时间", "注册资金（万元）", "跟进人"],
    [NEW, "2021-03-18", 500, "小王"],
    [LATE, "不详", 80, "小李"],
)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "企业台账.xlsx"
    path.write_bytes(workbook(list(ROWS)))
    return path


def upload(page: Page, path: Path) -> None:
    page.goto("/sheets/")
    assert page.evaluate(LOOK) == []
    page.goto("/sheets/organizations/import/")
    page.locator("[name=file]").set_input_files(path)
    save(page, day=f"{YESTERDAY}", origin="招商中心", reason="首次导入")
    expect(page.locator("#rows")).to_be_visible(timeout=30_000)


def settle_the_column(page: Page) -> None:
    """Nobody knows what 跟进人 is; it is kept as a note."""
    expect(page.locator("main .note-warn").first).to_contain_text("跟进人")
    page.get_by_role("link", name="指定各列的含义").click()
    row = page.locator("tbody tr", has_text="跟进人")
    row.locator("select").select_option("@note")
    assert page.evaluate(LOOK) == []
    page.locator(".form-foot .btn-primary").click()
    expect(page.locator("#rows")).to_be_visible(timeout=30_000)


def correct_the_cell(page: Page) -> None:
    page.goto(f"{page.url.partition('?')[0]}?rows=error")
    row = page.locator("#rows tbody tr", has_text=LATE)
    expect(row).to_contain_text("不详")
    row.locator("a.btn").click()
    assert page.evaluate(LOOK) == []
    page.locator("[id^=cell-]:visible").nth(1).fill("2022-05-06")
    page.locator(".form-foot .btn-primary").click()


def test_table_goes_through_its_preview_into_the_ledger_and_is_undone(visit: PageMaker, table: Path) -> None:
    page = visit("staff")
    upload(page, table)
    settle_the_column(page)
    batch = page.url.partition("?")[0]
    correct_the_cell(page)
    page.goto(f"{batch}?rows=new")
    expect(page.locator("#rows tbody tr")).to_have_count(2)
    confirm(page, "全部应用")
    expect(page.locator("main .note-good")).to_be_visible(timeout=30_000)
    page.goto(f"/organizations/?q={LATE}")
    page.locator("#list tbody a").first.click()
    expect(page.locator("dl.facts").first).to_contain_text("2022-05-06")
    expect(page.locator("dl.facts").first).to_contain_text("80万元")
    expect(page.locator("main")).to_contain_text("首次导入")
    page.goto(batch)
    page.get_by_role("link", name="撤销").click()
    page.locator("[name=reason]").fill("导错了表")
    page.get_by_role("button", name="全部撤销").click()
    expect(page.locator("main")).to_contain_text("导错了表", timeout=30_000)
    page.goto(f"/organizations/?q={LATE}")
    expect(page.locator("#list tbody tr[data-row]")).to_have_count(0)


def test_long_preview_turns_its_pages_and_a_row_is_said_to_be_a_record(visit: PageMaker, tmp_path: Path) -> None:
    many = [[f"测试翻页{number}号智能科技有限公司"] for number in range(60)]
    path = tmp_path / "长表.xlsx"
    path.write_bytes(workbook([["企业全称"], [ALIKE], *many]))
    page = visit("staff")
    upload(page, path)
    page.locator(".pager [rel=next]").click()
    expect(page.locator(".pager")).to_contain_text("第 2 页")
    expect(page.locator("#rows tbody tr")).to_have_count(25)
    assert page.evaluate(LOOK) == []
    page.get_by_role("link", name="先看一看").click()
    row = page.locator("#rows tbody tr")
    expect(row).to_have_count(1)
    row.get_by_role("button", name="就是这一条").click()
    expect(page.locator("#rows")).to_contain_text(FIRM)
    expect(page.locator("#rows del")).to_contain_text(FIRM)
    confirm(page, "放弃")
