"""Every page as each kind of user: it fits, it is labelled, it can be read, nothing complains."""

from typing import Any

import pytest
from playwright.sync_api import Page

from qunxing.directory.models import Community, Organization
from qunxing.funds.models import Fund, Round
from qunxing.indicators.models import Report
from qunxing.ledger.models import Record, Source
from qunxing.matching.models import Invitation
from qunxing.registry.models import AIModel, Filing
from qunxing.resources.models import Offer
from qunxing.scenarios.models import Scenario
from tests.e2e.conftest import ENGLISH, NARROW, PageMaker
from tests.e2e.steps import faults_of, pale_texts, ref

RECORDS: tuple[tuple[str, type[Record], str], ...] = (
    ("organizations", Organization, "xinghe"),
    ("organizations", Organization, "minimax"),
    ("communities", Community, "mosu"),
    ("models", AIModel, "xinglan"),
    ("filings", Filing, "xinghe-desk"),
    ("funds", Fund, "seed"),
    ("rounds", Round, "suanyu-prea"),
    ("offers", Offer, "hours"),
    ("scenarios", Scenario, "record"),
    ("sources", Source, "xuhui"),
    ("reports", Report, "report-second"),
)
FORMS = (
    "/organizations/new/",
    "/models/new/",
    "/filings/new/",
    "/funds/new/",
    "/rounds/new/",
    "/offers/new/",
    "/scenarios/new/",
    "/claims/new/",
    "/reports/new/",
    "/reports/templates/",
    "/reports/templates/new/",
    "/sources/new/",
    "/users/new/",
    "/imports/new/",
    "/imports/rows/",
    "/imports/proposals/",
    "/stages/",
    "/tokens/",
    f"/organizations/{ref(Organization, 'xinghe')}/edit/",
    f"/organizations/{ref(Organization, 'xinghe')}/matches/",
    f"/scenarios/{ref(Scenario, 'record')}/matches/",
    f"/scenarios/{ref(Scenario, 'flood')}/matches/?order=computed&spread=field&cap=1",
    f"/scenarios/{ref(Scenario, 'hotline')}/requirement/",
    f"/funds/{ref(Fund, 'seed')}/matches/",
    f"/invitations/{ref(Invitation, 'ward-qingluan')}/",
    f"/organizations/{ref(Organization, 'xinghe')}/contacts/new/",
)
EVERYBODY = ("/styleguide/", "/search/?q=xh", "/search/?q=", "/rounds/", "/organizations/?q=nothing+fits")
PLAIN: dict[str, Any] = {"javascript": False}
SMALL: dict[str, Any] = {"size": NARROW}
OTHER: dict[str, Any] = {"language": ENGLISH}


def addresses(page: Page) -> list[str]:
    """What the rail offers, what is there for everybody, and a record of each kind."""
    page.goto("/")
    rail: list[str] = page.eval_on_selector_all("#rail a", "links => links.map(link => link.getAttribute('href'))")
    return [*dict.fromkeys(rail), *EVERYBODY, *(f"/{folder}/{ref(kind, key)}/" for folder, kind, key in RECORDS)]


def look_at(page: Page, paths: list[str], *, pale: bool = False) -> list[str]:
    """All that is wrong with the pages."""
    wrong = []
    for path in paths:
        answer = page.goto(path)
        if answer is None or answer.status != 200:
            wrong.append(f"{path}: {answer.status if answer else 'no answer'}")
        wrong += faults_of(page)
        if pale:
            wrong += pale_texts(page)
    return wrong


@pytest.mark.parametrize(
    ("user", "how"),
    [
        ("", SMALL),
        ("", OTHER | PLAIN),
        ("staff", OTHER),
        ("staff", SMALL),
        ("officer", SMALL | OTHER),
        ("owner", SMALL | PLAIN),
        ("demand", SMALL),
        ("manager", OTHER | SMALL),
        ("expert", PLAIN),
        ("visitor", SMALL),
    ],
)
def test_pages_fit_and_are_labelled(visit: PageMaker, user: str, how: dict[str, Any]) -> None:
    page = visit(user, **how)
    assert look_at(page, addresses(page)) == []


@pytest.mark.parametrize("how", [SMALL, OTHER])
def test_forms_fit_and_are_labelled(visit: PageMaker, how: dict[str, Any]) -> None:
    assert look_at(visit("staff", **how), list(FORMS)) == []


def test_texts_can_be_read(visit: PageMaker) -> None:
    page = visit("staff")
    assert look_at(page, [*addresses(page), *FORMS], pale=True) == []
