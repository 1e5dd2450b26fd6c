"""Looking at what is watched: new rows become one digest a person and day."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from qunxing.accounts.models import User
from qunxing.core.workdays import WorkCalendar
from qunxing.matching.alerts.days import calendar_of_staff, is_due
from qunxing.matching.alerts.keys import joined, without
from qunxing.matching.alerts.matters import keys_of
from qunxing.matching.alerts.models import Digest, MailState, Notice, Watch, Wishes


@dataclass
class Looked:
    """What one run came to."""

    day: date
    watches: int = 0
    digests: list[Digest] = field(default_factory=list)
    rows: int = 0


def look_at_all(day: date, *, now: datetime) -> Looked:
    """Look at everything that is due on the day; a second run of the same day finds nothing to do."""
    told, calendar = Looked(day), calendar_of_staff()
    waiting = Watch.objects.filter(paused=False, looked_on__lt=day, user__is_active=True)
    for user in User.objects.filter(pk__in=waiting.values("user")).order_by("pk"):
        look_for(user, told, calendar, now=now)
    return told


def look_for(user: User, told: Looked, calendar: WorkCalendar, *, now: datetime) -> None:
    """The digest of one person, in one transaction: told and known stand or fall together."""
    with transaction.atomic():
        due = list(due_watches(user, told.day, calendar))
        notices = [notice for notice in (look(watch, user, told.day) for watch in due) if notice.keys]
        told.watches += len(due)
        told.rows += sum(len(keys) for notice in notices for _code, keys in notice.keys)
        if notices:
            told.digests.append(keep(user, told.day, notices, now=now))


def due_watches(user: User, day: date, calendar: WorkCalendar) -> Iterator[Watch]:
    """Locked, so that two runs at once do not both tell."""
    rows = Watch.objects.select_for_update().filter(user=user, paused=False, looked_on__lt=day).order_by("pk")
    return (watch for watch in rows if is_due(watch.every, watch.looked_on, day, calendar))


def look(watch: Watch, user: Any, day: date) -> Notice:
    """What is new; from now on it counts as known."""
    known, found = watch.seen, keys_of(watch, user, day)
    new = without(found, known)
    watch.looked_on = day
    if new:
        watch.seen = joined(known, found)
    watch.save(update_fields=["looked_on", "packed"])
    keys = [[code, sorted(held, reverse=True)[: Notice.MOST]] for code, held in sorted(new.items())]
    return Notice(watch=watch, heading=watch.name, keys=keys, cut=any(len(held) > Notice.MOST for held in new.values()))


def keep(user: User, day: date, notices: list[Notice], *, now: datetime) -> Digest:
    wishes, _made = Wishes.objects.get_or_create(user=user, defaults={"language": settings.LANGUAGE_CODE})
    by_mail = wishes.by_mail and bool(user.email)
    digest = Digest.objects.create(
        user=user,
        day=day,
        created_at=now,
        mail=MailState.WAITING if by_mail else MailState.NONE,
        next_try_at=now if by_mail else None,
    )
    for notice in notices:
        notice.digest = digest
    Notice.objects.bulk_create(notices)
    return digest
