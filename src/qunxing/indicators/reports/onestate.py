"""Reading many tables as they stood at one moment."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def one_state() -> Iterator[None]:
    """All reads within see what was there at the first of them, whatever others write meanwhile.

    Inside a transaction it is for whoever opened that to see to it. On SQLite a transaction of this program is a
    writer's and would keep others waiting; there a report that is not issued may see two states.
    """
    if connection.in_atomic_block or connection.vendor != "postgresql":
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield
