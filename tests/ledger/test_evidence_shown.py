"""A page shows of each field the newest statements, and none of its values is left out for being old."""

import pytest
from django.test import Client

from qunxing.ledger.actions import cite
from tests import factories

pytestmark = pytest.mark.django_db


def shown_rows(page: str) -> int:
    return page.count('class="evidence-source"')


def test_evidence_of_a_field_is_cut_to_the_newest(client: Client) -> None:
    firm = factories.organization()
    for _number in range(9):
        cite(firm, actor=None, source=factories.source(), values={"name": firm.name})
    client.force_login(factories.user("staff"))
    address = firm.get_absolute_url()
    assert shown_rows(client.get(address).content.decode()) == 5
    assert "?evidence=all#evidence" in client.get(address).content.decode()
    assert shown_rows(client.get(f"{address}?evidence=all").content.decode()) == 9


def test_evidence_of_another_value_is_shown_however_old(client: Client) -> None:
    firm = factories.organization()
    cite(firm, actor=None, source=factories.source(), values={"name": "另一名称有限公司"})
    for _number in range(9):
        cite(firm, actor=None, source=factories.source(), values={"name": firm.name})
    client.force_login(factories.user("staff"))
    page = client.get(firm.get_absolute_url()).content.decode()
    assert shown_rows(page) == 6
    assert "另一名称有限公司" in page
