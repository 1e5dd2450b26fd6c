"""The opening (开榜): two people of different kinds, every digest verified, all bids of the list in one transaction.

A bid that is not what was received is set aside for everybody to see, and the others open. Put right from a copy, it is
opened in the same way by two, as long as the formal check of its challenge goes on.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qunxing.challenges import eligibility, sealing
from qunxing.challenges.actions import publishing
from qunxing.challenges.actions.bidding import locked_board
from qunxing.challenges.models import Bid, BidDraft, BidParty, BidVersion, Challenge, ChallengeList, Opening, Upload
from qunxing.challenges.sealing import key_of, tag_of
from qunxing.challenges.shutting import discard
from qunxing.challenges.states import board as board_life
from qunxing.challenges.states import challenge as challenge_life
from qunxing.challenges.states.bid import BidState
from qunxing.challenges.states.board import ListState
from qunxing.challenges.states.challenge import ChallengeState
from qunxing.challenges.states.party import PartyState
from qunxing.challenges.verifying import Aside, Opened, Tells, read_all, set_aside_in
from qunxing.core.errors import Refused
from qunxing.core.states import advance
from qunxing.directory.models import Organization
from qunxing.ledger.actions import add_many, change, change_many, create
from qunxing.ledger.recording import Entry, note, recording

SECOND_WITHIN = timedelta(minutes=30)
OPENED_ENTRY = "list.opened"


class NotVerified(Refused):
    """Bids set aside whose sealed bytes still are not those that were received; `refs` names them."""

    def __init__(self, refs: Sequence[str]) -> None:
        super().__init__(
            _("These bids are not what was received: %(refs)s.") % {"refs": ", ".join(refs)},
            _("Bring what was sealed back from a copy of the database and the data folder, and open it then."),
            409,
        )
        self.refs = tuple(refs)


# --- the two people -------------------------------------------------------------------------------------------------


def begin_opening(board: ChallengeList, *, actor: Any, at: datetime) -> Opening:
    """The first of the two says that the bids shall be opened."""
    check_may_open(board, actor)
    key_of(board)
    with recording(actor=actor):
        stored = locked_board(board)
        check_time(stored, at)
        waiting = waiting_opening(stored, at)
        if waiting is not None:
            raise Refused(_("Somebody has confirmed already; the second person is awaited."), "", 409)
        made = create(Opening(board=stored, first=actor, first_at=at, demo=stored.demo), actor=actor)
        note(Entry("list.opening_begun", ChallengeList.kind_code(), stored.ref, {"role": actor.kind}))
    return made


def confirm_opening(opening: Opening, *, actor: Any, at: datetime, tells: Tells | None = None) -> Opening:
    """The second of the two confirms, within half an hour, and the bids are opened."""
    check_second(opening, actor, at)
    return open_bids(opening.board, first=opening.first, second=actor, at=at, opening=opening, tells=tells)


def check_second(opening: Opening, actor: Any, at: datetime) -> None:
    """Refused unless the actor may give the second word now."""
    check_may_open(opening.board, actor)
    check_pair(opening.board, opening.first, actor)
    if opening.done:
        raise Refused(_("The bids of this list are not to be opened any more."), _("Reload the page."), 409)
    if at - opening.first_at > SECOND_WITHIN:
        raise Refused(_("The first confirmation is more than half an hour old."), _("Let both confirm again."), 409)


def need_waiting(board: ChallengeList, at: datetime) -> Opening:
    """The opening that waits for its second word; Refused where none does."""
    found = waiting_opening(board, at)
    if found is None:
        raise Refused(
            _("Nobody has confirmed in the last half hour."), _("Let the first person confirm, then the second."), 409
        )
    return found


def waiting_opening(board: ChallengeList, at: datetime) -> Opening | None:
    """The opening that the first has confirmed and the second may still join."""
    rows = Opening.objects.filter(board=board, second__isnull=True, first_at__gte=at - SECOND_WITHIN)
    return rows.select_related("first", "board").order_by("-pk").first()


def check_may_open(board: ChallengeList, actor: Any) -> None:
    if actor.kind not in board.rules.opening.roles:
        raise PermissionDenied


def makes_pair(board: ChallengeList, first: Any, second: Any) -> bool:
    """Whether they are two people who stand for the two kinds that the rules name."""
    return first.pk != second.pk and {first.kind, second.kind} == set(board.rules.opening.roles)


def check_pair(board: ChallengeList, first: Any, second: Any) -> None:
    """Refused unless they are two people who stand for the two kinds that the rules name."""
    if not makes_pair(board, first, second):
        raise Refused(
            _("It takes two people of different roles to open the bids."), _("Let the other role confirm."), 409
        )


def check_time(board: ChallengeList, at: datetime) -> None:
    """Refused before the deadline, and while bids that began to arrive in time may still be coming in."""
    if board.state not in {ListState.PUBLISHED, ListState.CLOSED} and not set_aside_in(board).exists():
        raise Refused(_("The bids of this list are not to be opened any more."), _("Reload the page."), 409)
    if not may_open_at(board, at):
        raise Refused(
            _("The bids cannot be opened before the deadline has passed."),
            _("Nobody can read them until then, not even staff."),
            409,
        )


def may_open_at(board: ChallengeList, at: datetime) -> bool:
    """Whether nothing can come in any more by that moment."""
    bidding = board.rules.bidding
    late = timedelta(minutes=bidding.late_minutes) if bidding.late_upload == "began" else timedelta()
    return at > board.deadline + late


def restore_key(board: ChallengeList, *, actor: Any) -> None:
    """Bring the list's key back from its copy, and say so in the log."""
    if not actor.has_perm("challenges.restore_key"):
        raise PermissionDenied
    sealing.restore_key(board)
    with recording(actor=actor):
        note(Entry("list.key_restored", ChallengeList.kind_code(), board.ref, {"key": board.key_digest}))


