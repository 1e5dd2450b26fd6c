"""List, page and form of offers."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from qunxing.directory.models import TechnicalField
from qunxing.ledger.actions import change, create
from qunxing.resources.lists import quantity_text
from qunxing.resources.models import Kind, Offer
from qunxing.resources.queries import standing_on
from tests import factories as people
from tests.resources import factories

pytestmark = pytest.mark.django_db
DAY = date(2025, 5, 7)
OFFER = {"title": "千卡集群", "kind": "compute", "quantity_bound": "exact", "visibility": "public"}


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(people.user("staff"))
    return client


def url(page: str, *rows: Any) -> str:
    return reverse(f"resources:{page}", args=[row.ref for row in rows])


@pytest.mark.parametrize(
    ("values", "stands"),
    [
        ({}, True),
        ({"valid_from": DAY, "valid_until": DAY}, True),
        ({"valid_from": DAY + timedelta(1)}, False),
        ({"valid_until": DAY - timedelta(1)}, False),
        ({"state": "paused"}, False),
        ({"state": "closed"}, False),
    ],
)
def test_offer_stands_on_a_day(values: dict[str, Any], stands: bool) -> None:
    factories.offer(**values)
    assert Offer.objects.filter(standing_on(DAY)).exists() is stands


@pytest.mark.parametrize(
    ("quantity", "bound", "unit", "text"),
    [
        ("50000", "over", "cards", "over 50,000 cards"),
        ("30", "exact", "eflops", "30 EFLOPS"),
        ("0.5", "about", "tb", "about 0.5 TB"),
        (None, "exact", "", ""),
    ],
)
def test_quantity_is_said_in_words(quantity: str | None, bound: str, unit: str, text: str) -> None:
    amount = None if quantity is None else Decimal(quantity)
    factories.offer(quantity=amount, quantity_bound=bound, unit=unit)
    with translation.override("en"):
        assert quantity_text(Offer.objects.get()) == text


def test_offer_that_ends_before_it_begins_is_refused() -> None:
    offer = factories.offer(valid_from=DAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Offer.objects.update(valid_until=DAY - timedelta(1))
    with pytest.raises(ValidationError):
        Offer(title="甲", kind="ip", provider=offer.provider, region="123456").full_clean()


def test_offer_is_added_with_its_provider_by_name(staff: Client) -> None:
    firm = people.organization(name="某算力有限公司")
    typed = {"quantity": "50000", "quantity_bound": "over", "unit": "cards", "region": "310104", "fields": []}
    assert staff.post(url("offer-create"), OFFER | typed | {"provider": "某算力 有限公司"}).status_code == 302
    offer = Offer.objects.get()
    assert (offer.provider, offer.quantity, offer.unit, offer.state) == (firm, 50_000, "cards", "open")


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({"title": "星" * 5000}, ["title"]),
        ({"title": "\x00"}, ["title"]),
        ({"kind": "magic"}, ["kind"]),
        ({"provider": "不在台账上"}, ["provider"]),
        ({"quantity": "很多"}, ["quantity"]),
        ({"quantity": "-1", "unit": "cards"}, ["quantity"]),
        ({"quantity": "5"}, ["__all__"]),
        ({"region": "999999"}, ["region"]),
        ({"valid_from": "2023-02-30"}, ["valid_from"]),
        ({"valid_from": "2025-02-02", "valid_until": "2025-02-01"}, ["__all__"]),
    ],
)
def test_wrong_value_is_named_and_nothing_typed_is_lost(
    staff: Client, values: dict[str, Any], fields: list[str]
) -> None:
    firm = people.organization()
    typed = OFFER | {"provider": firm.name, "description": "写了很久的说明"} | values
    answer = staff.post(url("offer-create"), typed)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, fields)
    assert "写了很久的说明" in answer.content.decode()
    assert Offer.objects.count() == 0


def test_form_opened_and_saved_changes_nothing(staff: Client) -> None:
    offer = factories.offer(quantity=Decimal("1.5"), unit="tb", fields=(), valid_from=DAY, region="310000")
    form = staff.get(url("offer-edit", offer)).context["form"]
    typed = {name: form[name].value() for name in form.fields if form[name].value() not in (None, "", [], ())}
    assert staff.post(url("offer-edit", offer), typed).status_code == 302
    assert offer.history.count() == 1


def test_conflict_shows_both(staff: Client) -> None:
    offer = factories.offer(title="旧")
    change(offer, actor=None, values={"title": "甲"})
    answer = staff.post(url("offer-edit", offer), OFFER | {"title": "乙", "revision": 1})
    assert answer.status_code == 409
    clash = next(one for one in answer.context["clashes"] if one.name == "title")
    assert (clash.opened, clash.theirs, clash.mine) == ("旧", "甲", "乙")


def test_offer_removed_meanwhile_is_not_found(staff: Client) -> None:
    offer = factories.offer()
    addresses = [url("offer-edit", offer), url("offer-move", offer), url("offer-remove", offer)]
    offer.delete()
    assert [staff.post(address, OFFER).status_code for address in addresses] == [404, 404, 404]


def test_expired_form_is_answered_in_words() -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(people.user("staff"))
    assert strict.post(url("offer-create"), OFFER).status_code == 403


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ({"kind": "corpus"}, ["乙"]),
        ({"state": ["open", "paused"]}, ["乙", "甲"]),
        ({"field": "nlp"}, ["乙"]),
        ({"region": "310104"}, ["甲"]),
        ({"now": "yes"}, ["甲"]),
        ({"until": ["2025-01-01", "2025-12-31"]}, ["乙"]),
        ({"q": "jia"}, ["甲"]),
        ({"q": "算力有限"}, ["甲"]),
    ],
)
def test_list_filters(staff: Client, query: dict[str, Any], titles: list[str]) -> None:
    factories.offer(title="甲", region="310104", provider=people.organization(name="某算力有限公司"))
    factories.offer(title="乙", kind="corpus", state="paused", valid_until=DAY, fields=("nlp",))
    create(TechnicalField(code="nlp", name_zh="自然语言处理", name_en="NLP"), actor=None)
    rows = staff.get(url("offer-list"), query).context["page"].rows
    assert sorted(row.cells[0].text for row in rows) == titles


def test_list_of_one_organisation(staff: Client) -> None:
    offer = factories.offer()
    factories.offer()
    answer = staff.get(url("offer-list"), {"organization": offer.provider.ref})
    assert answer.context["page"].total == 1
    hidden = people.organization(visibility="internal")
    staff.logout()
    assert staff.get(url("offer-list"), {"organization": hidden.ref}).status_code == 404


def test_list_counts_the_kinds_that_stand_today(staff: Client) -> None:
    yesterday = timezone.localdate() - timedelta(1)
    factories.offer()
    factories.offer(kind="talent")
    factories.offer(kind="talent", valid_until=yesterday)
    counts = staff.get(url("offer-list")).context["summary"]()["counts"]
    assert [(count.kind, count.offers) for count in counts] == [(Kind.COMPUTE, 1), (Kind.TALENT, 1)]


def test_page_shows_facts_of_then_and_now(staff: Client) -> None:
    offer = factories.offer(price_terms="每卡时 2 元", region="310104")
    page = staff.get(offer.get_absolute_url()).content.decode()
    assert all(text in page for text in ("每卡时 2 元", "徐汇区", offer.provider.name, 'id="timeline"'))
    assert staff.get(offer.get_absolute_url(), {"known_at": "2999-01-01"}).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_pages_take_a_constant_number_of_queries(staff: Client, django_assert_max_num_queries: Any, count: int) -> None:
    offers = [factories.offer() for _row in range(count)]
    with django_assert_max_num_queries(12):
        staff.get(url("offer-list"))
    with django_assert_max_num_queries(14):
        staff.get(offers[0].get_absolute_url())


def test_api_gives_an_offer(client: Client) -> None:
    offer = factories.offer(quantity=Decimal(5), unit="cards", valid_until=DAY)
    answer = client.get(f"/api/v1/offers/{offer.ref}").json()
    assert (answer["provider"], answer["quantity"], answer["valid_until"]) == (offer.provider.ref, "5.00", "2025-05-07")


@pytest.mark.parametrize(("value", "found"), [("yes", 1), ("no", 1), ("unknown", 2)])
def test_offers_are_found_by_what_is_told_of_their_chips(client: Client, value: str, found: int) -> None:
    for said in (True, False, None, None):
        factories.offer(domestic_chips=said)
    factories.offer(kind="space")
    assert client.get(url("offer-list"), {"chips": value}).context["page"].total == found


@pytest.mark.parametrize(("kind", "status"), [("space", 422), ("compute", 302)])
def test_only_of_compute_chips_are_told(staff: Client, kind: str, status: int) -> None:
    provider = people.organization()
    data = OFFER | {"provider": provider.name, "kind": kind, "domestic_chips": "true"}
    assert staff.post(url("offer-create"), data).status_code == status
    assert [row.domestic_chips for row in Offer.objects.all()] == [True] * (status == 302)
