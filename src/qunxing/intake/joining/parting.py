"""What follows when a merge, or a batch of short names, is undone, beside the records themselves."""

import json
from typing import Any

from django.apps import apps
from django.core import serializers
from django.db import IntegrityError, transaction

from qunxing.core.chunks import chunks
from qunxing.directory.models import Organization, OrganizationName
from qunxing.intake.models import AliasProposal, Batch, Distinct, ForeignNumber
from qunxing.ledger.models import Evidence


def part_again(batch: Batch) -> None:
    """What is said, numbered and kept of the record that was joined into another is its own again."""
    told = batch.summary
    Evidence.objects.filter(pk__in=told["evidence"]).delete()
    Distinct.objects.filter(pk__in=told.get("apart", [])).delete()
    key = Organization.objects.filter(ref=told["removed"]).values_list("pk", flat=True).first()
    if key is None:
        return
    ForeignNumber.objects.filter(pk__in=told["numbers"]).update(record_key=key)
    survivor = Organization.objects.filter(ref=told["survivor"]).values_list("pk", flat=True).first()
    for name, keys in told.get("rows", {}).items():
        label, _dot, field = name.rpartition(".")
        model: Any = apps.get_model(label)
        model._base_manager.filter(pk__in=keys, **{field: survivor}).update(**{field: key})
    for row in told.get("gone", []):
        bring_back(row)


def bring_back(row: Any) -> None:
    """A row that is no record, as it was; not where what it points at is gone, or somebody has made it anew."""
    try:
        with transaction.atomic():
            for one in serializers.deserialize("json", json.dumps([row])):
                if not type(one.object)._base_manager.filter(pk=one.object.pk).exists():
                    one.save()
            transaction.get_connection().check_constraints()
    except IntegrityError:
        return


def settle_again(batch: Batch) -> None:
    """After an undoing: a proposal is open where its name is gone, and accepted where the name came back."""
    while batch.undoes is not None:
        batch = batch.undoes
    rows = list(AliasProposal.objects.filter(batch=batch).order_by("pk")) if batch.kind == Batch.Kind.ALIAS else []
    for chunk in chunks(rows):
        names = OrganizationName.objects.filter(organization__in={row.organization_id for row in chunk})
        borne = set(names.values_list("organization_id", "name_key"))
        stays = {row.pk for row in chunk if (row.organization_id, row.short_key) in borne}
        AliasProposal.objects.filter(pk__in=stays).update(state=AliasProposal.State.ACCEPTED)
        AliasProposal.objects.filter(pk__in={row.pk for row in chunk} - stays).update(state=AliasProposal.State.OPEN)
