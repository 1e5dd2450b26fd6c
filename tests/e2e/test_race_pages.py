"""Pages of races as each kind of user: they fit, are labelled and can be read."""

from typing import Any

import pytest
from playwright.sync_api import Page

from qunxing.races.models import Race
from tests.e2e.conftest import PageMaker
from tests.e2e.steps import ref
from tests.e2e.test_every_page import OTHER, PLAIN, SMALL, look_at

HOTLINE, BOXES = f"/races/{ref(Race, 'hotline')}/", f"/races/{ref(Race, 'boxes')}/"
OPEN = (
    "/races/",
    "/races/entries/receipt/",
    HOTLINE,
    f"{HOTLINE}board/",
    f"{HOTLINE}board/wall/",
    f"{HOTLINE}board/embed/",
    BOXES,
    f"{BOXES}board/?stage=1&part=sealed",
    f"{BOXES}board/?stage=2",
)
WORK = ("/races/new/", "/races/scorers/", "/races/entries/", f"{HOTLINE}routes/")
# On the pages of a race: what is reached by such links.
BELOW = ("/races/lanes/", "/races/reports/", "/races/stages/", "/races/entries/")
MOST = 1


def linked(page: Page, address: str) -> list[str]:
    """The first lane, report, stage and entry that a page leads to."""
    page.goto(address)
    found: list[str] = page.eval_on_selector_all("main a", "links => links.map(link => link.getAttribute('href'))")
    rows = [[href for href in dict.fromkeys(found) if href.startswith(start)][:MOST] for start in BELOW]
    return [href for row in rows for href in row if not href.endswith((".docx", "/replace/", "receipt/"))]


def addresses(page: Page, user: str) -> list[str]:
    """What everybody sees, what is reached from the race of the challenge, and the work of staff."""
    page.goto("/races/")
    raced = str(page.get_by_role("link", name="影像报告危急值识别").first.get_attribute("href"))
    found = [*OPEN, raced, f"{raced}board/?stage=1", *linked(page, raced), *linked(page, BOXES)]
    if user == "staff":
        found += WORK
    if user in {"staff", "owner"}:
        found += linked(page, "/races/entries/")
    return list(dict.fromkeys(found))


@pytest.mark.parametrize(
    ("user", "how"),
    [
        ("", SMALL | PLAIN),
        ("", OTHER),
        ("staff", SMALL | OTHER),
        ("officer", PLAIN),
        ("owner", SMALL),
        ("demand", SMALL | OTHER),
    ],
)
def test_pages_of_races_fit_and_are_labelled(visit: PageMaker, user: str, how: dict[str, Any]) -> None:
    page = visit(user, **how)
    assert look_at(page, addresses(page, user)) == []


def test_texts_of_races_can_be_read(visit: PageMaker) -> None:
    page = visit("staff")
    assert look_at(page, addresses(page, "staff"), pale=True) == []