# --- opening --------------------------------------------------------------------------------------------------------


def open_bids(
    board: ChallengeList,
    *,
    first: Any,
    second: Any,
    at: datetime,
    opening: Opening | None = None,
    tells: Tells | None = None,
) -> Opening:
    """Open all submitted bids of the list, and set aside what is not right; what was not submitted is wiped."""
    check_pair(board, first, second)
    key_of(board)
    with recording(actor=second):
        stored = locked_board(board)
        check_time(stored, at)
        found, wrong = read_all(stored, tells)
        if stored.opened_at is None:
            close_and_open(stored, at)
        elif not found:
            raise NotVerified([one.bid.ref for one in wrong])
        keep_opened(stored, found, at)
        set_aside(wrong)
        wipe(stored, found)
        eligibility.record([one.bid for one in found], "opening", day=timezone.localdate(at), actor=second)
        kept = opening or create(Opening(board=stored, first=first, first_at=at, demo=stored.demo), actor=first)
        results = [*map(result_of, found), *map(aside_of, wrong)]
        kept = change(kept, actor=second, values={"second": second, "second_at": at, "results": results})
        facts = {"roles": sorted([first.kind, second.kind]), "first": first.username, "bids": results}
        note(Entry(OPENED_ENTRY, ChallengeList.kind_code(), stored.ref, facts))
    board.refresh_from_db()
    return kept


def result_of(opened: Opened) -> dict[str, Any]:
    return {"bid": opened.bid.ref, "version": opened.version.number, "digest": opened.version.digest, "verified": True}


def aside_of(one: Aside) -> dict[str, Any]:
    words = {"bid": one.bid.ref, "version": one.bid.version, "digest": one.digest}
    return {**words, "verified": False, "found": one.found}


def set_aside(wrong: Sequence[Aside]) -> None:
    """Let those that are not right wait, and say so in the log; what is sealed in them stays as it is."""
    new = [one for one in wrong if one.bid.state == BidState.SUBMITTED]
    for one in new:
        one.bid.state = BidState.DAMAGED
        words = {"version": one.bid.version, "received": one.digest, "found": one.found}
        note(Entry("bid.set_aside", Bid.kind_code(), one.bid.ref, words))
    change_many([one.bid for one in new], ["state"])


