"""The forms of funds and rounds."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from qunxing.core.divisions import division_options
from qunxing.core.formfields import MoneyField
from qunxing.core.money import MoneyRange
from qunxing.core.text import fold_name
from qunxing.directory.models import Organization
from qunxing.directory.pickers import OrganizationPicker
from qunxing.directory.queries import field_options
from qunxing.funds.models import Commitment, Fund, FundKind, Investment, Round, Stage
from qunxing.funds.models.amounts import LARGEST, MoneyColumns
from qunxing.funds.queries.words import offered_stages
from qunxing.funds.rules import Permission
from qunxing.ledger.forms import CodesFormField, RecordForm
from qunxing.ledger.pickers import RecordPicker

UNTOLD = MoneyRange(None, None)


class MoneyForm(RecordForm):
    """A form with one amount, typed as text under the name `MONEY` and kept in the columns of that prefix."""

    MONEY: ClassVar[str] = "amount"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[self.MONEY].initial = getattr(self.instance, self.MONEY)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.MONEY in cleaned:
            setattr(self.instance, self.MONEY, cleaned[self.MONEY] or UNTOLD)
        return cleaned

    @property
    def record_values(self) -> dict[str, Any]:
        values = super().record_values
        values.pop(self.MONEY)
        return values | columns(self.instance, self.MONEY)


def columns(row: Any, prefix: str) -> dict[str, Any]:
    """The row's columns of one amount, and its currency."""
    return {name: getattr(row, name) for name in (*MoneyColumns(prefix).names(), "currency")}


class FundPicker(RecordPicker):
    """A fund the user may see, by its name."""

    def __init__(self, *, user: Any, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("Its full name."))
        super().__init__(rows=Fund.objects.visible_to(user), keys={"name_key": fold_name}, **kwargs)


class FundForm(MoneyForm):
    """A fund's own facts and its mandate; where it stands (level, parent, manager) is for staff to say."""

    MONEY = "size"
    PLACE = ("level", "parent", "manager")
    size = MoneyField(label=_("Size"), largest=LARGEST)
    ticket = MoneyField(
        label=_("Ticket"), largest=LARGEST, help_text=_("From and to for one investment: 500万-3000万元.")
    )
    kinds = CodesFormField(label=_("Invests by"), choices=FundKind.choices, required=False)

    class Meta:
        model = Fund
        fields: ClassVar[list[str]] = [
            "name", "short_name", "english_name", "level", "status", "parent", "manager", "size", "vintage", "kinds",
            "stages", "fields", "regions", "ticket", "website", "description", "visibility",
        ]  # fmt: skip

    field_order = Meta.fields

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fund, user = self.instance, self.user
        low, high, currency = fund.ticket_low, fund.ticket_high, fund.currency
        self.fields["ticket"].initial = MoneyRange(low, high, currency)
        self.fields["parent"] = FundPicker(user=user, label=_("Parent fund"), required=False)
        self.fields["manager"] = OrganizationPicker(user=user, label=_("Manager"), required=False)
        for name, label, choices in (
            ("stages", _("Stages"), offered_stages(fund.stages)),
            ("fields", _("Technical fields"), field_options()),
            ("regions", _("Regions"), division_options()),
        ):
            self.fields[name] = CodesFormField(label=label, choices=choices, required=False)
        self.fields["regions"].help_text = str(_("None means anywhere."))
        if not user.has_perm(Permission.PLACE_FUND, fund):
            for name in self.PLACE:
                self.fields.pop(name)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        fund, ticket = self.instance, cleaned.get("ticket") or UNTOLD
        if not ticket.undisclosed and fund.size.undisclosed:
            fund.currency = ticket.currency
        elif not ticket.undisclosed and ticket.currency != fund.currency:
            words = _("Give the ticket in the currency of the fund, %(code)s.") % {"code": fund.currency}
            self.add_error("ticket", words)
        fund.ticket_low, fund.ticket_high = ticket.low, ticket.high
        return cleaned

    @property
    def record_values(self) -> dict[str, Any]:
        values = super().record_values
        values.pop("ticket")
        return values | {"ticket_low": self.instance.ticket_low, "ticket_high": self.instance.ticket_high}


class InvestorForm(MoneyForm):
    """Who put in how much: a fund, an organisation, or a name that is on neither ledger."""

    amount = MoneyField(label=_("Amount"), largest=LARGEST)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["investor_fund"] = FundPicker(user=self.user, label=_("Investing fund"), required=False)
        self.fields["investor"] = OrganizationPicker(user=self.user, label=_("Investor"), required=False)
        self.order_fields(["investor_fund", "investor", "investor_name", "amount"])


class CommitmentForm(InvestorForm):
    class Meta:
        model = Commitment
        fields: ClassVar[list[str]] = [
            "investor_fund",
            "investor",
            "investor_name",
            "committed_on",
            "note",
            "visibility",
        ]


class InvestmentForm(InvestorForm):
    class Meta:
        model = Investment
        fields: ClassVar[list[str]] = ["investor_fund", "investor", "investor_name", "lead", "note", "visibility"]


class RoundForm(MoneyForm):
    """A round; for whom it was is said once, when it is added."""

    amount = MoneyField(label=_("Amount"), largest=LARGEST)
    stage = forms.ModelChoiceField(Stage.objects.none(), label=_("Stage of financing"), to_field_name="code")

    class Meta:
        model = Round
        fields: ClassVar[list[str]] = [
            "organization", "stage", "closed_on", "closed_precision", "amount", "note", "visibility",
        ]  # fmt: skip

    field_order = Meta.fields

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        in_use = Stage.objects.filter(retired=False) | Stage.objects.filter(code=self.instance.stage_id or "")
        self.fields["stage"].queryset = in_use  # type: ignore[attr-defined]
        self.fields["organization"] = OrganizationPicker(user=self.user, label=_("Organisation"))
        self.order_fields(self.Meta.fields)
        if self.instance.pk:
            self.fields.pop("organization")

    def clean_organization(self) -> Organization:
        organization: Organization = self.cleaned_data["organization"]
        if not self.user.has_perm(Permission.CHANGE_ROUND, organization):
            raise forms.ValidationError(_("Rounds of this organisation are for its own editors and for staff to add."))
        return organization


class StageForm(RecordForm):
    """A term of the vocabulary; its code stays, since records keep it."""

    class Meta:
        model = Stage
        fields: ClassVar[list[str]] = ["code", "name_zh", "name_en", "position", "retired"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields.pop("code")
