"""What a version holds, as plain values and as a digest."""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.db import models

from qunxing.ledger.canonical import digest
from qunxing.ledger.models import Record

HISTORY_KINDS = {"+": "record.created", "~": "record.changed", "-": "record.deleted"}


def values_of(row: models.Model, kind: type[Record]) -> dict[str, Any]:
    """{attribute: stored value} of a record or of a version of it, alike for both."""
    return {name: prepare(getattr(row, name)) for name, prepare in prepared_fields(kind)}


@cache
def history_of(kind: type[Record]) -> Any:
    """The model of its versions. Asking for `history` makes a class each time: once a kind is enough."""
    return kind.history.model


@cache
def prepared_fields(kind: type[Record]) -> tuple[tuple[str, Callable[[Any], Any]], ...]:
    """(attribute, what makes its stored value) of every field that a version holds."""
    return tuple((field.attname, field.get_prep_value) for field in history_of(kind).tracked_fields)


def version_digest(row: models.Model, kind: type[Record]) -> str:
    """SHA-256 over the canonical form of the values, in hexadecimal."""
    return digest(values_of(row, kind))
