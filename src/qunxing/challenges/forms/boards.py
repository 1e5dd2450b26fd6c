"""The forms of lists, of the challenges on them, and of their amendments."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunxing.challenges.models import Challenge, ChallengeList, RuleSet
from qunxing.challenges.readiness import day_fault
from qunxing.core.calendars import work_calendar
from qunxing.core.formfields import MoneyField
from qunxing.core.money import MoneyRange
from qunxing.directory.pickers import OrganizationPicker
from qunxing.directory.queries import field_options
from qunxing.ledger.forms import CodesFormField, RecordForm
from qunxing.scenarios.goalforms import GoalRows


class MomentInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


class DeadlineField(forms.DateTimeField):
    """A day and hour by which bids must have arrived, on a day that is worked."""

    widget = MomentInput

    def clean(self, value: Any) -> datetime | None:
        moment: datetime | None = super().clean(value)
        if moment is None:
            return None
        if (fault := day_fault(moment, work_calendar())) is not None:
            raise ValidationError(str(fault))
        return moment


class YuanField(MoneyField):
    """One amount in yuan as people write it: 500万元; None where it is left empty."""

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int) and not isinstance(value, bool):
            return super().prepare_value(MoneyRange(value, value))
        return super().prepare_value(value)

    def clean(self, value: Any) -> int | None:
        if not str(value or "").strip():
            return None
        money: MoneyRange | None = super().clean(value)
        if money is None or money.currency != "CNY" or money.low is None or money.low != money.high or money.about:
            raise ValidationError(_("Give one amount in yuan, such as 500万元."))
        return money.low


class BoardForm(RecordForm):
    """A list before it is published."""

    class Meta:
        model = ChallengeList
        fields: ClassVar[list[str]] = ["title", "publisher", "rule_set", "deadline", "preface", "visibility"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["publisher"] = OrganizationPicker(user=self.user, label=_("Published by"), required=False)
        stored = self.instance.rule_set_id
        rows = RuleSet.objects.filter(in_force=True) | RuleSet.objects.filter(pk=stored)
        label, first = _("Rule set"), rows.first() if rows.count() == 1 else None
        self.fields["rule_set"] = forms.ModelChoiceField(rows, label=label, to_field_name="ref", initial=first)
        if stored:
            self.initial["rule_set"] = self.instance.rule_set
        kept = self.fields["deadline"]
        self.fields["deadline"] = DeadlineField(label=kept.label, help_text=kept.help_text)
        self.fields["preface"].widget.attrs["rows"] = 4

    def clean_deadline(self) -> datetime:
        deadline: datetime = self.cleaned_data["deadline"]
        if deadline <= timezone.now() and deadline != self.instance.deadline:
            raise ValidationError(_("The deadline lies in the past; choose a later one."))
        return deadline


class ChallengeForm(GoalRows):
    """A challenge with its targets; `posted` names the fields of the request, so that forms of a conflict agree."""

    GOALS: ClassVar[str] = "targets"

    class Meta:
        model = Challenge
        fields: ClassVar[list[str]] = [
            "title", "issuer", "kind", "purpose", "mechanism", "fields", "problem", "conditions", "ownership", "money",
            "payer", "starts_on", "ends_on", "contact_name", "contact_phone", "contact_email", "contact_open",
            "visibility",
        ]  # fmt: skip

    def __init__(self, *args: Any, posted: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stored = self.instance
        self.fields["issuer"] = OrganizationPicker(user=self.user, label=_("Issuer"))
        self.fields["payer"] = OrganizationPicker(user=self.user, label=_("Who pays"), required=False)
        self.fields["fields"] = CodesFormField(
            label=_("Technical fields"), choices=field_options(), required=False, initial=stored.fields
        )
        self.fields["money"] = YuanField(label=_("Money"), help_text=_("One amount: 500万元, 0 where it is open."))
        self.order_fields([*self.Meta.fields, "reason", "source", "place"])
        if stored.pk and not self.user.has_perm("challenges.create_challenge"):
            self.fields.pop("issuer")
        self.use_rows(posted)

    @property
    def record_values(self) -> dict[str, Any]:
        """The cleaned values of the challenge's own fields, the targets as `rows`."""
        hidden = self.cell_names
        return {name: self.cleaned_data[name] for name in self.record_fields if name not in hidden} | {
            "rows": self.rows
        }


class AmendEntryForm(ChallengeForm):
    """A challenge of a published list as it shall be from the amendment on."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        amending(self)
        self.fields.pop("visibility", None)
        self.fields.pop("issuer", None)


class AmendListForm(RecordForm):
    """What stands over a published list, and its deadline, as they shall be from the amendment on."""

    deadline = DeadlineField(
        label=_("Bids until"), help_text=_("Never nearer than it is; the rules move it where an amendment comes late.")
    )

    class Meta:
        model = ChallengeList
        fields: ClassVar[list[str]] = ["title", "preface", "deadline"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        amending(self)

    @property
    def record_values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("title", "preface")}


def amending(form: RecordForm) -> None:
    """An amendment rests on a reason, which everybody reads."""
    for name in ("source", "place"):
        form.fields.pop(name, None)
    form.fields["reason"].required = True
    form.fields["reason"].label = _("Reason for the amendment")
    form.fields["reason"].help_text = _("Everybody reads it.")


class ReopenForm(forms.Form):
    """Until when bids are taken again, and why."""

    deadline = DeadlineField(label=_("Bids until"))
    reason = forms.CharField(label=_("Reason"), max_length=500, help_text=_("Everybody reads it."))


class PutOnListForm(forms.Form):
    """On which list a scenario or a need goes: one that is not published, or a new one."""

    board = forms.ModelChoiceField(
        ChallengeList.objects.none(),
        label=pgettext_lazy("of challenges", "List"),
        to_field_name="ref",
        required=False,
        empty_label=_("a new list"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        drafts = ChallengeList.objects.filter(state="draft")
        self.fields["board"].queryset = drafts  # type: ignore[attr-defined]
        self.fields["board"].initial = drafts.first()
