"""Bids that are written and not submitted, and partners who have not confirmed; found by their tags while sealed."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from qunxing.challenges.duties.common import day_of, writes_for_any
from qunxing.challenges.models import Amendment, BidParty, ChallengeList, Objection
from qunxing.challenges.sealing import KeyMissing, tag_of
from qunxing.challenges.states.bid import WRITABLE, BidState
from qunxing.challenges.states.board import ListState
from qunxing.challenges.states.objection import ObjectionState
from qunxing.challenges.states.party import PartyState
from qunxing.core.duties import Duty, duty_of
from qunxing.directory.models import Organization

READ_WITHIN = timedelta(days=14)
GONE = (BidState.WITHDRAWN, BidState.EXPIRED)


def own_parts(user: Any, today: date) -> Any:
    """What the user's organisations have in bids that may still be written."""
    firms = Organization.objects.filter(pk__in=writes_for_any(user))
    refs = list(firms.values_list("ref", flat=True))
    boards = ChallengeList.objects.filter(state=ListState.PUBLISHED, deadline__date__gte=today) if refs else ()
    tags = [tag for board in boards for tag in tags_on(board, refs)]
    rows = BidParty.objects.filter(tag__in=tags).select_related("bid__challenge__board")
    return rows.order_by("pk")


def tags_on(board: ChallengeList, refs: list[str]) -> list[str]:
    """Nothing where the list's key is missing: staff are told of that elsewhere."""
    try:
        return [tag_of(board, ref) for ref in refs]
    except KeyMissing:
        return []


def drafts_to_submit(user: Any, today: date) -> Iterator[Duty]:
    for row in own_parts(user, today).filter(role=BidParty.Role.LEAD, bid__state=BidState.DRAFT):
        yield part_duty(row, "submit", _("Submit the bid"))


def parts_to_confirm(user: Any, today: date) -> Iterator[Duty]:
    rows = own_parts(user, today).filter(role=BidParty.Role.PARTNER, state=PartyState.INVITED)
    for row in rows.filter(bid__state__in=WRITABLE):
        yield part_duty(row, "confirm", _("Confirm your part in the bid"))


def bids_set_aside(user: Any, _today: date) -> Iterator[Duty]:
    """Bids of one's organisations that could not be opened; found by their tags, so that no row says whose they are."""
    waiting = BidParty.objects.filter(bid__state=BidState.DAMAGED).select_related("bid__challenge__board")
    if not waiting.exists():
        return
    refs = list(Organization.objects.filter(pk__in=writes_for_any(user)).values_list("ref", flat=True))
    for row in waiting.order_by("pk"):
        if row.tag in tags_on(row.bid.board, refs):
            yield duty_of(row, "aside", _("Read why your bid could not be opened"), row.bid.challenge)


def part_duty(row: BidParty, step: str, title: Any) -> Duty:
    challenge = row.bid.challenge
    return duty_of(row, step, title, challenge, due=day_of(challenge.board.deadline), at=challenge.board.deadline)


def answers_to_read(user: Any, today: date) -> Iterator[Duty]:
    """The answer to one's own objection, for two weeks after it was given."""
    answered = [ObjectionState.UPHELD, ObjectionState.DISMISSED]
    rows = Objection.objects.filter(objector__user=user.pk, state__in=answered, replied_on__gte=today - READ_WITHIN)
    for row in rows.select_related("notice").order_by("pk"):
        yield duty_of(row, "read", _("Read the answer to your objection"), row.notice)


def amendments_to_read(user: Any, today: date) -> Iterator[Duty]:
    """Amendments of lists on which one bids, for two weeks at most; told when asked, so that no row says who bids."""
    boards = {row.bid.challenge.board_id for row in own_parts(user, today).exclude(bid__state__in=GONE)}
    rows = Amendment.objects.filter(board__in=boards, day__gte=today - READ_WITHIN).select_related("board")
    for row in rows.order_by("pk"):
        yield duty_of(row, "amended", _("Read amendment %(number)s") % {"number": row.number}, row.board)


DUTIES = (drafts_to_submit, parts_to_confirm, bids_set_aside, amendments_to_read, answers_to_read)
