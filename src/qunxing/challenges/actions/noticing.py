"""Public notice: given, suspended, gone on with."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from qunxing.challenges.actions.awarding import current_proposal
from qunxing.challenges.actions.common import follow, locked, require, take, tell
from qunxing.challenges.bidfacts import content_of, partners_of
from qunxing.challenges.models import Challenge, Notice, Place, Proposal
from qunxing.challenges.models.awards import Standing
from qunxing.challenges.noticeclock import resumed, window
from qunxing.challenges.states import challenge as challenges
from qunxing.challenges.states import notice as notices
from qunxing.challenges.states.notice import LIVE
from qunxing.challenges.states.objection import OPEN
from qunxing.core.calendars import work_calendar
from qunxing.core.errors import Refused
from qunxing.core.masking import mask_name
from qunxing.ledger.actions import create
from qunxing.ledger.canonical import digest
from qunxing.ledger.numbers import next_number
from qunxing.ledger.reasons import needed_reason
from qunxing.ledger.recording import recording

LETTERS = "GS"


def give_notice(challenge: Challenge, *, actor: Any, day: date, text: str = "") -> Notice:
    """Put the proposed award before the public from this day on, for as long as the rules say."""
    with recording(actor=actor):
        stored = locked(challenge)
        proposal = current_proposal(stored)
        take(stored, "give_notice", challenges.LIFE, actor=actor)
        rule = stored.board.rules.notice
        shown = window(day, rule, work_calendar())
        clock = {"days": rule.days, "mode": rule.mode, "include_start": rule.include_start, "roll": rule.roll}
        made = Notice(
            challenge=stored,
            proposal=proposal,
            number=next_number(Notice, LETTERS, day),
            title=_("Proposed award: %(title)s") % {"title": stored.title},
            text=text.replace("\x00", "").strip(),
            lines=lines_of(proposal),
            clock={**clock, "reply_days": rule.reply_days},
            first_day=shown.first,
            last_day=shown.last,
            certain=shown.certain,
            demo=stored.demo,
        )
        create(made, actor=actor)
        proposal.told = True
        proposal.save()
        tell_notice("notice.given", made)
    challenge.refresh_from_db()
    return made


def lines_of(proposal: Proposal) -> list[dict[str, Any]]:
    """What is published of each winner; persons are masked."""
    rows = proposal.places.filter(standing=Standing.WINNER).select_related("bid__organization")
    return [line_of(row) for row in rows]


def line_of(row: Place) -> dict[str, Any]:
    content = content_of(row.bid)
    return {
        "place": row.place,
        "bid": row.bid.number,
        "organization": str(row.bid.organization),
        "partners": [firm.name for firm, _tasks in partners_of(row.bid)],
        "leader": mask_name(content.leader.name),
        "money": row.money,
    }


def tell_notice(what: str, notice: Notice) -> None:
    facts = {
        "number": notice.number,
        "first": notice.first_day.isoformat(),
        "last": notice.last_day.isoformat(),
        "lines": digest(notice.lines),
    }
    tell(what, notice, facts)


def running_notice(challenge: Challenge) -> Notice:
    """The notice that runs or is suspended; Refused when there is none."""
    found: Notice | None = challenge.notices.filter(state__in=LIVE, proposal__isnull=False).first()
    if found is None:
        raise Refused(_("No public notice runs."), "", 409)
    return found


def move_challenge(notice: Notice, step: str, *, actor: Any, reason: str) -> None:
    """The challenge goes with the notice of its award; the notice of a gate of a race moves by itself."""
    if notice.proposal_id is None or notice.challenge is None:
        require(actor, notices.CONFIRM, notice)
    else:
        take(locked(notice.challenge), step, challenges.LIFE, actor=actor, reason=reason)


def suspend_notice(notice: Notice, *, actor: Any, day: date, reason: str) -> Notice:
    """Stop the clock of a notice; the day it stops does not count."""
    reason = needed_reason(reason)
    with recording(actor=actor, reason=reason):
        stored = locked(notice)
        move_challenge(stored, "suspend", actor=actor, reason=reason)
        follow(stored, "suspend", notices.LIFE, stopped_on=day)
        tell_notice("notice.suspended", stored)
    notice.refresh_from_db()
    return stored


def resume_notice(notice: Notice, *, actor: Any, day: date, reason: str) -> Notice:
    """Let a notice go on with the days that were left; Refused while an objection waits for its answer."""
    reason = needed_reason(reason)
    with recording(actor=actor, reason=reason):
        stored = locked(notice)
        if stored.objections.filter(state__in=OPEN).exists():
            raise Refused(_("An objection has not been answered."), _("Answer it first."), 409)
        move_challenge(stored, "resume", actor=actor, reason=reason)
        again = resumed(stored.window, stored.stopped_on or day, day, stored.rule, work_calendar())
        follow(stored, "resume", notices.LIFE, last_day=again.last, certain=again.certain, stopped_on=None)
        tell_notice("notice.resumed", stored)
    notice.refresh_from_db()
    return stored
