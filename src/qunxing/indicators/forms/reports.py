"""Forms of reports and of their templates."""

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunxing.directory.models import Scope
from qunxing.indicators.forms.asking import EARLIEST, FUTURE, TOO_EARLY
from qunxing.indicators.models import LONGEST_BODY, Report, ReportTemplate
from qunxing.indicators.queries.reports import faults_of
from qunxing.indicators.reports.faults import fault_text
from qunxing.ledger.forms import RecordForm

MOST_FAULTS = 12


class ReportForm(RecordForm):
    """What a draft is to speak of."""

    class Meta:
        model = Report
        fields: ClassVar[list[str]] = ["template", "scope", "as_of", "known_at", "visibility"]
        labels: ClassVar[dict[str, Any]] = {"visibility": _("made for")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("source", "place"):
            self.fields.pop(name, None)
        usable = Q(retired=False) | Q(pk=self.instance.template_id)
        templates = ReportTemplate.objects.visible_to(self.user).filter(usable)
        self.fields["template"] = forms.ModelChoiceField(templates, label=_("Template"), to_field_name="ref")
        scopes = Scope.objects.visible_to(self.user).select_related("community")
        self.fields["scope"] = forms.ModelChoiceField(scopes, label=_("Scope"), to_field_name="ref")
        if self.instance.pk:
            stored = {"template": self.instance.template, "scope": self.instance.scope}
            self.initial = {**self.initial, **stored}
        else:
            self.initial.setdefault("visibility", "internal")
            self.fields.pop("reason", None)
        self.order_fields(["template", "scope", "as_of", "known_at", "visibility", "reason"])

    def clean_as_of(self) -> date:
        return past(self.cleaned_data["as_of"])

    def clean_known_at(self) -> date | None:
        day = self.cleaned_data["known_at"]
        return past(day) if day is not None else None

    @property
    def words(self) -> dict[str, Any]:
        return {"reason": self.cleaned_data.get("reason", ""), "source": None, "place": ""}


def past(day: date) -> date:
    """The day, unless it has not come yet or nothing is kept of it."""
    today = timezone.localdate()
    if day > today:
        raise ValidationError(FUTURE % {"today": today.isoformat()})
    if day < EARLIEST:
        raise ValidationError(TOO_EARLY)
    return day


class TemplateForm(RecordForm):
    """A template; a text that cannot be filled in is not taken, and each fault names its line."""

    class Meta:
        model = ReportTemplate
        fields: ClassVar[list[str]] = [
            "code", "name_zh", "name_en", "period", "due_days", "scope", "language", "audience", "body", "retired",
        ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("source", "place"):
            self.fields.pop(name, None)
        self.fields["body"] = forms.CharField(
            label=pgettext_lazy("template", "Text"),
            max_length=LONGEST_BODY,
            strip=False,
            widget=forms.Textarea(attrs={"rows": 18, "spellcheck": "false"}),
        )
        if self.instance.pk:
            self.fields.pop("code")
        else:
            self.fields.pop("reason", None)

    def clean_body(self) -> str:
        text = str(self.cleaned_data["body"]).replace("\r\n", "\n")
        _body, faults = faults_of(text)
        if faults:
            raise ValidationError([fault_text(fault) for fault in faults[:MOST_FAULTS]])
        return text

    @property
    def words(self) -> dict[str, Any]:
        return {"reason": self.cleaned_data.get("reason", ""), "source": None, "place": ""}


class PreviewForm(forms.Form):
    """What a template is looked at with: any text, and the last day of the month before unless one is given."""

    body = forms.CharField(max_length=LONGEST_BODY, required=False, strip=False)
    scope = forms.ChoiceField(choices=Scope.Code.choices, required=False)
    language = forms.CharField(required=False, max_length=8)
    period = forms.CharField(required=False, max_length=8)
    audience = forms.CharField(required=False, max_length=10)
    as_of = forms.DateField(required=False)

    def clean_as_of(self) -> date | None:
        day = self.cleaned_data["as_of"]
        return past(day) if day is not None else None
