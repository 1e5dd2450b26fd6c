"""A report: written, issued, held against a later correction, reissued."""

from datetime import date
from typing import Any

from django.urls import reverse
from playwright.sync_api import Page, expect

from qunxing.directory.models import Residency
from tests import factories
from tests.e2e.conftest import NARROW, PageMaker
from tests.e2e.steps import confirm, faults_of, save, sign_in
from tests.indicators import reporting


def staff_page(new_page: PageMaker, **words: Any) -> Page:
    page = new_page(**words)
    sign_in(page, factories.user("staff").username, factories.PASSWORD)
    return page


def correction_page(stay: Residency) -> str:
    return reverse("directory:part-edit", args=[stay.organization.ref, "residencies", stay.ref])


def test_a_report_is_frozen_corrected_and_reissued(live_server: Any, new_page: PageMaker) -> None:
    scope = factories.scope()
    reporting.stay(scope, name="常驻科技有限公司")
    stay = reporting.stay(scope, name="早退科技有限公司")
    page = staff_page(new_page)
    page.goto(reporting.report(scope=scope).get_absolute_url())
    confirm(page, "签发", reason="核对无误")
    expect(page.locator("main")).to_contain_text("RP-")
    first = page.url
    expect(page.locator("p.report-text")).to_contain_text("在驻企业2家")

    page.goto(correction_page(stay))
    save(page, stage="left", left_on="2025-03-31", reason="实际三月底已迁出")
    page.goto(first)
    expect(page.locator("p.report-text")).to_contain_text("在驻企业2家")
    expect(page.locator(".note-good")).to_contain_text("摘要值")

    confirm(page, "重发")
    panel = page.locator("main .panel", has=page.get_by_role("heading", name="入驻企业", exact=True)).first
    expect(panel.locator("del")).to_have_text("2家")
    expect(panel.locator("ins")).to_have_text("1家")
    expect(panel).to_contain_text("更正：剔除")
    expect(panel.get_by_role("link", name="早退科技有限公司")).to_have_attribute("href", stay.get_absolute_url())

    page.locator(".breadcrumb a").last.click()
    confirm(page, "签发", reason="一家企业迁出日期有更正")
    expect(page.locator("p.report-text")).to_contain_text("在驻企业1家")
    page.goto(first)
    expect(page.locator("main")).to_contain_text("已替换")
    expect(page.locator("p.report-text")).to_contain_text("在驻企业2家")


def test_a_template_shows_what_it_says_while_it_is_written(live_server: Any, new_page: PageMaker) -> None:
    reporting.stay(factories.scope(), entered_on=date(2020, 1, 1))
    page = staff_page(new_page)
    page.goto(reverse("indicators:template-create"))
    page.fill("#id_body", "# 入驻\n在驻{{resident_firms}}。")
    expect(page.locator("#preview")).to_contain_text("在驻1家。")
    page.fill("#id_body", "# 入驻\n在驻{{resident_frms}}。")
    expect(page.locator("#preview")).to_contain_text("第 2 行")
    assert faults_of(page) == []


def test_a_report_is_drawn_without_javascript_and_on_a_phone(live_server: Any, new_page: PageMaker) -> None:
    scope = factories.scope()
    reporting.stay(scope)
    row = reporting.issued(reporting.template(body=f"{reporting.BODY}!trend resident_firms\n"), scope)
    for words in ({"javascript": False}, {"size": NARROW}):
        page = staff_page(new_page, **words)
        page.goto(row.get_absolute_url())
        assert faults_of(page) == []
        expect(page.locator("main")).to_contain_text("2025-05")
