"""The forms of the registry."""

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from qunxing.core.states import Transition
from qunxing.core.text import fold, fold_name
from qunxing.directory.models import Organization
from qunxing.directory.rules import roles_of
from qunxing.ledger.forms import CodesFormField, DayInput, RecordForm
from qunxing.ledger.models import Source
from qunxing.ledger.pickers import RecordPicker
from qunxing.registry.models import (
    AIModel,
    Authority,
    Coverage,
    Filing,
    FilingKind,
    FilingStep,
    Modality,
    ModelVersion,
    Ownership,
    Task,
)
from qunxing.registry.models.filings import NUMBER_LENGTH
from qunxing.registry.numbers import fold_number
from qunxing.registry.rules import EDITING, Permission
from qunxing.registry.states import PUBLISHED
from qunxing.registry.validators import (
    check_algorithm_fields,
    check_number,
    check_number_is_free,
    check_reliance,
)

LONGEST_LINE = 20


def organization_field(user: Any, permission: Permission, **more: Any) -> forms.Field:
    """Any organisation for whoever may write for all of them, else a choice of those the user writes for."""
    rows = Organization.objects.visible_to(user)
    if user.has_perm(permission):
        hint = _("Its social credit code or its full registered name.")
        keys = {"uscc": lambda text: fold(text).upper(), "name_key": fold_name}
        return RecordPicker(rows=rows, keys=keys, help_text=hint, **more)
    edited = [pk for pk, role in roles_of(user).items() if role in EDITING]
    own = rows.filter(pk__in=edited)
    first = own.first() if len(edited) == 1 else None
    return forms.ModelChoiceField(own, to_field_name="ref", initial=first and first.ref, **more)


def model_field(rows: Any, **more: Any) -> RecordPicker:
    return RecordPicker(rows=rows, keys={"name_key": fold_name}, help_text=_("Its name, or its reference."), **more)


