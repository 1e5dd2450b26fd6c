"""Bids while they are sealed, and as they were opened."""

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings

from qunxing.challenges.models import Bid, BidParty, BidVersion, ChallengeList, Opening
from qunxing.challenges.queries.bids import SUBMITTED_ENTRY
from qunxing.challenges.receipts import BID_RECEIPT
from qunxing.challenges.rehearsal.ground import database_bytes, files_of
from qunxing.challenges.rehearsal.invariants.found import Found
from qunxing.challenges.rehearsal.memory import PHRASE, Memory
from qunxing.ledger.canonical import digest
from qunxing.ledger.exporting import proofs_of
from qunxing.ledger.models import LogEntry
from qunxing.ledger.versions import history_of

RECEIPTS = 12  # so many are checked one by one; each is a walk through the tree


def unreadable(memory: Memory) -> Iterator[Found]:
    """No phrase of a sealed bid stands anywhere in the database or in the data folder, deleted rows included."""
    yield from readable_in("the database", database_bytes(), memory)
    for path in files_of(Path(settings.ENV.data_dir)):
        yield from readable_in(path.name, path.name.encode() + path.read_bytes(), memory)


def readable_in(name: str, data: bytes, memory: Memory) -> Iterator[Found]:
    there = {found.decode() for found in PHRASE.findall(data)} & memory.sealed
    yield Found.of(name, not there, f"{len(there)} sealed bids can be read, for example {sorted(there)[:1]}")


def nameless(_memory: Memory) -> Iterator[Found]:
    """Where the rules hide the bidders, neither row nor version nor log names one until the opening."""
    for board in ChallengeList.objects.filter(published_on__isnull=False, opened_at__isnull=True):
        if not board.rules.bidding.hide_bidders:
            continue
        for bid in Bid.objects.filter(challenge__board=board):
            yield Found.of(bid.ref, not named_in(bid), "it can be told whose it is")


def named_in(bid: Bid) -> bool:
    """Whether anything about a sealed bid says who stands behind it."""
    parties = list(bid.parties.all())
    rows = [history_of(Bid).objects.filter(id=bid.pk), history_of(BidParty).objects.filter(bid_id=bid.pk)]
    versions = any(row.filter(history_user__isnull=False).exists() for row in rows)
    refs = [bid.ref, *(party.ref for party in parties)]
    actors = [json.loads(body)["actor"] for body in bodies(refs)]
    return versions or any(actors) or bid.organization_id is not None or any(row.organization_id for row in parties)


def bodies(refs: list[str]) -> list[str]:
    return list(LogEntry.objects.filter(subject_ref__in=refs).values_list("body", flat=True))


# --- the opening ----------------------------------------------------------------------------------------------------


def opened_as_received(memory: Memory) -> Iterator[Found]:
    """Bytes, row and log agree on every opened bid, and it says what was handed in last."""
    logged = {(e["subject"][1], e["facts"]["version"]): e["facts"]["digest"] for e in entries()}
    for bid in Bid.objects.filter(opened_at__isnull=False).order_by("pk"):
        version = bid.versions.get(number=bid.version)
        digests = {sha256(bytes(version.sealed)).hexdigest(), version.digest, bid.digest, logged[bid.ref, bid.version]}
        yield Found.of(bid.ref, len(digests) == 1, "its digests differ")
        handed = memory.handed.get((bid.ref, bid.version))
        same = handed is not None and bid.content is not None and digest(bid.content.as_json()) == handed.content
        yield Found.of(bid.ref, same, "it does not say what was handed in")


def entries() -> list[dict[str, Any]]:
    return [json.loads(body) for body in LogEntry.objects.filter(kind=SUBMITTED_ENTRY).values_list("body", flat=True)]


def opened_by_two(_memory: Memory) -> Iterator[Found]:
    """By two people of the two kinds that the rules name, after the deadline, every bid that is open verified."""
    for board in ChallengeList.objects.filter(opened_at__isnull=False):
        done = [row for row in Opening.objects.filter(board=board) if row.done]
        yield Found.of(board.number, done, "nobody opened it")
        for row in done:
            kinds = {row.first.kind, row.second.kind if row.second else ""}
            yield Found.of(board.number, kinds == set(board.rules.opening.roles), "not by two of different roles")
            yield Found.of(board.number, row.second_at and row.second_at > board.deadline, "it was opened early")
        verified = {one["bid"] for row in done for one in row.results if one["verified"]}
        opened = set(Bid.objects.filter(challenge__board=board, opened_at__isnull=False).values_list("ref", flat=True))
        yield Found.of(board.number, verified == opened, "what is open is not what was verified")


def receipts(_memory: Memory) -> Iterator[Found]:
    """Receipts verify without the database, on their own."""
    versions = {(row.bid.ref, row.number): row for row in BidVersion.objects.select_related("bid")}
    rows = LogEntry.objects.filter(kind=SUBMITTED_ENTRY).order_by("index")
    told = {row.index: json.loads(row.body) for row in rows}
    yield Found.of("the log", len(told) == len(versions), "it does not tell of every version")
    chosen = list(told)[:: max(1, len(told) // RECEIPTS)]
    for index, proof in proofs_of(chosen).items():
        bid, facts = told[index]["subject"][1], told[index]["facts"]
        receipt = json.loads(json.dumps(BID_RECEIPT.make(bid, facts=facts, proof=proof)))
        kept = versions.get((bid, facts["version"]))
        fine = BID_RECEIPT.verify(receipt).ok and kept is not None and kept.digest == receipt["digest"]
        yield Found.of(bid, fine, "its receipt does not verify")
