"""What goes into the archive of a challenge: its records as the log attests them, its papers, its scores."""

import csv
import json
from collections.abc import Iterable, Iterator
from functools import partial
from io import StringIO
from typing import Any

from django.utils.translation import gettext as _

from qunxing.challenges.content import Attachment
from qunxing.challenges.models import (
    Acceptance,
    Bid,
    BidParty,
    Challenge,
    Contract,
    FormalCheck,
    Measurement,
    Notice,
    Objection,
    Place,
    Proof,
    Proposal,
    ReviewItem,
    ReviewRound,
)
from qunxing.challenges.papers import (
    acceptance_paper,
    award_paper,
    contract_paper,
    notice_paper,
    pledge_paper,
    written,
)
from qunxing.challenges.sealing import Damaged
from qunxing.challenges.shutting import open_file
from qunxing.challenges.states.proposal import ProposalState
from qunxing.core.errors import Refused
from qunxing.ledger.canonical import canonical, plain
from qunxing.ledger.models import LogEntry, Record
from qunxing.ledger.packs import Data, Stream
from qunxing.ledger.versions import HISTORY_KINDS, values_of
from qunxing.panels.models import Item, Panel, Review, Seat, Sheet, Standing
from qunxing.panels.report import report
from qunxing.panels.states import SheetState

PARTS_OF_CONTRACT = (
    "parties", "commitments", "milestones", "payments", "changes", "acceptances", "difficulties", "terminations",
    "proofs",
)  # fmt: skip


def records_of(challenge: Challenge) -> Iterator[Record]:
    """Every record of the challenge but who objected and who the experts are."""
    yield challenge.board
    yield challenge
    yield from challenge.targets.all()
    yield from challenge.board.openings.all()
    bids = Bid.objects.filter(challenge=challenge, opened_at__isnull=False)
    yield from bids
    yield from BidParty.objects.filter(bid__in=bids)
    yield from FormalCheck.objects.filter(bid__in=bids)
    yield from records_of_review(challenge)
    yield from Notice.objects.filter(challenge=challenge)
    yield from Objection.objects.filter(notice__challenge=challenge)
    yield from records_of_contracts(Contract.objects.filter(challenge=challenge))
    yield from challenge.bad_records.all()


def records_of_review(challenge: Challenge) -> Iterator[Record]:
    rounds = ReviewRound.objects.filter(challenge=challenge)
    yield from rounds
    yield from ReviewItem.objects.filter(round__in=rounds)
    panels = Panel.objects.filter(review_round__in=rounds)
    yield from panels
    for kind in (Item, Seat, Review, Standing):
        yield from kind._default_manager.filter(panel__in=panels)
    yield from Sheet.objects.filter(review__panel__in=panels).exclude(state=SheetState.DRAFT)
    yield from Proposal.objects.filter(challenge=challenge)
    yield from Place.objects.filter(proposal__challenge=challenge)


def records_of_contracts(contracts: Iterable[Contract]) -> Iterator[Record]:
    for contract in contracts:
        yield contract
        for name in PARTS_OF_CONTRACT:
            yield from getattr(contract, name).all()
        yield from Measurement.objects.filter(acceptance__in=Acceptance.objects.filter(contract=contract))


def entries_of(records: Iterable[Record]) -> dict[tuple[str, str], list[LogEntry]]:
    """{(kind, reference): the entries about it, in their order}."""
    found: dict[tuple[str, str], list[LogEntry]] = {(row.kind_code(), row.ref): [] for row in records}
    refs = sorted({ref for _kind, ref in found})
    for start in range(0, len(refs), 500):
        rows = LogEntry.objects.filter(subject_ref__in=refs[start : start + 500]).order_by("index")
        for entry in rows:
            if (entry.subject_kind, entry.subject_ref) in found:
                found[entry.subject_kind, entry.subject_ref].append(entry)
    return found


def record_file(record: Record, entries: Iterable[LogEntry]) -> bytes:
    """The record's values beside the number of the entry that attests them."""
    attesting = [entry.index for entry in entries if entry.kind in HISTORY_KINDS.values()]
    return canonical(
        {
            "kind": record.kind_code(),
            "ref": record.ref,
            "entry": attesting[-1] if attesting else -1,
            "values": values_of(record, type(record)),
        }
    )


def readable(data: Any) -> bytes:
    return json.dumps(plain(data), ensure_ascii=False, indent=1, sort_keys=True).encode()


