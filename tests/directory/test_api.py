"""The directory over the API."""

from datetime import timedelta

import pytest
from django.utils import timezone

from qunxing.accounts.actions import issue_token
from qunxing.directory.models import Contact
from qunxing.ledger.actions import create
from qunxing.ledger.models import Visibility
from tests import factories

pytestmark = pytest.mark.django_db


def bearer(token):
    return {"HTTP_AUTHORIZATION": f"Bearer {token}"}


def test_list_counts_only_what_the_reader_may_see(client):
    factories.organization(visibility=Visibility.INTERNAL)
    factories.organization()
    token = issue_token(actor=factories.user("officer"), name="x", expires_on=None)
    assert client.get("/api/v1/organizations").json()["total"] == 1
    assert client.get("/api/v1/organizations", **bearer(token)).json()["total"] == 2


def test_wrong_and_expired_tokens_are_refused(client):
    yesterday = timezone.localdate() - timedelta(days=1)
    expired = issue_token(actor=factories.user("staff"), name="x", expires_on=yesterday)
    assert client.get("/api/v1/organizations", **bearer("qx_wrong")).status_code == 401
    assert client.get("/api/v1/organizations", **bearer(expired)).status_code == 401


def test_organization_never_carries_contacts(client):
    firm = factories.organization()
    create(Contact(organization=firm, name="李小龙", phone="13900001111"), actor=None)
    client.force_login(factories.user("staff"))
    answer = client.get(f"/api/v1/organizations/{firm.ref}")
    assert answer.json()["name"] == firm.name
    assert "13900001111" not in answer.content.decode()


def test_hidden_organization_is_not_found(client):
    firm = factories.organization(visibility=Visibility.INTERNAL)
    assert client.get(f"/api/v1/organizations/{firm.ref}").status_code == 404
