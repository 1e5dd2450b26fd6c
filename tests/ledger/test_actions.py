"""Writes to one record: versions, evidence, and which of several sources a record follows."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from qunxing.accounts.models import Kind
from qunxing.core.errors import Problem
from qunxing.directory.models import Organization, Residency
from qunxing.ledger.actions import StaleRecord, change, cite, confirm, create, follow, remove
from qunxing.ledger.audit import audit_database
from qunxing.ledger.models import Evidence, LogEntry, Source
from qunxing.ledger.queries import evidence_by_field
from tests import factories

pytestmark = pytest.mark.django_db
DAY = date(2025, 5, 7)


@pytest.fixture
def staff() -> Any:
    return factories.user(Kind.STAFF)


def kinds_of(record: Any) -> list[str]:
    return list(LogEntry.objects.filter(subject_ref=record.ref).order_by("index").values_list("kind", flat=True))


def said(record: Any, user: Any) -> dict[str, list[tuple[str, bool]]]:
    """{field: (value, whether the record holds it) of each source}, newest evidence first."""
    found = evidence_by_field(record, user=user)
    return {item.name: [(value, agrees) for _evidence, value, agrees in item.rows] for item in found}


# --- create, change, remove -----------------------------------------------------------------------------------------


def test_create_keeps_a_version_an_entry_and_evidence_for_what_is_filled_in(staff: Any) -> None:
    basis = factories.source()
    firm = create(
        Organization(name="群星公司", short_name="群星", roles=("firm",)), actor=staff, source=basis, place="A2"
    )
    evidence = Evidence.objects.get(record_id=firm.pk)
    assert (firm.history.count(), kinds_of(firm)) == (1, ["record.created"])
    told = {"name": "群星公司", "short_name": "群星", "roles": ["firm"]}
    assert evidence.values == told
    assert (evidence.source, evidence.place, evidence.recorded_by) == (basis, "A2", staff)


def test_create_without_a_source_keeps_no_evidence(staff: Any) -> None:
    create(Organization(name="群星公司"), actor=staff)
    assert Evidence.objects.count() == 0


def test_change_keeps_a_version_with_its_reason(staff: Any) -> None:
    firm = factories.organization(short_name="甲")
    changed = change(firm, actor=staff, values={"short_name": "乙"}, reason="更正")
    version = changed.history.latest("history_id")
    assert (changed.short_name, changed.revision) == ("乙", 2)
    assert (version.history_change_reason, version.history_user, version.short_name) == ("更正", staff, "乙")
    assert kinds_of(firm) == ["record.created", "record.changed"]


def test_change_to_the_same_values_is_no_version(staff: Any) -> None:
    firm = factories.organization(short_name="甲", roles=("firm", "university"))
    same = {"short_name": "甲", "roles": ("firm", "university"), "founded_on": None}
    changed = change(firm, actor=staff, values=same)
    assert (changed.revision, changed.history.count()) == (1, 1)


def test_change_with_a_source_cites_it_even_where_nothing_differs(staff: Any) -> None:
    firm, basis = factories.organization(short_name="甲"), factories.source()
    change(firm, actor=staff, values={"short_name": "甲"}, source=basis, place="第3页")
    evidence = Evidence.objects.get(record_id=firm.pk)
    assert (evidence.values, evidence.place, firm.history.count()) == ({"short_name": "甲"}, "第3页", 1)


def test_change_of_a_stale_record_is_refused_and_shows_the_present_one(staff: Any) -> None:
    firm = factories.organization(short_name="甲")
    change(firm, actor=staff, values={"short_name": "乙"})
    with pytest.raises(StaleRecord) as caught:
        change(firm, actor=staff, values={"short_name": "丙"}, expected=1)
    assert (caught.value.current.short_name, caught.value.status) == ("乙", 409)
    assert Organization.objects.get(pk=firm.pk).short_name == "乙"


def test_change_writes_only_what_is_named(staff: Any) -> None:
    firm = factories.organization(short_name="甲")
    stale = Organization.objects.get(pk=firm.pk)
    change(firm, actor=staff, values={"short_name": "乙"})
    change(stale, actor=staff, values={"english_name": "Stars"})
    stored = Organization.objects.get(pk=firm.pk)
    assert (stored.short_name, stored.english_name, stored.revision) == ("乙", "Stars", 3)


def test_remove_keeps_versions_and_entries(staff: Any) -> None:
    firm = factories.organization()
    pk = firm.pk
    remove(firm, actor=staff, reason="重复登记")
    last = Organization.history.filter(id=pk).latest("history_id")
    assert not Organization.objects.filter(pk=pk).exists()
    assert (last.history_type, last.history_change_reason, last.history_user) == ("-", "重复登记", staff)
    assert kinds_of(firm) == ["record.created", "record.deleted"]
    assert audit_database().ok


def test_parts_go_with_their_record_and_leave_versions(staff: Any) -> None:
    firm = factories.organization()
    stay = create(Residency(organization=firm, scope=factories.scope()), actor=None)
    remove(firm, actor=staff, reason="重复登记")
    assert kinds_of(stay) == ["record.created", "record.deleted"]
    assert audit_database().ok


# --- evidence -------------------------------------------------------------------------------------------------------


def test_cite_keeps_plain_values_and_touches_nothing(staff: Any) -> None:
    firm, basis = factories.organization(), factories.source()
    values = {"founded_on": DAY, "roles": ("firm",), "registered_capital": 10_000_000}
    evidence = cite(firm, actor=staff, source=basis, values=values, place="B2", day=DAY)
    assert evidence.values == {"founded_on": "2025-05-07", "roles": ["firm"], "registered_capital": 10_000_000}
    assert (evidence.confirmed_on, firm.history.count()) == (DAY, 1)


def test_cite_keeps_a_related_record_by_its_reference_and_a_decimal_as_text(staff: Any) -> None:
    scope = factories.scope()
    stay = create(Residency(organization=factories.organization(), scope=scope), actor=None)
    evidence = cite(stay, actor=staff, source=factories.source(), values={"scope": scope})
    other = cite(stay, actor=staff, source=factories.source(), values={"space": Decimal("1.50")})
    assert (evidence.values, other.values) == ({"scope": scope.ref}, {"space": "1.50"})


def test_disagreeing_evidence_stands_side_by_side(staff: Any) -> None:
    firm = factories.organization(short_name="甲")
    for value in ("甲", "乙", "丙"):
        cite(firm, actor=staff, source=factories.source(), values={"short_name": value})
    assert said(firm, staff) == {"short_name": [("丙", False), ("乙", False), ("甲", True)]}
    assert [item.disputed for item in evidence_by_field(firm, user=staff)] == [True]


def test_agreeing_evidence_is_no_dispute(staff: Any) -> None:
    firm = factories.organization(founded_on=DAY, roles=("firm",))
    values = {"founded_on": "2025-05-07", "roles": ["firm"]}
    cite(firm, actor=staff, source=factories.source(), values=values)
    assert {item.name: item.disputed for item in evidence_by_field(firm, user=staff)} == {
        "founded_on": False,
        "roles": False,
    }


def test_evidence_from_a_hidden_source_is_left_out(staff: Any) -> None:
    firm = factories.organization(short_name="甲")
    cite(firm, actor=staff, source=factories.source(visibility="internal"), values={"short_name": "乙"})
    assert (said(firm, factories.user(Kind.VISITOR)), said(firm, staff)) == ({}, {"short_name": [("乙", False)]})


def test_confirm_moves_the_day_forward_only(staff: Any) -> None:
    firm = factories.organization()
    evidence = cite(firm, actor=None, source=factories.source(), values={"short_name": "甲"}, day=DAY)
    confirm(evidence, actor=staff, day=date(2025, 6, 1))
    confirm(evidence, actor=staff, day=date(2025, 4, 1))
    stored = Evidence.objects.get(pk=evidence.pk)
    assert (stored.confirmed_on, stored.recorded_by) == (date(2025, 6, 1), staff)


# --- following ------------------------------------------------------------------------------------------------------


def test_follow_takes_the_value_with_its_source_and_reason(staff: Any) -> None:
    firm, basis = factories.organization(short_name="甲"), factories.source()
    evidence = cite(firm, actor=staff, source=basis, values={"short_name": "乙"})
    followed = follow(firm, evidence, "short_name", actor=staff, reason="以名单为准")
    version = followed.history.latest("history_id")
    assert (followed.short_name, followed.revision) == ("乙", 2)
    assert (version.source, version.history_change_reason, version.history_user) == (basis, "以名单为准", staff)
    assert said(followed, staff) == {"short_name": [("乙", True)]}


@pytest.mark.parametrize(
    ("field", "value", "stored"),
    [
        ("founded_on", "2020-01-02", date(2020, 1, 2)),
        ("registered_capital", 5_000_000, 5_000_000),
        ("roles", ["firm", "university"], ("firm", "university")),
        ("uscc", "91350100M000100Y43", "91350100M000100Y43"),
    ],
)
def test_follow_turns_the_value_into_what_the_field_holds(staff: Any, field: str, value: Any, stored: Any) -> None:
    firm = factories.organization()
    evidence = cite(firm, actor=staff, source=factories.source(), values={field: value})
    follow(firm, evidence, field, actor=staff, reason="以名单为准")
    found = Organization.objects.get(pk=firm.pk)
    assert getattr(found, field) == stored
    assert [agrees for _value, agrees in said(found, staff)[field]] == [True]
    assert audit_database().ok


def test_follow_takes_a_related_record(staff: Any) -> None:
    narrow = factories.scope()
    wide = factories.scope(narrow.community, "city")
    stay = create(Residency(organization=factories.organization(), scope=narrow), actor=None)
    evidence = cite(stay, actor=staff, source=factories.source(), values={"scope": wide})
    follow(stay, evidence, "scope", actor=staff, reason="范围有误")
    assert Residency.objects.get(pk=stay.pk).scope == wide


def test_follow_updates_what_is_derived(staff: Any) -> None:
    firm = factories.organization(short_name="甲")
    evidence = cite(firm, actor=staff, source=factories.source(), values={"short_name": "稀宇"})
    follow(firm, evidence, "short_name", actor=staff, reason="以名单为准")
    assert "xiyu" in Organization.objects.get(pk=firm.pk).search_key


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("founded_on", "2023-02-30"),
        ("size_class", "gigantic"),
        ("registered_capital", "许多"),
        ("short_name", "长" * 5_000),
        ("name", ""),
        ("uscc", "91350100M000100Y4Z"),
    ],
)
def test_follow_refuses_a_value_that_the_field_cannot_hold(staff: Any, field: str, value: Any) -> None:
    firm = factories.organization()
    evidence = cite(firm, actor=staff, source=factories.source(), values={field: value})
    with pytest.raises(Problem):
        follow(firm, evidence, field, actor=staff, reason="以名单为准")
    assert firm.history.count() == 1


def test_follow_refuses_a_code_that_another_record_has(staff: Any) -> None:
    factories.organization(uscc="91350100M000100Y43")
    firm = factories.organization()
    evidence = cite(firm, actor=staff, source=factories.source(), values={"uscc": "91350100M000100Y43"})
    with pytest.raises(Problem):
        follow(firm, evidence, "uscc", actor=staff, reason="以名单为准")
    assert Organization.objects.get(pk=firm.pk).uscc is None


def test_follow_refuses_what_breaks_a_rule_between_fields(staff: Any) -> None:
    stay = create(
        Residency(
            organization=factories.organization(), scope=factories.scope(), stage="left",
            entered_on=date(2024, 1, 1), left_on=date(2025, 1, 1),
        ),
        actor=None,
    )  # fmt: skip
    evidence = cite(stay, actor=staff, source=factories.source(), values={"entered_on": "2026-01-01"})
    with pytest.raises(Problem):
        follow(stay, evidence, "entered_on", actor=staff, reason="以名单为准")
    assert Residency.objects.get(pk=stay.pk).entered_on == date(2024, 1, 1)


def test_source_that_is_rested_on_cannot_be_removed(staff: Any) -> None:
    basis = factories.source()
    cite(factories.organization(), actor=staff, source=basis, values={"short_name": "甲"})
    with pytest.raises(Exception, match="protected"):
        remove(basis, actor=staff, reason="误加")
    assert Source.objects.filter(pk=basis.pk).exists()
