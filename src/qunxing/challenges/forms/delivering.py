"""The forms of contracts, milestones, acceptance, changes, payments and ends."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunxing.challenges.models import BadRecord, Contract, ContractChange, Milestone
from qunxing.challenges.models.milestones import Word
from qunxing.challenges.plans import FINAL, MID, WORK, Plan, Stop
from qunxing.directory.pickers import OrganizationPicker
from qunxing.ledger.forms import DayInput, RecordForm

LONG = forms.Textarea(attrs={"rows": 6})
SHORT = forms.Textarea(attrs={"rows": 3})
KINDS = [
    (WORK, Milestone.Kind.WORK.label),
    (MID, Milestone.Kind.MID.label),
    (FINAL, Milestone.Kind.FINAL.label),
]
MOST_STOPS = 12
SPARE_STOPS = 2
MOST_MONEY = 10**13


def is_yes(value: str) -> bool:
    return value == "yes"


class ContractForm(RecordForm):
    """The words of a draft; money and targets come from the award and the bid."""

    class Meta:
        model = Contract
        fields: ClassVar[list[str]] = ["leader", "payer", "pay_days", "starts_on", "ends_on"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("source", None)
        self.fields.pop("place", None)
        self.fields["payer"] = OrganizationPicker(user=self.user, label=_("Who pays"))

    @property
    def words(self) -> dict[str, Any]:
        return {"reason": self.cleaned_data["reason"]}


class SigningForm(forms.Form):
    on_signing = forms.IntegerField(
        label=_("Due with the signature (yuan)"), min_value=0, max_value=MOST_MONEY, required=False
    )


class StopForm(forms.Form):
    """A milestone of the plan; a row without a name is none."""

    kind = forms.ChoiceField(label=pgettext_lazy("milestone", "Kind"), choices=KINDS)
    name = forms.CharField(label=_("Name"), max_length=120, required=False)
    due_on = forms.DateField(label=_("Due on"), required=False, widget=DayInput())
    shows = forms.CharField(label=_("What shall be shown"), max_length=2_000, required=False)
    amount = forms.IntegerField(label=_("Amount (yuan)"), min_value=0, max_value=MOST_MONEY, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs |= {"class": "input", "aria-label": str(self.fields[name].label)}

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if found.get("name") and not found.get("due_on") and "due_on" not in self.errors:
            self.add_error("due_on", _("Give the day."))
        return found


StopFormSet = forms.formset_factory(StopForm, extra=0, max_num=MOST_STOPS, validate_max=True, absolute_max=MOST_STOPS)


def stop_rows(contract: Contract) -> list[dict[str, Any]]:
    """The stored milestones as the form has them, and some empty rows."""
    rows: list[dict[str, Any]] = []
    for row in contract.milestones.select_related("payment"):
        payment = getattr(row, "payment", None)
        amount = payment.amount if payment is not None else 0
        rows.append({"kind": row.kind, "name": row.name, "due_on": row.due_on, "shows": row.shows, "amount": amount})
    spare = min(SPARE_STOPS, MOST_STOPS - len(rows))
    return [*rows[:-1], *({"kind": WORK} for _each in range(spare)), *rows[-1:]]


def plan_of(signing: SigningForm, stops: Any) -> Plan:
    """The plan that was typed."""
    rows = [row for row in stops.cleaned_data if row.get("name")]
    return Plan(signing.cleaned_data["on_signing"] or 0, tuple(stop_of(row) for row in rows))


def stop_of(row: dict[str, Any]) -> Stop:
    return Stop(row["kind"], row["name"], row["due_on"], row.get("shows") or "", row.get("amount") or 0)


class SignForm(forms.Form):
    """The signature of the contractor, with the pledge of the one who leads."""

    pledge = forms.CharField(
        label=_("Pledge of the leader (军令状)"),
        max_length=5_000,
        widget=LONG,
        help_text=_("The one who leads in person answers for the committed targets in these words."),
    )


class ConsentForm(forms.Form):
    """The issuer signs."""


class ReportForm(forms.Form):
    report = forms.CharField(label=_("Report"), max_length=20_000, widget=LONG)


class CheckMilestoneForm(forms.Form):
    passed = forms.TypedChoiceField(
        coerce=is_yes,
        label=pgettext_lazy("milestone", "Decision"),
        choices=[
            ("yes", pgettext_lazy("milestone", "Passed: its tranche falls due")),
            ("no", pgettext_lazy("milestone", "Returned to the contractor")),
        ],
    )
    finding = forms.CharField(
        label=pgettext_lazy("milestone", "Finding"),
        max_length=500,
        required=False,
        widget=SHORT,
        help_text=_("Needed when it is returned."),
    )


class ProofForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=200)
    file = forms.FileField(label=_("File"), help_text=_("PDF, pictures, Office files, plain text or CSV."))


class DifficultyForm(forms.Form):
    text = forms.CharField(
        label=_("What is in the way"),
        max_length=10_000,
        widget=LONG,
        help_text=_("Told early it speaks for you: it stands in the log with its day."),
    )
    done = forms.CharField(label=_("What was tried"), max_length=10_000, required=False, widget=SHORT)


class ChangeForm(forms.Form):
    """An extension, another leader, or another partner; what belongs to another kind is left empty."""

    kind = forms.ChoiceField(label=pgettext_lazy("change of a contract", "Kind"), choices=ContractChange.Kind.choices)
    new_end = forms.DateField(label=_("New end"), required=False, widget=DayInput())
    new_leader = forms.CharField(label=_("New leader"), max_length=60, required=False)
    tasks = forms.CharField(label=_("Tasks of the partner"), max_length=5_000, required=False, widget=SHORT)
    grounds = forms.CharField(label=_("Why"), max_length=5_000, widget=SHORT)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["partner"] = OrganizationPicker(user=user, label=_("Partner"), required=False)
        self.order_fields(["kind", "new_end", "new_leader", "partner", "tasks", "grounds"])


class DecideForm(forms.Form):
    approved = forms.TypedChoiceField(
        coerce=is_yes,
        label=pgettext_lazy("change of a contract", "Decision"),
        choices=[
            ("yes", pgettext_lazy("change of a contract", "Approve")),
            ("no", pgettext_lazy("change of a contract", "Refuse")),
        ],
    )
    finding = forms.CharField(
        label=_("Reason"), max_length=500, required=False, widget=SHORT, help_text=_("Needed when it is refused.")
    )


class MeasureForm(forms.Form):
    """What was measured of one target."""

    value = forms.DecimalField(label=_("Measured value"), max_digits=20, decimal_places=6, required=False)
    measured_by = forms.CharField(label=_("Measured by"), max_length=200, required=False)
    how = forms.CharField(label=_("How"), max_length=500, required=False)

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if found.get("value") is not None:
            for name in ("measured_by", "how"):
                if not found.get(name):
                    self.add_error(name, _("Say who measured it and how."))
        return found


class WordForm(forms.Form):
    word = forms.ChoiceField(label=_("The user's word"), choices=Word.choices)
    text = forms.CharField(label=_("In the user's words"), max_length=5_000, widget=SHORT)


class AcceptanceForm(forms.Form):
    finding = forms.CharField(
        label=pgettext_lazy("acceptance", "Finding"),
        max_length=500,
        widget=SHORT,
        help_text=_("Whether it passes follows from what was measured and said, by the rules of the list."),
    )
    false_data = forms.BooleanField(
        label=_("False data was handed in"),
        required=False,
        help_text=_("The acceptance fails at once, and the contractor gets a bad record."),
    )


class PayForm(forms.Form):
    day = forms.DateField(label=_("Paid on"), widget=DayInput())
    voucher = forms.CharField(label=_("Number of the transfer"), max_length=80)


class TerminationForm(forms.Form):
    grounds = forms.CharField(label=_("Why the work shall end"), max_length=10_000, widget=LONG)
    diligent = forms.BooleanField(
        label=_("The contractor did what could be done (尽职免责)"),
        required=False,
        help_text=_("What the log shows of it is gathered and shown beside the decision."),
    )


class EndForm(forms.Form):
    outcome = forms.ChoiceField(
        label=pgettext_lazy("termination", "Decision"),
        choices=[
            ("exempt", pgettext_lazy("termination", "End it; the contractor was diligent and is exempt")),
            ("at_fault", pgettext_lazy("termination", "End it; the contractor is at fault and gets a bad record")),
            ("refuse", pgettext_lazy("termination", "The work goes on")),
        ],
    )
    returned = forms.IntegerField(
        label=_("Money to be returned (yuan)"), min_value=0, max_value=MOST_MONEY, initial=0, required=False
    )
    finding = forms.CharField(label=_("Reason"), max_length=500, widget=SHORT)


class VoidForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=SHORT)
    bad_record = forms.BooleanField(label=_("The contractor would not sign: keep a bad record"), required=False)


class BadRecordForm(RecordForm):
    class Meta:
        model = BadRecord
        fields: ClassVar[list[str]] = ["organization", "kind", "since", "reason"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("source", "place", "revision"):
            self.fields.pop(name, None)
        self.fields["organization"] = OrganizationPicker(user=self.user, label=_("Organisation"))
