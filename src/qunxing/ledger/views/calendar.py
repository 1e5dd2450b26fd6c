"""The working days that the calendar library does not know."""

from datetime import date
from typing import ClassVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qunxing.core.models import CalendarDay
from qunxing.ledger.edges import require
from qunxing.ledger.forms import DayInput
from qunxing.ledger.recording import Entry, note, recording


class CalendarDayForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = CalendarDay
        fields: ClassVar[list[str]] = ["day", "working", "note"]
        widgets: ClassVar[dict[str, forms.Widget]] = {"day": DayInput()}


def calendar(request: HttpRequest) -> HttpResponse:
    """The table and the form that adds a day to it."""
    require(request.user, "accounts.change_calendar")
    form = CalendarDayForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with recording(actor=request.user):
            day = form.save()
            note(Entry("calendar.set", "core.calendarday", str(day), {"working": day.working, "note": day.note}))
        messages.success(request, _("%(day)s is set.") % {"day": day})
        return redirect("ledger:calendar")
    context = {"form": form, "days": CalendarDay.objects.all()}
    return render(request, "ledger/calendar.html", context, status=422 if form.is_bound else 200)


@require_POST
def calendar_remove(request: HttpRequest, day: date) -> HttpResponse:
    require(request.user, "accounts.change_calendar")
    row = get_object_or_404(CalendarDay, day=day)
    with recording(actor=request.user):
        note(Entry("calendar.unset", "core.calendarday", str(row), {}))
        row.delete()
    return redirect("ledger:calendar")
