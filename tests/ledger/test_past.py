"""What was kept while a record was closed stays closed to those it was closed to."""

from datetime import timedelta

import pytest
from django.utils import timezone

from qunxing.ledger.actions import change
from qunxing.ledger.models import Visibility
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def opened():
    """An organisation that was internal under one short name and public under the next."""
    firm = factories.organization(visibility=Visibility.INTERNAL, short_name="密名")
    change(firm, actor=None, values={"visibility": Visibility.PUBLIC, "short_name": "公名"})
    return firm


def page_of(client, firm, query=""):
    return client.get(f"{firm.get_absolute_url()}{query}")


def test_visitor_sees_the_record_but_not_its_closed_past(client, opened):
    client.force_login(factories.user("visitor"))
    page = page_of(client, opened).content.decode()
    assert ("公名" in page, "密名" in page) == (True, False)


@pytest.mark.parametrize("role", ["staff", "officer"])
def test_oversight_sees_the_whole_past(client, opened, role):
    client.force_login(factories.user(role))
    assert "密名" in page_of(client, opened).content.decode()


def test_member_sees_the_whole_past_of_their_own(client, opened):
    client.force_login(factories.member_of(opened, "viewer"))
    assert "密名" in page_of(client, opened).content.decode()


def test_moment_before_the_opening_is_as_if_the_record_were_not_there(client, opened):
    first = opened.history.earliest("history_id")
    opened.history.filter(pk=first.pk).update(history_date=timezone.now() - timedelta(days=9))
    query = f"?known_at={(timezone.localdate() - timedelta(days=3)).isoformat()}"
    assert page_of(client, opened, query).status_code == 404
    client.force_login(factories.user("staff"))
    assert "密名" in page_of(client, opened, query).content.decode()
