"""The opening: too early, alone, without the key; then by two, and again for what was altered and brought back."""

from datetime import timedelta
from typing import Any

from qunxing.challenges import sealing
from qunxing.challenges.actions import opening
from qunxing.challenges.models import Bid, BidVersion, ChallengeList
from qunxing.challenges.rehearsal.cast import writer_of
from qunxing.challenges.rehearsal.stage import Stage, Words, fresh


def open_list(stage: Stage, board: ChallengeList) -> None:
    """Everything that must be refused first, then the opening."""
    bidding = fresh(board).rules.bidding
    if bidding.late_upload == "began":
        stage.refused("opening.while_uploads_last", opening.begin_opening, board, actor=stage.staff, at=stage.clock.at)
    stage.clock.to(fresh(board).deadline + timedelta(minutes=bidding.late_minutes + 1))
    firm = writer_of(stage.cast.firms[0])
    stage.refused("opening.by_a_firm", opening.begin_opening, board, actor=firm, at=stage.clock.at)
    if stage.dice.happens(0.4):
        without_key(stage, board)
    harmed = altered(board) if stage.dice.happens(0.3) else None
    by_two(stage, board)
    if harmed is not None:
        set_aside(stage, board, *harmed)
    remember(stage, board)


def by_two(stage: Stage, board: ChallengeList) -> None:
    first, second = stage.dice.sample([stage.staff, stage.officer], 2)
    made = confirmed_first(stage, board, first, second)
    stage.refused("opening.alone", opening.confirm_opening, made, actor=first, at=stage.clock.at)
    stage.do("opening.confirm", opening.confirm_opening, made, actor=second, at=stage.clock.at, once=True)


def early(stage: Stage, board: ChallengeList) -> None:
    """At the very deadline nothing is opened yet."""
    deadline = fresh(board).deadline
    stage.refused("opening.early", opening.begin_opening, board, actor=stage.staff, at=deadline)
    both: Words = {"first": stage.staff, "second": stage.officer}
    stage.refused("opening.early", opening.open_bids, board, at=deadline, **both)


def confirmed_first(stage: Stage, board: ChallengeList, first: Any, second: Any) -> Any:
    """The first confirmation; an old one does not count."""
    made = stage.do("opening.begin", opening.begin_opening, board, actor=first, at=stage.clock.at, once=True)
    if stage.dice.happens(0.3):
        stage.clock.wait(minutes=31)
        stage.refused("opening.too_long_after", opening.confirm_opening, made, actor=second, at=stage.clock.at)
        made = stage.do("opening.begin", opening.begin_opening, board, actor=first, at=stage.clock.at)
    return made


def without_key(stage: Stage, board: ChallengeList) -> None:
    """The key is gone, or another one: nothing opens, and it comes back from its copy."""
    path = sealing.key_path(board.ref)
    path.unlink()
    if stage.dice.happens(0.5):
        sealing.write_key(path, stage.dice.randbytes(32))
    stage.refused("opening.without_key", open_both, stage, board, by=sealing.KeyMissing)
    stage.do("key.restore", opening.restore_key, board, actor=stage.staff)


def open_both(stage: Stage, board: ChallengeList) -> Any:
    return opening.open_bids(board, first=stage.staff, second=stage.officer, at=stage.clock.at)


def altered(board: ChallengeList) -> tuple[Bid, bytes] | None:
    """Somebody altered a sealed bid behind the program's back; the bid, and its bytes as they were."""
    bids = Bid.objects.filter(challenge__board=board, state="submitted", challenge__state__in=["open", "closed"])
    bid = bids.order_by("pk").first()
    if bid is None:
        return None
    row = BidVersion.objects.filter(bid=bid, number=bid.version)
    kept = bytes(row.get().sealed)
    row.update(sealed=kept[:-1] + bytes([kept[-1] ^ 1]))
    return bid, kept


def set_aside(stage: Stage, board: ChallengeList, bid: Bid, kept: bytes) -> None:
    """It alone was not opened; brought back from a copy it is opened by two, or left to the formal check."""
    stage.memory.checked["set_aside"] += 1
    if fresh(bid).state != "damaged":
        stage.memory.breaks("set_aside", bid.ref, "it was opened though it is not what was received")
    stage.refused("opening.altered", open_both, stage, board, by=opening.NotVerified)
    if stage.dice.happens(0.6):
        BidVersion.objects.filter(bid=bid, number=bid.version).update(sealed=kept)
        by_two(stage, board)


def remember(stage: Stage, board: ChallengeList) -> None:
    """What may be read from now on: the phrases of what was opened, as it was handed in last."""
    for bid in Bid.objects.filter(challenge__board=board, opened_at__isnull=False):
        said = repr(bid.content)
        opened = {phrase for phrase in stage.memory.sealed if phrase in said}
        stage.memory.sealed -= opened
        stage.memory.opened |= opened