class AIModelForm(RecordForm):
    """A model's own facts; who owns it is asked for a new one only."""

    modalities = CodesFormField(label=_("Modalities"), choices=Modality.choices, required=False)
    tasks = CodesFormField(label=_("Tasks"), choices=Task.choices, required=False)

    class Meta:
        model = AIModel
        fields: ClassVar[list[str]] = [
            "name", "english_name", "modalities", "tasks", "parameters", "parameters_text", "openness", "base_model",
            "website", "description", "visibility",
        ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = AIModel.objects.visible_to(self.user).exclude(pk=self.instance.pk)
        self.fields["base_model"] = model_field(rows, label=_("Base model"), required=False)
        if not self.instance.pk:
            owner = organization_field(self.user, Permission.CHANGE_OWNERSHIP, label=_("Owner"))
            self.fields = {"owner": owner, **self.fields}

    def clean_base_model(self) -> AIModel | None:
        base: AIModel | None = self.cleaned_data["base_model"]
        above: AIModel | None = base
        for _step in range(LONGEST_LINE):
            if above is None:
                break
            if above.base_model_id is not None and above.base_model_id == self.instance.pk:
                raise ValidationError(_("A model cannot be its own base model."))
            above = above.base_model
        return base


class FilingForm(RecordForm):
    """A filing's facts; what the authority published is asked of staff, once it is published."""

    OF_ALGORITHMS: ClassVar[tuple[str, ...]] = ("algorithm_class", "algorithm_role")
    AS_PUBLISHED: ClassVar[tuple[str, ...]] = (
        "number", "authority", "authority_name", "granted_on", "granted_precision", "granted_note", "batch",
        "region_text", "public_url",
    )  # fmt: skip

    class Meta:
        model = Filing
        fields: ClassVar[list[str]] = [
            "kind", "name", "organization", "region", "region_text", "number", "granted_on", "granted_precision",
            "granted_note", "batch", "authority", "authority_name", "relies_on", "algorithm_class", "algorithm_role",
            "product", "purpose", "public_url", "notes", "visibility",
        ]  # fmt: skip
        widgets: ClassVar[dict[str, Any]] = {"product": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        user, filing = self.user, self.instance
        label = _("Filed by")
        self.fields["organization"] = organization_field(user, Permission.DECIDE_FILING, label=label)
        rows = Filing.objects.visible_to(user).filter(kind=FilingKind.FILED)
        keys = {"number_key": fold_number, "name_key": fold_name}
        hint = _("For a registration: the number or the name of the filed model it calls.")
        self.fields["relies_on"] = RecordPicker(
            rows=rows, keys=keys, label=_("Relies on"), help_text=hint, required=False
        )
        self.leave_out(self.unasked(decides=user.has_perm(Permission.DECIDE_FILING, filing)))
        if not filing.pk:
            self.initial.pop("organization", None)
            since = forms.DateField(label=_("Preparing since"), widget=DayInput(), required=False)
            self.fields["since"] = since
            self.order_fields(["kind", "name", "organization", "since"])

    def unasked(self, *, decides: bool) -> set[str]:
        """The fields that say nothing of this filing, or are not this user's to write."""
        filing, found = self.instance, set()
        if not (decides and filing.state in PUBLISHED):
            found |= {*self.AS_PUBLISHED}
        if filing.pk:
            found |= {"kind"} if decides else {"kind", "organization"}
            found |= set() if filing.kind == FilingKind.ALGORITHM else {*self.OF_ALGORITHMS}
            found |= set() if filing.kind == FilingKind.REGISTERED else {"relies_on"}
        return found

    def leave_out(self, names: set[str]) -> None:
        for name in names:
            self.fields.pop(name, None)

    @property
    def record_fields(self) -> list[str]:
        return [name for name in super().record_fields if name != "since"]

    def clean_number(self) -> str:
        number = str(self.cleaned_data["number"])
        if not number:
            raise ValidationError(_("A granted filing has a number."))
        if fold_number(number) != self.instance.number_key:
            check_number(self.instance.kind, number)
            check_number_is_free(self.instance.kind, number, filing=self.instance)
        return number

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        kind = cleaned.get("kind") or self.instance.kind
        for name, error in check_algorithm_fields(kind, cleaned).items():
            self.add_error(name, error)
        relied_on = cleaned.get("relies_on")
        if relied_on is not None and relied_on.pk != self.instance.relies_on_id:
            try:
                check_reliance(kind, relied_on)
            except ValidationError as error:
                self.add_error("relies_on", error)
        return cleaned


class ServiceForm(RecordForm):
    """The days of the service from which obligations follow."""

    class Meta:
        model = Filing
        fields: ClassVar[list[str]] = ["went_live_on", "shown_since", "altered_on", "ended_on"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        live, ended = cleaned.get("went_live_on"), cleaned.get("ended_on")
        if live and ended and ended < live:
            self.add_error("ended_on", _("The service cannot end before it went live."))
        return cleaned


class StepForm(forms.Form):
    """A step of a filing: the day on which it happened, and what the authority published with it."""

    day = forms.DateField(label=_("Day"), widget=DayInput())
    number = forms.CharField(label=_("Number"), max_length=NUMBER_LENGTH)
    authority = forms.ChoiceField(label=_("Authority"), choices=[("", "—"), *Authority.choices], required=False)
    note = forms.CharField(
        label=_("Note"), max_length=500, required=False, help_text=_("Shown with the step to whoever sees the step.")
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    source = forms.ModelChoiceField(Source.objects.none(), label=_("Source"), required=False, to_field_name="ref")
    place = forms.CharField(label=_("Place in the source"), max_length=300, required=False)

    def __init__(self, *args: Any, user: Any, filing: Filing, step: Transition, today: date, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"day": today, "number": filing.number, "authority": filing.authority})
        super().__init__(*args, **kwargs)
        self.filing, self.today = filing, today
        self.fields["reason"].required = step.needs_reason
        if step.name != "grant":
            self.fields.pop("number")
            self.fields.pop("authority")
        if user.has_perm("ledger.cite"):
            self.fields["source"].queryset = Source.objects.visible_to(user)  # type: ignore[attr-defined]
        else:
            self.fields.pop("source")
            self.fields.pop("place")

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day > self.today:
            raise ValidationError(_("This day is yet to come."))
        return day

    def clean_number(self) -> str:
        number = str(self.cleaned_data["number"])
        check_number(self.filing.kind, number)
        check_number_is_free(self.filing.kind, number, filing=self.filing)
        return number

    @property
    def values(self) -> dict[str, Any]:
        """What the step sets on the filing; an authority left empty leaves it as it is."""
        given = {name: self.cleaned_data.get(name) for name in ("number", "authority")}
        return {name: value for name, value in given.items() if value}

    @property
    def words(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        return {"reason": cleaned["reason"], "source": cleaned.get("source"), "place": cleaned.get("place") or ""}


class PartForm(RecordForm):
    """A part of a record; constraints that name its parent are checked, too."""

    def validate_unique(self) -> None:
        super().validate_unique()
        if self.errors:
            return
        try:
            self.instance.validate_constraints()
        except ValidationError as error:
            self.add_error(None, ValidationError(error.messages))


class VersionForm(PartForm):
    class Meta:
        model = ModelVersion
        fields: ClassVar[list[str]] = ["version", "released_on", "note"]


class OwnershipForm(PartForm):
    class Meta:
        model = Ownership
        fields: ClassVar[list[str]] = ["organization", "role", "from_day", "to_day"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        label = _("Organisation")
        self.fields["organization"] = organization_field(self.user, Permission.CHANGE_OWNERSHIP, label=label)


class CoverageForm(PartForm):
    """The models a filing covers; members cover models of their own only."""

    class Meta:
        model = Coverage
        fields: ClassVar[list[str]] = ["model", "note"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = AIModel.objects.visible_to(self.user)
        if not self.user.has_perm(Permission.DECIDE_FILING):
            rows = rows.filter(ownerships__organization=self.instance.filing.organization_id).distinct()
        self.fields["model"] = model_field(rows, label=_("Model"))


class StepCorrectionForm(PartForm):
    """The day and the note of a step that was written down wrongly."""

    class Meta:
        model = FilingStep
        fields: ClassVar[list[str]] = ["state", "day", "note"]
