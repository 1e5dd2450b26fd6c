"""The search: what is offered while typing, the page of hits, a change that is found at once."""

from playwright.sync_api import Page, expect

from tests.e2e.conftest import ENGLISH, NARROW, PageMaker
from tests.e2e.steps import firm_page, save, seek

BOX = "#global-search"
OFFERED = "#global-suggestions a"


def typed(page: Page, words: str) -> None:
    page.goto("/")
    page.keyboard.press("/")
    page.keyboard.type(words)


def test_typing_offers_records_and_arrows_lead_to_them(visit: PageMaker) -> None:
    seek(visit(), "稀宇", "稀宇科技")
    page = visit()
    typed(page, "xiyu")
    expect(page.locator(OFFERED).filter(has_text="上海稀宇科技有限公司").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(page.locator(OFFERED).first).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.locator(BOX)).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("上海稀宇科技有限公司")


def test_escape_puts_the_offer_away(visit: PageMaker) -> None:
    page = visit()
    typed(page, "稀宇")
    expect(page.locator(OFFERED).first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(OFFERED)).to_have_count(0)


def test_kinds_and_filters_narrow_the_hits(visit: PageMaker) -> None:
    page = visit()
    seek(page, "智能", "智能")
    page.locator(".tabs a", has_text="单位").click()
    expect(page.locator(".tabs a[aria-current]")).to_contain_text("单位")
    option = page.locator(".facet-option").first
    count = option.locator(".count").inner_text()
    option.click()
    expect(page.locator(".facet-chosen")).to_have_count(1)
    expect(page.locator(".search-total")).to_contain_text(f"共 {count} 条")
    expect(page.locator(".search-hit mark").first).to_be_visible()


def test_mistyped_name_leads_to_the_right_one(visit: PageMaker) -> None:
    page = visit()
    seek(page, "稀宇急智", "稀宇极智")
    page.locator(".note a", has_text="稀宇极智").click()
    expect(page.locator(".search-hit").first).to_contain_text("稀宇")
    expect(page.locator(".note")).to_have_count(0)


def test_page_works_without_javascript_and_on_a_phone(visit: PageMaker) -> None:
    page = visit(javascript=False, language=ENGLISH)
    page.goto("/")
    page.fill(BOX, "xyjz")
    page.press(BOX, "Enter")
    expect(page.locator("main")).to_contain_text("上海稀宇科技有限公司")
    narrow = visit(size=NARROW)
    seek(narrow, "智能", "智能")
    expect(narrow.locator(".search-facets")).not_to_have_attribute("open", "")
    narrow.locator(".search-facets > summary").click()
    expect(narrow.locator(".facet").first).to_be_visible()


def test_change_is_found_at_once(visit: PageMaker) -> None:
    page = visit("staff")
    page.goto(firm_page("bank", "edit/"))
    save(page, short_name="霓虹蓝鲸")
    seek(page, "nhlj", "霓虹蓝鲸")
