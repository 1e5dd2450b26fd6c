"""Amending a published list: numbered, field by field, with the deadline moved where the rules say so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qunxing.challenges.actions.boards import write_challenge
from qunxing.challenges.actions.publishing import keep_content, tell_log
from qunxing.challenges.models import Amendment, Challenge, ChallengeList
from qunxing.challenges.publishing.changes import changes_between
from qunxing.challenges.publishing.content import content_of
from qunxing.challenges.readiness import day_fault, rolled
from qunxing.challenges.rules.boards import Permission
from qunxing.challenges.states import board as board_states
from qunxing.challenges.states import challenge as challenge_states
from qunxing.challenges.states.board import ListState
from qunxing.challenges.states.challenge import ChallengeState
from qunxing.challenges.telling import tell
from qunxing.core.calendars import work_calendar
from qunxing.core.errors import Refused
from qunxing.core.states import advance
from qunxing.core.workdays import WorkCalendar
from qunxing.ledger.actions import change, create
from qunxing.ledger.edges import require
from qunxing.ledger.recording import recording
from qunxing.scenarios.actions import IndicatorRow


@dataclass(frozen=True)
class Wanted:
    """What an amendment is to change: values of the list or, with `entry`, of one challenge and its targets.

    `expected` is the revision of what changes that its writer had before them.
    """

    entry: Challenge | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    rows: Sequence[IndicatorRow] | None = None
    deadline: datetime | None = None
    expected: int | None = None


def amend(board: ChallengeList, wanted: Wanted, *, actor: Any, at: datetime, why: str) -> Amendment:
    """Change what a published list says: the next amendment, told to whoever follows the list.

    Late ones move the deadline by the rules; it never comes nearer. StaleRecord when the record was changed meanwhile.
    """
    require(actor, Permission.AMEND_LIST, board)
    check_words(why)
    with recording(actor=actor, reason=why):
        stored = locked_open(board, at)
        before = stored.content
        words = {"actor": actor, "values": wanted.values, "expected": wanted.expected, "reason": why}
        if wanted.entry is not None:
            write_challenge(wanted.entry, rows=wanted.rows, **words)
        elif wanted.values:
            change(stored, **words)
            stored.refresh_from_db()
        return keep_amendment(stored, before, actor=actor, at=at, why=why, deadline=wanted.deadline)


def check_words(why: str) -> None:
    if not why.strip():
        raise Refused(_("An amendment needs a reason."), _("Say in a few words why the list changes."), 422)


def locked_open(board: ChallengeList, at: datetime) -> ChallengeList:
    stored: ChallengeList = ChallengeList.objects.select_for_update().get(pk=board.pk)
    if not stored.takes_bids_at(at):
        raise Refused(_("Bids have closed; the list is amended no more."), status=409)
    return stored


def keep_amendment(
    board: ChallengeList, before: Mapping[str, Any], *, actor: Any, at: datetime, why: str, deadline: datetime | None
) -> Amendment:
    """Number what changed, move the deadline, freeze the content anew, log and tell."""
    was = board.deadline
    changes = changes_between(before, content_of(board))
    asked = asked_deadline(board, deadline)
    if not changes and asked == was:
        raise Refused(
            _("Nothing differs from the list as it is."), _("An amendment says something else than the list does."), 422
        )
    due = extended(board, asked, at, work_calendar()) if changes else asked
    keep_content(board, actor=actor) if due == was else move_deadline(board, due, actor=actor)
    amendment = Amendment(
        board=board,
        number=board.amendments.count() + 1,
        day=timezone.localdate(at),
        why=why.strip(),
        changes=changes,
        deadline_before=was,
        deadline_after=due,
        extended=due > asked,
        digest=board.content_digest,
        demo=board.demo,
    )
    create(amendment, actor=actor, reason=why)
    tell_log("list.amended", board, amendment=amendment.number)
    words = {"list": board.number, "number": amendment.number}
    tell(board, _("%(list)s: amendment %(number)s") % words, at=at)
    return amendment


def asked_deadline(board: ChallengeList, deadline: datetime | None) -> datetime:
    """The deadline as the amendment wants it; Refused when it comes nearer or lies on a day that is not worked."""
    if deadline is None or deadline == board.deadline:
        return board.deadline
    if deadline < board.deadline:
        raise Refused(_("A deadline that is published does not come nearer."), _("Choose a later one."), 422)
    if (fault := day_fault(deadline, work_calendar())) is not None:
        raise Refused(fault, status=422)
    return deadline


def extended(board: ChallengeList, deadline: datetime, at: datetime, calendar: WorkCalendar) -> datetime:
    """The deadline by the rules: an amendment leaves bidders some days, at the same hour, on a day that is worked."""
    least = at + timedelta(days=board.rules.amending.days)
    if deadline >= least:
        return deadline
    local, wanted = timezone.localtime(deadline), timezone.localtime(least)
    days = (wanted.date() - local.date()).days
    moved = deadline + timedelta(days=days)
    return rolled(moved if moved >= least else moved + timedelta(days=1), calendar)


def move_deadline(board: ChallengeList, deadline: datetime, *, actor: Any) -> None:
    change(board, actor=actor, values={"deadline": deadline})
    board.refresh_from_db()
    keep_content(board, actor=actor)


def reopen(board: ChallengeList, *, actor: Any, at: datetime, deadline: datetime, reason: str) -> Amendment:
    """Open the bidding again until a later deadline; it is an amendment of its own."""
    check_words(reason)
    if deadline <= at:
        raise Refused(_("The deadline lies in the past; choose a later one."), status=422)
    with recording(actor=actor, reason=reason):
        stored = ChallengeList.objects.select_for_update().get(pk=board.pk)
        advance(stored, "reopen", actor=actor, machine=board_states.LIFE)
        for entry in stored.challenges.filter(state=ChallengeState.CLOSED):
            advance(entry, "reopen", actor=actor, machine=challenge_states.LIFE)
        found = keep_amendment(stored, stored.content, actor=actor, at=at, why=reason, deadline=deadline)
    board.refresh_from_db()
    assert board.state == ListState.PUBLISHED  # noqa: S101 - what the step says
    return found
