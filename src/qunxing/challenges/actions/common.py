"""What the writes after the opening have in common."""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import models

from qunxing.core.states import Machine, Transition, advance
from qunxing.ledger.models import Record
from qunxing.ledger.reasons import reason_for
from qunxing.ledger.recording import Entry, note, recording

R = TypeVar("R", bound=models.Model)


def require(actor: Any, permission: str, row: Any = None) -> None:
    """PermissionDenied unless the actor holds the permission; no actor is the program itself."""
    if actor is not None and not actor.has_perm(permission, row):
        raise PermissionDenied


def locked(row: R) -> R:
    """The stored row, kept from others until the transaction ends."""
    found: R = type(row)._default_manager.select_for_update().get(pk=row.pk)
    return found


def take(row: Any, name: str, machine: Machine, *, actor: Any, reason: str = "", **changes: Any) -> Transition:
    """One step of a row's life inside a recording of its own; the row is as stored afterwards."""
    with recording(actor=actor, reason=reason_for(machine.named(name), reason)):
        return advance(row, name, actor=actor, machine=machine, **changes)


def follow(row: Any, name: str, machine: Machine, **changes: Any) -> Transition:
    """A step that another step brings about: whoever may take the first need not hold the second's permission."""
    return advance(row, name, actor=None, machine=machine, **changes)


def tell(what: str, row: Record, facts: Mapping[str, Any]) -> None:
    """Put into the log what happened to the row, in plain facts without personal data."""
    note(Entry(what, row.kind_code(), row.ref, facts))
