"""Forms of quarterly returns and of their terms."""

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from qunxing.core.formats import show_number
from qunxing.directory.models import Organization
from qunxing.directory.pickers import OrganizationPicker
from qunxing.funds.models.amounts import LARGEST
from qunxing.indicators.engine.quarters import Quarter, last_ended
from qunxing.indicators.models import Return, ReturnTerms
from qunxing.indicators.models.returns import MONEY
from qunxing.indicators.queries.returns.filing import Prefilled, before, prefilled
from qunxing.indicators.rules import Permission
from qunxing.indicators.validators import problem_of_quarter, slips
from qunxing.ledger.forms import RecordForm

OFFERED = 8


class ThousandsField(forms.DecimalField):
    """An amount typed and shown in thousands of yuan; its value is whole yuan."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, "decimal_places": 3, "max_digits": 16} | kwargs)

    def prepare_value(self, value: Any) -> Any:
        return thousands(value) if isinstance(value, int) else value

    def clean(self, value: Any) -> Any:
        found = super().clean(value.replace(",", "").replace("，", "") if isinstance(value, str) else value)
        return None if found is None else int(found * 1000)


def thousands(amount: int) -> str:
    """Yuan as thousands, exactly and without idle zeros."""
    whole = Decimal(amount) / 1000
    return f"{whole.quantize(Decimal(1)) if whole == whole.to_integral_value() else whole.normalize():f}"


class ReturnForm(RecordForm):
    """A firm's figures of a quarter; whose they are and of which quarter is said once, when the return is begun."""

    period = forms.ChoiceField(label=_("Quarter"))
    checked = forms.BooleanField(label=_("I have checked the unit: these amounts are right"), required=False)

    class Meta:
        model = Return
        fields: ClassVar[list[str]] = [
            "organization", "revenue", "profit", "rnd_expense", "tax", "financing", "two_year_revenue", "staff",
            "staff_doctor", "staff_master", "staff_bachelor", "staff_below", "ip_applied", "ip_granted", "ip_held",
            "certificate_number", "certificate_until", "note",
        ]  # fmt: skip

    def __init__(self, *args: Any, today: date, asked: Prefilled | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        for name in (*MONEY, "two_year_revenue"):
            lowest = -LARGEST if name == "profit" else 0
            label: Any = format_lazy(_("{name} (thousand yuan)"), name=self.fields[name].label)
            self.fields[name] = ThousandsField(label=label, min_value=lowest // 1000, max_value=LARGEST // 1000)
        self.fields["organization"] = OrganizationPicker(user=self.user, label=_("Organisation"))
        self.fields["period"].choices = self.quarters()  # type: ignore[attr-defined]
        self.fields["note"].widget.attrs["rows"] = 3
        if self.instance.pk:
            self.fields.pop("organization")
            self.fields.pop("period")
        for name, origin in (asked.origins if asked else {}).items():
            self.fields[name].help_text = str(origin)
        self.fields["checked"].widget = forms.HiddenInput()
        self.order_fields(["organization", "period", *self.Meta.fields])

    def quarters(self) -> list[tuple[str, str]]:
        """The quarter that runs and those before it."""
        now = Quarter.of(self.today)
        return [(str(now.before(back)), str(now.before(back))) for back in range(OFFERED + 1)]

    @property
    def record_fields(self) -> list[str]:
        return [name for name in super().record_fields if name not in {"period", "checked"}]

    def clean_organization(self) -> Organization:
        organization: Organization = self.cleaned_data["organization"]
        if not self.user.has_perm(Permission.CHANGE_RETURN, organization):
            raise ValidationError(_("Returns of this organisation are for its own editors and for staff to file."))
        return organization

    def clean_period(self) -> str:
        period = Quarter.read(self.cleaned_data["period"])
        if period is None:
            raise ValidationError(_("Choose a quarter."))
        self.instance.year, self.instance.quarter = period.year, period.number
        return str(period)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        organization = cleaned.get("organization") or (self.instance.organization if self.instance.pk else None)
        if organization is None or "period" in self.errors:
            return cleaned
        period = self.instance.period
        if not self.instance.pk:
            self.check_place(organization, period)
        self.check_unit(cleaned, before(organization, period))
        return cleaned

    def check_place(self, organization: Organization, period: Quarter) -> None:
        if problem := problem_of_quarter(organization, period, today=self.today):
            self.add_error("period", problem)
        rows = Return.objects.filter(organization=organization, year=period.year, quarter=period.number)
        if rows.exists():
            self.add_error("period", _("There is a return of this organisation for this quarter already."))

    def check_unit(self, cleaned: dict[str, Any], last: Return | None) -> None:
        """Somebody who took yuan for thousands is asked once; who says that it is right is believed."""
        found = slips(cleaned, last)
        if not found or cleaned.get("checked"):
            return
        self.fields["checked"].widget = forms.CheckboxInput()
        for name in found:
            then = getattr(last, name)
            words = {"then": show_number(Decimal(thousands(then))), "quarter": last.period if last else ""}
            text = _("In %(quarter)s it was %(then)s thousand yuan. Is this in thousands of yuan? If so, say so below.")
            self.add_error(name, text % words)


def begun_form(user: Any, data: Any, *, organization: Organization | None, period: Quarter | None, today: date) -> Any:
    """The form of a new return, filled with what the ledger knows."""
    period = period or last_ended(today)
    asked = prefilled(organization, period) if organization is not None else Prefilled()
    initial = {"period": str(period), "organization": organization.pk if organization else None, **asked.values}
    return ReturnForm(data, user=user, today=today, asked=asked, initial=initial)


class ReturnTermsForm(RecordForm):
    """When returns are due, and who may graduate."""

    class Meta:
        model = ReturnTerms
        fields: ClassVar[list[str]] = [
            "due_day", "certificate", "investment_over", "revenue_over", "exit", "entry_months", "stay_months",
        ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("source", None)
        self.fields.pop("place", None)
