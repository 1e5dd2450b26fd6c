"""The kinds of records there are, found from the models that are installed."""

from functools import cache

from django.apps import apps

from qunxing.ledger.models import Record


@cache
def record_kinds() -> dict[str, type[Record]]:
    """{code: model} of every kind of record."""
    return {model.kind_code(): model for model in apps.get_models() if issubclass(model, Record)}
