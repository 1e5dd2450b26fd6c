"""The periodic work: a task that sets itself again, carried by the worker that `qunxing serve` starts."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from qunxing.core.specs import declared
from qunxing.matching.alerts.mailing import Mailed, send_waiting
from qunxing.matching.alerts.running import Looked, look_at_all

logger = logging.getLogger(__name__)
PAUSE = timedelta(minutes=5)
KEPT = timedelta(days=1)
FIRST_HOUR = 7  # nobody is told in the night


def send_due(*, now: datetime) -> tuple[Looked, Mailed]:
    """Look at what is due today, and send what waits."""
    local = timezone.localtime(now)
    looked = look_at_all(local.date(), now=now) if local.hour >= FIRST_HOUR else Looked(local.date())
    mailed = send_waiting(now=now)
    for go_round in declared("rounds", "ROUNDS"):
        attempt(go_round, now)
    return looked, mailed


def attempt(go_round: Callable[..., Any], now: datetime) -> None:
    """Do what another app does from time to time; its failure is its own."""
    try:
        go_round(now=now)
    except Exception:
        logger.exception("%s failed", go_round.__qualname__)


@task()
def tick() -> None:
    """One round; the next is set before this one begins, so that no failure stops the clock."""
    now = timezone.now()
    wind(now + PAUSE)
    send_due(now=now)


def wind(moment: datetime) -> None:
    tick.using(run_after=moment).enqueue()


def start_clock() -> None:
    """Set the first round unless one waits already, and forget old rounds; called when the program begins to serve."""
    if not settings.TASKS["default"]["BACKEND"].startswith("django_tasks_db"):
        return
    rounds = task_rows()
    rounds.exclude(status="READY").filter(enqueued_at__lt=timezone.now() - KEPT).delete()
    if not rounds.filter(status="READY").exists():
        tick.enqueue()


def task_rows() -> Any:
    """The database's rows of this task."""
    return DBTaskResult.objects.filter(task_path=tick.module_path)