def papers_of(challenge: Challenge) -> Iterator[tuple[str, Data]]:
    """What people read: the rules, the bids with their files, the panel's report and scores, proof that was kept."""
    yield "rules.json", readable(challenge.board.terms)
    yield from bids_of(challenge)
    for round_ in challenge.rounds.select_related("panel"):
        yield f"review/{round_.number}/scores.csv", scores(round_.panel)
        yield f"review/{round_.number}/standings.csv", standings_csv(round_.panel)
        yield f"review/{round_.number}/report.docx", report(round_.panel)
    yield from documents_of(challenge)
    for proof in Proof.objects.filter(contract__challenge=challenge).select_related("contract"):
        yield f"proofs/{proof.ref}-{file_name(proof)}", content_of(proof)


def bids_of(challenge: Challenge) -> Iterator[tuple[str, Data]]:
    """What each opened bid says, and its files in the clear, under the references by which it names them."""
    bids = challenge.bids.filter(opened_at__isnull=False).select_related("challenge__board")
    for bid in bids.prefetch_related("versions").order_by("number"):
        content = bid.content
        if content is None:
            continue
        yield f"bids/{bid.number}.json", readable(content.as_json())
        for one in content.attachments:
            yield f"bids/{bid.number}/{one.upload}-{one.name}", Stream(partial(opened_file, bid, one))


def opened_file(bid: Bid, one: Attachment) -> Iterator[bytes]:
    """The pieces of a file; Refused, with the bid, where it does not lie there as it was received."""
    try:
        yield from open_file(bid.board, one.upload)
    except Damaged as error:
        words = {"bid": bid.number, "name": one.name}
        raise Refused(
            _("A file of bid %(bid)s is not what was received: %(name)s.") % words, error.advice, 409
        ) from error


def documents_of(challenge: Challenge) -> Iterator[tuple[str, bytes]]:
    """The papers in Word: notices, the award, contracts with their commitments, acceptances."""
    for notice in challenge.notices.order_by("pk"):
        yield f"documents/{notice.number}.docx", written(notice_paper(notice))
    for proposal in challenge.proposals.filter(state=ProposalState.CONFIRMED):
        yield f"documents/award-{proposal.number}.docx", written(award_paper(proposal))
    for contract in challenge.contracts.select_related("organization", "payer").order_by("pk"):
        yield f"documents/{contract.number}.docx", written(contract_paper(contract))
        yield f"documents/{contract.number}-commitment.docx", written(pledge_paper(contract))
        for one in contract.acceptances.order_by("attempt"):
            yield f"documents/{contract.number}-acceptance-{one.attempt}.docx", written(acceptance_paper(one))


def file_name(proof: Proof) -> str:
    return str(proof.file.name).rsplit("/", 1)[-1]


def content_of(proof: Proof) -> bytes:
    with proof.file.open("rb") as file:
        data: bytes = file.read()
    return data


def scores(panel: Panel) -> bytes:
    """Who scored what, by seat and never by name."""
    codes = [one.code for one in panel.marking.criteria]
    rows = Sheet.objects.filter(review__panel=panel).exclude(state=SheetState.DRAFT)
    rows = rows.select_related("review__item", "review__seat").order_by("review__item__code", "review__seat__position")
    lines = [
        [
            row.review.item.code,
            row.review.seat.position,
            row.state,
            row.abstain,
            row.confidence,
            row.total,
            *(row.marks.get(code) for code in codes),
            row.digest,
        ]
        for row in rows
    ]
    return as_csv(["item", "seat", "state", "abstain", "confidence", "total", *codes, "digest"], lines)


def standings_csv(panel: Panel) -> bytes:
    names = ("scores", "needed", "raw_mean", "trimmed_mean", "spread", "raw_rank", "calibrated", "low", "high",
             "calibrated_rank", "band", "disagreement")  # fmt: skip
    rows = Standing.objects.filter(panel=panel).select_related("item__review_item__bid").order_by("item__code")
    lines = [[row.item.code, bid_number(row.item), *(getattr(row, name) for name in names)] for row in rows]
    return as_csv(["item", "bid", *names], lines)


def bid_number(item: Item) -> str:
    found = ReviewItem.objects.filter(item=item).values_list("bid__number", flat=True).first()
    return str(found or "")


def as_csv(heading: list[str], lines: Iterable[list[Any]]) -> bytes:
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(heading)
    writer.writerows(lines)
    return text.getvalue().encode("utf-8-sig")
