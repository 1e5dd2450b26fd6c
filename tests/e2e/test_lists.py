"""Finding one's way in the lists: search, filters, order, columns, views, pages, keys, export."""

import csv
import io
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.conftest import NARROW, PageMaker

FIRST_CELLS = "#list tbody tr > :first-child"


def total(page: Page) -> str:
    return page.locator(".list-total").inner_text()


def test_slash_leads_to_the_search_and_initials_are_found(visit: PageMaker) -> None:
    page = visit("staff")
    page.goto("/")
    page.keyboard.press("/")
    page.keyboard.type("xhzl")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/**")
    expect(page.locator("main")).to_contain_text("星河智联科技有限公司")


def test_search_finds_traditional_characters_and_codes(visit: PageMaker) -> None:
    page = visit()
    for words, found in (("商湯科技", "商汤科技"), ("Shanghai-Abab", "abab"), ("nothing at all", "没有找到")):
        page.goto(f"/search/?q={words}")
        expect(page.locator("main")).to_contain_text(found)


def test_filter_answers_at_once_and_stays_in_the_address(visit: PageMaker) -> None:
    page = visit("staff")
    page.goto("/organizations/")
    page.locator("#filter-tier summary").click()
    page.locator("#filter-tier label", has_text="北斗七星").click()
    expect(page.locator(".list-total")).to_have_text("共 7 条")
    assert "tier=core" in page.url
    page.reload()
    expect(page.locator(".list-total")).to_have_text("共 7 条")
    page.locator(".chips a").first.click()
    expect(page.locator(".list-total")).not_to_have_text("共 7 条")


def test_filter_works_without_javascript(visit: PageMaker) -> None:
    page = visit("staff", javascript=False)
    page.goto("/organizations/")
    page.locator("#filter-tier summary").click()
    page.locator("#filter-tier label", has_text="北斗七星").click()
    page.locator("#filter-tier button").click()
    expect(page.locator(".list-total")).to_have_text("共 7 条")


def test_order_follows_the_heading(visit: PageMaker) -> None:
    page = visit("staff")
    page.goto("/sources/")
    days = page.locator("#list tbody td:last-child")
    page.locator("#list th a.sort", has_text="日期").click()
    expect(page.locator("#list th[aria-sort]")).to_have_count(1)
    rising = days.all_inner_texts()
    page.locator("#list th a.sort", has_text="日期").click()
    expect(page.locator("#list th[aria-sort=descending]")).to_have_count(1)
    assert rising == sorted(rising)
    assert days.all_inner_texts() == sorted(rising, reverse=True)


def test_columns_are_chosen(visit: PageMaker) -> None:
    page = visit("staff")
    page.goto("/organizations/")
    page.locator("#list-columns summary").click()
    page.locator("#list-columns label", has_text="行政区划").click()
    expect(page.locator("#list thead")).to_contain_text("行政区划")
    expect(page.locator("#list-columns")).to_have_attribute("open", "")


def test_pages_follow_each_other(visit: PageMaker) -> None:
    page = visit("staff")
    page.goto("/organizations/")
    first = page.locator(FIRST_CELLS).first.inner_text()
    page.locator(".pager [rel=next]").click()
    expect(page.locator(".pager")).to_contain_text("第 2 页")
    assert page.locator(FIRST_CELLS).first.inner_text() != first
    page.go_back()
    expect(page.locator(FIRST_CELLS).first).to_have_text(first)


def test_view_is_kept_and_thrown_away(visit: PageMaker) -> None:
    page = visit("officer")
    page.goto("/filings/?kind=registered")
    shown = total(page)
    views = page.locator(".list-bar details", has_text="已存视图")
    views.locator("summary").click()
    views.locator("[name=name]").fill("登记一览")
    views.locator(".menu-foot button").click()
    expect(page.locator("#messages .note")).to_be_visible()
    page.goto("/filings/")
    views.locator("summary").click()
    views.get_by_role("link", name="登记一览").click()
    expect(page.locator(".list-total")).to_have_text(shown)
    views.locator("summary").click()
    views.locator(".menu-row", has_text="登记一览").locator("button").click()
    expect(views.get_by_role("link", name="登记一览")).to_have_count(0)


def test_export_holds_what_is_shown(visit: PageMaker) -> None:
    page = visit("staff")
    page.goto("/organizations/?tier=core")
    names = page.locator(FIRST_CELLS).all_inner_texts()
    page.locator(".list-bar summary", has_text="导出").click()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="CSV").click()
    text = Path(waiting.value.path()).read_text(encoding="utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert [row[0] for row in rows[1:]] == names


def test_keys_step_through_rows_and_open_one(visit: PageMaker) -> None:
    page = visit("staff")
    page.goto("/organizations/")
    wanted = page.locator(FIRST_CELLS).nth(1).locator("a").get_attribute("href")
    for key in ("j", "j", "j", "k"):
        page.keyboard.press(key)
    expect(page.locator("tr.here")).to_have_count(1)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{wanted}")


def test_list_on_a_phone_keeps_to_the_window(visit: PageMaker) -> None:
    page = visit("staff", size=NARROW)
    page.goto("/filings/")
    page.locator("#filter-kind summary").click()
    page.locator("#filter-kind label", has_text="登记").last.click()
    expect(page.locator(".chips")).to_be_visible()
    assert page.evaluate("document.scrollingElement.scrollWidth") <= NARROW["width"]


def test_rail_of_a_phone_opens_without_javascript(visit: PageMaker) -> None:
    page = visit(size=NARROW, javascript=False)
    page.goto("/")
    expect(page.locator("#rail")).to_be_hidden()
    page.locator(".topbar-menu").click()
    page.locator("#rail").get_by_role("link", name="备案登记").click()
    expect(page.locator("h1")).to_have_text("备案登记")
