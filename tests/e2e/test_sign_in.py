"""Signing in, on every kind of page."""

from playwright.sync_api import Page, expect

from tests import factories
from tests.e2e.steps import sign_in, width_beyond_window


def test_sign_in_page_is_shown(page_any: Page) -> None:
    page_any.goto("/accounts/login/")
    expect(page_any.locator("input[name=login]")).to_be_visible()
    expect(page_any.locator("input[name=password]")).to_be_visible()


def test_sign_in_page_speaks_the_readers_language(page_zh: Page, page_en: Page) -> None:
    languages = []
    for page in (page_zh, page_en):
        page.goto("/accounts/login/")
        languages.append(page.locator("html").get_attribute("lang"))
    assert languages == ["zh-hans", "en"]


def test_sign_in_page_fits_a_phone(page_narrow: Page) -> None:
    page_narrow.goto("/accounts/login/")
    assert width_beyond_window(page_narrow) == 0


def test_staff_signs_in(page_any: Page) -> None:
    staff = factories.user("staff")
    sign_in(page_any, staff.username, factories.PASSWORD)
    expect(page_any.locator("html")).to_contain_text(staff.name)
