"""What goes wrong in the middle: the program dies at a random statement, or after the step but before anybody knew."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection


class Crash(Exception):
    """The program died here."""


class Bomb:
    """Goes off once, at the n-th statement that the database is asked for within the step's own transaction."""

    def __init__(self, at: int) -> None:
        self.left, self.outside = at, depth()
        self.gone_off = False

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if depth() > self.outside:
            self.left -= 1
            if self.left == 0:
                self.gone_off = True
                raise Crash(sql[:80])
        return execute(sql, params, many, context)


def depth() -> int:
    """How many transactions are open, one in another."""
    return len(connection.savepoint_ids) + connection.in_atomic_block


@contextmanager
def crashing(at: int) -> Iterator[Bomb]:
    bomb = Bomb(at)
    with connection.execute_wrapper(bomb):
        yield bomb
