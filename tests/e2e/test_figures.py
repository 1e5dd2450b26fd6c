"""Figures in a browser: pages that fit and can be read; from a figure to a row to the phrase it rests on."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import PageMaker
from tests.e2e.test_every_page import OTHER, PLAIN, SMALL, look_at

FIRMS = "/indicators/resident_firms/"
ASKED = "?scope=surroundings&as_of=2026-06-30"
PAGES = (
    f"/indicators/{ASKED}",
    f"{FIRMS}{ASKED}",
    f"{FIRMS}rows/{ASKED}",
    f"{FIRMS}compare/{ASKED}&from=2025-05-07",
    f"{FIRMS}definition/",
    "/indicators/share_of_city_total/",
    "/indicators/financing_to_date/?scope=all",
    f"/dashboard/{ASKED}",
    f"/dashboard/ecosystem/{ASKED}",
    "/dashboard/funnel/",
    "/dashboard/wall/",
)
WORK = (
    "/indicators/new/",
    "/indicators/new/?operation=filter&base=resident_firms",
    "/indicators/new/?operation=share&base=core_firms",
    f"{FIRMS}edit/",
)


@pytest.mark.parametrize(
    ("user", "how"), [("", SMALL | PLAIN), ("staff", SMALL), ("officer", OTHER), ("owner", SMALL | OTHER)]
)
def test_pages_of_figures_fit_and_are_labelled(visit: PageMaker, user: str, how: dict[str, Any]) -> None:
    page = visit(user, **how)
    assert look_at(page, [*PAGES, *(WORK if user == "staff" else ())]) == []


def test_texts_of_figures_can_be_read(visit: PageMaker) -> None:
    assert look_at(visit("staff"), [*PAGES, *WORK], pale=True) == []


def test_from_a_figure_to_a_row_to_the_phrase(visit: PageMaker) -> None:
    page = visit("officer")
    page.goto(f"/indicators/{ASKED}")
    page.get_by_role("link", name="入驻企业", exact=True).first.click()
    page.get_by_role("link", name="全部").click()
    row = page.get_by_role("row").filter(has_text="上海稀宇科技有限公司")
    assert "核心矩阵——稀宇科技" in row.inner_text()
    row.get_by_role("link").first.click()
    assert page.get_by_role("heading", level=1).inner_text().startswith("上海稀宇科技有限公司")
    assert "核心矩阵——稀宇科技" in page.content()


def test_two_days_are_compared(visit: PageMaker) -> None:
    page = visit("officer")
    page.goto(f"{FIRMS}{ASKED}")
    page.locator("#compare").get_by_label("另一日").fill("2025-05-07")
    page.get_by_role("button", name="对比").click()
    assert page.get_by_role("heading", name="新增").is_visible()
    assert page.get_by_role("heading", name="更正：补计").is_visible()


def test_staff_derive_a_figure(visit: PageMaker) -> None:
    page = visit("staff")
    page.goto("/indicators/new/")
    page.get_by_label("计算方式").select_option("filter")
    page.get_by_label("所依据的指标").select_option("resident_firms")
    page.get_by_role("button", name="继续").click()
    page.get_by_role("textbox", name="代码").fill("small_firms")
    page.get_by_label("中文名称").fill("小型入驻企业")
    page.get_by_label("英文名称").fill("Small firms in residence")
    page.get_by_label("小型", exact=True).check()
    page.get_by_role("button", name="保存").click()
    page.goto(f"/indicators/small_firms/{ASKED}")
    assert page.get_by_role("heading", level=1).inner_text() == "小型入驻企业"
    assert page.locator(".stat-value").first.inner_text().endswith("家")


def test_an_article_is_read_and_a_figure_leads_to_its_phrase(visit: PageMaker) -> None:
    page = visit("staff")
    page.goto("/claims/read/")
    page.locator("[name=text]").fill(
        "2026年6月30日，记者走进“模速空间”。目前，\n模速空间已入驻企业一百\n二十余家。当晚花展接待游客三千人。"
    )
    page.locator("[name=title]").fill("走进模速空间")
    page.locator("[name=day]").fill("2026-06-30")
    page.get_by_role("button", name="读取").click()
    card = page.locator(".proposal")
    expect(card).to_have_count(1)
    assert "入驻企业一百" in page.locator("mark").inner_text()
    card.get_by_role("button", name="采纳").click()
    page.goto(f"/indicators/resident_firms/{ASKED}")
    page.locator("#claims").get_by_role("link", name="入驻企业一百").click()
    page.get_by_role("link", name="文章中的原文").first.click()
    assert "一百" in page.locator("mark").first.inner_text()
