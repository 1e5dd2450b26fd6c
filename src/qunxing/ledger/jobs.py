"""Running long work: what it does is a function of the job, found by the job's kind."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override
from django_tasks import task

from qunxing.core.errors import Problem, Text
from qunxing.ledger.desks import Desk, Told
from qunxing.ledger.models import Job

logger = logging.getLogger(__name__)
Work = Callable[["Progress", dict[str, Any]], dict[str, Any]]
_works: dict[str, Work] = {}

TELLING_PAUSE = 0.3  # seconds between two tellings; the wish to stop is looked for each time
STOPPING = gettext_noop("Being stopped")
CRASHED = gettext_noop("Something went wrong on our side; nothing was written.")
LOST = gettext_noop("The worker ended before the work did; nothing of it was kept. Start it again.")


class Cancelled(Exception):
    """The person who started the work asked it to stop; all it wrote is rolled back."""


class Progress:
    """What the work tells of itself; each telling also notices a wish to stop, by raising Cancelled.

    Nothing of it touches the database, so that it may be told from inside a long transaction.
    """

    def __init__(self, job: Job) -> None:
        self.job = job
        self.desk = Desk(job.ref)
        self.told = Told()
        self.told_at = 0.0

    def stage(self, name: str, total: int = 0) -> None:
        """Begin a part of the work; the name is a msgid, the total 0 where nobody knows."""
        self.told = Told(name, 0, total)
        self.tell()

    def advance(self, done: int) -> None:
        self.told = Told(self.told.stage, done, self.told.total)
        if monotonic() - self.told_at >= TELLING_PAUSE:
            self.tell()
        else:
            self.check()

    def tell(self) -> None:
        self.check()
        self.desk.tell(self.told)
        self.told_at = monotonic()

    def check(self) -> None:
        if self.desk.asked_to_stop:
            raise Cancelled


def work(kind: str) -> Callable[[Work], Work]:
    """Name a function as the work of jobs of this kind."""

    def register(function: Work) -> Work:
        _works[kind] = function
        return function

    return register


def start(kind: str, *, actor: Any, title: str, language: str, back: str = "", **arguments: Any) -> Job:
    """Queue the work; it begins when the present transaction is committed. `back` is where its starter goes on."""
    words = {**arguments, "language": language, "back": back}
    job = Job.objects.create(kind=kind, owner=actor, title=title[:300], arguments=words)
    transaction.on_commit(lambda: run_job.enqueue(job.pk))
    return job


@task()
def run_job(pk: int) -> None:
    """Do the work of one job and keep how it ended."""
    job = Job.objects.get(pk=pk)
    end_lost_jobs()
    with Desk(job.ref).occupied(), override(job.arguments.get("language", "zh-hans")):
        if Job.objects.filter(pk=pk, state=Job.State.WAITING).update(state=Job.State.RUNNING):
            end(job, **outcome(job))


def outcome(job: Job) -> dict[str, Any]:
    """Do the work; the values that the job keeps of how it ended."""
    try:
        progress = Progress(job)
        progress.check()
        return {"state": Job.State.DONE, "result": _works[job.kind](progress, job.arguments)}
    except Cancelled:
        return {"state": Job.State.CANCELLED}
    except Problem as problem:
        return {"state": Job.State.FAILED, "problem": str(problem)}
    except Exception:
        logger.exception("job %s of kind %s failed", job.ref, job.kind)
        return {"state": Job.State.FAILED, "problem": _(CRASHED)}


def end(job: Job, **values: Any) -> None:
    Job.objects.filter(pk=job.pk, state__in=[Job.State.WAITING, Job.State.RUNNING]).update(
        ended_at=timezone.now(), **values
    )


def end_lost_jobs() -> None:
    """Close the jobs whose worker was killed; its transaction went with it."""
    for job in Job.objects.filter(state=Job.State.RUNNING):
        desk = Desk(job.ref)
        if not desk.is_occupied:
            with override(job.arguments.get("language", "zh-hans")):
                end(job, state=Job.State.FAILED, problem=_(LOST))
            desk.clear()


def cancel(job: Job) -> None:
    """Ask the work to stop; it does at its next telling, or does not begin at all."""
    if not seen(job).over:
        Desk(job.ref).ask_to_stop()


@dataclass(frozen=True)
class SeenJob:
    """A job as its page shows it now, read off the database and its desk; nothing is written by looking."""

    ref: str
    title: str
    state: str
    told: Told = field(default_factory=Told)
    problem: Text = ""

    @property
    def done(self) -> int:
        return self.told.done

    @property
    def total(self) -> int:
        return self.told.total

    @property
    def stage(self) -> str:
        return _(self.told.stage) if self.told.stage else ""

    @property
    def percent(self) -> int:
        return min(100, self.done * 100 // self.total) if self.total else 0

    @property
    def over(self) -> bool:
        return self.state in Job.OVER

    @property
    def get_state_display(self) -> Text:
        return Job.State(self.state).label


def seen(job: Job) -> SeenJob:
    """The job as it stands; one whose worker is gone has failed, one that is asked not to begin is cancelled."""
    desk = Desk(job.ref)
    if job.over:
        return SeenJob(job.ref, job.title, job.state, problem=job.problem)
    if job.state == Job.State.WAITING:
        state = Job.State.CANCELLED if desk.asked_to_stop and not desk.is_occupied else Job.State.WAITING
        return SeenJob(job.ref, job.title, state)
    if desk.is_occupied:
        told = desk.told()
        return SeenJob(job.ref, job.title, job.state, Told(STOPPING) if desk.asked_to_stop else told)
    present = Job.objects.get(pk=job.pk)
    if present.over:  # it ended while we looked
        return seen(present)
    return SeenJob(job.ref, job.title, Job.State.FAILED, problem=_(LOST))
