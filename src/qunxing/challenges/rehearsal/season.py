"""One season from the call for needs to the archive."""

from dataclasses import dataclass
from itertools import count

from qunxing.challenges.models import Challenge, ChallengeList, Need
from qunxing.challenges.rehearsal import invariants
from qunxing.challenges.rehearsal.acts import (
    bids,
    boards,
    deciding,
    delivering,
    ending,
    needs,
    opening,
    ties,
    trials,
)
from qunxing.challenges.rehearsal.stage import Stage, fresh
from qunxing.challenges.states.board import ListState

# What a challenge may meet before the opening, seldom.
BEFORE = ("withdraw_open", "withdraw_closed", "none_closed")
SIDE_LISTS = ("draft", "published", "closed", "opened")


@dataclass
class Decks:
    """What is dealt to challenge after challenge, so that every card comes before one comes again."""

    before: list[str]
    deciding: list[str]
    delivering: list[str]

    @classmethod
    def dealt(cls, stage: Stage) -> "Decks":
        many = stage.size.challenges
        delivered = stage.dice.deal(delivering.FATES, 4 * many)
        return cls(stage.dice.deal(BEFORE, many), stage.dice.deal(deciding.FATES, many), delivered)


def play(stage: Stage) -> None:
    """Everything, list after list; what may be checked while bids are sealed is checked then."""
    trials.register(stage)
    ties.plant(stage)
    recommended = needs.gather(stage)
    decks = Decks.dealt(stage)
    sides = stage.dice.sample(SIDE_LISTS, 2)
    for place, many in zip(count(), shares(stage.size.challenges, stage.size.lists), strict=False):
        bids_here = round(stage.size.bids * many / stage.size.challenges)
        play_list(stage, boards.write(stage, many, recommended), bids_here, decks)
        if place < len(sides):
            play_side_list(stage, sides[place], recommended)
    trials.run(stage)
    invariants.check(stage.memory, invariants.FINAL)


def shares(many: int, lists: int) -> list[int]:
    """How many challenges stand on each list."""
    return [many // lists + (place < many % lists) for place in range(lists)]


def play_list(stage: Stage, board: ChallengeList, many: int, decks: Decks) -> None:
    collect(stage, board, many, decks)
    before_opening(stage, board, decks)
    invariants.check(stage.memory, invariants.SEALED)
    opening.open_list(stage, fresh(board))
    for entry in board.challenges.filter(state="checking").order_by("pk"):
        play_challenge(stage, entry, decks)
    ending.conclude(stage, board)


def collect(stage: Stage, board: ChallengeList, many: int, decks: Decks) -> None:
    """Bids come in, with questions, an amendment, perhaps the bidding opened again."""
    boards.publish(stage, board)
    running = bids.Bidding(board)
    stage.clock.wait(days=5)
    boards.ask(stage, board)
    bids.many(stage, running, many // 2)
    meet(stage, board, decks, "withdraw_open")
    stage.clock.wait(days=25)
    boards.amend(stage, board)
    opening.early(stage, board)
    bids.many(stage, running, many - many // 2)
    boards.close(stage, board)
    if stage.dice.happens(0.2):
        boards.reopen(stage, board)
        bids.many(stage, running, 2)
        boards.close(stage, board)
    for attempt in running.late:
        attempt()


def before_opening(stage: Stage, board: ChallengeList, decks: Decks) -> None:
    for fate in ("withdraw_closed", "none_closed"):
        meet(stage, board, decks, fate)


def meet(stage: Stage, board: ChallengeList, decks: Decks, fate: str) -> None:
    """One challenge of the list ends here if the card says so; another one stays."""
    state = "open" if fate == "withdraw_open" else "closed"
    rows = list(board.challenges.filter(state=state).order_by("pk"))
    if len(rows) < 3 or decks.before[0] != fate:
        return
    decks.before.pop(0)
    entry = stage.dice.choice(rows)
    try:
        deciding.end(stage, entry, fate.partition("_")[0])
    except deciding.Over:
        return


def play_challenge(stage: Stage, entry: Challenge, decks: Decks) -> None:
    """From the formal check to the end, and its archive."""
    if not deciding.decide(stage, entry, decks.deciding.pop(0)):
        return
    contracts = list(entry.contracts.filter(state="draft").order_by("pk"))
    unsigned = [contracts.pop()] if len(contracts) > 1 and stage.dice.happens(0.4) else []
    if stage.dice.happens(0.5):
        deciding.void(stage, unsigned)
    for contract in contracts:
        delivering.deliver(stage, contract, decks.delivering.pop(0))
    deciding.void(stage, [row for row in unsigned if fresh(row).state == "draft"])


def play_side_list(stage: Stage, until: str, recommended: list[Need]) -> None:
    """A list that is taken back as a whole, wherever it stands."""
    board = boards.write(stage, 1, recommended)
    if until != ListState.DRAFT:
        boards.publish(stage, board)
        bids.many(stage, bids.Bidding(board), 1)
    if until in (ListState.CLOSED, ListState.OPENED):
        boards.close(stage, board)
    if until == ListState.OPENED:
        opening.open_list(stage, board)
    boards.withdraw(stage, board)
