"""Handing a bid in, replacing it, taking it back: until the deadline, each with its entry in the log."""

from datetime import datetime
from hashlib import sha256
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qunxing.challenges.actions.bidding import (
    ROLE,
    check_in_time,
    check_writes_for,
    frame_actor,
    lead_of,
    locked_board,
    match_parties,
)
from qunxing.challenges.content import BidContent
from qunxing.challenges.gaps import Gap, stopping
from qunxing.challenges.models import Bid, BidParty, BidVersion, ChallengeList
from qunxing.challenges.queries.bids import SUBMITTED_ENTRY, gaps_of, read_draft, version_place
from qunxing.challenges.sealing import seal
from qunxing.challenges.states import bid as life
from qunxing.challenges.states.bid import BidState
from qunxing.core.errors import Refused
from qunxing.core.states import advance
from qunxing.ledger.recording import Entry, note, recording


class Incomplete(Refused):
    """The bid cannot be submitted yet; `gaps` says what is missing where."""

    def __init__(self, found: tuple[Gap, ...]) -> None:
        super().__init__(
            _("The bid cannot be submitted yet: %(count)s points are open.") % {"count": len(found)},
            _("The check list says what is missing where."),
            422,
        )
        self.gaps = found


class Rival(Refused):
    """An organisation of the bid is in another one already."""


def submit(bid: Bid, *, actor: Any, at: datetime) -> BidVersion:
    """Seal the draft as the next version of the bid; `at` is the moment of its arrival.

    Late after the deadline, Incomplete with gaps, Rival where a party is bound elsewhere.
    """
    with recording(actor=frame_actor(bid.board, actor)):
        board = locked_board(bid.board)
        check_in_time(board, at)
        # Everything of the bid at once: in the last minute before the deadline each statement counts.
        rows = Bid.objects.select_for_update(of=("self",)).select_related("challenge__board")
        stored = rows.prefetch_related("parties").get(pk=bid.pk)
        challenge = stored.challenge
        step = "submit" if stored.state == BidState.DRAFT else "replace"
        content = read_draft(stored).content
        lead = lead_of(stored, content)
        check_writes_for(actor, lead)
        found = stopping(gaps_of(stored, content))
        if found:
            raise Incomplete(found)
        check_rivals(stored, board)
        match_parties(stored, content, actor=actor, drop=True)
        version = seal_version(stored, board, content, actor=actor, at=at)
        changes: dict[str, Any] = {"version": version.number, "submitted_at": at, "digest": version.digest}
        if not board.rules.bidding.hide_bidders:
            changes["organization"] = lead
        advance(stored, step, actor=None, machine=life.LIFE, **changes)
        stored.challenge = challenge
        tell(stored, SUBMITTED_ENTRY, version=version.number, digest=version.digest, received=at)
    bid.refresh_from_db()
    return version


def seal_version(bid: Bid, board: ChallengeList, content: BidContent, *, actor: Any, at: datetime) -> BidVersion:
    """The version with the sealed bytes and their digest."""
    number = bid.version + 1
    envelope = {
        "list": board.ref,
        "challenge": bid.challenge.ref,
        "version": number,
        "received": at,
        "sealed": timezone.now(),
        "by": actor.username if actor is not None else "",
        "parties": list(BidParty.objects.filter(bid=bid).values("tag", "role", "state", "part")),
        "content": content.as_json(),
    }
    sealed = seal(board, "bid", version_place(bid, number), envelope)
    words = {"number": number, "submitted_at": at, "digest": sha256(sealed).hexdigest(), "sealed": sealed}
    return BidVersion.objects.create(bid=bid, **words)


def check_rivals(bid: Bid, board: ChallengeList) -> None:
    """Rival where a party is in another submitted bid for the challenge, or its lead leads another on the list."""
    parties = list(bid.parties.all())
    tags = [row.tag for row in parties]
    others = BidParty.objects.filter(tag__in=tags, bid__state=BidState.SUBMITTED).exclude(bid=bid)
    if board.rules.bidding.rival_partners == "refuse" and others.filter(bid__challenge=bid.challenge).exists():
        raise Rival(
            _("An organisation of this bid is in another bid for the same challenge already."),
            _("One of the two bids must be withdrawn, or go on without it."),
            409,
        )
    leads = [row.tag for row in parties if row.role == ROLE.LEAD]
    led = others.filter(bid__challenge__board=board, role=ROLE.LEAD, tag__in=leads)
    if board.rules.bidding.one_lead_per_list and led.exists():
        raise Rival(
            _("Your organisation leads another bid on this list already; the rules allow one."),
            _("Withdraw the other bid first."),
            409,
        )


def tell(bid: Bid, kind: str, **facts: Any) -> None:
    """Put the step into the log: digests and moments, nobody's name."""
    words = {"list": bid.board.ref, "challenge": bid.challenge.ref, **facts}
    note(Entry(kind, Bid.kind_code(), bid.ref, words))


def withdraw(bid: Bid, *, actor: Any, at: datetime) -> None:
    """End the bid before the deadline; what was sealed is never opened."""
    with recording(actor=frame_actor(bid.board, actor)):
        stored = own_bid(bid, actor=actor, at=at)
        advance(stored, "withdraw", actor=None, machine=life.LIFE)
        tell(stored, "bid.withdrawn", version=stored.version)
    bid.refresh_from_db()


def take_back(bid: Bid, *, actor: Any, at: datetime) -> None:
    """Make a submitted bid a draft again: nothing is submitted until it is handed in anew."""
    with recording(actor=frame_actor(bid.board, actor)):
        stored = own_bid(bid, actor=actor, at=at)
        advance(stored, "take_back", actor=None, machine=life.LIFE)
        tell(stored, "bid.taken_back", version=stored.version)
    bid.refresh_from_db()


def own_bid(bid: Bid, *, actor: Any, at: datetime) -> Bid:
    """The stored bid, locked, which the actor may still change."""
    check_in_time(locked_board(bid.board), at)
    stored: Bid = Bid.objects.select_for_update().select_related("challenge__board").get(pk=bid.pk)
    check_writes_for(actor, lead_of(stored))
    return stored
