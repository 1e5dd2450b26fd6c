"""What waits for whom in races; each part of the work has a module."""

from qunxing.races.duties import running

DUTIES = (*running.DUTIES,)
