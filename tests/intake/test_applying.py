"""All of a list or nothing of it, whoever else is at work."""

import threading
from datetime import date

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, connection

from qunxing.accounts.models import Kind
from qunxing.core.errors import IllegalTransition, Refused
from qunxing.directory.models import Organization
from qunxing.intake import actions
from qunxing.intake.actions import lists
from qunxing.intake.catalogue import known_list
from qunxing.intake.jobs import start_job
from qunxing.intake.models import Batch, Proposal, StaffRow
from qunxing.intake.registering import writing
from qunxing.ledger.actions import create
from qunxing.ledger.audit import audit_database
from qunxing.ledger.desks import Desk
from qunxing.ledger.jobs import run_job
from qunxing.ledger.models import Evidence, Job, LogEntry, Source
from qunxing.registry.models import AIModel, Coverage, Filing, Ownership
from tests import factories as people
from tests.intake.made import DAY, algorithm, algorithms, filed, sheet, take_in

pytestmark = pytest.mark.django_db
WRITTEN = (Organization, Filing, AIModel, Ownership, Coverage, Source, Evidence, StaffRow, Proposal)
CONTENT = sheet(filed(1), filed(2, owner="上海乙智能科技有限公司"), filed(3, record="?"))


class Stop(Exception):
    """Something that nobody foresaw."""


def counted():
    return {kind: kind.objects.count() for kind in WRITTEN}


def previewed(content=CONTENT, *, day=DAY):
    batch = actions.new_batch(
        actor=people.user(Kind.STAFF),
        wanted=known_list("genai-filings"),
        name="list.csv",
        content=ContentFile(content, "list.csv"),
        title="名单",
        publisher="网信办",
        day=day,
    )
    Batch.objects.filter(pk=batch.pk).update(state=Batch.State.PREVIEWED)
    batch.refresh_from_db()
    return batch


@pytest.mark.parametrize("name", ["add_many", "cite_many", "write_leftovers"])
def test_failure_in_the_middle_leaves_nothing(tmp_path, monkeypatch, name):
    before, entries = counted(), LogEntry.objects.count()
    real, calls = getattr(writing, name), []

    def fail_later(*args, **kwargs):
        calls.append(1)
        if name == "add_many" and len(calls) < 3:
            return real(*args, **kwargs)
        raise Stop

    monkeypatch.setattr(writing, name, fail_later)
    with pytest.raises(Stop):
        take_in(tmp_path, CONTENT)
    assert (counted(), LogEntry.objects.count(), Batch.objects.count()) == (before, entries, 0)


def test_file_of_a_failed_import_does_not_stay(tmp_path, monkeypatch, settings):
    settings.MEDIA_ROOT = tmp_path / "files"
    monkeypatch.setattr(writing, "cite_many", lambda *_args, **_words: (_ for _ in ()).throw(Stop))
    with pytest.raises(Stop):
        take_in(tmp_path, CONTENT)
    assert [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()] == []


