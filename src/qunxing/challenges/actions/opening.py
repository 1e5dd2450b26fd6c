"""The opening (开榜): two people of different kinds, every digest verified, all bids of the list in one transaction."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from typing import Any, Protocol

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qunxing.challenges import eligibility, sealing
from qunxing.challenges.actions import publishing
from qunxing.challenges.actions.bidding import locked_board
from qunxing.challenges.content import BadContent, BidContent
from qunxing.challenges.models import Bid, BidDraft, BidParty, BidVersion, Challenge, ChallengeList, Opening, Upload
from qunxing.challenges.queries.bids import SUBMITTED_ENTRY, facts_in, version_place
from qunxing.challenges.sealing import Damaged, key_of, tag_of, unseal
from qunxing.challenges.shutting import digest_on_disk, discard
from qunxing.challenges.states import board as board_life
from qunxing.challenges.states import challenge as challenge_life
from qunxing.challenges.states.bid import BidState
from qunxing.challenges.states.board import ListState
from qunxing.challenges.states.challenge import ChallengeState
from qunxing.challenges.states.party import PartyState
from qunxing.core.errors import Refused
from qunxing.core.states import advance
from qunxing.directory.models import Organization
from qunxing.ledger.actions import add_many, change, change_many, create
from qunxing.ledger.models import LogEntry
from qunxing.ledger.recording import Entry, note, recording

BIDDING = (ChallengeState.OPEN, ChallengeState.CLOSED)
SECOND_WITHIN = timedelta(minutes=30)
OPENED_ENTRY = "list.opened"


class NotVerified(Refused):
    """Bids whose sealed bytes are not those that were received; `refs` names them. Nothing was opened."""

    def __init__(self, refs: Sequence[str]) -> None:
        super().__init__(
            _("These bids are not what was received: %(refs)s.") % {"refs": ", ".join(refs)},
            _("No bid was opened. Bring the database and the data folder back from a copy and open then."),
            409,
        )
        self.refs = tuple(refs)


class Tells(Protocol):
    """Whoever is told how many bids are through."""

    def advance(self, done: int) -> None: ...


@dataclass(frozen=True)
class Opened:
    """One bid as it came out of its seal."""

    bid: Bid
    version: BidVersion
    envelope: dict[str, Any]
    content: BidContent


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
    if board.state not in {ListState.PUBLISHED, ListState.CLOSED}:
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
    """Open all submitted bids of the list; what was not submitted is wiped. All of it or nothing."""
    check_pair(board, first, second)
    key_of(board)
    with recording(actor=second):
        stored = locked_board(board)
        check_time(stored, at)
        found = opened_bids(stored, tells)
        close_and_open(stored, at)
        keep_opened(found, at)
        wipe(stored, found)
        eligibility.record([one.bid for one in found], "opening", day=timezone.localdate(at), actor=second)
        kept = opening or create(Opening(board=stored, first=first, first_at=at, demo=stored.demo), actor=first)
        results = [result_of(one) for one in found]
        kept = change(kept, actor=second, values={"second": second, "second_at": at, "results": results})
        facts = {"roles": sorted([first.kind, second.kind]), "first": first.username, "bids": results}
        note(Entry(OPENED_ENTRY, ChallengeList.kind_code(), stored.ref, facts))
    board.refresh_from_db()
    return kept


def result_of(opened: Opened) -> dict[str, Any]:
    return {"bid": opened.bid.ref, "version": opened.version.number, "digest": opened.version.digest, "verified": True}


def opened_bids(board: ChallengeList, tells: Tells | None = None) -> list[Opened]:
    """Every submitted bid out of its seal, in the order of arrival; NotVerified names those that are not right."""
    rows = Bid.objects.filter(challenge__board=board, state=BidState.SUBMITTED, challenge__state__in=BIDDING)
    rows = rows.select_related("challenge__issuer")
    bids = {bid.pk: bid for bid in rows.select_for_update(of=("self",)).order_by("submitted_at", "pk")}
    logged = logged_digests(bids.values())
    versions = {(one.bid_id, one.number): one for one in BidVersion.objects.filter(bid__in=bids)}
    files = {row.ref: row for row in Upload.objects.filter(bid__in=bids)}
    found, wrong = [], []
    for number, bid in enumerate(bids.values()):
        if tells is not None:
            tells.advance(number)
        bid.challenge.board = board
        version = versions.get((bid.pk, bid.version))
        opened = verified(bid, version, logged) if version is not None else None
        opened = opened if opened is None or files_stand(opened, files) else None
        (wrong.append(bid.ref) if opened is None else found.append(opened))
    if wrong:
        raise NotVerified(wrong)
    return found


def logged_digests(bids: Iterable[Bid]) -> dict[tuple[str, int], str]:
    """{(bid, version): digest} as the log has it."""
    refs = [bid.ref for bid in bids]
    rows = LogEntry.objects.filter(kind=SUBMITTED_ENTRY, subject_ref__in=refs)
    facts = [(row.subject_ref, facts_in(row)) for row in rows]
    return {(ref, fact["version"]): fact["digest"] for ref, fact in facts}


def verified(bid: Bid, version: BidVersion, logged: dict[tuple[str, int], str]) -> Opened | None:
    """The bid out of its seal; None unless bytes, row and log agree and the seal is whole."""
    sealed = bytes(version.sealed)
    digests = {sha256(sealed).hexdigest(), version.digest, bid.digest, logged.get((bid.ref, version.number), "")}
    if len(digests) != 1:
        return None
    try:
        envelope = unseal(bid.board, "bid", version_place(bid, version.number), sealed)
        return Opened(bid, version, envelope, BidContent.read(envelope.pop("content")))
    except (Damaged, BadContent):
        return None


def files_stand(opened: Opened, files: Mapping[str, Upload]) -> bool:
    """Whether every file that the bid names lies on the disk as it was received."""
    board = opened.bid.board
    stored = [files.get(one.upload) for one in opened.content.attachments]
    return all(
        row is not None and row.bid_id == opened.bid.pk and digest_on_disk(board, row.ref) == row.digest
        for row in stored
    )


def close_and_open(board: ChallengeList, at: datetime) -> None:
    """Take list and challenges over the deadline, if nobody has yet, and to the formal check."""
    if board.state == ListState.PUBLISHED:
        publishing.close(board, actor=None, at=at)
    advance(board, "open", actor=None, machine=board_life.LIFE, opened_at=at)
    for challenge in board.challenges.select_for_update():
        if challenge.state == ChallengeState.CLOSED:
            advance(challenge, "open_bids", actor=None, machine=challenge_life.LIFE)


def keep_opened(found: Sequence[Opened], at: datetime) -> None:
    """Write what came out: whose each bid is, its number, its content and its parties."""
    firms = organizations_in(found)
    serials: dict[int, int] = {}
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
    BidVersion.objects.filter(bid__challenge__board=board, content__isnull=True).update(sealed=b"")
    named = {one.upload for bid in found for one in bid.content.attachments}
    loose = Upload.objects.filter(bid__challenge__board=board).exclude(ref__in=named)
    refs = list(loose.values_list("ref", flat=True))
    loose.delete()
    transaction.on_commit(partial(discard_all, board, refs))


def discard_all(board: ChallengeList, refs: Iterable[str]) -> None:
    for ref in refs:
        discard(board, ref)
