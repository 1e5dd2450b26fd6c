"""The lives of calls, needs, lists, challenges and questions: every step from every state, made from the tables."""

from typing import Any

import pytest

from qunxing.accounts.models import Kind
from qunxing.challenges.actions import calls
from qunxing.challenges.rules import GRANTS
from qunxing.challenges.states import board, call, challenge, question
from qunxing.core.errors import IllegalTransition, Refused
from qunxing.core.states import Machine, advance
from qunxing.ledger.recording import recording
from tests import factories as people
from tests.challenges import factories

pytestmark = pytest.mark.django_db
DAY = factories.DAY


def asked(state: str) -> Any:
    return factories.question(factories.board("published"), state=state)


# {what lives: (its machine, its states, their tones, what makes one in a state)}
LIVES: dict[str, tuple[Machine, Any, Any, Any]] = {
    "call": (call.CALL, call.CallState, call.CALL_TONES, factories.call),
    "need": (call.NEED, call.NeedState, call.NEED_TONES, factories.need),
    "list": (board.LIFE, board.ListState, board.TONES, factories.board),
    "challenge": (
        challenge.LIFE,
        challenge.ChallengeState,
        challenge.TONES,
        lambda state: factories.challenge(factories.board(), state),
    ),
    "question": (question.LIFE, question.QuestionState, question.TONES, asked),
}
STEPS = [(life, step.name) for life, (machine, *_rest) in LIVES.items() for step in machine]


@pytest.mark.parametrize(("life", "step"), STEPS, ids=[f"{life}-{step}" for life, step in STEPS])
def test_step_leads_on_from_its_states_and_from_no_other(life: str, step: str) -> None:
    machine, states, _tones, make = LIVES[life]
    found = machine.named(step)
    for state in states:
        row = make(state.value)
        with recording(actor=None):
            if state.value in found.sources:
                advance(row, step, actor=None, machine=machine)
                assert row.state == found.target
                assert row.history.latest("history_id").state == found.target
            else:
                with pytest.raises(IllegalTransition):
                    advance(row, step, actor=None, machine=machine)


@pytest.mark.parametrize("life", LIVES)
def test_every_state_is_reached_has_a_tone_and_every_step_a_permission(life: str) -> None:
    machine, states, tones, _make = LIVES[life]
    first = states.values[0]
    assert {step.target for step in machine} | {first} == set(states.values)
    assert set(tones) == set(states)
    assert {step.permission for step in machine} <= {str(permission) for permission in GRANTS}


@pytest.mark.parametrize(
    ("step", "state"),
    [("return", "submitted"), ("reject", "in_appraisal"), ("withdraw", "draft"), ("reopen", "rejected")],
)
def test_a_need_goes_back_or_off_with_a_reason_only(step: str, state: str) -> None:
    need = factories.need(state)
    with pytest.raises(Refused):
        calls.move_need(need, step, actor=None, day=DAY, reason=" ")
    calls.move_need(need, step, actor=None, day=DAY, reason="指标不清")
    assert need.history.latest("history_id").history_change_reason == "指标不清"


def test_a_need_is_handed_in_while_its_call_is_open() -> None:
    need = factories.need(call=factories.call(closes_on=DAY))
    late = factories.need(call=factories.call(closes_on=DAY.replace(day=1)))
    calls.move_need(need, "submit", actor=None, day=DAY)
    assert (need.number, need.submitted_on, need.state) == ("XQ-2026-001", DAY, "submitted")
    with pytest.raises(Refused):
        calls.move_need(late, "submit", actor=None, day=DAY)
    late.refresh_from_db()
    assert (late.state, late.number) == ("draft", None)


def test_a_need_is_recommended_on_an_appraisal_by_an_expert_who_does_not_belong_to_its_owner() -> None:
    staff, expert = people.user(Kind.STAFF), people.user(Kind.EXPERT)
    need = factories.need("in_appraisal")
    insider = people.member_of(need.organization, "viewer", Kind.EXPERT)
    for unfit in (insider, people.user(Kind.VISITOR)):
        with pytest.raises(Refused):
            calls.ask_experts(need, [unfit], actor=staff, day=DAY)
    with pytest.raises(Refused):
        calls.move_need(need, "recommend", actor=staff, day=DAY)
    (asked_of,) = calls.ask_experts(need, [expert], actor=staff, day=DAY)
    assert calls.ask_experts(need, [expert], actor=staff, day=DAY) == []
    marks = {"necessity": 20, "novelty": 15, "feasibility": 18, "worth": 12, "verdict": "list", "notes": "可行"}
    given = calls.give_appraisal(asked_of, actor=expert, day=DAY, values=marks)
    assert (given.total, given.given_on) == (65, DAY)
    calls.move_need(need, "recommend", actor=staff, day=DAY)
    assert need.state == "recommended"
    with pytest.raises(Refused):
        calls.give_appraisal(given, actor=expert, day=DAY, values=marks)