def close_and_open(board: ChallengeList, at: datetime) -> None:
    """Take list and challenges over the deadline, if nobody has yet, and to the formal check."""
    if board.state == ListState.PUBLISHED:
        publishing.close(board, actor=None, at=at)
    advance(board, "open", actor=None, machine=board_life.LIFE, opened_at=at)
    for challenge in board.challenges.select_for_update():
        if challenge.state == ChallengeState.CLOSED:
            advance(challenge, "open_bids", actor=None, machine=challenge_life.LIFE)


def keep_opened(board: ChallengeList, found: Sequence[Opened], at: datetime) -> None:
    """Write what came out: whose each bid is, its number, its content and its parties."""
    firms = organizations_in(found)
    rows = Bid.objects.filter(challenge__board=board, opened_at__isnull=False).order_by()
    serials = dict(rows.values_list("challenge").annotate(Count("pk")))
    for one in found:
        challenge: Challenge = one.bid.challenge
        serials[challenge.pk] = serials.get(challenge.pk, 0) + 1
        one.bid.state, one.bid.opened_at = BidState.OPENED, at
        one.bid.number = f"{challenge.number or challenge.ref}-{serials[challenge.pk]:02d}"
        one.bid.organization = firms[one.content.lead.organization]
        one.version.envelope, one.version.content = one.envelope, one.content.as_json()
    change_many([one.bid for one in found], ["state", "opened_at", "number", "organization"])
    BidVersion.objects.bulk_update([one.version for one in found], ["envelope", "content"], batch_size=100)
    name_parties(found, firms)


def organizations_in(found: Sequence[Opened]) -> dict[str, Organization]:
    refs = {party.organization for one in found for party in one.content.parties}
    return {row.ref: row for row in Organization.objects.filter(ref__in=refs)}


def name_parties(found: Sequence[Opened], firms: dict[str, Organization]) -> None:
    """Let the parts of each bid be those it was submitted with, now by name."""
    stored: dict[tuple[int, str], BidParty] = {
        (row.bid_id, row.tag): row for row in BidParty.objects.filter(bid__in=[one.bid for one in found])
    }
    changed: list[BidParty] = []
    missing: list[BidParty] = []
    for one in found:
        states = {part["tag"]: part["state"] for part in one.envelope["parties"]}
        for party in one.content.parties:
            tag = tag_of(one.bid.board, party.organization)
            row = stored.pop((one.bid.pk, tag), None)
            kept = row or BidParty(bid=one.bid, tag=tag, role=BidParty.Role.PARTNER)
            kept.organization, kept.state = firms[party.organization], states.get(tag, PartyState.INVITED)
            (missing if row is None else changed).append(kept)
    change_many(changed, ["organization", "state"])
    add_many(missing)
    for row in stored.values():
        row.delete()


def wipe(board: ChallengeList, found: Sequence[Opened]) -> None:
    """Forget what was never submitted, what was replaced and what was withdrawn; that it existed stays."""
    drafts = list(Bid.objects.filter(challenge__board=board, state=BidState.DRAFT))
    for bid in drafts:
        bid.state = BidState.EXPIRED
    change_many(drafts, ["state"])
    BidDraft.objects.filter(bid__challenge__board=board).delete()
    versions = BidVersion.objects.filter(bid__challenge__board=board, content__isnull=True)
    versions.exclude(bid__state=BidState.DAMAGED, number=F("bid__version")).update(sealed=b"")
    named = {one.upload for bid in found for one in bid.content.attachments}
    kept = Q(bid__opened_at__isnull=False) & ~Q(bid__in=[one.bid for one in found]) | Q(bid__state=BidState.DAMAGED)
    loose = Upload.objects.filter(bid__challenge__board=board).exclude(kept).exclude(ref__in=named)
    refs = list(loose.values_list("ref", flat=True))
    loose.delete()
    transaction.on_commit(partial(discard_all, board, refs))


def discard_all(board: ChallengeList, refs: Iterable[str]) -> None:
    for ref in refs:
        discard(board, ref)
