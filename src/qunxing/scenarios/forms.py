"""The forms of scenarios."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from qunxing.core.divisions import division_options
from qunxing.core.formfields import MoneyField
from qunxing.core.money import MoneyRange, show_range
from qunxing.directory.models import Contact, Organization, Task
from qunxing.directory.pickers import OrganizationPicker
from qunxing.directory.queries import field_options
from qunxing.directory.rules import roles_of
from qunxing.ledger.forms import CodesFormField
from qunxing.scenarios.goalforms import GoalRows
from qunxing.scenarios.models import BUDGET_FIELDS, CORE_FIELDS, Appraisal, Scenario
from qunxing.scenarios.rules import WRITERS, Permission


class BudgetField(MoneyField):
    """An amount or a range in yuan; an undisclosed one is written out, so that it differs from one not given."""

    def prepare_value(self, value: Any) -> Any:
        undisclosed = isinstance(value, MoneyRange) and value.undisclosed
        return show_range(value) if undisclosed else super().prepare_value(value)

    def clean(self, value: Any) -> MoneyRange | None:
        money: MoneyRange | None = super().clean(value) if str(value or "").strip() else None
        if money is not None and money.currency != "CNY":
            raise ValidationError(_("The budget is kept in yuan. Give it in CNY."))
        if money is not None and money.about:
            raise ValidationError(_("Say from how much to how much: a budget is an amount or a range, not “about”."))
        return money


class ScenarioForm(GoalRows):
    """A scenario with its core indicators; once it is published its owner changes no more than its terms.

    `posted` names the fields of the request, so that all forms of one conflict hold the same rows.
    """

    GOALS: ClassVar[str] = "core_indicators"

    budget = BudgetField(
        label=_("Budget"), help_text=_("As an amount or a range: 500万元, 300万-500万元, up to CNY 5 million, 未披露.")
    )

    class Meta:
        model = Scenario
        fields: ClassVar[list[str]] = [
            "organization", "title", "problem", "fields", "tasks", "mechanism", "data_available", "data_terms",
            "on_site", "domestic_chips", "security_level", "serves_public_generated", "apply_by", "starts_on",
            "ends_on", "division", "location", "contact", "contact_name", "contact_phone", "contact_email",
            "visibility",
        ]  # fmt: skip

    def __init__(self, *args: Any, posted: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_vocabularies()
        self.use_owner()
        self.use_contacts()
        self.fields["budget"].initial = self.initial["budget"] = budget_of(self.instance)
        self.fields["reason"].required = self.instance.published_on is not None
        if self.instance.pk and not self.user.has_perm(Permission.CHANGE_CORE, self.instance):
            for name in (*CORE_FIELDS, "budget"):
                self.fields.pop(name, None)
        else:
            self.use_rows(posted)
        self.order_fields([*self.leading(), *self.fields])

    def leading(self) -> list[str]:
        """The order in which a person thinks of a need; the rest follows as it is."""
        names = list(self.Meta.fields)
        names.insert(names.index("apply_by"), "budget")
        return [*names, "reason", "source", "place"]

    def use_vocabularies(self) -> None:
        stored = self.instance
        self.fields["fields"] = CodesFormField(
            label=_("Technical fields"), choices=field_options(), required=False, initial=stored.fields
        )
        self.fields["tasks"] = CodesFormField(
            label=_("Tasks"), choices=Task.choices, required=False, initial=stored.tasks
        )
        divisions = [("", "—"), *division_options()]
        if stored.division and stored.division not in dict(divisions):
            divisions.append((stored.division, stored.division))
        self.fields["division"] = forms.ChoiceField(label=_("Division"), choices=divisions, required=False)

    def use_owner(self) -> None:
        """Whose need it is: any organisation for staff, one's own for members, settled once it is saved."""
        if self.instance.pk:
            self.fields.pop("organization")
            return
        label = _("Owner of the need")
        if self.user.has_perm(Permission.APPRAISE):
            self.fields["organization"] = OrganizationPicker(user=self.user, label=label)
        else:
            own = Organization.objects.filter(pk__in=written_for(self.user))
            first = own.first() if own.count() == 1 else None
            self.fields["organization"] = forms.ModelChoiceField(own, label=label, to_field_name="ref", initial=first)

    def use_contacts(self) -> None:
        """The contacts on the ledger of the organisation, or of those one writes for."""
        owners = [self.instance.organization_id] if self.instance.pk else written_for(self.user)
        rows = Contact.objects.filter(organization__in=owners).order_by("name", "pk")
        self.fields["contact"] = forms.ModelChoiceField(
            rows, label=_("Contact on the ledger"), to_field_name="ref", required=False
        )
        self.initial["contact"] = rows.filter(pk=self.instance.contact_id).first()

    def clean_contact(self) -> Contact | None:
        contact: Contact | None = self.cleaned_data["contact"]
        owner = self.instance.organization if self.instance.pk else self.cleaned_data.get("organization")
        if contact is not None and owner is not None and contact.organization_id != owner.pk:
            raise ValidationError(_("This contact belongs to another organisation."))
        return contact

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "budget" in self.fields:
            for name, value in budget_values(cleaned.get("budget")).items():
                setattr(self.instance, name, value)
        return cleaned

    @property
    def record_values(self) -> dict[str, Any]:
        """The cleaned values of the scenario's own fields, the budget in its parts, the core indicators as `rows`."""
        hidden = self.cell_names | {"budget"}
        values = {name: self.cleaned_data[name] for name in self.record_fields if name not in hidden}
        budget = budget_values(self.cleaned_data["budget"]) if "budget" in self.fields else {}
        return values | budget | {"rows": self.rows}


def written_for(user: Any) -> list[int]:
    """Keys of the organisations in whose name the user writes."""
    return [organization for organization, role in roles_of(user).items() if role in WRITERS]


def budget_of(scenario: Scenario) -> MoneyRange | None:
    if not scenario.has_budget:
        return None
    text = "未披露" if scenario.budget_undisclosed else ""
    return MoneyRange(scenario.budget_low, scenario.budget_high, text=text)


def budget_values(money: MoneyRange | None) -> dict[str, Any]:
    """The three fields of the model in which a budget is kept."""
    if money is None:
        return dict(zip(BUDGET_FIELDS, (None, None, False), strict=True))
    return dict(zip(BUDGET_FIELDS, (money.low, money.high, money.undisclosed), strict=True))


class AppraisalForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Appraisal
        fields: ClassVar[list[str]] = ["verdict", "notes"]
