"""Reads that every record shares: its timeline, itself as it was, and where each value was read."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from qunxing.accounts.models import Kind
from qunxing.directory.models import Organization, OrganizationName, Product
from qunxing.ledger.actions import change, cite, create, remove
from qunxing.ledger.models import Evidence
from qunxing.ledger.queries import (
    Words,
    as_of,
    at_revision,
    changes_between,
    cited_records,
    evidence_by_field,
    facts,
    readable_fields,
    timeline,
)
from qunxing.ledger.recording import recording
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> Any:
    return factories.user(Kind.STAFF)


def told(record: Any, user: Any, **more: Any) -> list[tuple[str, str, dict[str, tuple[str, str]]]]:
    """(verb, kind, {field: (before, after)}) of the timeline, newest first."""
    return [
        (item.verb, str(item.what), {str(row.label): (row.before, row.after) for row in item.changes})
        for item in timeline(record, user=user, **more)
    ]


def backdate(record: Any, revision: int, days: int) -> datetime:
    """Let the version have been made so many days ago."""
    moment = timezone.now() - timedelta(days=days)
    record.history.filter(revision=revision).update(history_date=moment)
    return moment


# --- timeline -------------------------------------------------------------------------------------------------------


def test_timeline_tells_before_and_after(staff: Any) -> None:
    firm = factories.organization(name="群星公司", short_name="甲")
    change(firm, actor=staff, values={"short_name": "乙", "size_class": "small"}, reason="更正")
    newest = timeline(firm, user=staff)[0]
    assert told(firm, staff)[0] == ("修改", "单位", {"简称": ("甲", "乙"), "企业规模": ("", "小型")})
    assert (newest.author, newest.reason) == (str(staff), "更正")


def test_timeline_begins_with_all_that_was_filled_in(staff: Any) -> None:
    firm = factories.organization(name="群星公司", short_name="甲", roles=())
    verb, _what, changes = told(firm, staff)[-1]
    told_first = {"登记名称": "群星公司", "简称": "甲", "可见范围": "所有人"}
    assert (verb, changes) == ("新增", {name: ("", value) for name, value in told_first.items()})


def test_timeline_takes_in_the_parts(staff: Any) -> None:
    firm = factories.organization()
    brand = create(OrganizationName(organization=firm, kind="brand", text="星图"), actor=staff)
    change(brand, actor=staff, values={"text": "星海"})
    remove(brand, actor=staff, reason="误加")
    assert [(verb, what) for verb, what, _changes in told(firm, staff)] == [
        ("移除", "名称"),
        ("修改", "名称"),
        ("新增", "名称"),
        ("新增", "单位"),
    ]


def test_timeline_tells_visitors_of_visible_parts_alone(staff: Any) -> None:
    firm = factories.organization()
    create(Product(organization=firm, name="公开产品"), actor=staff)
    create(Product(organization=firm, name="内部产品", visibility="internal"), actor=staff)
    gone = create(Product(organization=firm, name="旧产品"), actor=staff)
    remove(gone, actor=staff, reason="下架")
    assert [what for _verb, what, _changes in told(firm, factories.user(Kind.VISITOR))] == ["产品", "单位"]
    assert [what for _verb, what, _changes in told(firm, staff)] == ["产品"] * 4 + ["单位"]


def test_timeline_names_authors_to_oversight_alone(staff: Any) -> None:
    firm = factories.organization()
    change(firm, actor=staff, values={"short_name": "乙"})
    readers = [factories.user(kind) for kind in (Kind.OFFICER, Kind.STAFF, Kind.VISITOR, Kind.EXPERT)]
    assert [timeline(firm, user=user)[0].author for user in readers] == [str(staff), str(staff), "", ""]


def test_timeline_names_no_hidden_source(staff: Any) -> None:
    firm, basis = factories.organization(), factories.source(visibility="internal")
    change(firm, actor=staff, values={"short_name": "乙"}, source=basis)
    found = [timeline(firm, user=user)[0].source for user in (staff, factories.user(Kind.VISITOR))]
    assert found == [basis, None]


def test_timeline_is_cut_at_its_length_and_still_tells_before_and_after(staff: Any) -> None:
    firm = factories.organization(short_name="0")
    for number in range(1, 6):
        change(firm, actor=staff, values={"short_name": str(number)})
    found = told(firm, staff, limit=2)
    assert [changes["简称"] for _verb, _what, changes in found] == [("4", "5"), ("3", "4")]


def test_timeline_takes_a_constant_number_of_queries(staff: Any, django_assert_num_queries: Any) -> None:
    few, many = factories.organization(), factories.organization()
    for row, times in ((few, 1), (many, 9)):
        for number in range(times):
            change(row, actor=staff, values={"short_name": f"名{number}"})
            create(Product(organization=row, name=f"产品{number}"), actor=staff)
    with django_assert_num_queries(1 + len(Organization.TIMELINE_PARTS)):
        timeline(few, user=staff)
    with django_assert_num_queries(1 + len(Organization.TIMELINE_PARTS)):
        timeline(many, user=staff)


def test_changes_say_nothing_of_what_the_program_keeps(staff: Any) -> None:
    firm = factories.organization()
    change(firm, actor=staff, values={"short_name": "乙"})
    before, after = at_revision(firm, 1), at_revision(firm, 2)
    assert before.search_key != after.search_key
    assert [str(row.label) for row in changes_between(before, after, Organization, Words())] == ["简称"]


# --- as it was known ------------------------------------------------------------------------------------------------


def test_record_is_given_as_it_was_known(staff: Any) -> None:
    firm = factories.organization(short_name="甲")
    change(firm, actor=staff, values={"short_name": "乙"})
    first, second = backdate(firm, 1, days=20), backdate(firm, 2, days=10)
    names = [
        getattr(as_of(firm, moment), "short_name", None)
        for moment in (first - timedelta(days=1), first, second - timedelta(seconds=1), second, timezone.now())
    ]
    assert names == [None, "甲", "甲", "乙", "乙"]


def test_removed_record_is_still_known_before_its_removal(staff: Any) -> None:
    firm = factories.organization(short_name="甲")
    pk = firm.pk
    remove(firm, actor=staff, reason="重复")
    made = Organization.history.get(id=pk, history_type="+")
    made.history_date -= timedelta(days=9)
    made.save()
    past = Organization.history.as_of(timezone.now() - timedelta(days=3)).filter(id=pk)
    assert [row.short_name for row in past] == ["甲"]


def test_page_shows_the_record_as_it_was_known_on_a_day(client: Client, staff: Any) -> None:
    firm = factories.organization(short_name="旧简称")
    change(firm, actor=staff, values={"short_name": "新简称"})
    backdate(firm, 1, days=20)
    backdate(firm, 2, days=10)
    client.force_login(staff)
    shown = {}
    for days in (30, 15, 0):
        day = timezone.localdate() - timedelta(days=days)
        answer = client.get(firm.get_absolute_url(), {"known_at": day.isoformat()})
        record = answer.context["record"] if answer.status_code == 200 else None
        shown[days] = (answer.status_code, getattr(record, "short_name", None))
    assert shown == {30: (404, None), 15: (200, "旧简称"), 0: (200, "新简称")}


def test_page_as_it_was_offers_no_steps_and_says_so(client: Client, staff: Any) -> None:
    firm = factories.organization()
    client.force_login(staff)
    answer = client.get(firm.get_absolute_url(), {"known_at": timezone.localdate().isoformat()})
    assert answer.context["transitions"] == []
    assert "当时所知的记录" in answer.content.decode()


@pytest.mark.parametrize("moment", ["2026-01-02T03:04:05", "2026-01-02T03:04:05+08:00", "2026-01-02T03:04:05Z"])
def test_page_takes_moments(client: Client, staff: Any, moment: str) -> None:
    client.force_login(staff)
    assert client.get(factories.organization().get_absolute_url(), {"known_at": moment}).status_code == 404


@pytest.mark.parametrize("moment", ["", "gestern", "2026-13-01", "2026-02-30", "2026-02-30T00:00:00", "T", "0"])
def test_page_shows_the_present_for_what_is_no_moment(client: Client, moment: str) -> None:
    answer = client.get(factories.organization().get_absolute_url(), {"known_at": moment})
    assert (answer.status_code, answer.context["moment"]) == (200, None)


# --- sources of values ----------------------------------------------------------------------------------------------


def test_fact_names_the_newest_source_that_agrees(staff: Any) -> None:
    firm = factories.organization(short_name="甲")
    for title, day, value in (
        ("三月名单", "2025-03-01", "甲"),
        ("五月名单", "2025-05-01", "甲"),
        ("六月报道", "2025-06-01", "乙"),
    ):
        basis = factories.source(title=title, day=datetime.fromisoformat(day).date())
        cite(firm, actor=staff, source=basis, values={"short_name": value})
    evidence = evidence_by_field(firm, user=staff)
    assert [(fact.value, fact.note) for fact in facts(firm, ("short_name", "english_name"), evidence)] == [
        ("甲", "五月名单 · 2025-05-01"),
        ("", ""),
    ]


def test_evidence_that_no_field_can_hold_is_shown_and_breaks_nothing(client: Client, staff: Any) -> None:
    firm = factories.organization()
    values = {"founded_on": "2023-02-30", "registered_capital": "许多", "roles": "企业", "size_class": "gigantic"}
    cite(firm, actor=staff, source=factories.source(), values=values)
    client.force_login(staff)
    page = client.get(firm.get_absolute_url()).content.decode()
    assert [value for value in ("2023-02-30", "许多", "gigantic") if value not in page] == []


def test_evidence_for_what_is_no_field_any_more_breaks_nothing(staff: Any) -> None:
    firm = factories.organization()
    cite(firm, actor=staff, source=factories.source(), values={"short_name": "甲", "former_field": "乙"})
    assert [item.name for item in evidence_by_field(firm, user=staff)] == ["short_name"]


def test_evidence_of_another_record_with_the_same_number_is_left_out(staff: Any) -> None:
    firm, basis = factories.organization(), factories.source()
    cite(basis, actor=staff, source=factories.source(), values={"title": "甲"})
    Evidence.objects.update(record_id=firm.pk)
    assert evidence_by_field(firm, user=staff) == []


def test_source_page_lists_what_rests_on_it_as_far_as_it_may_be_seen(staff: Any) -> None:
    basis, open_firm = factories.source(), factories.organization()
    hidden = factories.organization(visibility="internal")
    for row in (open_firm, hidden, open_firm):
        cite(row, actor=staff, source=basis, values={"short_name": "甲"})
    found = {}
    for user in (staff, factories.user(Kind.VISITOR)):
        rows, total = cited_records(basis, user=user)
        found[user.kind] = ([record for _evidence, record in rows], total)
    assert found == {
        "staff": ([open_firm, hidden, open_firm], 3),
        "visitor": ([open_firm, open_firm], 2),
    }


def test_source_page_takes_a_constant_number_of_queries(staff: Any, django_assert_num_queries: Any) -> None:
    basis = factories.source()
    for _number in range(5):
        cite(factories.organization(), actor=staff, source=basis, values={"short_name": "甲"})
    with django_assert_num_queries(4):
        cited_records(basis, user=staff)


def test_readable_fields_leave_out_bookkeeping() -> None:
    names = {field.name for field in readable_fields(Organization)}
    assert names.isdisjoint({"id", "ref", "revision", "demo", "search_key", "name_key", "created_at", "updated_at"})
    assert "organization" not in {field.name for field in readable_fields(Product)}


def test_versions_of_one_frame_stand_in_the_order_they_were_made(staff: Any) -> None:
    with recording(actor=staff):
        firm = create(Organization(name="群星公司"), actor=staff)
        for number in "123":
            change(firm, actor=staff, values={"short_name": number})
    found = [changes.get("简称", ("", ""))[1] for _verb, _what, changes in told(firm, staff)]
    assert found == ["3", "2", "1", ""]
