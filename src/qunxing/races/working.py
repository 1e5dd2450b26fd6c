"""The worker of the scoring queue: a process of its own beside the pages, with less of the processor than they get."""

import logging
import os
import time
from collections.abc import Callable

from django.db import close_old_connections
from django.utils import timezone

from qunxing.races.actions.flagging import raise_flags
from qunxing.races.actions.scoring import work_once
from qunxing.races.models import Entry
from qunxing.races.queries.boardrows import warm
from qunxing.races.states.entry import EntryState

logger = logging.getLogger(__name__)
PAUSE = 1.0  # seconds between two looks at an empty queue
NICE = 10


def work_through(*, stop: Callable[[], bool] = lambda: False) -> int:
    """Score until nothing waits, or until asked to stop; how many entries were brought to an end.

    When nothing of a stage waits any more, its standing is computed for the boards and signs of trouble are raised.
    """
    done = 0
    while not stop() and (entry := work_once()) is not None:
        done += 1
        if is_quiet(entry):
            look_over(entry)
    return done


def is_quiet(entry: Entry) -> bool:
    """Whether nothing of the entry's stage waits."""
    waiting = [EntryState.RECEIVED, EntryState.QUEUED, EntryState.SCORING]
    return not Entry.objects.filter(stage_id=entry.stage_id, state__in=waiting).exists()


def look_over(entry: Entry) -> None:
    """What is computed over all lanes; a failure here spoils no score."""
    try:
        warm(entry.stage)
        raise_flags(entry.stage, day=timezone.localdate())
    except Exception:
        logger.exception("the stage %s could not be looked over", entry.stage.ref)


def follow(stop: Callable[[], bool]) -> None:
    """Work as entries come, until asked to stop; what goes wrong is told, and the next look is taken."""
    os.nice(NICE)
    while not stop():
        close_old_connections()
        try:
            work_through(stop=stop)
        except Exception:
            logger.exception("the scoring queue stumbled")
        time.sleep(PAUSE)
