"""Beginning a bid: for which organisation."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qunxing.challenges.rules.subjects import WRITERS
from qunxing.directory.models import Organization
from qunxing.directory.rules import roles_of


class NewBidForm(forms.Form):
    """One of the organisations that the user is owner or editor of."""

    organization = forms.ModelChoiceField(Organization.objects.none(), label=_("Bidder"), to_field_name="ref")

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keys = [key for key, role in roles_of(user).items() if role in WRITERS]
        field: Any = self.fields["organization"]
        field.queryset = Organization.objects.filter(pk__in=keys).order_by("name_key", "pk")
        field.empty_label = None
        if len(keys) == 1:
            field.initial = field.queryset.first()
