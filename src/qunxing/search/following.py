"""The one process that keeps the index up with the ledgers."""

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from qunxing.search.folders import BrokenIndex, Busy, State, alone, current, open_index, state_of
from qunxing.search.writing import Position, Writer, follow, log_size, read_position, rebuild

logger = logging.getLogger(__name__)
WRITING, REBUILDING = "writing", "rebuilding"
PAUSE = 0.2  # seconds between two looks at the log
REST = 5.0  # seconds after something went wrong


class Follower:
    """Holds the index open for writing; `step` brings it up with the log."""

    def __init__(self) -> None:
        self.folder: Path | None = None
        self.writer: Writer | None = None
        self.position: Position | None = None

    def step(self) -> bool:
        """Whether there was anything to do: a rebuild, a stretch of the log, a new day."""
        folder = current()
        if folder != self.folder or self.writer is None:
            return self.take(folder)
        day = timezone.localdate()
        position = self.position
        if position is None or log_size() < position.size:
            return self.rebuild()
        if log_size() == position.size and position.day >= day.isoformat():
            return False
        if not position.fits_the_log:
            return self.rebuild()
        self.position = follow(self.writer, position, day)
        return True

    def take(self, folder: Path | None) -> bool:
        """Take up the index in use, or make one where it cannot be used."""
        self.release()
        if folder is None or state_of(folder) != State.READY:
            return self.rebuild()
        try:
            index = open_index(folder)
            position = read_position(index)
        except BrokenIndex:
            return self.rebuild()
        if position is None or not position.fits_the_log:
            return self.rebuild()
        self.folder, self.position, self.writer = folder, position, Writer(index)
        return True

    def rebuild(self) -> bool:
        self.release()
        with alone(REBUILDING):
            rebuild(timezone.localdate())
        return True

    def release(self) -> None:
        """Let go of the index; what was not committed is read off the log again."""
        writer, self.writer, self.folder, self.position = self.writer, None, None, None
        if writer is not None:
            with suppress(BrokenIndex):
                writer.rollback()
            with suppress(BrokenIndex):
                writer.close()


def run(stopped: Callable[[], bool], sleep: Callable[[float], Any] = time.sleep) -> None:
    """Follow the log until stopped; what goes wrong is logged, and tried again after a rest."""
    told = ""
    while not stopped():
        try:
            with alone(WRITING):
                told = ""
                keep_up(stopped, sleep)
        except Busy:
            sleep(REST)
        except (BrokenIndex, DatabaseError) as error:
            if str(error) != told:
                logger.warning("The search index cannot be kept up: %s", error)
            told = str(error)
            sleep(REST)
        except Exception:
            logger.exception("The search index cannot be kept up")
            sleep(REST)
        finally:
            close_old_connections()


def keep_up(stopped: Callable[[], bool], sleep: Callable[[float], Any]) -> None:
    follower = Follower()
    try:
        while not stopped():
            if not follower.step():
                close_old_connections()
                sleep(PAUSE)
    finally:
        follower.release()


def catch_up() -> None:
    """Bring the index up with the log once; Busy when another process writes it."""
    with alone(WRITING):
        follower = Follower()
        try:
            while follower.step():
                pass
        finally:
            follower.release()
