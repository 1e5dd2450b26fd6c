"""Every step of every life after the opening, from every state, made from the tables; and walks at random."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qunxing.challenges.actions.common import take
from qunxing.challenges.states import (
    acceptance,
    bid,
    challenge,
    change,
    contract,
    milestone,
    notice,
    objection,
    payment,
    proposal,
    termination,
)
from qunxing.core.errors import IllegalTransition, Refused
from tests.challenges import rows

pytestmark = pytest.mark.django_db
STATES = {
    "bid": bid.BidState,
    "challenge": challenge.ChallengeState,
    "notice": notice.NoticeState,
    "objection": objection.ObjectionState,
    "proposal": proposal.ProposalState,
    "contract": contract.ContractState,
    "milestone": milestone.MilestoneState,
    "payment": payment.PaymentState,
    "change": change.ChangeState,
    "acceptance": acceptance.AcceptanceState,
    "termination": termination.TerminationState,
}
LIVES = {name: module.LIFE for name, module in globals().items() if name in STATES}
BEGINS = {
    "bid": "draft", "challenge": "draft", "notice": "running", "objection": "received", "proposal": "made",
    "contract": "draft", "milestone": "planned", "payment": "planned", "change": "asked", "acceptance": "asked",
    "termination": "asked",
}  # fmt: skip


def row_of(name):
    """One row of the kind, in whatever state."""
    made = {
        "notice": rows.notice, "objection": rows.objection, "contract": rows.contract,
        "milestone": rows.first_milestone, "payment": rows.payment, "change": rows.change,
        "acceptance": rows.acceptance, "termination": rows.termination, "proposal": rows.proposal,
    }  # fmt: skip
    return made[name]()


def moves(row, machine, state):
    """Try every step of the machine from this state; which were taken, and where they led."""
    taken = {}
    for step in machine:
        type(row).objects.filter(pk=row.pk).update(state=state)
        try:
            take(row, step.name, machine, actor=None, reason="因故")
        except IllegalTransition:
            continue
        row.refresh_from_db()
        taken[step.name] = row.state
    return taken


@pytest.mark.parametrize("name", sorted(set(STATES) - {"bid", "challenge"}))
def test_step_is_possible_from_its_sources_only(name):
    row, machine = row_of(name), LIVES[name]
    for state in STATES[name].values:
        wanted = {step.name: step.target for step in machine if state in step.sources}
        assert moves(row, machine, state) == wanted, state


@pytest.mark.parametrize("name", sorted(STATES))
def test_every_state_is_reached_and_every_end_is_one(name):
    machine = LIVES[name]
    reached, waiting = {BEGINS[name]}, [BEGINS[name]]
    while waiting:
        for step in machine.leaving(waiting.pop()):
            if step.target not in reached:
                reached.add(step.target)
                waiting.append(step.target)
    assert reached == set(STATES[name].values)


@pytest.mark.parametrize("name", sorted(set(STATES) - {"bid", "challenge"}))
def test_step_that_needs_a_reason_is_refused_without(name):
    row, machine = row_of(name), LIVES[name]
    for step in machine:
        if step.needs_reason:
            type(row).objects.filter(pk=row.pk).update(state=next(iter(step.sources)))
            with pytest.raises(Refused):
                take(row, step.name, machine, actor=None, reason=" ")


@pytest.mark.parametrize("name", sorted(STATES))
def test_every_state_has_a_tone(name):
    module = {"bid": bid, "challenge": challenge}.get(name) or globals()[name]
    assert set(module.TONES) == set(STATES[name])


@given(st.sampled_from(sorted(STATES)), st.data())
def test_walk_through_a_life_never_leaves_its_end(name, data):
    machine, state = LIVES[name], BEGINS[name]
    for _step in range(12):
        ways = machine.leaving(state)
        if not ways:
            break
        state = data.draw(st.sampled_from([way.target for way in ways]))
    assert state in STATES[name].values
