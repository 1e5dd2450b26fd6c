"""The desk as a calendar (RFC 5545): an entry for each duty that has a day."""

import secrets
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar as Sheet
from icalendar import Event

from qunxing.accounts.models import token_digest
from qunxing.core.duties import Duty, duties_of
from qunxing.portal.models import Calendar

ONE_DAY = timedelta(days=1)


def open_calendar(*, actor: Any) -> str:
    """The secret of the actor's calendar from now on; an earlier one answers no more."""
    secret = secrets.token_urlsafe(24)
    Calendar.objects.update_or_create(user=actor, defaults={"digest": token_digest(secret), "used_on": None})
    return secret


def close_calendar(*, actor: Any) -> None:
    Calendar.objects.filter(user=actor).delete()


def find_calendar(secret: str) -> Calendar | None:
    """The calendar with this secret, of an account that is open."""
    rows = Calendar.objects.select_related("user")
    return rows.filter(digest=token_digest(secret), user__is_active=True).first()


def written(user: Any, *, now: datetime) -> bytes:
    """The user's duties that have a day, in the language that is active."""
    sheet = Sheet()
    sheet.add("prodid", "-//Qunxing//desk//")
    sheet.add("version", "2.0")
    sheet.add("x-wr-calname", _("Qunxing: what waits for me"))
    for duty in duties_of(user, now.date()):
        if duty.due is not None:
            sheet.add_component(entry(duty, now))
    return bytes(sheet.to_ical())


def entry(duty: Duty, now: datetime) -> Event:
    """A whole day, or the quarter of an hour before the moment."""
    event = Event()
    event.add("uid", f"{duty.key}@{urlsplit(settings.PUBLIC_URL).hostname or 'qunxing'}")
    event.add("dtstamp", now)
    event.add("summary", f"{duty.title}: {duty.about}")
    event.add("url", urljoin(settings.PUBLIC_URL, duty.url))
    if duty.at is not None:
        event.add("dtstart", duty.at - timedelta(minutes=15))
        event.add("dtend", duty.at)
    elif duty.due is not None:
        event.add("dtstart", duty.due)
        event.add("dtend", duty.due + ONE_DAY)
    return event
