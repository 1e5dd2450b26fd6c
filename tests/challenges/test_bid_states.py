"""The life of a bid and of a part in it, step by step from every state."""

import pytest

from qunxing.challenges.models import Bid, BidParty
from qunxing.challenges.states import bid as life
from qunxing.challenges.states import party
from qunxing.challenges.states.bid import BidState
from qunxing.challenges.states.party import PartyState
from qunxing.core.errors import IllegalTransition
from qunxing.core.states import advance
from qunxing.ledger.actions import create
from qunxing.ledger.recording import recording
from tests.challenges import factories

pytestmark = pytest.mark.django_db


def bid_in(state: str) -> Bid:
    return create(Bid(challenge=factories.challenge(), state=state, version=1), actor=None)


@pytest.mark.parametrize("state", BidState.values)
@pytest.mark.parametrize("step", [step.name for step in life.LIFE])
def test_a_bid_takes_the_steps_of_its_table_and_no_others(state: str, step: str) -> None:
    bid, transition = bid_in(state), life.LIFE.named(step)
    with recording(actor=None):
        if state in transition.sources:
            advance(bid, step, actor=None, machine=life.LIFE)
            assert bid.state == transition.target
            assert bid.history.count() == 2
        else:
            with pytest.raises(IllegalTransition):
                advance(bid, step, actor=None, machine=life.LIFE)


@pytest.mark.parametrize("state", PartyState.values)
@pytest.mark.parametrize("step", [step.name for step in party.LIFE])
def test_a_part_takes_the_steps_of_its_table_and_no_others(state: str, step: str) -> None:
    row = create(BidParty(bid=bid_in("draft"), tag="t", role="partner", state=state), actor=None)
    transition = party.LIFE.named(step)
    with recording(actor=None):
        if state in transition.sources:
            advance(row, step, actor=None, machine=party.LIFE)
            assert row.state == transition.target
        else:
            with pytest.raises(IllegalTransition):
                advance(row, step, actor=None, machine=party.LIFE)


def test_every_state_of_a_bid_is_reached_and_only_ends_are_not_left() -> None:
    reached = {step.target for step in life.LIFE} | {BidState.DRAFT}
    left = {state for step in life.LIFE for state in step.sources}
    assert reached == set(BidState)
    assert set(BidState) - left == {
        BidState.WITHDRAWN,
        BidState.EXPIRED,
        BidState.REFUSED,
        BidState.LOST,
        BidState.DISQUALIFIED,
    }


def test_every_state_has_its_tone() -> None:
    assert set(life.TONES) == set(BidState)
    assert set(party.TONES) == set(PartyState)
