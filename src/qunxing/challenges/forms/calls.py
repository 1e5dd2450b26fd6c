"""The forms of calls, needs, appraisals and questions."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qunxing.accounts.models import Kind, User
from qunxing.challenges.forms.boards import YuanField
from qunxing.challenges.models import Call, Challenge, Need, NeedAppraisal, Question
from qunxing.challenges.models.calls import TOP_MARK
from qunxing.challenges.rules.calls import Permission
from qunxing.challenges.rules.subjects import WRITERS
from qunxing.challenges.states.call import CallState
from qunxing.core.errors import Text
from qunxing.directory.models import Organization
from qunxing.directory.pickers import OrganizationPicker
from qunxing.directory.queries import field_options
from qunxing.directory.rules import roles_of
from qunxing.ledger.forms import CodesFormField, DayInput, RecordForm

# What a mark means, best first.
ANCHORS: dict[str, tuple[Text, Text, Text]] = {
    "necessity": (
        _("20 to 25: many are held up by it, and nothing on the market solves it"),
        _("10 to 19: felt by its owner; what there is helps in part"),
        _("0 to 9: can be bought, or waits without harm"),
    ),
    "novelty": (
        _("20 to 25: needs research that nobody has done"),
        _("10 to 19: known means, joined in a new way"),
        _("0 to 9: engineering alone"),
    ),
    "feasibility": (
        _("20 to 25: goals can be measured, data and site are ready, the time is enough"),
        _("10 to 19: some goals or data are still to be settled"),
        _("0 to 9: goals cannot be tested, or not in the time"),
    ),
    "worth": (
        _("20 to 25: the money fits the work, and its owner puts in a fair share"),
        _("10 to 19: the money is somewhat too much or too little"),
        _("0 to 9: no relation between money and work"),
    ),
}


class CallForm(RecordForm):
    class Meta:
        model = Call
        fields: ClassVar[list[str]] = ["title", "text", "fields", "opens_on", "closes_on", "visibility"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fields"] = CodesFormField(
            label=_("Technical fields"), choices=field_options(), required=False, initial=self.instance.fields
        )


class NeedForm(RecordForm):
    """A need; whose it is, is said once."""

    class Meta:
        model = Need
        fields: ClassVar[list[str]] = [
            "organization", "call", "title", "problem", "state_of_art", "goals", "fields", "money",
        ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fields"] = CodesFormField(
            label=_("Technical fields"), choices=field_options(), required=False, initial=self.instance.fields
        )
        self.fields["money"] = YuanField(label=_("Money its owner puts in"), help_text=_("One amount: 500万元."))
        today = timezone.localdate()
        calls = Call.objects.visible_to(self.user).filter(
            state=CallState.OPEN, opens_on__lte=today, closes_on__gte=today
        )
        calls = calls | Call.objects.filter(pk=self.instance.call_id)
        self.fields["call"] = forms.ModelChoiceField(
            calls, label=_("Call for needs"), required=False, to_field_name="ref"
        )
        self.initial["call"] = self.initial.get("call") or self.instance.call
        self.use_owner()
        self.order_fields([*self.Meta.fields, "reason", "source", "place"])

    def use_owner(self) -> None:
        label = _("Owner of the need")
        if self.instance.pk:
            self.fields.pop("organization")
        elif self.user.has_perm(Permission.JUDGE_NEED):
            self.fields["organization"] = OrganizationPicker(user=self.user, label=label)
        else:
            keys = [key for key, role in roles_of(self.user).items() if role in WRITERS]
            own = Organization.objects.filter(pk__in=keys)
            first = own.first() if own.count() == 1 else None
            self.fields["organization"] = forms.ModelChoiceField(own, label=label, to_field_name="ref", initial=first)


class AppraisalForm(forms.ModelForm):  # type: ignore[type-arg]
    """Four marks with their anchors, a verdict, notes."""

    class Meta:
        model = NeedAppraisal
        fields: ClassVar[list[str]] = [*NeedAppraisal.MARKS, "verdict", "notes"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in NeedAppraisal.MARKS:
            label = self.fields[name].label
            self.fields[name] = forms.IntegerField(label=label, min_value=0, max_value=TOP_MARK)
        self.fields["verdict"].required = True
        self.fields["notes"].required = True

    def marks(self) -> list[tuple[Any, tuple[Text, Text, Text]]]:
        """The fields of the marks with what they mean, for the page."""
        return [(self[name], ANCHORS[name]) for name in NeedAppraisal.MARKS]

    def get_context(self) -> dict[str, Any]:
        """The marks stand with their anchors; here the rest."""
        context = super().get_context()
        context["fields"] = [pair for pair in context["fields"] if pair[0].name not in NeedAppraisal.MARKS]
        return context


class AskExpertsForm(forms.Form):
    """Which experts are asked to appraise a need, and until when."""

    experts = forms.ModelMultipleChoiceField(
        User.objects.none(), label=_("Experts"), to_field_name="username", widget=forms.CheckboxSelectMultiple
    )
    due_on = forms.DateField(label=_("Answer by"), widget=DayInput, required=False)

    def __init__(self, *args: Any, need: Need, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = User.objects.filter(kind=Kind.EXPERT, is_active=True).exclude(
            memberships__organization=need.organization
        )
        rows = rows.exclude(need_appraisals__need=need).order_by("name", "username")
        self.fields["experts"].queryset = rows  # type: ignore[attr-defined]


class QuestionForm(forms.ModelForm):  # type: ignore[type-arg]
    """A question to a list, perhaps to one of its challenges."""

    class Meta:
        model = Question
        fields: ClassVar[list[str]] = ["challenge", "text"]

    def __init__(self, *args: Any, challenges: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["challenge"] = forms.ModelChoiceField(
            challenges, label=_("Challenge"), required=False, to_field_name="ref", empty_label=_("the whole list")
        )
        self.fields["text"].widget.attrs["rows"] = 5

    def clean_challenge(self) -> Challenge | None:
        found: Challenge | None = self.cleaned_data["challenge"]
        return found


class AnswerForm(forms.Form):
    """The answer that everybody reads; or why there is none."""

    text = forms.CharField(label=_("Answer"), max_length=5000, widget=forms.Textarea(attrs={"rows": 6}))
    decline = forms.BooleanField(
        label=_("Do not answer; the text says why"), required=False, help_text=_("Everybody reads the reason.")
    )

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"].strip()
        if not text:
            raise ValidationError(_("An answer needs words."))
        return text
