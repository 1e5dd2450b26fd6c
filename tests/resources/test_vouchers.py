"""Vouchers on the page of their policy."""

from typing import Any

import pytest
from django.test import Client

from qunxing.ledger.actions import create
from qunxing.resources.models import Voucher
from tests import factories as people
from tests.resources.factories import offer

pytestmark = pytest.mark.django_db
TERMS = {"kind": "compute", "percent": "30", "cap": "500000", "months": "12", "visibility": "public"}


@pytest.fixture
def staff() -> Client:
    client = Client()
    client.force_login(people.user("staff"))
    return client


def page(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def policy(**values: Any) -> Any:
    return offer(kind="policy", **values)


def test_voucher_is_added_shown_changed_and_removed(staff: Client) -> None:
    place = policy()
    address = place.get_absolute_url()
    assert staff.post(f"{address}vouchers/new/", TERMS).status_code == 302
    made = Voucher.objects.get()
    assert "费用的 30%，封顶 50万元，12 个月内，关联方之间不适用" in page(staff, address)
    changed = {**TERMS, "percent": "40", "between_related": "on", "revision": made.revision}
    assert staff.post(f"{address}vouchers/{made.ref}/edit/", changed).status_code == 302
    assert "费用的 40%" in page(staff, address)
    assert staff.post(f"{address}vouchers/{made.ref}/edit/", changed).status_code == 409
    assert staff.post(f"{address}vouchers/{made.ref}/remove/").status_code == 302
    assert not Voucher.objects.exists()
    assert Voucher.history.count() == 3


@pytest.mark.parametrize("wrong", [{"percent": "0"}, {"percent": "101"}, {"cap": "0"}, {"cap": "x"}, {"kind": "x"}])
def test_wrong_terms_are_refused(staff: Client, wrong: dict[str, str]) -> None:
    assert staff.post(f"{policy().get_absolute_url()}vouchers/new/", TERMS | wrong).status_code == 422


def test_only_policies_offer_vouchers(staff: Client) -> None:
    assert 'id="vouchers"' not in page(staff, offer(kind="space").get_absolute_url())
    assert 'id="vouchers"' in page(staff, policy().get_absolute_url())


@pytest.mark.parametrize(
    "hidden",
    [{"visibility": "internal"}, {"offer": {"visibility": "internal"}}, {"provider": {"visibility": "internal"}}],
)
def test_voucher_is_never_more_open_than_its_offer(hidden: dict[str, Any]) -> None:
    provider = people.organization(**hidden.pop("provider", {}))
    place = policy(provider=provider, **hidden.pop("offer", {}))
    create(Voucher(offer=place, percent=30, **hidden), actor=None)
    seen = [Voucher.objects.visible_to(people.user(kind)).count() for kind in ("visitor", "officer")]
    assert seen == [0, 1]


def test_api_tells_the_vouchers_that_may_be_seen() -> None:
    place = policy()
    create(Voucher(offer=place, percent=30, cap=500_000), actor=None)
    create(Voucher(offer=place, percent=50, visibility="internal"), actor=None)
    told = Client().get(f"/api/v1/offers/{place.ref}").json()["vouchers"]
    assert [(one["percent"], one["cap"]) for one in told] == [(30, 500_000)]
