"""A field that names another record by what a person knows of it, where a list of all would be too long."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _


class RecordPicker(forms.CharField):
    """The record among `rows` (those the user may see) with this reference or one of these keys; None for no text.

    `keys` maps a field to the function that folds what was typed before it is looked up there.
    """

    def __init__(self, *, rows: QuerySet[Any], keys: Mapping[str, Callable[[str], str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.rows = rows
        self.keys = {**keys, "ref": str.lower}

    def prepare_value(self, value: Any) -> Any:
        """The record's name; its reference where others bear the same name."""
        if isinstance(value, str) or value is None:
            return value or ""
        record = value if hasattr(value, "ref") else self.rows.filter(pk=value).first()
        if record is None:
            return ""
        name = str(record)
        return name if len(self.found(name)) == 1 else record.ref

    def found(self, text: str) -> list[Any]:
        """The records that the text may mean, two at most."""
        for key, fold in self.keys.items():
            rows = list(self.rows.filter(**{key: fold(text)})[:2]) if fold(text) else []
            if rows:
                return rows
        return []

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        rows = self.found(text)
        if not rows:
            raise forms.ValidationError(_("“%(text)s” is not on the ledger.") % {"text": text[:60]})
        if len(rows) > 1:
            raise forms.ValidationError(
                _("Several records are called “%(text)s”. Give the code or the reference instead.")
                % {"text": text[:60]}
            )
        return rows[0]
