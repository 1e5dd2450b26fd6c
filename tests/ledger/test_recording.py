"""Who, why and on what source: frames give it to every version and entry made inside them."""

import json
from typing import Any

import pytest
from django.db import IntegrityError

from qunxing.accounts.models import Kind
from qunxing.ledger import writing
from qunxing.ledger.actions import add_many, bulk, change_many, create
from qunxing.ledger.audit import audit_database
from qunxing.ledger.models import Checkpoint, LogEntry, Source
from qunxing.ledger.recording import Entry, current, note, recording
from tests import factories

pytestmark = pytest.mark.django_db
ENTRY = Entry("test.happened", "test", "subject", {"word": "字"})


def last_entries(count: int) -> list[dict[str, Any]]:
    """The bodies of the newest entries, oldest of them first."""
    rows = LogEntry.objects.order_by("-index")[:count]
    return [json.loads(row.body) for row in reversed(rows)]


def size() -> int:
    return LogEntry.objects.count()


def new_source(title: str = "甲") -> Source:
    return Source(title=title, day="2025-05-07")


def test_version_and_entry_take_the_words_of_the_frame() -> None:
    actor, basis = factories.user(Kind.STAFF), factories.source()
    with recording(actor=actor, reason="补录", source=basis):
        made = new_source()
        made.save()
    version = made.history.get()
    entry = last_entries(1)[0]
    assert (version.history_user, version.history_change_reason, version.source) == (actor, "补录", basis)
    assert entry["actor"] == actor.username
    assert entry["source"] == basis.ref
    assert entry["subject"] == ["ledger.source", made.ref]
    assert entry["kind"] == "record.created"


def test_frame_gives_one_moment_to_all() -> None:
    with recording(actor=None) as frame:
        first, second = new_source(), new_source("乙")
        first.save()
        second.save()
    assert {first.history.get().history_date, second.history.get().history_date} == {frame.at}
    assert len({entry["at"] for entry in last_entries(2)}) == 1


def test_nested_frame_speaks_for_itself_and_shares_moment_and_end() -> None:
    outer_actor, inner_actor = factories.user(Kind.STAFF), factories.user(Kind.STAFF)
    before = size()
    with recording(actor=outer_actor, reason="外") as outer:
        first = create(new_source(), actor=outer_actor, reason="外")
        with recording(actor=inner_actor, reason="内"):
            second = new_source("乙")
            second.save()
        third = new_source("丙")
        third.save()
        assert size() == before
    versions = [row.history.get() for row in (first, second, third)]
    assert [(row.history_user, row.history_change_reason) for row in versions] == [
        (outer_actor, "外"),
        (inner_actor, "内"),
        (outer_actor, "外"),
    ]
    assert {row.history_date for row in versions} == {outer.at}
    assert [entry["actor"] for entry in last_entries(3)] == [
        outer_actor.username,
        inner_actor.username,
        outer_actor.username,
    ]


def test_outermost_frame_signs_one_checkpoint() -> None:
    signed = Checkpoint.objects.count()
    with recording(actor=None):
        for title in "甲乙丙":
            new_source(title).save()
    assert Checkpoint.objects.count() == signed + 1
    assert Checkpoint.objects.order_by("-size").values_list("size", flat=True)[0] == size()


class Failure(Exception):
    """Something that goes wrong inside a frame."""


def fail_after_saving() -> None:
    with recording(actor=None):
        new_source().save()
        raise Failure


def fail_outside_of_saving() -> None:
    with recording(actor=None):
        create(new_source(), actor=None)
        raise Failure


def test_rollback_leaves_neither_row_nor_version_nor_entry() -> None:
    before = size()
    with pytest.raises(Failure):
        fail_after_saving()
    assert (size(), Source.objects.count(), Source.history.count()) == (before, 0, 0)
    assert current() is None


def test_rollback_of_the_outer_frame_takes_the_inner_with_it() -> None:
    before = size()
    with pytest.raises(Failure):
        fail_outside_of_saving()
    assert (size(), Source.objects.count()) == (before, 0)


def test_inner_frame_that_fails_leaves_no_entry_when_the_outer_goes_on() -> None:
    before = size()
    with recording(actor=None):
        kept = create(new_source(), actor=None)
        with pytest.raises(Failure):
            fail_after_saving()
    assert list(Source.objects.all()) == [kept]
    assert size() == before + 1
    assert audit_database().ok


def test_note_outside_a_frame_is_appended_at_once() -> None:
    before = size()
    note(ENTRY)
    entry = last_entries(1)[0]
    assert size() == before + 1
    assert (entry["kind"], entry["subject"], entry["facts"], entry["actor"]) == (
        "test.happened",
        ["test", "subject"],
        {"word": "字"},
        "",
    )


def test_frame_without_changes_writes_nothing() -> None:
    before = size()
    with recording(actor=None):
        pass
    assert size() == before


def test_bulk_writes_take_the_words_of_the_frame() -> None:
    actor, basis = factories.user(Kind.STAFF), factories.source()
    with recording(actor=actor, reason="导入", source=basis):
        made = add_many([new_source(title) for title in "甲乙"])
    with recording(actor=actor, reason="更正", source=basis):
        for row in made:
            row.publisher = "网信办"
        change_many(made, ["publisher"])
    versions = [list(row.history.order_by("history_id")) for row in made]
    assert [[version.history_change_reason for version in rows] for rows in versions] == [["导入", "更正"]] * 2
    assert {version.source for rows in versions for version in rows} == {basis}
    assert {version.history_user for rows in versions for version in rows} == {actor}
    assert [entry["kind"] for entry in last_entries(4)] == ["record.created"] * 2 + ["record.changed"] * 2
    assert audit_database().ok


def test_bulk_that_fails_in_its_midst_leaves_nothing_where_its_caller_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither rows nor versions nor entries of what was written before the row that cannot be."""
    monkeypatch.setattr(bulk, "BATCH", 1)
    stored, twin = create(new_source("其他"), actor=None), new_source("丙")
    before = size()
    with recording(actor=None):
        with pytest.raises(IntegrityError):
            add_many([new_source("乙"), twin, Source(ref=twin.ref, title="丁", day="2025-05-07")])
        stored.title = "改"
        change_many([stored], ["title"])
    assert [row.title for row in Source.objects.all()] == ["改"]
    assert sorted(row.title for row in Source.history.all()) == sorted(["其他", "改"])
    assert size() == before + 1
    assert audit_database().findings == ()


def test_bulk_writes_need_a_frame() -> None:
    with pytest.raises(RuntimeError):
        add_many([new_source()])


def test_bulk_and_single_writes_leave_alike_versions() -> None:
    single = create(new_source(), actor=None)
    with recording(actor=None):
        bulk = add_many([new_source()])[0]
    left, right = single.history.get(), bulk.history.get()
    ignored = {"id", "ref", "history_id", "history_date"}
    names = [field.attname for field in type(left)._meta.fields if field.attname not in ignored]
    assert {name: getattr(left, name) for name in names} == {name: getattr(right, name) for name in names}


def test_reason_is_kept_without_what_no_database_holds():
    with recording(actor=None, reason="a\x00b ") as frame:
        source = create(new_source(), actor=None, reason="c\x00")
    assert (frame.reason, source.history.get().history_change_reason) == ("ab", "c")


def test_many_entries_are_written_some_at_a_time(monkeypatch) -> None:
    monkeypatch.setattr(writing, "AT_ONCE", 2)
    with recording(actor=None):
        for number in range(5):
            new_source(str(number)).save()
    assert (size(), Checkpoint.objects.count(), audit_database().ok) == (5, 1, True)
