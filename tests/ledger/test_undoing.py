"""Undoing what was written at one moment: what nobody has touched is as before, what somebody has stays."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from qunxing.core.errors import Refused
from qunxing.directory.models import Link, Organization, OrganizationName
from qunxing.ledger.actions import add_many, change, change_many, create, remove
from qunxing.ledger.audit import audit_database
from qunxing.ledger.models import LogEntry, Visibility
from qunxing.ledger.recording import recording
from qunxing.ledger.undoing import Fate, Why, plan_undo, undo
from qunxing.registry.models import Filing, Ownership
from qunxing.registry.states import State
from tests import factories as people
from tests.registry import factories as registry

pytestmark = pytest.mark.django_db


def written(write, *, source=None):
    """The moment of what `write` does in one frame."""
    with recording(actor=None, reason="batch", source=source) as frame:
        write()
    return frame.at, source.pk if source is not None else None


def undone(mark, **words):
    plan = plan_undo(*mark, **words)
    with recording(actor=None, reason="undo"):
        undo(plan)
    return plan


def fates(plan):
    return {(step.kind, step.key): (step.fate, str(step.why)) for step in plan.steps}


def firm(**values):
    return Organization(name="测试甲科技有限公司", **values)


def test_added_records_go_and_their_versions_stay():
    one = firm()
    mark = written(lambda: add_many([one]))
    undone(mark)
    assert (Organization.objects.count(), list(Organization.history.values_list("history_type", flat=True))) == (
        0,
        ["-", "+"],
    )


def test_changed_record_gets_back_what_still_holds_and_keeps_later_edits():
    one = people.organization(address="甲路1号", website="https://a.example", description="一")
    values = {"address": "乙路2号", "website": "https://b.example"}
    mark = written(lambda: change(one, actor=None, values=values))
    change(one, actor=None, values={"website": "https://c.example", "description": "二"})
    plan = undone(mark)
    one.refresh_from_db()
    assert (one.address, one.website, one.description) == ("甲路1号", "https://c.example", "二")
    assert (plan.steps[0].fate, plan.steps[0].later) == (Fate.RESTORED, ("website", "description"))


def test_removed_record_comes_back_under_its_reference_with_the_day_it_was_made():
    one = people.organization(uscc="91310104MA1FR1C41X", address="甲路1号")
    made = Organization.history.filter(id=one.pk).latest("history_id").history_date
    key, ref = one.pk, one.ref
    mark = written(lambda: remove(one, actor=None, reason="x"))
    undone(mark)
    back = Organization.objects.get()
    assert (back.pk, back.ref, back.address, back.revision, back.created_at) == (key, ref, "甲路1号", 2, made)


def test_added_record_that_was_changed_since_stays_with_its_parts():
    one = firm()
    part = OrganizationName(organization=one, text="甲")

    def write():
        add_many([one])
        part.derive()
        add_many([part])

    mark = written(write)
    change(one, actor=None, values={"address": "乙路2号"})
    plan = undone(mark)
    assert fates(plan) == {
        (Organization, one.pk): (Fate.KEPT, Why.CHANGED),
        (OrganizationName, part.pk): (Fate.KEPT, Why.NEEDED),
    }
    assert plan.of(Fate.KEPT)[0].later == ("address",)


def test_added_record_on_which_a_later_one_rests_stays():
    one, two = firm(), Organization(name="测试乙科技有限公司")
    mark = written(lambda: add_many([one, two]))
    create(OrganizationName(organization=one, text="甲"), actor=None)
    plan = undone(mark)
    assert fates(plan) == {
        (Organization, one.pk): (Fate.KEPT, Why.NEEDED),
        (Organization, two.pk): (Fate.REMOVED, ""),
    }


def test_what_a_kept_record_rests_on_is_kept_too():
    one, two = firm(), Organization(name="测试乙科技有限公司")
    link = Link(from_organization=one, to_organization=two, kind=Link.Kind.FORMER)

    def write():
        add_many([one, two])
        add_many([link])

    mark = written(write)
    change(link, actor=None, values={"visibility": Visibility.INTERNAL})
    plan = undone(mark)
    assert plan.empty
    assert {step.kind for step in plan.steps} == {Organization, Link}


def test_code_that_another_record_holds_by_now_is_not_given_back():
    one = people.organization(uscc="91310104MA1FR1C41X")
    mark = written(lambda: change(one, actor=None, values={"uscc": None}))
    people.organization(uscc="91310104MA1FR1C41X")
    assert fates(undone(mark)) == {(Organization, one.pk): (Fate.KEPT, Why.TAKEN)}


def test_part_does_not_come_back_to_a_parent_that_is_gone():
    one = people.organization()
    part = create(OrganizationName(organization=one, text="甲"), actor=None)
    key = part.pk
    mark = written(lambda: remove(part, actor=None, reason="x"))
    remove(Organization.objects.get(), actor=None, reason="x")
    assert fates(undone(mark)) == {(OrganizationName, key): (Fate.KEPT, Why.TARGET)}


def test_old_day_that_does_not_go_with_a_later_one_is_not_given_back():
    one = people.organization()
    part = create(OrganizationName(organization=one, text="甲", from_day=date(2024, 1, 1)), actor=None)
    mark = written(lambda: change(part, actor=None, values={"from_day": date(2020, 1, 1)}))
    change(part, actor=None, values={"to_day": date(2022, 1, 1)})
    assert fates(undone(mark)) == {(OrganizationName, part.pk): (Fate.KEPT, Why.INVALID)}


def test_number_that_another_filing_of_the_kind_holds_by_now_is_not_given_back():
    one = registry.filing(number="Shanghai-A-1")
    mark = written(lambda: change(one, actor=None, values={"number": "Shanghai-B-2"}))
    registry.filing(number="Shanghai-A-1")
    assert fates(undone(mark)) == {(Filing, one.pk): (Fate.KEPT, Why.TAKEN)}


def test_ownership_that_was_given_anew_does_not_come_back():
    owned = registry.ownership(registry.model(), people.organization())
    words = {"model": owned.model, "organization": owned.organization, "role": owned.role}
    key = owned.pk
    mark = written(lambda: remove(owned, actor=None, reason="x"))
    create(Ownership(**words), actor=None)
    assert fates(undone(mark)) == {(Ownership, key): (Fate.KEPT, Why.TAKEN)}


def test_ownership_that_ended_comes_back_beside_a_new_one():
    """Only one at a time may last; one that has ended stands beside it."""
    owned = registry.ownership(registry.model(), people.organization(), to_day=date(2024, 1, 1))
    words = {"model": owned.model, "organization": owned.organization, "role": owned.role}
    key = owned.pk
    mark = written(lambda: remove(owned, actor=None, reason="x"))
    create(Ownership(**words), actor=None)
    assert fates(undone(mark)) == {(Ownership, key): (Fate.BACK, "")}


def test_code_that_went_from_one_record_to_another_goes_back():
    one, two = people.organization(uscc="91310104MA1FR1C41X"), people.organization()

    def write():
        change(one, actor=None, values={"uscc": None})
        change(two, actor=None, values={"uscc": "91310104MA1FR1C41X"})

    undone(written(write))
    assert [row.uscc for row in Organization.objects.order_by("pk")] == ["91310104MA1FR1C41X", None]


def test_what_followed_the_visibility_of_a_firm_goes_back_with_it():
    filing = registry.filing(state=State.GRANTED)
    firm = filing.organization
    mark = written(lambda: change(firm, actor=None, values={"visibility": Visibility.INTERNAL}))
    undone(mark)
    filing.refresh_from_db()
    assert (filing.shown_to, filing.revision, audit_database().findings) == (Visibility.PUBLIC, 3, ())


def test_record_that_is_edited_between_plan_and_undo_stops_all_of_it():
    one, two = people.organization(), people.organization()

    def write():
        for each in (one, two):
            change(each, actor=None, values={"address": "乙路2号"})

    plan = plan_undo(*written(write))
    change(two, actor=None, values={"website": "https://b.example"})
    with pytest.raises(Refused), recording(actor=None):
        undo(plan)
    assert [row.address for row in Organization.objects.order_by("pk")] == ["乙路2号", "乙路2号"]


def test_plan_and_undo_tell_how_far_they_are():
    firms = [Organization(name=f"测试{number}科技有限公司") for number in range(3)]
    mark, told = written(lambda: add_many(firms)), []
    plan = plan_undo(*mark, tell=told.append)
    with recording(actor=None):
        undo(plan, tell=told.append)
    assert told == [3, 3]


def test_only_the_chosen_records_are_undone():
    one, two = people.organization(), people.organization()

    def write():
        for each in (one, two):
            change(each, actor=None, values={"address": "乙路2号"})

    mark = written(write)
    undone(mark, only=[(Organization.kind_code(), one.pk)])
    assert [row.address for row in Organization.objects.order_by("pk")] == ["", "乙路2号"]


def test_twice_finds_nothing_left():
    one = people.organization()
    mark = written(lambda: change(one, actor=None, values={"address": "乙路2号"}))
    undone(mark)
    assert plan_undo(*mark).steps == []


def test_what_was_written_at_the_same_moment_on_another_source_stays():
    one, two = people.organization(), people.organization()
    source = people.source()

    def write():
        change(one, actor=None, values={"address": "乙路2号"})
        change(two, actor=None, values={"address": "丙路3号"}, source=source)

    moment, _none = written(write)
    undone((moment, source.pk))
    assert [row.address for row in Organization.objects.order_by("pk")] == ["乙路2号", ""]


def test_sources_stay():
    source = None

    def write():
        nonlocal source
        source = people.source()

    mark = written(write)
    assert plan_undo(*mark).steps == []


def test_log_and_versions_agree_after_an_undo():
    one, two, new = people.organization(), people.organization(), firm()

    def write():
        add_many([new])
        change(one, actor=None, values={"address": "乙路2号"})
        remove(two, actor=None, reason="x")

    mark = written(write)
    undone(mark)
    kinds = LogEntry.objects.order_by("-index").values_list("kind", flat=True)[:3]
    assert sorted(kinds) == ["record.changed", "record.created", "record.deleted"]
    assert audit_database().findings == ()


def test_undoing_an_undo_brings_the_batch_back():
    one, new = people.organization(address="甲路1号"), firm()

    def write():
        add_many([new])
        change(one, actor=None, values={"address": "乙路2号"})

    mark = written(write)
    with recording(actor=None, reason="undo") as frame:
        undo(plan_undo(*mark))
    undone((frame.at, None))
    assert [row.address for row in Organization.objects.order_by("pk")] == ["乙路2号", ""]


def test_queries_do_not_grow_with_the_records(django_assert_max_num_queries):
    firms = [people.organization() for _ in range(12)]

    def write():
        for each in firms:
            each.address = "乙路2号"
        change_many(firms, ["address"])

    mark = written(write)
    with django_assert_max_num_queries(160):
        plan_undo(*mark)


class AnyEdits(TestCase):
    """Whatever the batch wrote and whoever edited since: a field nobody touched is as before, a later edit stays."""

    texts = st.sampled_from(["", "甲", "乙", "丙"])
    edit = st.dictionaries(st.sampled_from(["address", "description", "short_name"]), texts, max_size=3)

    @settings(max_examples=25)
    @given(st.lists(st.tuples(edit, edit, st.booleans()), min_size=1, max_size=3))
    def test_untouched_fields_are_as_before_and_later_edits_stay(self, rows):
        names = ("address", "description", "short_name")
        firms = [people.organization(address="旧", description="旧", short_name="旧") for _ in rows]
        added = [Organization(name=f"新{place}") for place, _row in enumerate(rows)]

        def write():
            add_many(added)
            for each, (values, _later, _added) in zip(firms, rows, strict=True):
                change(each, actor=None, values=values)

        mark = written(write)
        for each, new, (_values, later, edits_new) in zip(firms, added, rows, strict=True):
            change(each, actor=None, values=later)
            if edits_new:
                change(new, actor=None, values={"address": "后"})
        undone(mark)
        for each, (values, later, _added) in zip(firms, rows, strict=True):
            stored = Organization.objects.get(pk=each.pk)
            for name in names:
                batch = values.get(name, "旧")
                edited = name in later and later[name] != batch
                assert getattr(stored, name) == (later[name] if edited else "旧")
        left = set(Organization.objects.filter(pk__in=[one.pk for one in added]).values_list("name", flat=True))
        assert left == {new.name for new, row in zip(added, rows, strict=True) if row[2]}
