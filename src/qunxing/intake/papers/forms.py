"""The form of a Word template: its file is tried before it is kept."""

from typing import Any, ClassVar

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from qunxing.core.sheets import sheets
from qunxing.core.uploads import check_upload
from qunxing.intake.models import Paper
from qunxing.intake.papers.templates import TemplateError, check_template
from qunxing.ledger.forms import RecordForm
from qunxing.ledger.models import Visibility


class PaperForm(RecordForm):
    sheet_code = forms.ChoiceField(label=_("Filled from"))

    class Meta:
        model = Paper
        fields: ClassVar[list[str]] = ["name", "sheet_code", "file", "together", "note", "visibility"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("source", None)
        self.fields.pop("place", None)
        choices: Any = self.fields["sheet_code"]
        choices.choices = [(code, spec.label) for code, spec in sheets().items()]
        if not self.instance.pk:
            self.initial.setdefault("visibility", Visibility.INTERNAL)
        self.digest = self.instance.digest

    def clean(self) -> dict[str, Any]:
        super().clean()
        file, spec = self.cleaned_data.get("file"), sheets().get(self.cleaned_data.get("sheet_code", ""))
        if file and spec is not None and (isinstance(file, UploadedFile) or "sheet_code" in self.changed_data):
            try:
                self.try_file(file, spec)
            except TemplateError as error:
                self.add_error("file", str(error))
        return self.cleaned_data

    def try_file(self, file: Any, spec: Any) -> None:
        if isinstance(file, UploadedFile):
            self.digest = check_upload(file)
        file.open("rb")
        check_template(file.read(), spec)
        file.seek(0)

    def save(self, commit: bool = True) -> Any:
        self.instance.digest = self.digest
        return super().save(commit)

    @property
    def record_values(self) -> dict[str, Any]:
        return super().record_values | {"digest": self.digest}
