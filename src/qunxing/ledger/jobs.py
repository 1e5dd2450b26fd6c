"""Running long work: what it does is a function of the job, found by the job's kind."""

import logging
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django_tasks import task

from qunxing.core.errors import Problem
from qunxing.ledger.models import Job

logger = logging.getLogger(__name__)
Work = Callable[["Progress", dict[str, Any]], dict[str, Any]]
_works: dict[str, Work] = {}


class Cancelled(Exception):
    """The person who started the work asked it to stop; all it wrote is rolled back."""


class Progress:
    """What the work tells of itself; `advance` is also where a wish to stop is noticed."""

    def __init__(self, job: Job) -> None:
        self.job = job

    def expect(self, total: int) -> None:
        Job.objects.filter(pk=self.job.pk).update(total=total)

    def advance(self, done: int) -> None:
        """Say how far it is; raises Cancelled when somebody asked to stop. Call it outside long transactions."""
        Job.objects.filter(pk=self.job.pk).update(done=done)
        self.check()

    def check(self) -> None:
        if Job.objects.filter(pk=self.job.pk, cancel_asked=True).exists():
            raise Cancelled


def work(kind: str) -> Callable[[Work], Work]:
    """Name a function as the work of jobs of this kind."""

    def register(function: Work) -> Work:
        _works[kind] = function
        return function

    return register


def start(kind: str, *, actor: Any, title: str, language: str, **arguments: Any) -> Job:
    """Queue the work; it begins when the present transaction is committed."""
    job = Job.objects.create(kind=kind, owner=actor, title=title[:300], arguments={**arguments, "language": language})
    transaction.on_commit(lambda: run_job.enqueue(job.pk))
    return job


@task()
def run_job(pk: int) -> None:
    """Do the work of one job and keep how it ended."""
    job = Job.objects.get(pk=pk)
    if not Job.objects.filter(pk=pk, state=Job.State.WAITING, cancel_asked=False).update(state=Job.State.RUNNING):
        end(job, Job.State.CANCELLED)
        return
    with override(job.arguments.get("language", "zh-hans")):
        try:
            result = _works[job.kind](Progress(job), job.arguments)
        except Cancelled:
            end(job, Job.State.CANCELLED)
        except Problem as problem:
            end(job, Job.State.FAILED, problem=str(problem))
        except Exception:
            logger.exception("job %s of kind %s failed", job.ref, job.kind)
            end(job, Job.State.FAILED, problem=_("Something went wrong on our side; nothing was written."))
        else:
            end(job, Job.State.DONE, result=result)


def end(job: Job, state: str, **values: Any) -> None:
    Job.objects.filter(pk=job.pk, state__in=[Job.State.WAITING, Job.State.RUNNING]).update(
        state=state, ended_at=timezone.now(), **values
    )
