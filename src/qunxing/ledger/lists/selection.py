"""How many rows were asked for, and which while they are few: found once for each state of the ledgers."""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet

from qunxing.ledger.models import LogHead, Record

FEW = 500
REMEMBERED = 1_000


@dataclass(frozen=True)
class Selection:
    """`keys`, in no order, is None where there are more than FEW."""

    total: int
    keys: tuple[int, ...] | None


_found: OrderedDict[tuple[Any, ...], Selection] = OrderedDict()


def select(rows: QuerySet[Any]) -> Selection:
    """What the rows are; of records it is remembered by this process until anything is written to the log.

    Every write to a record ends in the log, whose last leaf so names the state of all of them: another state,
    even after a rollback, has another leaf.
    """
    if not issubclass(rows.model, Record):
        return look(rows)
    try:
        sql, params = rows.query.sql_with_params()
    except EmptyResultSet:
        return Selection(0, ())
    asked = (rows.db, sql, params, last_leaf())
    found = _found.get(asked) or look(rows)
    _found[asked] = found
    _found.move_to_end(asked)
    if len(_found) > REMEMBERED:
        _found.popitem(last=False)
    return found


def look(rows: QuerySet[Any]) -> Selection:
    """Few rows are known after one look; many are counted."""
    keys = tuple(rows.order_by().values_list("pk", flat=True)[: FEW + 1])
    return Selection(len(keys), keys) if len(keys) <= FEW else Selection(rows.count(), None)


def last_leaf() -> bytes:
    leaf = LogHead.objects.filter(pk=1).values_list("last_leaf", flat=True).first()
    return bytes(leaf or b"")


def forget() -> None:
    """Remember nothing, as after a write."""
    _found.clear()
