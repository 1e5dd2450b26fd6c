"""What a version holds, as plain values and as a digest."""

from typing import Any

from django.db import models

from qunxing.ledger.canonical import digest
from qunxing.ledger.models import Record

HISTORY_KINDS = {"+": "record.created", "~": "record.changed", "-": "record.deleted"}


def values_of(row: models.Model, kind: type[Record]) -> dict[str, Any]:
    """{attribute: stored value} of a record or of a version of it, alike for both."""
    return {
        field.attname: field.get_prep_value(getattr(row, field.attname))
        for field in kind.history.model.tracked_fields  # type: ignore[attr-defined]
    }


def version_digest(row: models.Model, kind: type[Record]) -> str:
    """SHA-256 over the canonical form of the values, in hexadecimal."""
    return digest(values_of(row, kind))
