"""What the indicators of resources count, and the precision that computing power is stated in."""

from datetime import date, timedelta
from math import isnan
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from qunxing.resources.actions import move
from qunxing.resources.models import Offer
from tests import factories as people
from tests.indicators.asking import DAY, figure, number, parts
from tests.resources import factories

pytestmark = pytest.mark.django_db
BEGUN = date(2025, 1, 1)


def cards(quantity: int, **values: Any) -> Offer:
    return factories.offer(**{"unit": "cards", "quantity": quantity, "valid_from": BEGUN} | values)


def power(quantity: int, unit: str = "pflops", **values: Any) -> Offer:
    return factories.offer(**{"unit": unit, "quantity": quantity, "valid_from": BEGUN} | values)


def test_partner_with_two_offers_is_counted_once() -> None:
    firm = people.organization()
    cards(10, provider=firm)
    power(10, provider=firm)
    factories.offer(kind="corpus", valid_from=BEGUN)
    assert (number("compute_partners"), number("offers")) == (1, 3)


def test_cards_in_service_and_planned() -> None:
    cards(300)
    cards(200, valid_from=DAY + timedelta(1))
    cards(100, valid_until=DAY - timedelta(1))
    assert (number("compute_cards"), number("planned_cards")) == (300, 200)
    assert number("compute_cards", DAY - timedelta(1)) == 400
    assert number("compute_cards", DAY + timedelta(1)) == 500


@pytest.mark.parametrize(
    ("bound", "low", "high", "opens"),
    [
        ("exact", 50000, 50000, (False, False)),
        ("over", 50000, None, (True, False)),
        ("under", 0, 50000, (False, True)),
        ("about", 50000, 50000, (True, True)),
    ],
)
def test_bounds_are_ends_of_a_range(bound: str, low: int, high: int | None, opens: tuple[bool, bool]) -> None:
    cards(50000, quantity_bound=bound)
    found = figure("compute_cards")
    assert (found.low, None if isnan(found.high) else found.high) == (low, high)
    assert (found.low_open, found.high_open) == opens


def test_power_is_added_in_eflops_within_one_precision_only() -> None:
    power(600, number_format="fp16")
    power(2, "eflops", number_format="fp16")
    power(800, number_format="int8")
    power(100)
    power(30, "eflops", number_format="fp16", valid_from=DAY + timedelta(9))
    assert parts("computing_power") == {"fp16": (2.6, 2.6), "int8": (0.8, 0.8), "": (0.1, 0.1)}
    assert parts("planned_compute") == {"fp16": (30, 30)}


def test_paused_offer_counts_until_it_was_paused() -> None:
    offer = cards(300)
    staff = people.user("staff")
    move(offer, "pause", actor=staff)
    assert number("compute_cards") == 300
    assert number("compute_cards", date.today() + timedelta(1)) == 0  # noqa: DTZ011 - the day of the step


def test_precision_is_for_computing_power_only() -> None:
    firm = people.organization()
    for values in ({"kind": "compute", "unit": "cards"}, {"kind": "corpus", "unit": "eflops"}):
        with pytest.raises(ValidationError, match="PFLOPS"):
            Offer(title="甲", provider=firm, quantity=1, number_format="fp16", **values).full_clean()
    Offer(title="乙", provider=firm, kind="compute", unit="eflops", quantity=1, number_format="fp8").full_clean()


def test_precision_is_typed_shown_and_filtered(client: Client) -> None:
    client.force_login(people.user("staff"))
    firm = people.organization(name="某算力有限公司")
    typed = {"title": "智算", "kind": "compute", "provider": firm.name, "quantity": "3", "quantity_bound": "exact",
             "unit": "eflops", "visibility": "public", "region": "", "price_terms": ""}  # fmt: skip
    url = reverse("resources:offer-create")
    assert client.post(url, typed | {"number_format": "fp8"}).status_code == 302
    assert client.post(url, typed | {"number_format": "fp8", "unit": "cards"}).status_code == 422
    offer = Offer.objects.get()
    assert offer.number_format == "fp8"
    assert "FP8" in client.get(offer.get_absolute_url()).content.decode()
    found = [
        client.get(reverse("resources:offer-list"), {"precision": code}).content.decode() for code in ("fp8", "int8")
    ]
    assert [offer.get_absolute_url() in page for page in found] == [True, False]
