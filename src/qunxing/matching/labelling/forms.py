"""The form by which labels are taken in."""

from django import forms
from django.utils.translation import gettext_lazy as _

LARGEST = 10 * 1024 * 1024


class LabelsForm(forms.Form):
    file = forms.FileField(
        label=_("File"), help_text=_("CSV with the columns need_id, supply_id and level, a row a label.")
    )

    def clean_file(self) -> bytes:
        """The bytes of the file."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(_("The file is larger than 10 MB."))
        data: bytes = file.read()
        return data
