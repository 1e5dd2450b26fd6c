"""What browser tests do and measure again and again."""

from playwright.sync_api import Page


def sign_in(page: Page, username: str, password: str) -> None:
    """By the form, as a person does."""
    page.goto("/accounts/login/")
    page.fill("input[name=login]", username)
    page.fill("input[name=password]", password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: "/login/" not in url)


def width_beyond_window(page: Page) -> int:
    """How far the page runs out of its window, in pixels."""
    size: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return size
