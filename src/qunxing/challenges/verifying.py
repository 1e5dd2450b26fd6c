"""Holding sealed bids against what was received: the bytes, the row, the log and the files must agree."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Protocol

from django.db.models import Q, QuerySet

from qunxing.challenges.content import BadContent, BidContent
from qunxing.challenges.models import Bid, BidVersion, ChallengeList, Upload
from qunxing.challenges.queries.bids import SUBMITTED_ENTRY, facts_in, version_place
from qunxing.challenges.sealing import Damaged, unseal
from qunxing.challenges.shutting import digest_on_disk
from qunxing.challenges.states.bid import BidState
from qunxing.challenges.states.challenge import ChallengeState
from qunxing.ledger.models import LogEntry

BIDDING = (ChallengeState.OPEN, ChallengeState.CLOSED)


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


@dataclass(frozen=True)
class Aside:
    """One that is not what was received: the digest on its receipt, and that of the bytes which lie there now."""

    bid: Bid
    digest: str
    found: str


def waiting(board: ChallengeList) -> QuerySet[Bid]:
    """The bids of the list that may be opened: received, and those set aside while their check goes on."""
    received = Q(state=BidState.SUBMITTED, challenge__state__in=BIDDING)
    aside = Q(state=BidState.DAMAGED, challenge__state=ChallengeState.CHECKING)
    found: QuerySet[Bid] = Bid.objects.filter(received | aside, challenge__board=board)
    return found


def set_aside_in(board: ChallengeList) -> QuerySet[Bid]:
    """The bids of the list that could not be opened and still may be."""
    return waiting(board).filter(state=BidState.DAMAGED)


def read_all(board: ChallengeList, tells: Tells | None = None) -> tuple[list[Opened], list[Aside]]:
    """Every waiting bid out of its seal, in the order of arrival, and those that are not right."""
    rows = waiting(board).select_related("challenge__issuer").select_for_update(of=("self",))
    bids = {bid.pk: bid for bid in rows.order_by("submitted_at", "pk")}
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
        if opened is not None and files_stand(opened, files):
            found.append(opened)
        else:
            wrong.append(aside(bid, version, logged))
    return found, wrong


def aside(bid: Bid, version: BidVersion | None, logged: Mapping[tuple[str, int], str]) -> Aside:
    there = sha256(bytes(version.sealed)).hexdigest() if version is not None else ""
    return Aside(bid, logged.get((bid.ref, bid.version), bid.digest), there)


def logged_digests(bids: Iterable[Bid]) -> dict[tuple[str, int], str]:
    """{(bid, version): digest} as the log has it."""
    refs = [bid.ref for bid in bids]
    rows = LogEntry.objects.filter(kind=SUBMITTED_ENTRY, subject_ref__in=refs)
    facts = [(row.subject_ref, facts_in(row)) for row in rows]
    return {(ref, fact["version"]): fact["digest"] for ref, fact in facts}


def verified(bid: Bid, version: BidVersion, logged: Mapping[tuple[str, int], str]) -> Opened | None:
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
