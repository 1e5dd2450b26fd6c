"""Reminders by e-mail: a week before a duty falls due, the day before, on the day, and once when it is late."""

import logging
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import ngettext, override

from qunxing.accounts.models import User
from qunxing.core.duties import Duty, duties_of
from qunxing.core.formats import show_days_left
from qunxing.matching.alerts.models import Wishes
from qunxing.portal.models import Reminded

logger = logging.getLogger(__name__)
FIRST_HOUR = 7  # nobody is told in the night
LATE = -1
STEPS = (LATE, 0, 1, 7)


def remind_all(*, now: datetime) -> int:
    """Look once a day at everybody's desk; how many mails went out. One that fails is tried in the next round."""
    local = timezone.localtime(now)
    if local.hour < FIRST_HOUR:
        return 0
    waiting = User.objects.filter(is_active=True).exclude(email="").exclude(reminded__day__gte=local.date())
    unwanted = Wishes.objects.filter(by_mail=False).values("user")
    return sum(remind(user, local.date()) for user in waiting.exclude(pk__in=unwanted).order_by("pk"))


def remind(user: User, today: date) -> bool:
    """Send what is to be told; what was told and that it was sent stand or fall together."""
    Reminded.objects.get_or_create(user=user)
    with transaction.atomic():
        kept = Reminded.objects.select_for_update().get(user=user)
        if kept.day is not None and kept.day >= today:
            return False
        with override(language_of(user)):
            duties = duties_of(user, today)
            due = to_tell(duties, kept.told, today)
            if due and not sent(user, due, today):
                return False
        kept.told, kept.day = told_now(duties, today), today
        kept.save()
    return bool(due)


def language_of(user: User) -> str:
    wishes = Wishes.objects.filter(user=user).first()
    return wishes.language if wishes else settings.LANGUAGE_CODE


def step_of(duty: Duty, today: date) -> int | None:
    """The step a duty has reached: the nearest day before its end at which one is told; None while it is far."""
    left = duty.days_left(today)
    if left is None:
        return None
    return next((step for step in STEPS if max(left, LATE) <= step), None)


def mark(duty: Duty) -> str:
    """What is kept of a duty: its key could say more than anybody may know, such as who bids before the opening."""
    return salted_hmac("qunxing.desk.told", duty.key, algorithm="sha256").hexdigest()[:32]


def to_tell(duties: Iterable[Duty], told: Mapping[str, int], today: date) -> list[Duty]:
    """Those that have come a step nearer since they were told."""
    nearer = ((duty, step_of(duty, today)) for duty in duties)
    return [duty for duty, step in nearer if step is not None and step < told.get(mark(duty), STEPS[-1] + 1)]


def told_now(duties: Iterable[Duty], today: date) -> dict[str, int]:
    """What has been told once this mail is out; what waits no more is forgotten."""
    steps = {mark(duty): step_of(duty, today) for duty in duties}
    return {key: step for key, step in steps.items() if step is not None}


def sent(user: User, duties: list[Duty], today: date) -> bool:
    message = message_of(user, duties, today)
    try:
        message.send()
    except Exception as error:  # noqa: BLE001 - whatever ails the server, the reminder is kept
        logger.warning("the reminder of %s could not be sent: %s", user.pk, error)
        return False
    return True


def message_of(user: User, duties: list[Duty], today: date) -> EmailMultiAlternatives:
    context = {"duties": duties, "user": user, "today": today, "base": settings.PUBLIC_URL.rstrip("/")}
    subject = ngettext("Qunxing: %(count)s thing waits for you", "Qunxing: %(count)s things wait for you", len(duties))
    message = EmailMultiAlternatives(
        subject % {"count": len(duties)},
        render_to_string("portal/desk/mail.txt", context),
        settings.DEFAULT_FROM_EMAIL,
        [user.email],
    )
    message.attach_alternative(render_to_string("portal/desk/mail.html", context), "text/html")
    return message


def due_words(duty: Duty, today: date) -> str:
    """How pressing a duty is, in words."""
    left = duty.days_left(today)
    return "" if left is None else show_days_left(left)