def test_file_is_kept_once_however_often_it_is_taken_in(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "files"
    first, _plan = take_in(tmp_path, CONTENT)
    second, _plan = take_in(tmp_path, CONTENT)
    assert first.file.name == second.file.name
    assert [path.read_bytes() for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()] == [CONTENT]


def test_somebody_faster_is_told_and_nothing_is_written(tmp_path, monkeypatch):
    def too_late(*_args, **_words):
        raise IntegrityError("UNIQUE constraint failed")

    monkeypatch.setattr(writing, "write_leftovers", too_late)
    with pytest.raises(Refused) as told:
        take_in(tmp_path, CONTENT)
    assert (told.value.status, Filing.objects.count()) == (409, 0)


def test_batch_is_applied_once():
    batch = previewed()
    twin = Batch.objects.get(pk=batch.pk)
    actions.apply_batch(batch, actor=batch.owner)
    before = counted()
    with pytest.raises(IllegalTransition):
        actions.apply_batch(twin, actor=batch.owner)
    assert (counted(), Batch.objects.get().state) == (before, "applied")


def test_given_up_batch_is_not_applied_and_an_applied_one_not_given_up():
    batch = previewed()
    twin = Batch.objects.get(pk=batch.pk)
    actions.drop_batch(batch, actor=batch.owner)
    with pytest.raises(IllegalTransition):
        lists.claim(twin)
    other = previewed()
    actions.apply_batch(other, actor=other.owner)
    with pytest.raises(IllegalTransition):
        actions.drop_batch(other, actor=other.owner)


def test_plan_is_made_anew_where_the_ledger_changed_meanwhile(tmp_path):
    path = tmp_path / "list.csv"
    path.write_bytes(sheet(filed(1)))
    wanted = known_list("genai-filings")
    prepared = actions.prepare_file(path, path.name, wanted, day=DAY)
    owner = people.organization(name=filed(1)[3])
    create(Filing(kind="filed", name="模型1", organization=owner, number=filed(1)[4], state="granted"), actor=None)
    words = {"actor": None, "title": "名单", "publisher": "", "day": DAY}
    _batch, plan = actions.apply_file(path, path.name, wanted, prepared=prepared, **words)
    assert (plan.counts["added"], plan.counts["updated"], Filing.objects.count()) == (0, 1, 1)


def test_plan_holds_while_only_people_sign_in(tmp_path, monkeypatch):
    path = tmp_path / "list.csv"
    path.write_bytes(sheet(filed(1)))
    wanted = known_list("genai-filings")
    prepared = actions.prepare_file(path, path.name, wanted, day=DAY)
    people.user()
    monkeypatch.setattr(lists, "make_plan", lambda *_args, **_words: pytest.fail("planned twice"))
    words = {"actor": None, "title": "名单", "publisher": "", "day": DAY}
    _batch, plan = actions.apply_file(path, path.name, wanted, prepared=prepared, **words)
    assert plan is prepared.plan


def test_whole_import_is_one_step_of_the_log(tmp_path):
    from qunxing.ledger.models import Checkpoint

    before = Checkpoint.objects.count()
    take_in(tmp_path, CONTENT)
    assert Checkpoint.objects.count() == before + 1
    assert audit_database().ok


def test_versions_tell_who_and_on_what_source(tmp_path):
    clerk = people.user(Kind.STAFF)
    batch, _plan = take_in(tmp_path, CONTENT, actor=clerk)
    version = Filing.objects.first().history.get()
    assert (version.history_user, version.source, version.history_change_reason) == (
        clerk,
        batch.source,
        "Import of “名单”",
    )


# --- as a job --------------------------------------------------------------------------------------------------------


def job_of(batch, kind="apply"):
    return start_job(kind, batch, actor=batch.owner, language="en")


def test_cancelled_job_rolls_everything_back(monkeypatch):
    batch = previewed()
    job = job_of(batch)
    before = counted()
    real = writing.cite_many

    def cite_and_be_stopped(*args, **words):
        real(*args, **words)
        Desk(job.ref).ask_to_stop()

    monkeypatch.setattr(writing, "cite_many", cite_and_be_stopped)
    run_job.func(job.pk)
    job.refresh_from_db()
    batch.refresh_from_db()
    assert (job.state, batch.state, counted()) == (Job.State.CANCELLED, Batch.State.PREVIEWED, before)


def test_stopped_import_can_be_applied_afterwards():
    batch = previewed()
    job = job_of(batch)
    Desk(job.ref).ask_to_stop()
    run_job.func(job.pk)
    again = job_of(batch)
    run_job.func(again.pk)
    job.refresh_from_db()
    again.refresh_from_db()
    assert (job.state, again.state, Filing.objects.count()) == (Job.State.CANCELLED, Job.State.DONE, 2)


def test_second_job_on_an_applied_batch_fails_and_says_so():
    batch = previewed()
    for state in (Job.State.DONE, Job.State.FAILED):
        job = job_of(batch)
        run_job.func(job.pk)
        job.refresh_from_db()
        assert job.state == state
    assert job.problem.startswith("This step is not possible any more.")


def test_unreadable_upload_is_refused_with_its_reason():
    batch = previewed(b"%PDF-1.7 nothing")
    Batch.objects.filter(pk=batch.pk).update(state=Batch.State.UPLOADED)
    run_job.func(job_of(batch, "preview").pk)
    batch.refresh_from_db()
    assert (batch.state, batch.problem) == (
        "refused",
        "This is a PDF, not a table. Ask for the table itself as xlsx or csv.",
    )


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite lets one write at a time anyway")
def test_two_appliers_at_once_one_wins(transactional_db):
    batch = previewed()
    twins = [Batch.objects.get(pk=batch.pk) for _twin in range(2)]
    start, told = threading.Barrier(2), []

    def apply(twin):
        try:
            start.wait()
            actions.apply_batch(twin, actor=batch.owner)
            told.append("done")
        except IllegalTransition:
            told.append("told")
        finally:
            connection.close()

    threads = [threading.Thread(target=apply, args=[twin]) for twin in twins]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (sorted(told), Filing.objects.count(), Source.objects.count()) == (["done", "told"], 2, 1)


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite lets one write at a time anyway")
def test_two_lists_at_once_make_each_organization_once(transactional_db, tmp_path):
    contents = [sheet(filed(number), filed(number + 10)) for number in (1, 2)]
    start, failed = threading.Barrier(2), []

    def take(number):
        folder = tmp_path / str(number)
        folder.mkdir()
        try:
            start.wait()
            take_in(folder, contents[number])
        except Exception as error:  # noqa: BLE001 - whatever it is, the test shows it
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=[number]) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (failed, Organization.objects.count(), Filing.objects.count()) == ([], 1, 4)
    assert audit_database().ok


def test_source_of_the_list_is_dated_by_its_first_taking_in(tmp_path):
    take_in(tmp_path, CONTENT, day=date(2024, 1, 1))
    batch, plan = take_in(tmp_path, CONTENT, day=date(2026, 1, 1))
    assert (batch.source.day, plan.day) == (date(2024, 1, 1), date(2024, 1, 1))


def test_algorithms_and_models_share_their_organization(tmp_path):
    take_in(tmp_path, sheet(filed(1)))
    take_in(tmp_path, algorithms(algorithm(1)), code="algorithm-filings")
    assert (Organization.objects.count(), Organization.objects.get().entity_key) == (1, "3101041234567")
