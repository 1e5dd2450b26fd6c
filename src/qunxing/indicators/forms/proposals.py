"""The form by which an article is taken in."""

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from qunxing.core.errors import Refused
from qunxing.indicators.actions.proposals import Article
from qunxing.indicators.filewords import read_file
from qunxing.indicators.reading import FileText
from qunxing.ledger.forms import DayInput


class ArticleForm(forms.Form):
    """A file or its text, and what is known of the article; the file is told by its content."""

    file = forms.FileField(label=_("File"), required=False, help_text=_("txt, docx or pdf."))
    text = forms.CharField(
        label=_("or its text"), required=False, widget=forms.Textarea(attrs={"rows": 10}), strip=False
    )
    title = forms.CharField(label=_("Title"), max_length=300)
    publisher = forms.CharField(label=_("Publisher"), max_length=200, required=False)
    day = forms.DateField(
        label=_("Day of the article"), widget=DayInput, help_text=_("Words like “last month” are resolved against it.")
    )
    url = forms.URLField(label=_("Address"), max_length=500, required=False, assume_scheme="https")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.read: FileText | None = None
        self.content = b""

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day > self.today:
            raise ValidationError(_("The day lies ahead; an article is read once it is published."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        file, text = cleaned.get("file"), cleaned.get("text") or ""
        if self.errors.keys() & {"file", "text"}:
            return cleaned
        if bool(file) == bool(text.strip()):
            raise ValidationError(_("Give either a file or the text."))
        if file and file.size > settings.UPLOAD_LIMIT:
            self.add_error("file", too_big())
            return cleaned
        self.content = file.read() if file else text.encode(errors="surrogatepass")
        try:
            self.read = read_file(self.content)
        except Refused as error:
            self.add_error("file" if file else "text", str(error))
        return cleaned

    @property
    def article(self) -> Article:
        given = self.cleaned_data
        told = self.read or FileText("", "txt")
        return Article(
            text=told.text,
            content=self.content,
            title=given["title"],
            day=given["day"],
            publisher=given["publisher"],
            url=given["url"],
            file_name=given["file"].name if given["file"] else "",
            file_format=told.format,
        )


def too_big() -> str:
    return str(_("The file has more than %(limit)s MB.") % {"limit": settings.UPLOAD_LIMIT // 1024**2})
