"""The form of any record: its fields, the revision it was opened at, and what the change rests on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.choices import BlankChoiceIterator
from django.utils.translation import gettext_lazy as _

from qunxing.core.errors import Text
from qunxing.core.fields import split_codes
from qunxing.core.formats import NOTHING
from qunxing.core.uploads import check_upload
from qunxing.ledger.models import Record, Source

WORDS = ("revision", "reason", "source", "place")


class CodesFormField(forms.MultipleChoiceField):
    """Codes of a vocabulary as check boxes; the value is a tuple as `CodesField` keeps it."""

    widget = forms.CheckboxSelectMultiple

    def clean(self, value: Any) -> tuple[str, ...]:
        return split_codes(super().clean(value))


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class RecordForm(forms.ModelForm):  # type: ignore[type-arg]
    """Base of the forms of records; `user` decides which sources and which levels of visibility are offered."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(label=_("Reason for the change"), max_length=500, required=False)
    source = forms.ModelChoiceField(Source.objects.none(), label=_("Source"), required=False, to_field_name="ref")
    place = forms.CharField(
        label=_("Place in the source"), max_length=300, required=False, help_text=_("Sheet and cell, page, or phrase.")
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.initial.setdefault("revision", self.instance.revision if self.instance.pk else None)
        if user.has_perm("ledger.cite"):
            self.fields["source"].queryset = Source.objects.visible_to(user)  # type: ignore[attr-defined]
        else:
            self.fields.pop("source")
            self.fields.pop("place")
        if "visibility" in self.fields and not user.has_perm("ledger.change_visibility"):
            self.fields.pop("visibility")
        self.use_day_inputs()
        self.use_short_blanks()

    def use_short_blanks(self) -> None:
        """The empty choice is a dash, not nine of them."""
        for field in self.fields.values():
            if isinstance(field, forms.ModelChoiceField):
                field.empty_label = NOTHING if field.empty_label else None
            elif isinstance(field, forms.ChoiceField) and isinstance(field.choices, BlankChoiceIterator):
                field.choices = [(code, label if code else NOTHING) for code, label in field.choices]

    def use_day_inputs(self) -> None:
        for name, field in self.fields.items():
            if isinstance(field, forms.DateField):
                field.widget = DayInput(attrs=field.widget.attrs)
                field.initial = self.initial.get(name)

    @property
    def record_fields(self) -> list[str]:
        return [name for name in self.fields if name not in WORDS]

    @property
    def record_values(self) -> dict[str, Any]:
        """The cleaned values of the record's own fields."""
        return {name: self.cleaned_data[name] for name in self.record_fields}

    @property
    def words(self) -> dict[str, Any]:
        """Reason, source and place, as the actions take them."""
        cleaned = self.cleaned_data
        return {"reason": cleaned["reason"], "source": cleaned.get("source"), "place": cleaned.get("place") or ""}


@dataclass(frozen=True)
class Clash:
    """One field of a conflict: what stood when the form was opened, what stands now, what was typed."""

    name: str
    label: Text
    opened: str
    theirs: str
    mine: str
    keep: str


def clashes(mine: RecordForm, opened: RecordForm, theirs: RecordForm) -> list[Clash]:
    """The fields in which the stored record and the typed values differ.

    `keep` proposes whose value to take: theirs where the writer left the field alone, mine otherwise.
    """
    found = []
    for name in mine.record_fields:
        values = [raw_values(form, name) for form in (opened, theirs, mine)]
        if values[1] == values[2]:
            continue
        keep = "theirs" if values[0] == values[2] else "mine"
        then, now, typed = (shown(mine, name, value) for value in values)
        found.append(Clash(name, mine.fields[name].label or name, then, now, typed, keep))
    return found


def raw_values(form: RecordForm, name: str) -> list[str]:
    """The field's value as a browser would post it."""
    field = form.fields[name]
    value = form[name].value()
    if value in (None, ""):
        return []
    if isinstance(value, list | tuple):
        return sorted(str(field.prepare_value(item)) for item in value)
    if isinstance(value, bool):
        return ["on"] if value else []
    prepared = field.prepare_value(value)
    posted = field.widget.format_value(prepared) if hasattr(field.widget, "format_value") else prepared
    return [str(item) for item in posted] if isinstance(posted, list) else [str(posted or "")]


def shown(form: RecordForm, name: str, values: Iterable[str]) -> str:
    choices = getattr(form.fields[name], "choices", None)
    labels: Mapping[str, Any] = {str(value): label for value, label in choices} if choices else {}
    return ", ".join(str(labels.get(value, value)) for value in values)


def with_choices(posted: QueryDict, theirs: RecordForm) -> QueryDict:
    """The posted values, with the stored value in each field where the writer chose to keep theirs."""
    data = posted.copy()
    for name in theirs.record_fields:
        if posted.get(f"keep_{name}") == "theirs":
            data.setlist(name, raw_values(theirs, name))
    return data


class SourceForm(RecordForm):
    """A source; its file is checked by content, and its digest kept."""

    class Meta:
        model = Source
        fields: ClassVar[list[str]] = [
            "title",
            "kind",
            "publisher",
            "day",
            "url",
            "file",
            "series",
            "note",
            "visibility",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("source", None)
        self.fields.pop("place", None)
        self.digest = self.instance.digest

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if isinstance(file, UploadedFile):
            self.digest = check_upload(file)
        elif not file:
            self.digest = ""
        return file or ""

    def save(self, commit: bool = True) -> Any:
        self.instance.digest = self.digest
        return super().save(commit)

    @property
    def record_values(self) -> dict[str, Any]:
        return super().record_values | {"digest": self.digest}


def record_kind(record: Record) -> str:
    return str(record._meta.verbose_name)
