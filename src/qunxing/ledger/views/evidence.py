"""Evidence on any record: add a value that a source gives, confirm one, follow one of several."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from qunxing.ledger.actions import cite, confirm, follow
from qunxing.ledger.edges import require
from qunxing.ledger.kinds import record_kinds
from qunxing.ledger.models import Evidence, Record, Source
from qunxing.ledger.queries import readable_fields, visible_or_404
from qunxing.ledger.reasons import needed_reason
from qunxing.ledger.rules import Permission


class EvidenceForm(forms.Form):
    """What one source says of one field of a record."""

    field = forms.ChoiceField(label=gettext_lazy("Field"))
    value = forms.CharField(label=gettext_lazy("Value as the source gives it"), max_length=2_000, strip=True)
    source = forms.ModelChoiceField(Source.objects.none(), label=gettext_lazy("Source"), to_field_name="ref")
    place = forms.CharField(label=gettext_lazy("Place in the source"), max_length=300, required=False)

    def __init__(self, *args: Any, record: Record, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.record = record
        names = [(field.name, field.verbose_name) for field in citable_fields(type(record))]
        self.fields["field"].choices = names  # type: ignore[attr-defined]
        self.fields["source"].queryset = Source.objects.visible_to(user)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if {"field", "value"} <= cleaned.keys():
            field: Any = self.record._meta.get_field(cleaned["field"])
            try:
                cleaned["value"] = field.clean(field.to_python(cleaned["value"]), self.record)
            except ValidationError as error:
                self.add_error("value", error)
        return cleaned


def citable_fields(kind: type[Record]) -> list[Any]:
    """The fields that a typed value can speak of: not those that name another record."""
    return [field for field in readable_fields(kind) if not field.is_relation and field.name != "visibility"]


def the_record(request: HttpRequest, kind: str, ref: str) -> Record:
    model = record_kinds().get(kind)
    if model is None:
        raise Http404
    found: Record = visible_or_404(model.objects, request.user, ref)
    return found


def evidence_create(request: HttpRequest, kind: str, ref: str) -> HttpResponse:
    record = the_record(request, kind, ref)
    require(request.user, Permission.CITE)
    form = EvidenceForm(request.POST or None, record=record, user=request.user)
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        values = {cleaned["field"]: cleaned["value"]}
        cite(record, actor=request.user, source=cleaned["source"], values=values, place=cleaned["place"])
        messages.success(request, _("The evidence is kept beside the record."))
        return redirect(record.get_absolute_url())
    context = {"form": form, "title": _("New evidence"), "record": record, "back": record.get_absolute_url()}
    return render(request, "ledger/form.html", context, status=422 if form.is_bound else 200)


def the_evidence(request: HttpRequest, pk: int) -> tuple[Evidence, Record]:
    """The evidence and its record, when both it and its source are the user's to see."""
    sources = Source.objects.visible_to(request.user)
    evidence = get_object_or_404(Evidence.objects.select_related("source"), pk=pk, source__in=sources)
    model = record_kinds().get(evidence.record_kind)
    if model is None:
        raise Http404
    return evidence, get_object_or_404(model.objects.visible_to(request.user), pk=evidence.record_id)


@require_POST
def evidence_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    evidence, record = the_evidence(request, pk)
    require(request.user, Permission.CITE)
    confirm(evidence, actor=request.user, day=timezone.localdate())
    messages.success(request, _("Confirmed today."))
    return redirect(record.get_absolute_url())


@require_POST
def evidence_follow(request: HttpRequest, pk: int) -> HttpResponse:
    evidence, record = the_evidence(request, pk)
    require(request.user, Permission.FOLLOW, record)
    field = request.POST.get("field", "")
    if field not in evidence.values:
        raise Http404
    follow(record, evidence, field, actor=request.user, reason=needed_reason(request.POST.get("reason", "")))
    messages.success(request, _("The record follows this source now."))
    return redirect(record.get_absolute_url())
