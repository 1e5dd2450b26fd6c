"""Names when an organisation takes another one: by the form, and by a sheet."""

from datetime import date

import pytest

from qunxing.core.errors import Refused
from qunxing.directory.actions import rename
from qunxing.directory.models import Organization, OrganizationName
from qunxing.intake.actions import undo_batch
from qunxing.ledger.actions import create
from tests import factories
from tests.intake.sheets.made import DAY, applied, uscc

pytestmark = pytest.mark.django_db
OLD, NEW, THIRD = "星澜示例有限公司", "星澜示例股份有限公司", "月海示例股份有限公司"
BEFORE = date(2026, 2, 28)  # the day before that of the sheets


def by_form(firm, name):
    rename(Organization.objects.get(pk=firm.pk), actor=None, name=name, from_day=DAY)


def by_sheet(_firm, name):
    return applied("organizations", [["企业名称", "统一社会信用代码"], [name, uscc(1)]])


def names_of(firm):
    return sorted(firm.names.values_list("text", "from_day", "to_day"), key=str)


def told(*names):
    return sorted(names, key=str)


@pytest.fixture
def firm():
    return factories.organization(name=OLD, uscc=uscc(1))


WAYS = pytest.mark.parametrize("take", [by_form, by_sheet])


@WAYS
def test_name_borne_until_now_gets_its_last_day(firm, take):
    take(firm, NEW)
    assert names_of(firm) == told((OLD, None, BEFORE), (NEW, DAY, None))


@WAYS
def test_open_name_is_closed_by_the_next(firm, take):
    create(OrganizationName(organization=firm, text=OLD, from_day=date(2020, 5, 1)), actor=None)
    take(firm, NEW)
    assert names_of(firm) == told((OLD, date(2020, 5, 1), BEFORE), (NEW, DAY, None))


@WAYS
def test_name_kept_as_former_is_kept_once(firm, take):
    create(OrganizationName(organization=firm, text=OLD, to_day=date(2025, 1, 1)), actor=None)
    take(firm, NEW)
    assert names_of(firm) == told((OLD, None, date(2025, 1, 1)), (NEW, DAY, None))


@WAYS
def test_brands_and_short_names_go_on(firm, take):
    create(OrganizationName(organization=firm, text=OLD, kind=OrganizationName.Kind.BRAND), actor=None)
    take(firm, NEW)
    assert names_of(firm) == told((OLD, None, None), (OLD, None, BEFORE), (NEW, DAY, None))


@WAYS
def test_renamed_firm_is_found_by_both_names(firm, take):
    take(firm, NEW)
    found = Organization.objects.get().search_key
    assert (OLD in found, NEW in found) == (True, True)


def test_two_names_of_one_day_end_in_the_last(firm):
    """A sheet cannot ask for another day: the name that it corrects was borne on the day it began."""
    by_sheet(firm, NEW)
    with pytest.raises(Refused):
        by_form(firm, THIRD)
    by_sheet(firm, THIRD)
    assert names_of(firm) == told((OLD, None, BEFORE), (NEW, DAY, DAY), (THIRD, DAY, None))


def test_undoing_a_sheet_opens_the_old_name_again(firm):
    create(OrganizationName(organization=firm, text=OLD, from_day=date(2020, 5, 1)), actor=None)
    before = Organization.objects.get().search_key
    batch = by_sheet(firm, NEW)
    undo_batch(batch, actor=batch.owner, reason="录错")
    stored = Organization.objects.get()
    assert names_of(firm) == [(OLD, date(2020, 5, 1), None)]
    assert (stored.name, stored.search_key) == (OLD, before)


def test_firm_is_found_by_the_names_that_its_sheet_gives_it():
    batch = applied("organizations", [["企业名称", "统一社会信用代码", "别名"], [OLD, uscc(1), "海月、星岚"]])
    assert [word in Organization.objects.get().search_key for word in ("海月", "星岚")] == [True, True]
    undo_batch(batch, actor=batch.owner, reason="录错")
    assert (Organization.objects.count(), OrganizationName.objects.count()) == (0, 0)


def test_firm_is_found_by_the_names_of_the_sheet_of_names(firm):
    batch = applied("organization-names", [["企业名称", "名称类型", "名称"], [OLD, "品牌", "天枢"]])
    assert "天枢" in Organization.objects.get().search_key
    undo_batch(batch, actor=batch.owner, reason="录错")
    assert "天枢" not in Organization.objects.get().search_key


def test_sheets_that_are_undone_one_after_the_other_leave_nothing():
    """A later change that is undone is no later edit any more."""
    firms = applied("organizations", [["企业名称", "统一社会信用代码"], [OLD, uscc(1)]])
    names = applied("organization-names", [["企业名称", "名称类型", "名称"], [OLD, "品牌", "天枢"]])
    for batch in (names, firms):
        undo_batch(batch, actor=batch.owner, reason="录错")
    assert (Organization.objects.count(), OrganizationName.objects.count()) == (0, 0)
