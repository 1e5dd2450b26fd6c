"""Lists as of a day and as they were known on a day."""

from datetime import UTC, date, datetime

import pytest

from qunxing.directory.models import Organization
from qunxing.ledger.actions import change, remove
from qunxing.ledger.models import Visibility
from qunxing.ledger.versions import history_of
from tests import factories
from tests.indicators.test_pages import body
from tests.indicators.towns import stay

pytestmark = pytest.mark.django_db
THEN, LATER = datetime(2025, 1, 1, tzinfo=UTC), datetime(2025, 6, 1, tzinfo=UTC)
BEFORE, BETWEEN, AFTER = "2024-12-30", "2025-03-01", "2025-07-01"


def firm(name, **values):
    made = factories.organization(name=name, **values)
    history_of(Organization).objects.filter(id=made.pk).update(history_date=THEN)
    return made


def later(made, **values):
    change(made, actor=None, values=values)
    history_of(Organization).objects.filter(id=made.pk, history_type="~").update(history_date=LATER)


def names(client, **asked):
    return [row["name"] for row in client.get("/api/v1/organizations", asked).json()["rows"]]


def test_a_list_is_as_it_was_known(client):
    later(firm("旧名科技有限公司"), name="新名科技有限公司")
    assert names(client) == ["新名科技有限公司"]
    assert names(client, known_at=BEFORE) == []
    assert names(client, known_at=BETWEEN) == ["旧名科技有限公司"]
    assert names(client, known_at=AFTER) == ["新名科技有限公司"]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_file_of_it_is_too(client, kind):
    later(firm("旧名科技有限公司"), name="新名科技有限公司")
    then = body(client.get(f"/organizations/?known_at={BETWEEN}&format={kind}"))
    if kind == "csv":
        assert "旧名科技有限公司" in then.decode()
        assert "新名科技有限公司" not in then.decode()
    assert then[:2] in {b"PK", b"\xef\xbb"}


def test_words_and_own_filters_are_asked_of_the_past(client):
    later(firm("旧名科技有限公司", size_class="micro"), name="新名科技有限公司", size_class="large")
    assert names(client, known_at=BETWEEN, q="旧名", size="micro") == ["旧名科技有限公司"]
    assert names(client, known_at=BETWEEN, q="新名") == []
    assert names(client, known_at=BETWEEN, size="large") == []


def test_filters_on_what_hangs_on_a_record_are_not_offered_of_the_past(client):
    firm("旧名科技有限公司")
    offered = [item.name for item in client.get(f"/organizations/?known_at={BETWEEN}").context["page"].filters]
    assert "tier" not in offered
    assert "size" in offered


def test_what_was_removed_since_was_known_then(client):
    gone = firm("已删科技有限公司")
    remove(gone, actor=None, reason="twice")
    history_of(Organization).objects.filter(history_type="-").update(history_date=LATER)
    client.force_login(factories.user("staff"))
    assert names(client, known_at=BETWEEN) == ["已删科技有限公司"]
    assert names(client, known_at=AFTER) == []
    client.logout()
    assert names(client, known_at=BETWEEN) == []


def test_what_was_closed_then_stays_closed(client):
    later(firm("秘密科技有限公司", visibility=Visibility.INTERNAL), visibility=Visibility.PUBLIC)
    assert names(client, known_at=BETWEEN) == []
    assert names(client, known_at=AFTER) == ["秘密科技有限公司"]


def test_what_is_closed_now_is_closed_in_the_past(client):
    later(firm("后密科技有限公司"), visibility=Visibility.INTERNAL)
    assert names(client, known_at=BETWEEN) == []


def test_the_page_says_that_it_is_of_the_past(client):
    firm("旧名科技有限公司")
    assert BETWEEN in client.get(f"/organizations/?known_at={BETWEEN}").text
    assert client.get("/organizations/?known_at=once").context["page"].known_at is None


@pytest.mark.parametrize("order", ["name", "-name", "changed", "-founded", "nothing"])
def test_it_can_be_sorted(client, order):
    firm("甲科技有限公司")
    firm("乙科技有限公司")
    assert len(names(client, known_at=BETWEEN, sort=order)) == 2


@pytest.mark.parametrize(
    "address",
    [
        "/filings/",
        "/models/",
        "/funds/",
        "/rounds/",
        "/offers/",
        "/scenarios/",
        "/claims/",
        "/sources/",
        "/races/",
        "/reports/",
    ],
)
def test_every_ledger_can_be_asked(client, address):
    client.force_login(factories.user("staff"))
    assert client.get(f"{address}?known_at={AFTER}").status_code == 200


def test_organisations_in_residence_on_a_day(client):
    place = factories.scope()
    stay(factories.organization(name="住户科技有限公司"), place, stage="left", left_on=date(2025, 3, 1))
    assert names(client, on="2025-02-28") == ["住户科技有限公司"]
    assert names(client, on="2025-03-01") == []
    assert names(client, on="2023-01-01") == []


def test_a_stay_that_is_hidden_tells_of_no_residence(client):
    stay(factories.organization(name="住户科技有限公司"), factories.scope(), visibility=Visibility.INTERNAL)
    assert names(client, on="2025-02-28") == []
