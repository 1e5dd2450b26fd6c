"""Keeps the duplicates up with the log, beside whoever keeps up the search index."""

import logging
from collections.abc import Callable
from typing import Any

from django.db import DatabaseError, close_old_connections

from qunxing.intake.joining.searching import follow

logger = logging.getLogger(__name__)
PAUSE = 2.0  # seconds between two looks at the log
REST = 10.0  # seconds after something went wrong


def run(stopped: Callable[[], bool], sleep: Callable[[float], Any]) -> None:
    """Follow the log until stopped; what goes wrong is logged once, and tried again after a rest."""
    told = ""
    while not stopped():
        try:
            busy = follow()
            told = ""
            sleep(0 if busy else PAUSE)
        except DatabaseError as error:
            if str(error) != told:
                logger.warning("Duplicates cannot be kept up: %s", error)
            told = str(error)
            sleep(REST)
        except Exception:
            logger.exception("Duplicates cannot be kept up")
            sleep(REST)
        finally:
            close_old_connections()
