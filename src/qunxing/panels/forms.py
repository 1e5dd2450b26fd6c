"""The forms of experts, what they declare, and of requests for recusal."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunxing.accounts.models import Kind, User
from qunxing.directory.models import Organization, member_organizations
from qunxing.directory.pickers import OrganizationPicker
from qunxing.directory.queries import field_options
from qunxing.ledger.forms import CodesFormField, RecordForm
from qunxing.panels.models import Expert, Item, Job, Kin, Stake
from qunxing.panels.models.experts import Language

OWN = ("title", "employer", "employer_name", "fields", "keywords", "languages", "load_cap", "email", "phone")


class ExpertForm(RecordForm):
    """An expert as staff keep them; the state moves by its own steps."""

    class Meta:
        model = Expert
        fields: ClassVar[list[str]] = [
            "name", "title", "employer", "employer_name", "profession", "outside", "fields", "keywords", "languages",
            "load_cap", "email", "phone", "user",
        ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["employer"] = OrganizationPicker(user=self.user, label=_("Employer"), required=False)
        self.fields["fields"] = CodesFormField(label=_("Specialism"), choices=field_options(), required=False)
        self.fields["languages"] = CodesFormField(label=_("Languages"), choices=Language.choices, required=False)
        if "user" in self.fields:
            self.fields["user"] = AccountField(
                label=_("Account"), required=False, help_text=_("The name they sign in with.")
            )


class AccountField(forms.CharField):
    """An expert's account by the name it signs in with; None for no text."""

    def prepare_value(self, value: Any) -> Any:
        found = User.objects.filter(pk=value).first() if isinstance(value, int) else None
        return found.username if found is not None else value

    def clean(self, value: Any) -> Any:
        name = super().clean(value)
        if not name:
            return None
        found = User.objects.filter(username=name, kind=Kind.EXPERT).first()
        if found is None:
            raise forms.ValidationError(_("There is no expert's account “%(name)s”.") % {"name": name[:60]})
        return found


class OwnForm(ExpertForm):
    """What experts keep themselves."""

    class Meta(ExpertForm.Meta):
        fields: ClassVar[list[str]] = list(OWN)


class TieForm(RecordForm):
    """A declaration names an organisation of the ledger, or one by name alone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organization"] = OrganizationPicker(user=self.user, label=_("Organisation"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if (
            not cleaned.get("organization")
            and not cleaned.get("organization_name")
            and "organization" not in self.errors
        ):
            self.add_error("organization_name", _("Give an organisation of the ledger, or its name."))
        return cleaned


class JobForm(TieForm):
    class Meta:
        model = Job
        fields: ClassVar[list[str]] = ["organization", "organization_name", "position", "from_day", "to_day"]


class StakeForm(TieForm):
    class Meta:
        model = Stake
        fields: ClassVar[list[str]] = [
            "kind", "organization", "organization_name", "percent", "from_day", "to_day", "note",
        ]  # fmt: skip


class KinForm(TieForm):
    class Meta:
        model = Kin
        fields: ClassVar[list[str]] = [
            "relation", "name", "organization", "organization_name", "job", "from_day", "to_day",
        ]  # fmt: skip


class RecusalForm(forms.Form):
    """A bidder names somebody who should not judge its item."""

    person = forms.CharField(label=pgettext_lazy("person", "name"), max_length=60)
    employer = forms.CharField(
        label=_("employer"), max_length=200, required=False, help_text=_("Tells people of one name apart.")
    )
    organization = forms.ModelChoiceField(Organization.objects.none(), label=_("on behalf of"), to_field_name="ref")
    grounds = forms.CharField(label=_("reasons"), max_length=2_000, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, item: Item, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        behind = Organization.objects.filter(pk__in=item.parties.values("organization"))
        if getattr(user, "kind", None) != Kind.STAFF:
            behind = behind.filter(pk__in=member_organizations(user))
        self.fields["organization"].queryset = behind  # type: ignore[attr-defined]
        self.fields["organization"].initial = behind.first()
