"""Publishing a list, closing and reopening the bidding, withdrawing."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qunxing.challenges import sealing
from qunxing.challenges.models import Challenge, ChallengeList, Need
from qunxing.challenges.publishing.content import content_of, digest_of
from qunxing.challenges.readiness import NotReady, gaps_of
from qunxing.challenges.rulewords import whole
from qunxing.challenges.states import board as board_states
from qunxing.challenges.states import challenge as challenge_states
from qunxing.challenges.states.board import ListState
from qunxing.challenges.states.call import NEED, NeedState
from qunxing.challenges.states.challenge import ChallengeState
from qunxing.challenges.telling import tell
from qunxing.challenges.terms import Terms
from qunxing.core.calendars import work_calendar
from qunxing.core.errors import Refused
from qunxing.core.states import advance
from qunxing.ledger.actions import change
from qunxing.ledger.numbers import next_number
from qunxing.ledger.reasons import needed_reason
from qunxing.ledger.recording import Entry, note, recording

LIST = "BD"
WITHDRAWABLE = next(step for step in challenge_states.LIFE if step.name == "withdraw").sources


def publish(board: ChallengeList, *, actor: Any, at: datetime) -> ChallengeList:
    """Give the list its number, its key and its copy of the rules, and open it for bids; NotReady names the gaps."""
    with recording(actor=actor):
        stored = ChallengeList.objects.select_for_update().select_related("rule_set").get(pk=board.pk)
        gaps = gaps_of(stored, at=at, calendar=work_calendar()) if stored.state == ListState.DRAFT else []
        if gaps:
            raise NotReady(gaps)
        day = timezone.localdate(at)
        number = next_number(ChallengeList, LIST, day)
        frozen = Terms.read(whole(stored.rules))
        effects = {"number": number, "published_on": day, "terms": frozen.as_json(), "terms_digest": frozen.digest()}
        advance(stored, "publish", actor=actor, machine=board_states.LIFE, **effects)
        for entry in stored.challenges.all():
            publish_entry(entry, number, actor=actor)
        keep_content(stored, actor=actor, key_digest=sealing.make_key(stored))
        tell_log("list.published", stored)
    board.refresh_from_db()
    return board


def publish_entry(entry: Challenge, number: str, *, actor: Any) -> None:
    effects = {"number": f"{number}-{entry.position:02d}"}
    advance(entry, "publish", actor=actor, machine=challenge_states.LIFE, **effects)
    need: Need | None = entry.need
    if need is not None and need.state == NeedState.RECOMMENDED:
        advance(need, "list", actor=actor, machine=NEED)


def keep_content(board: ChallengeList, *, actor: Any, **values: Any) -> ChallengeList:
    """Freeze what the list says to the public."""
    content = content_of(board)
    changed = {"content": content, "content_digest": digest_of(content), **values}
    saved = change(board, actor=actor, values=changed)
    board.refresh_from_db()
    return saved


def tell_log(kind: str, board: ChallengeList, **facts: Any) -> None:
    """Say in the log what anyone may hold the list against: number, deadline, digests of content, rules and key."""
    said = {
        "number": board.number,
        "deadline": board.deadline,
        "content": board.content_digest,
        "rules": board.terms_digest,
        "key": board.key_digest,
    }
    note(Entry(kind, board.kind_code(), board.ref, said | facts))


def close(board: ChallengeList, *, actor: Any, at: datetime) -> ChallengeList:
    """Close the bidding once the deadline has passed."""
    if at <= board.deadline:
        raise Refused(_("The deadline has not passed yet."), _("A list closes when it has."), 409)
    with recording(actor=actor):
        stored = ChallengeList.objects.select_for_update().get(pk=board.pk)
        advance(stored, "close", actor=actor, machine=board_states.LIFE)
        for entry in stored.challenges.filter(state=ChallengeState.OPEN):
            advance(entry, "close", actor=actor, machine=challenge_states.LIFE)
        tell_log("list.closed", stored)
    board.refresh_from_db()
    return board


def close_due(at: datetime) -> list[ChallengeList]:
    """Close every list whose deadline has passed; the program does it by itself."""
    due = ChallengeList.objects.filter(state=ListState.PUBLISHED, deadline__lt=at).order_by("pk")
    return [close(board, actor=None, at=at) for board in due]


def withdraw(board: ChallengeList, *, actor: Any, at: datetime, reason: str) -> ChallengeList:
    """Take a list back with a reason that everybody reads; not once an award on it is in public notice."""
    reason = needed_reason(reason)
    with recording(actor=actor, reason=reason):
        stored = ChallengeList.objects.select_for_update().get(pk=board.pk)
        entries = list(stored.challenges.exclude(state__in=challenge_states.OVER))
        if any(entry.state not in WITHDRAWABLE for entry in entries):
            raise Refused(
                _("An award on this list is in public notice or stands."),
                _("End that challenge by its own steps first."),
                409,
            )
        ended = {"ended_on": timezone.localdate(at), "ending": reason}
        advance(stored, "withdraw", actor=actor, machine=board_states.LIFE, **ended)
        for entry in entries:
            end_entry(entry, actor=actor, ended=ended)
        tell_log("list.withdrawn", stored)
        if stored.published_on:
            tell(stored, _("Withdrawn: %(list)s") % {"list": stored.number}, at=at)
    board.refresh_from_db()
    return board


def withdraw_challenge(entry: Challenge, *, actor: Any, at: datetime, reason: str) -> Challenge:
    """Take one challenge of a list back."""
    reason = needed_reason(reason)
    with recording(actor=actor, reason=reason):
        board = ChallengeList.objects.select_for_update().get(pk=entry.board_id)
        end_entry(entry, actor=actor, ended={"ended_on": timezone.localdate(at), "ending": reason})
        if board.published_on:
            tell(board, _("Withdrawn: %(entry)s") % {"entry": entry.number}, at=at)
    return entry


def end_entry(entry: Challenge, *, actor: Any, ended: dict[str, Any]) -> None:
    outcome = {"outcome": ChallengeState.WITHDRAWN, **ended}
    advance(entry, "withdraw", actor=actor, machine=challenge_states.LIFE, **outcome)
    facts = {"number": entry.number or "", "state": entry.state}
    note(Entry("challenge.withdrawn", entry.kind_code(), entry.ref, facts))
    need: Need | None = entry.need
    if need is not None and need.state == NeedState.LISTED:
        advance(need, "unlist", actor=None, machine=NEED)
