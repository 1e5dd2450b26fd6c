"""Looking at what is watched: new rows become one digest a person and day."""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.conf import settings
from django.db import transaction

from qunxing.accounts.models import User
from qunxing.core.calendars import work_calendar
from qunxing.core.workdays import WorkCalendar
from qunxing.matching.alerts.days import is_due
from qunxing.matching.alerts.keys import Keys, joined, without
from qunxing.matching.alerts.matters import INDEXED, keys_of
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
    told, calendar = Looked(day), work_calendar()
    waiting = Watch.objects.filter(paused=False, looked_on__lt=day, user__is_active=True)
    for user in User.objects.filter(pk__in=waiting.values("user")).order_by("pk"):
        look_for(user, told, calendar, now=now)
    return told


def look_for(user: User, told: Looked, calendar: WorkCalendar, *, now: datetime) -> None:
    """The digest of one person. What there is is read first, so that the transaction is short; in it what is told and
    what counts as known stand or fall together.
    """
    waiting = Watch.objects.filter(user=user, paused=False, looked_on__lt=told.day)
    due = [watch for watch in waiting if is_due(watch.every, watch.looked_on, told.day, calendar)]
    found = {watch.pk: keys_of(watch, user, told.day) for watch in due}
    if not found:
        return
    with transaction.atomic():
        # Locked and asked again, so that two runs at once do not both tell.
        rows = Watch.objects.select_for_update().filter(pk__in=found, paused=False, looked_on__lt=told.day)
        looked = [look(watch, found[watch.pk], told.day) for watch in rows.order_by("pk")]
        notices = [notice for notice in looked if notice.keys]
        told.watches += len(looked)
        told.rows += sum(len(keys) for notice in notices for _code, keys in notice.keys)
        if notices:
            told.digests.append(keep(user, told.day, notices, now=now))


def look(watch: Watch, found: Keys, day: date) -> Notice:
    """What is new; from now on it counts as known."""
    known = watch.seen
    new = without(found, known)
    watch.looked_on = day
    if new:
        watch.seen = joined(known, found)
    if INDEXED in new:
        # Asked for the first time, the index finds more than names did: that is no news.
        new = {}
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
