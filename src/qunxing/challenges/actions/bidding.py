"""Writing a bid: its draft, its partners and their word, all sealed from the first letter on."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qunxing.challenges.content import BidContent, Party
from qunxing.challenges.models import Bid, BidDraft, BidParty, Challenge, ChallengeList
from qunxing.challenges.queries.bids import Draft, draft_place, known_facts, read_draft
from qunxing.challenges.sealing import derived, key_of, seal, tag_of
from qunxing.challenges.states import party
from qunxing.challenges.states.bid import WRITABLE, BidState
from qunxing.challenges.states.board import ListState
from qunxing.challenges.states.challenge import ChallengeState
from qunxing.challenges.states.party import PartyState
from qunxing.core.errors import Problem, Refused
from qunxing.core.states import advance
from qunxing.directory.models import Membership, Organization
from qunxing.ledger.actions import create, remove
from qunxing.ledger.canonical import digest
from qunxing.ledger.recording import recording

REVISIONS_KEPT = 30
WRITERS = frozenset({Membership.Role.OWNER, Membership.Role.EDITOR})
ROLE = BidParty.Role


class StaleDraft(Problem):
    """Somebody saved the draft since the writer opened it; `current` is the draft as it stands."""

    def __init__(self, current: Draft) -> None:
        super().__init__(
            _("Somebody else saved this bid while you were writing."),
            _("Compare both and choose; nothing you typed is lost."),
            409,
        )
        self.current = current


class Late(Problem):
    """It arrived after the deadline, by the server's clock."""


# --- who, and until when --------------------------------------------------------------------------------------------


def frame_actor(board: ChallengeList, actor: Any) -> Any:
    """Who stands in versions and log: nobody while the rules hide the bidders."""
    hidden = board.rules.bidding.hide_bidders and board.opened_at is None
    return None if hidden else actor


def check_writes_for(actor: Any, organization: Organization) -> None:
    """PermissionDenied unless the actor is its owner or editor at this very moment; the program itself may."""
    if actor is None:
        return
    if not Membership.objects.filter(user_id=actor.pk, organization=organization, role__in=WRITERS).exists():
        raise PermissionDenied


def lead_of(bid: Bid, content: BidContent | None = None) -> Organization:
    """The organisation that leads the bid, read from what is sealed."""
    if bid.organization is not None:
        return bid.organization
    found: Organization = Organization.objects.get(ref=(content or read_draft(bid).content).lead.organization)
    return found


def check_in_time(board: ChallengeList, at: datetime) -> None:
    """Late when the moment is after the deadline; Refused when the list takes no bids at all.

    What arrived in time is taken even if the list was closed while it waited for its turn.
    """
    if board.published_on is not None and at > board.deadline:
        raise late(board, at)
    if board.state not in {ListState.PUBLISHED, ListState.CLOSED}:
        raise Refused(_("This list takes no bids."), _("Choose a list that is open for bids."), 409)


def late(board: ChallengeList, at: datetime) -> Late:
    seconds = max(1, round((at - board.deadline).total_seconds()))
    words = {"deadline": to_the_second(board.deadline), "arrived": to_the_second(at), "seconds": seconds}
    return Late(
        _("Too late: bids were taken until %(deadline)s, this arrived at %(arrived)s, %(seconds)s seconds after.")
        % words,
        _("It was not taken. What was submitted before the deadline stands as it was."),
        409,
    )


def to_the_second(at: datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M:%S}"


def locked_board(board: ChallengeList) -> ChallengeList:
    """The list as it stands; whoever submits, withdraws or opens takes turns on it."""
    stored: ChallengeList = ChallengeList.objects.select_for_update().get(pk=board.pk)
    return stored


# --- the draft ------------------------------------------------------------------------------------------------------


def create_bid(challenge: Challenge, *, actor: Any, organization: Organization, at: datetime) -> Bid:
    """A new draft for the organisation, with what the ledger knows of it filled in."""
    with recording(actor=frame_actor(challenge.board, actor)):
        board = locked_board(challenge.board)
        check_writes_for(actor, organization)
        check_in_time(board, at)
        check_may_lead(challenge, organization)
        bid = create(Bid(challenge=challenge, demo=challenge.demo), actor=frame_actor(board, actor))
        tag = tag_of(board, organization.ref)
        words: dict[str, Any] = {"bid": bid, "tag": tag, "demo": bid.demo}
        create(BidParty(**words, role=ROLE.LEAD, state=PartyState.CONFIRMED), actor=frame_actor(board, actor))
        lead = Party(organization.ref, organization.name)
        store_draft(bid, BidContent(lead=lead, facts=known_facts(organization)), 1, actor=actor, at=at)
    return bid


