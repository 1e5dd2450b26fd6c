"""The forms by which lists and sheets are taken in."""

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from qunxing.core.errors import Text
from qunxing.intake.catalogue import KNOWN
from qunxing.ledger.forms import DayInput


class FileForm(forms.Form):
    """A file and its day; the file is told by its content, once it is read, here only its size counts.

    `today` bounds the day; `ahead` is what is said of a later one.
    """

    ahead: ClassVar[Text]

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["day"].initial = today

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > settings.UPLOAD_LIMIT:
            raise forms.ValidationError(too_big())
        return file

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day > self.today:
            raise forms.ValidationError(str(self.ahead))
        return day


class UploadForm(FileForm):
    """A list as it was published."""

    ahead = _("The day lies ahead; a list is taken in once it is published.")
    list_code = forms.ChoiceField(label=_("List"), choices=())
    file = forms.FileField(label=_("File"), help_text=_("CSV or a workbook (xlsx, xls, ods), as it was published."))
    title = forms.CharField(
        label=_("Title"), max_length=300, required=False, help_text=_("Empty: the list and the name of the file.")
    )
    publisher = forms.CharField(
        label=_("Publisher"), max_length=200, required=False, help_text=_("Empty: who publishes this list.")
    )
    day = forms.DateField(label=_("Day of the list"), widget=DayInput, help_text=_("The day it was published."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["list_code"].choices = [(code, known.title) for code, known in KNOWN.items()]  # type: ignore[attr-defined]

    @property
    def words(self) -> dict[str, Any]:
        """What a batch is made of, what was left empty filled in."""
        given = self.cleaned_data
        wanted = KNOWN[given["list_code"]]
        return {
            "wanted": wanted,
            "name": given["file"].name,
            "content": given["file"],
            "title": given["title"] or f"{wanted.title} · {given['file'].name}",
            "publisher": given["publisher"] or wanted.publisher,
            "day": given["day"],
        }


def too_big() -> str:
    return _("The file has more than %(limit)s MB.") % {"limit": settings.UPLOAD_LIMIT // 1024**2}


class SheetForm(FileForm):
    """The table to take in as a sheet of a ledger: whose it is, of which day, and why it is taken in."""

    ahead = _("The day lies ahead; a table tells how things stand or stood.")
    file = forms.FileField(
        label=_("File"),
        help_text=_("A workbook (xlsx, xls, ods) or CSV, as it is: an export, a template, or your own."),
    )
    day = forms.DateField(label=_("As of"), widget=DayInput, help_text=_("The day whose state the table tells."))
    origin = forms.CharField(
        label=_("Whose table"),
        max_length=100,
        required=False,
        help_text=_(
            "What its headings mean, and its own numbers, are remembered for the next table of the same origin."
        ),
        widget=forms.TextInput(attrs={"list": "origins", "autocomplete": "off"}),
    )
    title = forms.CharField(
        label=_("Title"), max_length=300, required=False, help_text=_("Empty: the name of the file.")
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=500, required=False, help_text=_("Stands with every version that is written.")
    )

    @property
    def words(self) -> dict[str, Any]:
        """What a batch is made of."""
        given = self.cleaned_data
        return {
            "name": given["file"].name,
            "content": given["file"],
            **{name: given[name] for name in ("day", "origin", "title", "reason")},
        }
