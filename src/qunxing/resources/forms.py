"""The forms of an offer and of its vouchers."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from qunxing.core.divisions import division_options
from qunxing.directory.models import Organization
from qunxing.directory.pickers import OrganizationPicker
from qunxing.directory.queries import field_options
from qunxing.ledger.forms import CodesFormField, RecordForm
from qunxing.resources.models import Offer, Voucher
from qunxing.resources.rules import Permission


class OfferForm(RecordForm):
    """An offer's facts; who makes it is said once, when it is added, and its state changes by steps."""

    class Meta:
        model = Offer
        fields: ClassVar[list[str]] = [
            "title", "kind", "provider", "description", "fields", "quantity_bound", "quantity", "unit", "number_format",
            "region", "domestic_chips", "price_terms", "valid_from", "valid_until", "visibility",
        ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["provider"] = OrganizationPicker(user=self.user, label=_("Provider"))
        self.fields["fields"] = CodesFormField(label=_("Technical fields"), choices=field_options(), required=False)
        self.fields["region"] = forms.ChoiceField(
            label=_("Region"), choices=[("", _("anywhere")), *division_options()], required=False
        )
        self.fields["domestic_chips"] = forms.NullBooleanField(
            label=_("Domestic chips"),
            required=False,
            widget=forms.NullBooleanSelect(),
            help_text=_("For compute: whether it runs on domestic chips."),
        )
        if self.instance.pk:
            self.fields.pop("provider")

    def clean_provider(self) -> Organization:
        provider: Organization = self.cleaned_data["provider"]
        if not self.user.has_perm(Permission.CHANGE_OFFER, provider):
            raise forms.ValidationError(_("Offers of this organisation are for its own editors and for staff to add."))
        return provider


class VoucherForm(RecordForm):
    """The terms of a voucher; what it is a part of is said by the page it is added on."""

    class Meta:
        model = Voucher
        fields: ClassVar[list[str]] = ["kind", "percent", "cap", "months", "between_related", "stacks", "visibility"]
