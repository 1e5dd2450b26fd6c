"""Pages of open challenges and of panels as each kind of user: they fit, are labelled and can be read."""

from typing import Any

import pytest
from playwright.sync_api import Page

from qunxing.challenges.models import Challenge, ChallengeList, Need
from qunxing.panels.models import Expert
from tests.e2e.conftest import PageMaker
from tests.e2e.steps import ref
from tests.e2e.test_every_page import OTHER, PLAIN, SMALL, look_at

LISTS, ENTRIES = "/challenges/lists", "/challenges/entries"
OPEN = (
    "/challenges/",
    f"{LISTS}/",
    f"{ENTRIES}/",
    "/challenges/calls/",
    "/challenges/rules/",
    "/challenges/notices/",
    "/challenges/bids/receipt/",
    f"{LISTS}/{ref(ChallengeList, 'winter')}/",
    f"{LISTS}/{ref(ChallengeList, 'winter')}/page/",
    f"{LISTS}/{ref(ChallengeList, 'winter')}/rules/",
    f"{LISTS}/{ref(ChallengeList, 'autumn')}/",
    f"{ENTRIES}/{ref(Challenge, 'lostfound')}/",
    f"{ENTRIES}/{ref(Challenge, 'energy')}/",
)
WORK = (
    f"{LISTS}/new/",
    f"{LISTS}/{ref(ChallengeList, 'winter')}/amend/",
    f"{LISTS}/{ref(ChallengeList, 'finance')}/opening/",
    f"{LISTS}/{ref(ChallengeList, 'first')}/opening/",
    f"{ENTRIES}/{ref(Challenge, 'lostfound')}/check/",
    f"{ENTRIES}/{ref(Challenge, 'customs')}/review/",
    f"{ENTRIES}/{ref(Challenge, 'lostfound')}/award/",
    f"{ENTRIES}/{ref(Challenge, 'appearance')}/award/",
    f"{ENTRIES}/{ref(Challenge, 'energy')}/contracts/",
    "/challenges/needs/",
    f"/challenges/needs/{ref(Need, 'triage')}/",
    "/challenges/calls/new/",
    "/challenges/rules/new/",
    "/challenges/bad-records/",
    "/challenges/bad-records/new/",
    "/challenges/payments/",
    "/experts/",
    "/experts/new/",
    f"/experts/{ref(Expert, 'qin')}/",
    f"/experts/{ref(Expert, 'nie')}/",
)
# Listing: what is reached from its rows, and the pages below each.
REACHED: dict[str, dict[str, tuple[str, ...]]] = {
    "": {"/challenges/notices/": ("",)},
    "staff": {
        "/panels/": ("", "conflicts/", "assignment/", "progress/", "standings/", "proof/"),
        "/challenges/contracts/": ("",),
        "/challenges/bids/": ("",),
        "/challenges/notices/": ("",),
    },
    "officer": {"/panels/": ("", "standings/"), "/challenges/contracts/": ("",), "/challenges/bids/": ("",)},
    "owner": {"/challenges/bids/": ("",), "/challenges/contracts/": ("",)},
    "demand": {"/challenges/contracts/": ("", "sign/")},
    "expert": {"/reviews/": ("",)},
}
MOST = 2


def reached(page: Page, listing: str) -> list[str]:
    """The records that the first rows of a list lead to."""
    page.goto(listing)
    found: list[str] = page.eval_on_selector_all(
        "main tbody a", "links => links.map(link => link.getAttribute('href'))"
    )
    own = [href for href in found if href.startswith(listing) and href.count("/") == listing.count("/") + 1]
    return list(dict.fromkeys(own))[:MOST]


def addresses(page: Page, user: str) -> list[str]:
    found = list(OPEN)
    if user in {"staff", "officer"}:
        found += [path for path in WORK if user == "staff" or not path.endswith(("new/", "amend/"))]
    if user:
        found.append("/desk/")
    for listing, below in REACHED.get(user, {}).items():
        rows = reached(page, listing)
        assert rows, f"{user} finds nothing on {listing}"
        found += [listing, *(f"{row}{rest}" for row in rows for rest in below)]
    return found


@pytest.mark.parametrize(
    ("user", "how"),
    [
        ("", SMALL | PLAIN),
        ("", OTHER),
        ("staff", SMALL | OTHER),
        ("officer", PLAIN),
        ("owner", SMALL),
        ("owner", OTHER | PLAIN),
        ("demand", SMALL | PLAIN),
        ("expert", SMALL | OTHER),
    ],
)
def test_pages_of_contests_fit_and_are_labelled(visit: PageMaker, user: str, how: dict[str, Any]) -> None:
    page = visit(user, **how)
    assert look_at(page, addresses(page, user)) == []


def test_texts_of_contests_can_be_read(visit: PageMaker) -> None:
    page = visit("staff")
    assert look_at(page, addresses(page, "staff"), pale=True) == []
