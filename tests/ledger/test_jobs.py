"""Long work: how it is told of, stopped, and found to be dead."""

import subprocess
import sys
import time
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from qunxing.accounts.models import Kind
from qunxing.core.errors import Refused
from qunxing.ledger import jobs
from qunxing.ledger.desks import Desk, Told
from qunxing.ledger.jobs import Progress, run_job, seen, start
from qunxing.ledger.models import Job, Source
from tests.factories import source, user

pytestmark = pytest.mark.django_db

HOLD = """
import fcntl, sys, time
file = open(sys.argv[1], "w")
fcntl.flock(file, fcntl.LOCK_EX)
print("held", flush=True)
time.sleep(60)
"""


@pytest.fixture
def works(monkeypatch):
    """A place for works of this test alone."""
    found: dict[str, Any] = {}
    monkeypatch.setattr(jobs, "_works", found)
    return found


def waiting_job(**values: Any) -> Job:
    return Job.objects.create(**{"kind": "test", "title": "Work", "owner": user(Kind.STAFF), **values})


def run(job: Job) -> Job:
    run_job.func(job.pk)
    job.refresh_from_db()
    return job


def test_work_keeps_its_result_and_clears_its_desk(works):
    works["test"] = lambda progress, arguments: {"url": "/", "given": arguments["given"]}
    job = run(waiting_job(arguments={"given": 7}))
    assert (job.state, job.result, job.problem) == (Job.State.DONE, {"url": "/", "given": 7}, "")
    desk = Desk(job.ref)
    assert [path.exists() for path in (desk.telling, desk.stop, desk.lock)] == [False, False, False]


def test_start_queues_the_work_when_the_transaction_ends(works, django_capture_on_commit_callbacks):
    works["test"] = lambda progress, arguments: arguments
    with django_capture_on_commit_callbacks(execute=True):
        job = start("test", actor=user(Kind.STAFF), title="Work", language="en", back="/there/", number=1)
        assert job.state == Job.State.WAITING
    job.refresh_from_db()
    assert job.result == {"number": 1, "language": "en", "back": "/there/"}


def test_problem_is_told_in_the_starters_language(works):
    def refuse(progress, arguments):
        raise Refused(jobs.LOST)

    def crash(progress, arguments):
        raise ZeroDivisionError

    works["test"] = refuse
    assert run(waiting_job(arguments={"language": "en"})).problem == jobs.LOST
    works["test"] = crash
    assert run(waiting_job(arguments={"language": "en"})).problem == jobs.CRASHED
    assert "出了问题" in run(waiting_job(arguments={"language": "zh-hans"})).problem


def test_progress_is_seen_from_outside_while_the_work_holds_its_transaction(works, monkeypatch):
    monkeypatch.setattr(jobs, "TELLING_PAUSE", 0)
    job = waiting_job()
    looks = []

    def work(progress, arguments):
        progress.stage("Cancel", 10)
        progress.advance(4)
        shown = seen(Job.objects.get(pk=job.pk))
        looks.append((shown.state, shown.done, shown.total, shown.percent, shown.over))
        return {}

    works["test"] = work
    run(job)
    assert looks == [(Job.State.RUNNING, 4, 10, 40, False)]
    assert seen(job).over


def test_cancel_rolls_back_what_was_written(works, transactional_db):
    from qunxing.ledger.recording import recording

    job = waiting_job()

    def work(progress, arguments):
        with recording(actor=None):
            source(title="half of it")
            jobs.cancel(Job.objects.get(pk=job.pk))
            progress.advance(1)
        return {}

    works["test"] = work
    assert run(job).state == Job.State.CANCELLED
    assert not Source.objects.filter(title="half of it").exists()


def test_cancelled_before_it_began_it_does_not_begin(works):
    job = waiting_job()
    jobs.cancel(job)
    assert (job.state, seen(job).state) == (Job.State.WAITING, Job.State.CANCELLED)
    works["test"] = lambda progress, arguments: pytest.fail("it began")
    assert run(job).state == Job.State.CANCELLED


def test_job_runs_once_however_often_it_is_queued(works):
    times = []
    works["test"] = lambda progress, arguments: times.append(1) or {}
    job = run(waiting_job())
    run(job)
    assert times == [1]


def test_lock_of_a_killed_worker_is_free():
    desk = Desk("killed234567")
    desk.lock.parent.mkdir(parents=True, exist_ok=True)
    worker = subprocess.Popen([sys.executable, "-c", HOLD, str(desk.lock)], stdout=subprocess.PIPE, text=True)
    try:
        assert worker.stdout.readline() == "held\n"
        assert desk.is_occupied
        worker.kill()
        worker.wait()
        assert not desk.is_occupied
    finally:
        worker.stdout.close()
        worker.kill()
        worker.wait()


def test_job_whose_worker_was_killed_is_shown_failed_and_closed_by_the_next_one(works):
    lost = waiting_job(state=Job.State.RUNNING)
    Desk(lost.ref).lock.parent.mkdir(parents=True, exist_ok=True)
    Desk(lost.ref).lock.touch()
    Desk(lost.ref).tell(Told("Cancel", 5, 9))
    assert (seen(lost).state, seen(lost).over, bool(seen(lost).problem)) == (Job.State.FAILED, True, True)
    lost.refresh_from_db()
    assert lost.state == Job.State.RUNNING  # looking writes nothing
    works["test"] = lambda progress, arguments: {}
    run(waiting_job())
    lost.refresh_from_db()
    assert (lost.state, Desk(lost.ref).told()) == (Job.State.FAILED, Told())


def test_progress_tells_seldom_but_hears_the_wish_to_stop_at_once():
    job = waiting_job()
    progress = Progress(job)
    with progress.desk.occupied():
        progress.stage("Cancel", 100_000)
        begin = time.monotonic()
        for done in range(10_000):
            progress.advance(done)
        assert time.monotonic() - begin < 5
        progress.desk.ask_to_stop()
        with pytest.raises(jobs.Cancelled):
            progress.advance(10_000)


def test_page_of_a_job_is_for_its_owner_and_oversight(client: Client):
    job = waiting_job(owner=user(Kind.MEMBER), arguments={"back": "/there/"})
    url = reverse("ledger:job-detail", args=[job.ref])
    answers = {}
    for kind in (Kind.MEMBER, Kind.VISITOR, Kind.OFFICER, Kind.STAFF):
        client.force_login(user(kind))
        answers[kind] = client.get(url).status_code
    client.force_login(job.owner)
    answers["owner"] = client.get(url).status_code
    assert answers == {Kind.MEMBER: 403, Kind.VISITOR: 403, Kind.OFFICER: 200, Kind.STAFF: 200, "owner": 200}


def test_page_of_a_job_leads_on_when_it_is_over(client: Client):
    job = waiting_job(arguments={"back": "/there/"})
    client.force_login(job.owner)
    url = reverse("ledger:job-detail", args=[job.ref])
    assert "/there/" not in client.get(url).content.decode()
    assert client.post(reverse("ledger:job-cancel", args=[job.ref])).url == url
    assert "/there/" in client.get(url).content.decode()
    assert client.get(url, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    Job.objects.filter(pk=job.pk).update(state=Job.State.DONE, result={"url": "/done/"})
    assert client.get(url).url == "/done/"
    assert client.get(url, headers={"HX-Request": "true"}).headers["HX-Redirect"] == "/done/"
