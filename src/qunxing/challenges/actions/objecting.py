"""Objections: taken by real name and in time, kept confidential, answered by their day."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from qunxing.challenges.actions.common import follow, locked, take, tell
from qunxing.challenges.actions.noticing import suspend_notice
from qunxing.challenges.models import Notice, Objection, Objector
from qunxing.challenges.states import objection as objections
from qunxing.challenges.states.notice import LIVE, NoticeState
from qunxing.core.calendars import work_calendar
from qunxing.core.errors import Refused, Text
from qunxing.core.formats import show_day
from qunxing.core.text import fold
from qunxing.ledger.actions import create
from qunxing.ledger.numbers import next_number
from qunxing.ledger.reasons import needed_text
from qunxing.ledger.recording import recording

LETTERS = "YY"
NAMELESS = re.compile(r"匿名|无名|某|佚名|anonym|nobody|no\s?name|n/?a$|^x+$|^\*+$|[?？]", re.IGNORECASE)
LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True)
class Voice:
    """Who objects: the real name, organisation or address, a way to answer; `user` when signed in."""

    name: str
    employer: str
    phone: str = ""
    email: str = ""
    user: Any = None


def object_to(notice: Notice, *, at: datetime, voice: Voice, grounds: str, proof: str = "") -> Objection:
    """Take an objection to a notice; Refused when it is late, early, anonymous or without grounds.

    The log tells that it came, not from whom.
    """
    check_voice(voice)
    if not grounds.strip():
        raise Refused(_("Say what you object to, and why."), "", 422)
    day = timezone.localdate(at)
    with recording(actor=None):
        stored = locked(notice)
        check_in_time(stored, day)
        by = work_calendar().add_working_days(day, stored.rule.reply_days)
        made = Objection(
            notice=stored,
            number=next_number(Objection, LETTERS, day),
            grounds=clean(grounds),
            proof=clean(proof),
            received_at=at,
            reply_by=by.day,
            demo=stored.demo,
        )
        create(made, actor=None)
        create(objector_of(made, voice), actor=None)
        tell("objection.received", made, {"notice": stored.number, "reply_by": by.day.isoformat()})
    return made


def objector_of(objection: Objection, voice: Voice) -> Objector:
    user = voice.user if voice.user is not None and voice.user.is_authenticated else None
    words = {"name": voice.name, "employer": voice.employer, "phone": voice.phone, "email": voice.email}
    return Objector(objection=objection, user=user, demo=objection.demo, **{k: v.strip() for k, v in words.items()})


def clean(text: str) -> str:
    return text.replace("\x00", "").strip()[:20_000]


class BadVoice(Refused):
    """An objection without what the answer needs; `field` is where it is missing."""

    def __init__(self, field: str, message: Text) -> None:
        advice = _("Your name is known to staff alone; it is neither published nor told to anybody who bids.")
        super().__init__(message, advice, 422)
        self.field = field


def check_voice(voice: Voice) -> None:
    """Refused without a real name, an organisation or address, and a way to answer."""
    name = fold(voice.name)
    if len(LETTER.findall(name)) < 2 or NAMELESS.search(name):
        raise BadVoice("name", _("An objection is made by real name."))
    if len(voice.employer.strip()) < 2:
        raise BadVoice("employer", _("Give your organisation, or your address."))
    if not (voice.phone.strip() or voice.email.strip()):
        raise BadVoice("phone", _("Give a phone number or an e-mail address for the answer."))


def check_in_time(notice: Notice, day: date) -> None:
    """Refused outside the days of the notice, told which they are."""
    if notice.takes_objections_on(day):
        return
    if notice.state in LIVE and day < notice.first_day:
        raise Refused(_("The public notice begins on %(day)s.") % {"day": show_day(notice.first_day)}, "", 409)
    words = {"number": notice.number, "day": show_day(notice.last_day)}
    raise Refused(
        _("Objections to notice %(number)s were taken until the end of %(day)s.") % words,
        _("What you know may still be told to the district officers."),
        409,
    )


def examine(objection: Objection, *, actor: Any) -> Objection:
    take(objection, "examine", objections.LIFE, actor=actor)
    return objection


def answer(objection: Objection, *, actor: Any, day: date, upheld: bool, reply: str) -> Objection:
    """Uphold or dismiss an objection with an answer in writing; one upheld suspends a running notice."""
    told = needed_text(reply)
    with recording(actor=actor):
        stored = locked(objection)
        step = "uphold" if upheld else "dismiss"
        take(stored, step, objections.LIFE, actor=actor, reason=reply, reply=told, replied_on=day)
        tell("objection.answered", stored, {"upheld": upheld, "late": stored.late})
        notice = stored.notice
        if upheld and notice.state == NoticeState.RUNNING:
            words = _("Objection %(number)s was upheld.") % {"number": stored.number}
            suspend_notice(notice, actor=actor, day=day, reason=words)
        transaction.on_commit(partial(send_answer, stored))
    objection.refresh_from_db()
    return objection


def send_answer(objection: Objection) -> None:
    """The answer by e-mail, where an address was given; that it cannot be sent is no reason to lose it."""
    address = Objector.objects.filter(objection=objection).values_list("email", flat=True).first()
    if address:
        subject = _("Answer to objection %(number)s") % {"number": objection.number}
        send_mail(subject, objection.reply, None, [address], fail_silently=True)


def withdraw(objection: Objection, *, actor: Any) -> Objection:
    """The one who objected takes it back; who that is stays out of versions and log."""
    machine = objections.LIFE
    if actor is not None and not actor.has_perm(machine.named("withdraw").permission, objection):
        take(objection, "withdraw", machine, actor=actor)
    with recording(actor=None):
        follow(objection, "withdraw", machine)
        tell("objection.withdrawn", objection, {})
    return objection
