"""Signing in, on every kind of page."""

from playwright.sync_api import Page, expect


def test_sign_in_page_is_shown(page_any: Page) -> None:
    page_any.goto("/accounts/login/")
    expect(page_any.locator("input[name=login]")).to_be_visible()
    expect(page_any.locator("input[name=password]")).to_be_visible()