def check_may_lead(challenge: Challenge, organization: Organization) -> None:
    """Refused for the issuer, for a challenge that is not open, and for a second bid of the same lead."""
    if challenge.state not in {ChallengeState.OPEN, ChallengeState.CLOSED}:
        raise Refused(_("This challenge takes no bids."), _("Choose one that is open for bids."), 409)
    if organization.pk == challenge.issuer_id and not challenge.board.rules.eligibility.issuer_may_lead:
        raise Refused(_("Whoever issues a challenge may not lead a bid for it."), "", 409)
    tag = tag_of(challenge.board, organization.ref)
    taken = BidParty.objects.filter(bid__challenge=challenge, tag=tag, role=ROLE.LEAD, bid__state__in=WRITABLE)
    if taken.exists():
        raise Refused(
            _("Your organisation has a bid for this challenge already."), _("Go on with it under “Bids”."), 409
        )


def store_draft(bid: Bid, content: BidContent, revision: int, *, actor: Any, at: datetime) -> None:
    """Keep one revision, sealed; StaleDraft when somebody else was faster."""
    plain = {"content": content.as_json(), "by": actor.username if actor is not None else "", "at": at}
    sealed = seal(bid.board, "draft", draft_place(bid, revision), plain)
    try:
        with transaction.atomic():
            BidDraft.objects.create(bid=bid, revision=revision, saved_at=at, sealed=sealed)
    except IntegrityError as error:
        raise StaleDraft(read_draft(bid)) from error
    bid.drafts.filter(revision__lte=revision - REVISIONS_KEPT).delete()


def save_draft(bid: Bid, *, actor: Any, content: BidContent, at: datetime, expected: int | None = None) -> int:
    """Keep what was typed as the next revision, and ask new partners; the revision.

    StaleDraft when the draft stands at another revision than `expected`.
    """
    with recording(actor=frame_actor(bid.board, actor)):
        stored = Bid.objects.select_for_update().select_related("challenge__board").get(pk=bid.pk)
        check_writable(stored, at)
        current = read_draft(stored)
        lead = lead_of(stored, current.content)
        check_writes_for(actor, lead)
        if expected is not None and current.revision != expected:
            raise StaleDraft(current)
        kept = replace(content, lead=replace(content.lead, organization=lead.ref, name=lead.name))
        if kept == current.content:
            return current.revision
        store_draft(stored, kept, current.revision + 1, actor=actor, at=at)
        if parts_in(kept) != parts_in(current.content):
            match_parties(stored, kept, actor=actor, drop=stored.state == BidState.DRAFT)
    return current.revision + 1


def check_writable(bid: Bid, at: datetime) -> None:
    check_in_time(bid.board, at)
    if bid.state not in WRITABLE:
        raise Refused(_("This bid is not written on any more."), "", 409)


# --- partners -------------------------------------------------------------------------------------------------------


def parts_in(content: BidContent) -> list[tuple[str, str, int]]:
    """What partners are asked to agree to, of all parties."""
    return [(one.organization, one.tasks, one.share) for one in content.parties]


def part_digest(bid: Bid, content: BidContent, organization: str) -> str:
    """A keyed digest of what the partner agrees to: its own tasks and share, and who leads."""
    own = next((one for one in content.partners if one.organization == organization), Party())
    key = derived(key_of(bid.board), "part").hex()
    return digest([key, bid.ref, organization, own.tasks, own.share, content.lead.organization])


def match_parties(bid: Bid, content: BidContent, *, actor: Any, drop: bool) -> None:
    """Let the parts of the bid be those its draft names; who is new is asked, whose part changed is asked again.

    Who is in a submitted version stays bound until that is replaced: only then parts are dropped.
    """
    words = {"actor": frame_actor(bid.board, actor)}
    wanted = {tag_of(bid.board, one.organization): one for one in content.partners if one.organization}
    wanted.pop(tag_of(bid.board, content.lead.organization), None)
    stored = {row.tag: row for row in bid.parties.all() if row.role == ROLE.PARTNER}
    for tag, row in stored.items():
        if tag not in wanted:
            if drop:
                remove(row, reason="", **words)
        elif row.state != PartyState.INVITED and row.part != part_digest(bid, content, wanted[tag].organization):
            advance(row, "ask_again", actor=None, machine=party.LIFE)
    for tag in wanted:
        if tag not in stored:
            create(BidParty(bid=bid, tag=tag, role=ROLE.PARTNER, demo=bid.demo), **words)


def answer_part(bid: Bid, step: str, *, actor: Any, organization: Organization, at: datetime) -> BidParty:
    """A partner confirms or declines its part as the draft has it now."""
    with recording(actor=frame_actor(bid.board, actor)):
        stored = Bid.objects.select_for_update().select_related("challenge__board").get(pk=bid.pk)
        check_in_time(stored.board, at)
        check_writes_for(actor, organization)
        row: BidParty = stored.parties.select_for_update().get(tag=tag_of(stored.board, organization.ref))
        if row.role != ROLE.PARTNER or stored.state not in WRITABLE:
            raise Refused(_("There is nothing to confirm any more."), _("Reload the page."), 409)
        part = part_digest(stored, read_draft(stored).content, organization.ref)
        advance(row, step, actor=None, machine=party.LIFE, part=part)
    return row
