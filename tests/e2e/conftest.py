"""A real browser on the program: pages wide and narrow, Chinese and English, with and without JavaScript."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, ViewportSize, sync_playwright

from tests.e2e.demo_site import DemoSite, demo_site
from tests.e2e.steps import sign_in

# Playwright's own loop runs in the test's thread, where Django would take it for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

BROWSERS = ["chromium", "chromium-browser", "google-chrome"]
QUIET = [
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
WIDE: ViewportSize = {"width": 1280, "height": 800}
NARROW: ViewportSize = {"width": 390, "height": 844}
CHINESE, ENGLISH = "zh-CN", "en-US"
SIGNED_IN = {"sessionid", "csrftoken"}
CHOSEN = {CHINESE: "zh-hans", ENGLISH: "en"}

PageMaker = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent.name == "e2e":
            item.add_marker(pytest.mark.e2e)
            if "live_server" in getattr(item, "fixturenames", ()):
                item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The machine's own chromium; the tests are skipped where there is none."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.skip("no chromium on this machine")
    flags = [*QUIET, "--no-sandbox"] if os.geteuid() == 0 else QUIET
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, headless=True, args=flags)
        yield browser
        browser.close()


@pytest.fixture
def faults() -> Iterator[list[str]]:
    """What pages complained of. A test fails on any; one that visits an error page on purpose empties the list."""
    found: list[str] = []
    yield found
    assert found == []


@pytest.fixture
def contexts() -> Iterator[list[BrowserContext]]:
    """The windows that a test opened; closed when it ends."""
    opened: list[BrowserContext] = []
    yield opened
    for context in opened:
        context.close()


def open_page(
    browser: Browser, address: str, faults: list[str], *, language: str, size: ViewportSize, javascript: bool
) -> Page:
    context = browser.new_context(
        base_url=address,
        locale=language,
        timezone_id="Asia/Shanghai",
        reduced_motion="reduce",
        viewport=size,
        java_script_enabled=javascript,
    )
    context.add_cookies([{"name": "language", "value": CHOSEN[language], "url": address}])
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
    page.on("console", lambda said: faults.extend(complaints(said)))
    return page


@pytest.fixture
def new_page(browser: Browser, live_server: Any, faults: list[str], contexts: list[BrowserContext]) -> PageMaker:
    """Makes pages on a program with nothing in it."""

    def make(*, language: str = CHINESE, size: ViewportSize = WIDE, javascript: bool = True) -> Page:
        page = open_page(browser, live_server.url, faults, language=language, size=size, javascript=javascript)
        contexts.append(page.context)
        return page

    return make


@pytest.fixture(scope="session")
def demo(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoSite]:
    """The demonstration, served to the tests of this worker one after the other: what one changes stays changed."""
    own = tmp_path_factory.getbasetemp()
    with demo_site(own.parent if "PYTEST_XDIST_WORKER" in os.environ else own, own) as site:
        yield site


@pytest.fixture
def visit(browser: Browser, demo: DemoSite, faults: list[str], contexts: list[BrowserContext]) -> PageMaker:
    """Makes pages on the demonstration, signed in as one of its accounts or, without a name, as the public."""

    def make(user: str = "", *, language: str = CHINESE, size: ViewportSize = WIDE, javascript: bool = True) -> Page:
        page = open_page(browser, demo.address, faults, language=language, size=size, javascript=javascript)
        contexts.append(page.context)
        if user and user not in demo.cookies:
            sign_in(page, user, demo.passwords[user])
            demo.cookies[user] = [one for one in page.context.cookies() if one["name"] in SIGNED_IN]
        elif user:
            page.context.add_cookies(demo.cookies[user])
        return page

    return make


def complaints(said: ConsoleMessage) -> list[str]:
    return [f"{said.location['url']}: {said.text}"] if said.type == "error" else []


@pytest.fixture
def page_zh(new_page: PageMaker) -> Page:
    return new_page()


@pytest.fixture
def page_en(new_page: PageMaker) -> Page:
    return new_page(language=ENGLISH)


@pytest.fixture
def page_narrow(new_page: PageMaker) -> Page:
    return new_page(size=NARROW)


@pytest.fixture
def page_plain(new_page: PageMaker) -> Page:
    """Without JavaScript."""
    return new_page(javascript=False)


@pytest.fixture
def page_plain_narrow(new_page: PageMaker) -> Page:
    """Without JavaScript, on a phone."""
    return new_page(size=NARROW, javascript=False)


@pytest.fixture(params=["zh", "en", "narrow", "plain"])
def page_any(request: pytest.FixtureRequest, new_page: PageMaker) -> Page:
    """Each of the kinds of page in turn, for what must hold on all."""
    choices: dict[str, dict[str, Any]] = {
        "zh": {},
        "en": {"language": ENGLISH},
        "narrow": {"size": NARROW},
        "plain": {"javascript": False},
    }
    return new_page(**choices[request.param])
