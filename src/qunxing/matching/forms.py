"""The forms of matching."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from qunxing.core.divisions import division_options
from qunxing.directory.models import SizeClass
from qunxing.ledger.forms import CodesFormField, DayInput, RecordForm
from qunxing.matching.models import Requirement

MOST_CERTIFICATES, LONGEST_NAME = 20, 120


class RequirementForm(RecordForm):
    class Meta:
        model = Requirement
        fields: ClassVar[list[str]] = ["places", "sizes", "certificates"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stored = self.instance
        self.fields["places"] = CodesFormField(
            label=_("Where the firm must be"),
            choices=division_options(),
            required=False,
            initial=stored.places,
            help_text=_("None means anywhere."),
        )
        self.fields["sizes"] = CodesFormField(
            label=_("Size of the firm"),
            choices=SizeClass.choices,
            required=False,
            initial=stored.sizes,
            help_text=_("None means any."),
        )

    def clean_certificates(self) -> str:
        lines = [line.strip() for line in self.cleaned_data["certificates"].splitlines() if line.strip()]
        if len(lines) > MOST_CERTIFICATES or any(len(line) > LONGEST_NAME for line in lines):
            raise forms.ValidationError(
                _("At most %(most)s certificates, one a line, each in at most %(length)s characters."),
                params={"most": MOST_CERTIFICATES, "length": LONGEST_NAME},
            )
        return "\n".join(dict.fromkeys(lines))


class InvitationForm(forms.Form):
    """What the firm is told, and by when it should answer."""

    message = forms.CharField(
        label=_("Message to the firm"), widget=forms.Textarea(attrs={"rows": 5}), max_length=2_000, required=False
    )
    answer_by = forms.DateField(label=_("Answer by"), widget=DayInput(), required=False)
