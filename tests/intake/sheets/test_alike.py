"""New rows that may be about an organisation of the ledger say so before anything is written."""

import pytest
from django.urls import reverse

from qunxing.accounts.models import Kind
from qunxing.directory.models import Organization
from qunxing.intake.joining.searching import search
from qunxing.intake.models import Batch, DuplicatePair
from qunxing.intake.sheets import actions
from qunxing.intake.sheets.rows import ALIKE
from tests import factories as people
from tests.intake.sheets.made import applied, outcomes, previewed, uscc

pytestmark = pytest.mark.django_db
FIRM = "上海星河数智科技有限公司"
NEAR = "上海星和数智科技有限公司"
FAR = "北京远山材料有限公司"
HEAD = ["企业名称", "简称"]


def row_of(batch, number=1):
    return batch.rows.get(number=number)


def told(batch):
    """{number: keys of the records that the row may be about}"""
    return {row.number: [one[0] for one in row.values.get(ALIKE, ())] for row in batch.rows.order_by("number")}


@pytest.fixture(params=[False, True], ids=["read off the ledger", "marks kept"])
def firm(request):
    made = people.organization(name=FIRM)
    if request.param:
        search()
    return made


def test_new_row_names_the_records_it_may_be_about(firm):
    batch = previewed("organizations", [HEAD, [NEAR, ""], [FAR, ""], [FIRM, ""]])
    assert outcomes(batch) == ["new", "new", "unchanged"]
    assert told(batch) == {1: [firm.pk], 2: [], 3: []}
    assert batch.summary["alike"] == 1


def test_another_code_makes_another_firm(firm):
    firm.uscc = uscc(1)
    firm.save()
    batch = previewed("organizations", [["企业名称", "统一社会信用代码"], [NEAR, uscc(2)]])
    assert told(batch) == {1: []}


def test_record_added_since_the_search_is_known():
    search()
    late = people.organization(name=FIRM)
    assert told(previewed("organizations", [HEAD, [NEAR, ""]])) == {1: [late.pk]}


def test_sheets_of_other_records_are_not_compared(firm):
    batch = previewed("contacts", [["企业名称", "姓名"], [FIRM, "某人"]])
    assert (outcomes(batch), "alike" in batch.summary) == (["new"], True)
    assert told(batch) == {1: []}


def test_staff_say_which_record_it_is_and_take_that_back(firm):
    batch = previewed("organizations", [HEAD, [NEAR, "星河"]])
    row = actions.say_record(row_of(batch), firm, actor=batch.owner)
    assert (row.outcome, row.record_key) == ("changed", firm.pk)
    assert row.changes == {"name": [FIRM, NEAR], "short_name": ["", "星河"]}
    row = actions.edit_cells(row, {0: FIRM}, actor=batch.owner)
    assert row.changes == {"short_name": ["", "星河"]}
    back = actions.say_record(row, None, actor=batch.owner)
    back = actions.edit_cells(back, {0: NEAR}, actor=batch.owner)
    assert (back.outcome, told(batch)) == ("new", {1: [firm.pk]})


def test_said_row_is_written_into_its_record(firm):
    batch = previewed("organizations", [HEAD, [NEAR, "星河"]])
    actions.say_record(row_of(batch), firm, actor=batch.owner)
    actions.apply(Batch.objects.get(pk=batch.pk), actor=batch.owner)
    firm.refresh_from_db()
    assert (firm.name, firm.short_name, Organization.objects.count()) == (NEAR, "星河", 1)


def test_row_left_out_counts_no_more(firm):
    batch = previewed("organizations", [HEAD, [NEAR, ""]])
    actions.leave_out(batch.rows.all(), out=True, actor=batch.owner)
    assert Batch.objects.get(pk=batch.pk).summary["alike"] == 0


def test_what_is_written_all_the_same_is_found_as_a_duplicate():
    search()
    people.organization(name=FIRM)
    applied("organizations", [HEAD, [NEAR, ""]])
    search()
    assert DuplicatePair.objects.count() == 1


@pytest.fixture
def clerk(client):
    user = people.user(Kind.STAFF)
    client.force_login(user)
    client.cookies["language"] = "en"
    return user


def test_page_offers_the_record_and_takes_the_answer(client, clerk, firm):
    batch = previewed("organizations", [HEAD, [NEAR, "星河"], [FAR, ""]], actor=clerk)
    html = client.get(batch.get_absolute_url(), {"rows": "new", "alike": "yes"}).content.decode()
    assert "1 new row may be about a record" in html
    assert FAR not in html
    assert f'name="record" value="{firm.ref}"' in html
    address = reverse("intake:sheet-row", args=[batch.ref, 1])
    assert client.post(address, {"record": firm.ref}).status_code == 302
    assert outcomes(batch) == ["changed", "new"]
    assert "said by hand" in client.get(batch.get_absolute_url(), {"rows": "changed"}).content.decode()
    assert client.post(address, {"cell-1": "新星河"}).status_code == 302
    assert row_of(batch).changes["short_name"] == ["", "新星河"]
    assert client.post(address, {"record": ""}).status_code == 302
    assert outcomes(batch) == ["new", "new"]


def test_record_that_there_is_not_is_not_found(client, clerk, firm):
    batch = previewed("organizations", [HEAD, [NEAR, ""]], actor=clerk)
    address = reverse("intake:sheet-row", args=[batch.ref, 1])
    for ref in ("nothing-such", "\x00", "x" * 500):
        assert client.post(address, {"record": ref}).status_code == 404
    assert outcomes(batch) == ["new"]
