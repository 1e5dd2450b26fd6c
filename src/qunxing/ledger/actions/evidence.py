"""Evidence: where a value was read, and which of several a record follows."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from qunxing.core.errors import Refused
from qunxing.ledger.models import Evidence, Record, Source
from qunxing.ledger.recording import recording

ENCODER = DjangoJSONEncoder()


def plain(value: Any) -> Any:
    """The value as evidence keeps it: JSON types, days as ISO text, a related record by its reference."""
    if isinstance(value, models.Model):
        return getattr(value, "ref", value.pk)
    if isinstance(value, str | int | float | bool | list | dict) or value is None:
        return value
    if isinstance(value, tuple):
        return list(value)
    return ENCODER.default(value)


def evidence_row(
    record: Record, *, actor: Any, source: Source, values: Mapping[str, Any], place: str = "", day: date | None = None
) -> Evidence:
    """Unsaved evidence for these values of the record."""
    return Evidence(
        record_kind=record.kind_code(),
        record_id=record.pk,
        source=source,
        values={name: plain(value) for name, value in values.items()},
        place=place[:300],
        recorded_by=actor,
        confirmed_on=day or timezone.localdate(),
    )


def cite(
    record: Record, *, actor: Any, source: Source, values: Mapping[str, Any], place: str = "", day: date | None = None
) -> Evidence:
    """Keep that the source gives these values; the record itself is not touched."""
    evidence = evidence_row(record, actor=actor, source=source, values=values, place=place, day=day)
    evidence.save()
    return evidence


def confirm(evidence: Evidence, *, actor: Any, day: date) -> None:
    """Say that the source was looked at again on that day and still says so."""
    Evidence.objects.filter(pk=evidence.pk, confirmed_on__lt=day).update(confirmed_on=day, recorded_by=actor)


def follow(record: Record, evidence: Evidence, field: str, *, actor: Any, reason: str) -> Record:
    """Let the record take this evidence's value for the field; the choice is a version with its reason and source."""
    model_field: Any = record._meta.get_field(field)
    value = evidence.values[field]
    if not model_field.editable:
        raise Refused(_("This value moves by its own steps and does not follow a source."))
    if model_field.is_relation and value is not None:
        related = model_field.related_model._default_manager.filter(ref=value).first()
        if related is None:
            raise Refused(_("“%(name)s” is not kept here as a record. Add it first.") % {"name": value})
        value = getattr(related, model_field.target_field.attname)
    with recording(actor=actor, reason=reason, source=evidence.source):
        stored: Record = type(record)._default_manager.select_for_update().get(pk=record.pk)
        setattr(stored, model_field.attname, value)
        check(stored, field)
        stored.save()
    return stored


def check(record: Record, changed: str) -> None:
    """Turn the new value into what its field holds; Refused where the field or a rule of the record does not allow it.

    Evidence is kept as its source has it, so it may say what no record can hold.
    """
    others = {field.name for field in record._meta.fields if field.name != changed}
    try:
        record.clean_fields(exclude=others)
        record.clean()
        record.validate_unique()
        record.validate_constraints()
    except ValidationError as error:
        raise Refused(_("The record cannot take this value: %(why)s") % {"why": " ".join(error.messages)}) from error
