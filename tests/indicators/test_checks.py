"""Claims against the ledger: agrees, differs, cannot be told, and why."""

from datetime import date

import pytest

from qunxing.directory.models import Residency
from qunxing.indicators.models import Claim
from qunxing.indicators.quantities import parse_quantity
from qunxing.indicators.queries.checks import Checker
from qunxing.indicators.reading.checking import Verdict, Why, explained, held_against
from qunxing.indicators.views import claims as views
from qunxing.ledger.actions import create
from tests import factories
from tests.funds.factories import YI, fund, yuan
from tests.indicators.factories import claim

DAY = date(2025, 4, 29)


@pytest.mark.parametrize(
    ("published", "ledger", "verdict"),
    [
        ("100余", "120", Verdict.AGREES),
        ("100余", "100", Verdict.DIFFERS),
        ("近400", "380", Verdict.AGREES),
        ("近400", "400", Verdict.DIFFERS),
        ("近400", "5", Verdict.DIFFERS),
        ("不超过400", "5", Verdict.AGREES),
        ("43", "43", Verdict.AGREES),
        ("43", "42", Verdict.DIFFERS),
        ("约400", "390", Verdict.AGREES),
        ("约400", "300", Verdict.DIFFERS),
        ("100余", "90-120", Verdict.UNTOLD),
        ("43", "40-45", Verdict.UNTOLD),
        ("200多", "超250", Verdict.AGREES),
    ],
)
def test_a_claim_is_held_against_a_range(published, ledger, verdict):
    assert held_against(parse_quantity(published), parse_quantity(ledger)) is verdict


def test_without_a_figure_nothing_is_told_and_differences_are_explained():
    assert held_against(parse_quantity("43"), None) is Verdict.UNTOLD
    some, few, many = parse_quantity("43"), parse_quantity("40"), parse_quantity("50")
    assert explained(some, few, elsewhere=False) is Why.MISSING
    assert explained(some, many, elsewhere=False) is Why.DEFINITION
    assert explained(some, few, elsewhere=True) is Why.SCOPE


def residents(scope, count):
    for _number in range(count):
        create(Residency(organization=factories.organization(), scope=scope, entered_on=date(2025, 1, 1)), actor=None)


@pytest.fixture
def circles(db):
    community = factories.community()
    narrow, wide = (factories.scope(community, code) for code in ("space", "surroundings"))
    residents(narrow, 2)
    residents(wide, 3)
    return narrow, wide


def check(**values):
    row = claim(as_of_low=DAY, **values)
    return Checker(factories.user("staff")).check(Claim.objects.select_related("scope__community").get(pk=row.pk))


@pytest.mark.parametrize(
    ("values", "verdict", "why"),
    [
        ({"value_low": 2, "value_high": 2, "low_open": False}, Verdict.AGREES, Why.NONE),
        ({"value_low": 1}, Verdict.AGREES, Why.NONE),
        ({"value_low": 5, "value_high": 5, "low_open": False}, Verdict.DIFFERS, Why.SCOPE),
        ({"value_low": 100}, Verdict.DIFFERS, Why.MISSING),
        ({"value_low": 1, "value_high": 1, "low_open": False}, Verdict.DIFFERS, Why.DEFINITION),
        ({"indicator": "reach"}, Verdict.UNTOLD, Why.NO_INDICATOR),
        ({"indicator": "scale"}, Verdict.UNTOLD, Why.NO_FUND),
        ({"status": "planned"}, Verdict.UNTOLD, Why.NO_INDICATOR),
        ({"indicator": "compute_partners"}, Verdict.UNTOLD, Why.NO_FIGURE),
    ],
)
def test_the_ledger_answers_for_scope_and_day(circles, values, verdict, why):
    found = check(scope=circles[0], **values)
    assert (found.verdict, found.why) == (verdict, why)


SIZED = {"indicator": "scale", "subject": "江湾（上海）母基金", "low_open": False, "unit": "元", "currency": "CNY"}


@pytest.mark.parametrize(
    ("size", "values", "verdict", "why"),
    [
        (yuan(225), {}, Verdict.AGREES, Why.NONE),
        (yuan(200), {}, Verdict.DIFFERS, Why.FUND),
        (yuan(200, 300), {}, Verdict.UNTOLD, Why.UNSURE),
        (yuan(225), {"scope_text": "全国"}, Verdict.AGREES, Why.NONE),
        (yuan(225), {"subject": "江湾母基金"}, Verdict.AGREES, Why.NONE),
        (yuan(225), {"subject": "别的基金"}, Verdict.UNTOLD, Why.NO_FUND),
        (yuan(225), {"currency": "USD"}, Verdict.UNTOLD, Why.NO_FUND),
        (None, {}, Verdict.UNTOLD, Why.NO_FUND),
    ],
    ids=["agrees", "differs", "inexact", "scope-in-words", "short-name", "other-name", "other-currency", "no-size"],
)
def test_the_size_of_a_fund_is_held_against_its_record(db, size, values, verdict, why):
    kept = fund(size, name="江湾(上海)母基金", short_name="江湾母基金")
    found = check(value_low=225 * YI, value_high=225 * YI, **SIZED | values)
    assert (found.verdict, found.why) == (verdict, why)
    assert found.url == ("" if why is Why.NO_FUND else kept.get_absolute_url())


def test_two_funds_of_one_name_tell_nothing(db):
    for _number in range(2):
        fund(yuan(225), name="江湾（上海）母基金")
    assert check(value_low=225 * YI, value_high=225 * YI, **SIZED).why is Why.NO_FUND


def test_every_claim_is_checked_on_some_page(client, circles, monkeypatch):
    monkeypatch.setattr(views, "CHECKS_PAGE", 2)
    fund(yuan(225), name=SIZED["subject"])
    subjects = {claim(scope=circles[0], as_of_low=DAY, subject=f"主体{place}").subject for place in range(4)}
    claim(as_of_low=DAY, value_low=225 * YI, value_high=225 * YI, **SIZED)
    client.force_login(factories.user("officer"))
    pages = [client.get(f"/claims/checks/?page={page}") for page in (1, 2, 3, "x", 99)]
    assert [len(page.context["rows"]) for page in pages] == [2, 2, 1, 2, 1]
    shown = [row["check"].claim.subject for page in pages[:3] for row in page.context["rows"]]
    assert set(shown) == {*subjects, SIZED["subject"]}
    assert "?page=2" in pages[0].text
    assert "225" in pages[2].text


def test_a_scope_in_words_cannot_be_told(db):
    assert check(scope_text="全国").why is Why.NO_SCOPE


def test_checks_are_shown_to_oversight_alone(client, circles):
    row = claim(scope=circles[0], as_of_low=DAY)
    for role, status in (("officer", 200), ("staff", 200), ("visitor", 403)):
        client.force_login(factories.user(role))
        assert client.get("/claims/checks/").status_code == status
        page = client.get(row.get_absolute_url()).content.decode()
        assert ("与台账对照" in page) == (status == 200)


def test_a_share_of_the_city_told_of_the_city_does_not_say_whose(circles):
    city = factories.scope(circles[0].community, "city")
    found = check(scope=city, indicator="share_of_city_total", value_low=61, value_high=61, low_open=False, unit="%")
    assert (found.verdict, found.why) == (Verdict.UNTOLD, Why.WHOLE)


def test_a_check_leads_to_the_figure_of_its_scope_and_day(client, circles):
    client.force_login(factories.user("officer"))
    found = check(scope=circles[1])
    page = client.get(found.url)
    assert page.status_code == 200
    assert (page.context["asked"].scope, page.context["asked"].day) == ("surroundings", DAY)
