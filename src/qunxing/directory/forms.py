"""The forms of the directory."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from qunxing.accounts.models import User
from qunxing.directory.models import (
    Capability,
    Community,
    Contact,
    Link,
    Membership,
    Organization,
    OrganizationName,
    Product,
    Residency,
    Role,
    TechnicalField,
    precision_of,
)
from qunxing.directory.queries import field_options
from qunxing.directory.validators import clean_uscc
from qunxing.ledger.forms import CodesFormField, RecordForm


class OrganizationForm(RecordForm):
    """An organisation's own facts; its registered name changes by a rename, so that the old name keeps its days."""

    roles = CodesFormField(label=_("Roles"), choices=Role.choices, required=False)

    class Meta:
        model = Organization
        fields: ClassVar[list[str]] = [
            "name", "uscc", "short_name", "english_name", "roles", "fields", "industry", "size_class", "founded_on",
            "founded_precision", "registered_capital", "division", "address", "website", "description", "visibility",
        ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fields"] = CodesFormField(
            label=_("Technical fields"), choices=field_options(), required=False, initial=self.instance.fields
        )
        # Full width and spaces are folded away before the characters are counted.
        self.fields["uscc"].max_length = None  # type: ignore[attr-defined]
        if self.instance.pk:
            self.fields.pop("name")

    def clean(self) -> dict[str, Any] | None:
        """A day without a word on how much of it is known keeps the word that stands."""
        super().clean()
        told = self.cleaned_data.get("founded_precision") or self.instance.founded_precision
        self.cleaned_data["founded_precision"] = precision_of(self.cleaned_data.get("founded_on"), told)
        return self.cleaned_data

    def clean_uscc(self) -> str | None:
        text = self.cleaned_data["uscc"]
        return clean_uscc(text) if text else None


class RenameForm(RecordForm):
    """A new registered name and the day from which it is borne."""

    from_day = forms.DateField(label=_("From"), required=True)

    class Meta:
        model = Organization
        fields: ClassVar[list[str]] = ["name"]


class NameForm(RecordForm):
    class Meta:
        model = OrganizationName
        fields: ClassVar[list[str]] = ["kind", "text", "from_day", "to_day"]


class ResidencyForm(RecordForm):
    class Meta:
        model = Residency
        fields: ClassVar[list[str]] = ["scope", "tier", "stage", "entered_on", "left_on", "space"]


class ProductForm(RecordForm):
    class Meta:
        model = Product
        fields: ClassVar[list[str]] = [
            "name", "category", "fields", "description", "website", "shown_from", "shown_until", "place",
        ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fields"] = CodesFormField(
            label=_("Technical fields"), choices=field_options(), required=False, initial=self.instance.fields
        )


class CapabilityForm(RecordForm):
    class Meta:
        model = Capability
        fields: ClassVar[list[str]] = [
            "kind", "held", "amount", "name", "number", "issued_by", "valid_from", "valid_until", "visibility",
        ]  # fmt: skip


class ContactForm(RecordForm):
    class Meta:
        model = Contact
        fields: ClassVar[list[str]] = ["name", "title", "phone", "email", "wechat", "consent_on"]


class LinkForm(RecordForm):
    """A link to another organisation, named by its code or its registered name."""

    to_organization = forms.CharField(
        label=_("Organisation"), help_text=_("Its social credit code or its full registered name.")
    )

    class Meta:
        model = Link
        fields: ClassVar[list[str]] = ["kind", "to_organization", "share", "from_day", "to_day", "note"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.to_organization_id:
            self.initial["to_organization"] = self.instance.to_organization.name

    def clean_to_organization(self) -> Organization:
        text = self.cleaned_data["to_organization"].strip()
        rows = Organization.objects.visible_to(self.user)
        found: Organization | None = rows.filter(uscc=text.upper()).first() or rows.filter(name=text).first()
        if found is None:
            raise forms.ValidationError(_("There is no organisation with this code or name."))
        return found


class MembershipForm(RecordForm):
    user_name = forms.CharField(label=_("User name or e-mail"))

    class Meta:
        model = Membership
        fields: ClassVar[list[str]] = ["role"]

    def clean_user_name(self) -> User:
        text = self.cleaned_data["user_name"].strip()
        found = (
            User.objects.filter(username=text).first()
            or User.objects.filter(email__iexact=text).exclude(email="").first()
        )
        if found is None:
            raise forms.ValidationError(_("There is no account of that name."))
        return found


class CommunityForm(RecordForm):
    class Meta:
        model = Community
        fields: ClassVar[list[str]] = ["name", "english_name", "division", "unveiled", "address", "description"]


class TechnicalFieldForm(RecordForm):
    class Meta:
        model = TechnicalField
        fields: ClassVar[list[str]] = ["code", "parent", "name_zh", "name_en", "synonyms", "position", "retired"]
