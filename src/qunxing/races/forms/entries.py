"""Forms of entries and of what they are scored by."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunxing.directory.pickers import OrganizationPicker
from qunxing.races.models import Entry, Stage
from qunxing.races.scoring import BadSchema, Schema

KINDS = (
    ("label", pgettext_lazy("kind of answer", "a label")),
    ("number", pgettext_lazy("kind of answer", "a number")),
    ("text", pgettext_lazy("kind of answer", "a text")),
)
FILE = forms.FileInput


class EntryForm(forms.Form):
    """A file of answers, perhaps only to be tried, or a signed table of scores."""

    kind = forms.ChoiceField(label=pgettext_lazy("entry", "Kind"), choices=())
    file = forms.FileField(
        label=_("File"),
        widget=FILE(attrs={"accept": ".csv,.jsonl,.zip"}),
        help_text=_("CSV, JSON lines, or a zip of either, in UTF-8."),
        required=False,
    )
    signature = forms.FileField(
        label=_("Signature of the testing body"),
        required=False,
        widget=FILE(attrs={"accept": ".json"}),
        help_text=_("The file that the testing body made with its key; for a table of scores only."),
    )
    remark = forms.CharField(label=_("Note"), required=False, max_length=200)
    cost = forms.IntegerField(
        label=_("What it cost (yuan)"),
        required=False,
        min_value=0,
        max_value=10**12,
        help_text=_("Where the gate breaks ties by cost."),
    )

    def __init__(self, *args: Any, stage: Stage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plan = stage.gate
        kinds = [Entry.Kind(kind) for kind in plan.entries.takes]
        if Entry.Kind.ANSWERS in kinds:
            kinds.append(Entry.Kind.DRY_RUN)
        field: Any = self.fields["kind"]
        field.choices = [(kind.value, kind.label) for kind in kinds]
        if Entry.Kind.TABLE not in kinds:
            del self.fields["signature"]
        if "cost" not in plan.rule.tie_break:
            del self.fields["cost"]


class TestSetForm(forms.Form):
    """The sealed answers of a stage, and what files of entries must look like."""

    __test__ = False

    name = forms.CharField(label=_("Name"), max_length=120)
    file = forms.FileField(
        label=_("File of true values"),
        required=False,
        widget=FILE(attrs={"accept": ".csv,.jsonl,.zip"}),
        help_text=_("A row for each item. It is encrypted as it arrives; nobody can download it again."),
    )
    item = forms.CharField(label=_("Column of the item"), initial="item", max_length=60)
    truth = forms.CharField(label=_("Column of the true value"), initial="truth", max_length=60)
    truth_kind = forms.ChoiceField(label=_("The true value is"), choices=KINDS)
    answer = forms.CharField(label=_("Column of the answer, in entries"), initial="answer", max_length=60)
    answer_kind = forms.ChoiceField(label=_("An answer is"), choices=KINDS)
    labels = forms.CharField(
        label=pgettext_lazy("kind of answer", "Labels"),
        required=False,
        max_length=2000,
        help_text=_("Divided by commas; empty for any."),
    )
    low = forms.FloatField(label=_("Least number"), required=False)
    high = forms.FloatField(label=_("Greatest number"), required=False)
    stratum = forms.CharField(
        label=_("Column of the stratum"), required=False, max_length=60, help_text=_("Only in the file of true values.")
    )
    may_miss = forms.BooleanField(label=_("Items may be left unanswered"), required=False)
    public = forms.FileField(
        label=_("List of the public items"),
        required=False,
        help_text=_("One item a line; without it the gate's share is drawn with its seed."),
    )
    questions = forms.FileField(
        label=_("Questions to hand out"), required=False, help_text=_("Teams download it once the window is open.")
    )
    origin = forms.CharField(label=_("Where it comes from"), required=False, max_length=300)

    def clean(self) -> dict[str, Any]:
        """The two schemas, once all parts of them are there."""
        data: dict[str, Any] = super().clean() or {}
        if self.errors:
            return data
        labels = [label.strip() for label in data["labels"].replace("，", ",").split(",") if label.strip()]
        bounds = {"low": data["low"], "high": data["high"]}
        try:
            data["entry_schema"] = self.schema(
                data["answer"], data["answer_kind"], labels, bounds, may_miss=data["may_miss"]
            )
            data["key_schema"] = self.schema(data["truth"], data["truth_kind"], labels, bounds, stratum=data["stratum"])
        except BadSchema as error:
            raise forms.ValidationError(_("These columns cannot stand: %(why)s"), params={"why": str(error)}) from error
        return data

    def schema(self, column: str, kind: str, labels: list[str], bounds: Any, **more: Any) -> Schema:
        """One column beside that of the item; labels and bounds are for the kinds that have them."""
        field = {"name": column, "kind": kind, "labels": labels if kind == "label" else []}
        field |= bounds if kind == "number" else {}
        return Schema.read({"item": self.cleaned_data["item"], "fields": [field], **more})


class ScorerForm(forms.Form):
    """A Python file that scores."""

    name = forms.CharField(label=_("Name"), max_length=120)
    file = forms.FileField(label=_("Python file"), widget=FILE(attrs={"accept": ".py"}))
    seconds = forms.IntegerField(label=_("Seconds it may take"), initial=60, min_value=1, max_value=600)
    megabytes = forms.IntegerField(label=_("Megabytes of memory"), initial=2048, min_value=128, max_value=8192)
    about = forms.CharField(label=_("What it does"), required=False, max_length=300)


class BodyForm(forms.Form):
    """A testing body with its key."""

    key = forms.CharField(
        label=_("Public key (Ed25519, hexadecimal)"),
        max_length=64,
        widget=forms.TextInput(attrs={"spellcheck": "false"}),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        picker = OrganizationPicker(user=user, label=pgettext_lazy("race", "Testing body"))
        self.fields = {"organization": picker, **self.fields}


class BaselineForm(forms.Form):
    """A row that lanes are held against."""

    name = forms.CharField(label=_("Name"), max_length=80)
    about = forms.CharField(label=_("What it is about"), required=False, max_length=300)
    file = forms.FileField(label=_("File of answers"), required=False)


class LookForm(forms.Form):
    """What somebody found who looked at a sign."""

    found = forms.ChoiceField(
        label=_("What came of it"), choices=(("no", _("Nothing was found")), ("yes", _("Something was found")))
    )
    looked = forms.CharField(
        label=_("What was looked at, and what was found"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
