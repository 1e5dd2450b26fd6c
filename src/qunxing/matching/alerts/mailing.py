"""The digest by e-mail: made when it is sent, of what its reader may see at that moment; tried again when it fails."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from qunxing.matching.alerts.actions import unsubscribe_token
from qunxing.matching.alerts.models import Digest, MailState, Wishes
from qunxing.matching.alerts.queries import ShownNotice, shown_notices

logger = logging.getLogger(__name__)
# The wait after the first, the second … failure; after the last the mail is given up.
PAUSES = [timedelta(minutes=minutes) for minutes in (5, 30, 120, 360, 720, 1_440, 1_440)]
CLAIMED_FOR = timedelta(minutes=15)


@dataclass
class Mailed:
    """What one run came to."""

    sent: int = 0
    empty: int = 0
    failed: int = 0
    given_up: int = 0


def send_waiting(*, now: datetime) -> Mailed:
    """Send what waits and is due for a try."""
    told = Mailed()
    waiting = Digest.objects.filter(mail=MailState.WAITING, next_try_at__lte=now).select_related("user").order_by("pk")
    for digest in waiting:
        if claimed(digest, now=now):
            deliver(digest, told, now=now)
    return told


def claimed(digest: Digest, *, now: datetime) -> bool:
    """Whether this process is the one that sends it; should it die, another may after a while."""
    mine = Digest.objects.filter(pk=digest.pk, mail=MailState.WAITING, next_try_at=digest.next_try_at)
    return bool(mine.update(next_try_at=now + CLAIMED_FOR))


def deliver(digest: Digest, told: Mailed, *, now: datetime) -> None:
    user = digest.user
    message = message_of(digest) if user.is_active and user.email else None
    if message is None:
        told.empty += 1
        settle(digest, mail=MailState.EMPTY, next_try_at=None)
        return
    try:
        message.send()
    except Exception as error:  # noqa: BLE001 - whatever ails the server, the mail is kept
        postpone(digest, error, told, now=now)
        return
    told.sent += 1
    settle(digest, mail=MailState.SENT, sent_at=now, next_try_at=None, problem="")


def postpone(digest: Digest, error: Exception, told: Mailed, *, now: datetime) -> None:
    """Keep the mail for a later try; the page says why it is late."""
    logger.warning("digest %s could not be sent: %s", digest.ref, error)
    attempts = digest.attempts + 1
    given_up = attempts > len(PAUSES)
    told.given_up += given_up
    told.failed += not given_up
    settle(
        digest,
        attempts=attempts,
        problem=f"{type(error).__name__}: {error}"[:300],
        mail=MailState.GIVEN_UP if given_up else MailState.WAITING,
        next_try_at=None if given_up else now + PAUSES[attempts - 1],
    )


def settle(digest: Digest, **values: Any) -> None:
    Digest.objects.filter(pk=digest.pk).update(**values)


def message_of(digest: Digest) -> EmailMultiAlternatives | None:
    """The mail in its reader's language, as text and as plain HTML; None when nothing of it may be seen any more."""
    user = digest.user
    wishes = Wishes.objects.filter(user=user).first()
    with override(wishes.language if wishes else settings.LANGUAGE_CODE):
        notices = shown_notices(digest, user=user)
        if not notices:
            return None
        stop = absolute(reverse("matching:alerts:unsubscribe", args=[unsubscribe_token(user)]))
        context = {"digest": digest, "notices": notices, "user": user, "stop": stop, "base": settings.PUBLIC_URL}
        message = EmailMultiAlternatives(
            subject_of(digest, notices),
            render_to_string("matching/alerts/mail.txt", context),
            settings.DEFAULT_FROM_EMAIL,
            [user.email],
            headers={"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
            connection=get_connection(),
        )
        message.attach_alternative(render_to_string("matching/alerts/mail.html", context), "text/html")
        return message


def subject_of(digest: Digest, notices: list[ShownNotice]) -> str:
    total = sum(notice.total for notice in notices)
    day = date_format(digest.day, "Y-m-d")
    return _("Qunxing: %(total)s new in your saved searches, %(day)s") % {"total": total, "day": day}


def absolute(path: str) -> str:
    return urljoin(settings.PUBLIC_URL, path)
