"""Awards, and what the public reads of them."""

from collections.abc import Iterator

from qunxing.challenges.models import Bid, FormalCheck, Notice, Objector, Place
from qunxing.challenges.models.awards import Standing as Rank
from qunxing.challenges.rehearsal.invariants.found import Found
from qunxing.challenges.rehearsal.memory import Memory
from qunxing.challenges.states.bid import BidState
from qunxing.ledger.models import LogEntry
from qunxing.panels.models import Standing

AWARDED = (BidState.AWARDED, BidState.PROPOSED)


def awards(_memory: Memory) -> Iterator[Found]:
    """Whoever was proposed or awarded was opened, admitted, and reviewed to the quorum in the round that counts."""
    for row in Place.objects.filter(standing=Rank.WINNER).select_related("bid", "proposal__round"):
        check = FormalCheck.objects.filter(bid=row.bid).first()
        yield Found.of(row.bid, check is not None and check.verdict == "admit", "proposed without being admitted")
        if row.proposal.state != "overturned":
            standing = Standing.objects.filter(item__review_item__bid=row.bid, panel=row.proposal.round.panel).first()
            yield Found.of(row.bid, standing is not None and standing.quorum, "proposed without a quorum")
    for bid in Bid.objects.filter(state__in=AWARDED):
        placed = Place.objects.filter(bid=bid, standing=Rank.WINNER).exclude(proposal__state="overturned").exists()
        yield Found.of(bid, placed and bid.opened_at is not None, f"{bid.state} without a proposal that counts")


def masked(memory: Memory) -> Iterator[Found]:
    """No notice shows a leader's whole name."""
    for row in Notice.objects.all():
        shown = [line["leader"] for line in row.lines]
        whole = [name for name in shown if name in memory.leaders]
        yield Found.of(row.number, not whole, f"it names {whole}")


def objectors(memory: Memory) -> Iterator[Found]:
    """Who objected is told nowhere but where staff look."""
    text = "\n".join(LogEntry.objects.values_list("body", flat=True))
    text += "\n".join(f"{row.lines}{row.text}" for row in Notice.objects.all())
    for phone in Objector.objects.values_list("phone", flat=True):
        yield Found.of(phone, phone not in text, "the log or a notice tells who objected")
        yield Found.of(phone, phone in memory.objectors, "an objection came from nowhere")
