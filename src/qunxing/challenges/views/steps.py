"""What the pages after the opening have in common: a form that takes a step, a button that does, the day."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from qunxing.challenges import clock
from qunxing.core.errors import Refused, Text


def today() -> date:
    """The day by the server's clock, which does not run behind the log."""
    return timezone.localdate(clock.now())


def form_page(
    request: HttpRequest,
    form: forms.BaseForm,
    do: Callable[..., Any],
    *,
    title: Text,
    row: Any,
    back: str = "",
    template: str = "ledger/form.html",
    **context: Any,
) -> HttpResponse:
    """Show the form, or take the step with what was typed; a refusal stands above it, and nothing typed is lost."""
    back = back or row.get_absolute_url()
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                do(**form.cleaned_data)
            except Refused as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, _("%(step)s: done.") % {"step": title})
                return redirect(back)
    words = {"form": form, "title": title, "back": back, "record": row, **context}
    return render(request, template, words, status=status)


def done(request: HttpRequest, what: Text, back: str) -> HttpResponse:
    """Say that a step was taken, and go back."""
    messages.success(request, _("%(step)s: done.") % {"step": what})
    return redirect(back)


def zip_file(path: Path, row: Any) -> FileResponse:
    """The archive of a row, under its number."""
    name = f"{row.number or row.ref}.zip"
    return FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type="application/zip")


def posted(request: HttpRequest) -> Any:
    """What a form is bound to: nothing until it is sent, even when nothing is in it."""
    return request.POST if request.method == "POST" else None


def reason_of(request: HttpRequest) -> str:
    return request.POST.get("reason", "")[:500]
