"""The challenge behind a race: three bids awarded, their contracts drafted. Played once, kept for every seed."""

from datetime import timedelta
from typing import Any

from qunxing.challenges.actions import awarding, boards, noticing, publishing, reviewing
from qunxing.challenges.models import Challenge, ChallengeList
from qunxing.challenges.rehearsal.acts import bids, checks, opening, scoring, sitting
from qunxing.challenges.rehearsal.acts import boards as lists
from qunxing.challenges.rehearsal.cast import Cast
from qunxing.challenges.rehearsal.chance import repeatable
from qunxing.challenges.rehearsal.stage import MOST_CRASHES, Stage, fresh
from qunxing.challenges.states.challenge import ChallengeState
from qunxing.ledger.actions import create
from qunxing.races.rehearsal.size import OF_A_CHALLENGE, RaceSize

TRIES = 6


def award(size: RaceSize, cast: Cast) -> None:
    """Another list is tried where a panel fell apart or a bid was not admitted."""
    for seed in range(TRIES):
        stage = Stage(seed, size, cast)
        stage.memory.crashes["none here"] = MOST_CRASHES
        with repeatable(seed), stage.clock.running():
            if awarded(stage):
                return
    raise RuntimeError("no challenge came to an award")


def awarded(stage: Stage) -> bool:
    entry = opened(stage)
    words: dict[str, Any] = {"actor": stage.staff, "day": stage.clock.day}
    checks.check_all(stage, entry)
    if entry.bids.filter(state="admitted").count() < OF_A_CHALLENGE:
        return False
    reviewing.begin_review(fresh(entry), **words)
    try:
        scoring.review(stage, reviewing.panel_of(fresh(entry)))
    except sitting.Hopeless:
        return False
    awarding.propose(fresh(entry), winners=OF_A_CHALLENGE, **words)
    shown = noticing.give_notice(fresh(entry), actor=stage.staff, day=stage.clock.day)
    stage.clock.to_day(shown.last_day + timedelta(days=1))
    awarding.confirm_award(fresh(entry), actor=stage.officer, day=stage.clock.day)
    return bool(fresh(entry).state == ChallengeState.AWARDED)


def opened(stage: Stage) -> Challenge:
    """A list with the one challenge, its bids handed in and opened."""
    rules = lists.rule_set(stage)
    board: ChallengeList = create(lists.board_from(stage, rules), actor=stage.staff)
    entry = lists.add(stage, board)
    values = {"mechanism": "race", "money": 5_000_000}
    entry = boards.change_challenge(entry, actor=stage.staff, values=values, rows=lists.rows_of(stage))
    publishing.publish(fresh(board), actor=stage.staff, at=stage.clock.at)
    for key in stage.dice.sample(stage.cast.firms, OF_A_CHALLENGE):
        written = bids.write(stage, fresh(entry), stage.firm(key), [])
        bids.submit(stage, written)
    lists.close(stage, board)
    stage.clock.to(fresh(board).deadline + timedelta(minutes=fresh(board).rules.bidding.late_minutes + 1))
    opening.by_two(stage, board)
    return fresh(entry)
