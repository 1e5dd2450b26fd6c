"""What the pages of every ledger do alike: show a record with its timeline, edit it, move it, settle a conflict."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from qunxing.core.errors import Problem
from qunxing.core.panels import panels_of
from qunxing.core.states import Machine, available_transitions
from qunxing.ledger.actions import StaleRecord, change, create
from qunxing.ledger.forms import RecordForm, clashes, with_choices
from qunxing.ledger.models import Record
from qunxing.ledger.queries import TIMELINE_LENGTH, as_of, at_revision, evidence_by_field, opened_at, timeline


def require(user: Any, permission: str, row: Any = None) -> None:
    """PermissionDenied unless the user holds the permission on the row."""
    if not user.has_perm(permission, row):
        raise PermissionDenied


def record_context(request: HttpRequest, record: Record, machine: Machine | None = None) -> dict[str, Any]:
    """What every record page shows beside the facts: timeline, evidence, the steps that are possible, the moment."""
    user = request.user
    length = timeline_length(request)
    moment = asked_moment(request)
    opened = opened_at(record, user=user)
    sees = user.has_perm("ledger.see_timeline")
    evidence = evidence_by_field(record, user=user)
    return {
        "record": past_or_present(record, moment, opened),
        "present": record,
        "moment": moment,
        "timeline": timeline(record, user=user, limit=length, since=opened) if sees else [],
        "timeline_more": length + TIMELINE_LENGTH,
        "evidence": evidence,
        "evidence_disputed": [item for item in evidence if item.disputed],
        "evidence_agreed": [item for item in evidence if not item.disputed],
        "offered_panels": panels_of(record.kind_code(), record, user) if moment is None else [],
        "transitions": available_transitions(user, record, machine) if machine and moment is None else [],
    }


def timeline_length(request: HttpRequest) -> int:
    asked = request.GET.get("timeline", "")
    return min(int(asked), 1_000) if asked.isdecimal() and len(asked) < 6 else TIMELINE_LENGTH


def asked_moment(request: HttpRequest) -> datetime | None:
    """The moment of ``?known_at=`` (a day means its end); None for now or for what is no moment."""
    text = request.GET.get("known_at", "")
    try:
        moment = parse_datetime(text) if "T" in text else None
        day = parse_date(text) if moment is None else None
    except ValueError:
        return None
    if day is not None:
        moment = datetime.combine(day, datetime.max.time())
    if moment is None:
        return None
    return timezone.make_aware(moment) if timezone.is_naive(moment) else moment


def past_or_present(record: Record, moment: datetime | None, opened: datetime | None) -> Record:
    """The record as it was known at the moment; before it was `opened` to the reader it is as if it were not there."""
    if moment is None:
        return record
    past = as_of(record, moment) if opened is None or moment >= opened else None
    if past is None:
        raise Problem(_("This record was not yet kept at that moment."), _("Choose a later day."), 404)
    return past


def create_response(
    request: HttpRequest, form: RecordForm, *, title: str, back: str, template: str = "ledger/form.html"
) -> HttpResponse:
    """Show the form, or save a valid one as a new record and go to its page."""
    if request.method == "POST" and form.is_valid() and (record := kept(form, request.user)) is not None:
        messages.success(request, _("%(record)s is saved.") % {"record": record})
        return redirect(record.get_absolute_url())
    status = 422 if form.is_bound else 200
    return render(request, template, {"form": form, "title": title, "back": back}, status=status)


def kept(form: RecordForm, user: Any) -> Record | None:
    """The record of a valid form, saved; None, with the reason in the form, where the like was kept a moment before."""
    try:
        record: Record = create(form.save(commit=False), actor=user, **form.words)
    except IntegrityError:
        form.add_error(None, _("Such a record was kept a moment ago by somebody else. Look for it before you go on."))
        return None
    return record


def edit_response(
    request: HttpRequest,
    record: Record,
    build: Callable[..., RecordForm],
    *,
    title: str,
    template: str = "ledger/form.html",
    save: Callable[..., Record] = change,
) -> HttpResponse:
    """Show the form of a stored record, or save what was typed; a conflict is shown side by side, nothing is lost.

    ``build(data, instance)`` makes the form.
    """
    back = record.get_absolute_url()
    if request.method != "POST":
        return render(request, template, {"form": build(None, record), "title": title, "back": back, "record": record})
    stored = type(record)._default_manager.get(pk=record.pk)
    form = build(with_choices(request.POST, build(None, stored)), record)
    expected = opened_revision(request)
    if not form.is_valid():
        return render(request, template, {"form": form, "title": title, "back": back, "record": record}, status=422)
    try:
        saved = save(
            stored,
            actor=request.user,
            values=form.record_values,
            expected=expected,
            **form.words,
        )
    except StaleRecord as stale:
        return conflict_response(request, stale.current, build, title=title, expected=expected)
    messages.success(request, _("%(record)s is saved.") % {"record": saved})
    return redirect(saved.get_absolute_url())


def opened_revision(request: HttpRequest) -> int:
    """The revision the form was opened at; 0, which no record has, where it does not say: it overwrites nothing."""
    told = request.POST.get("revision", "")
    return int(told) if told.isdecimal() else 0


def conflict_response(
    request: HttpRequest, current: Record, build: Callable[..., RecordForm], *, title: str, expected: int
) -> HttpResponse:
    """Both versions beside each other, with a choice for each field that differs."""
    version = at_revision(current, expected)
    opened = build(None, version.instance if version is not None else current)
    mine = build(request.POST, current)
    theirs = build(None, current)
    context = {
        "form": mine,
        "record": current,
        "title": title,
        "clashes": clashes(mine, opened, theirs),
        "untouched": untouched(mine, request),
        "back": current.get_absolute_url(),
    }
    return render(request, "ledger/conflict.html", context, status=409)


def untouched(form: RecordForm, request: HttpRequest) -> list[tuple[str, str]]:
    """Everything typed, as hidden fields, except the revision, which moves on to the present one."""
    return [(name, value) for name in form.fields if name != "revision" for value in request.POST.getlist(name)]
