"""Every step of every machine from every state, made from the tables; nothing is out of reach, nothing a trap."""

from collections.abc import Iterator
from typing import Any

import pytest

from qunxing.core.errors import IllegalTransition, Refused
from qunxing.core.states import Machine, advance
from qunxing.ledger.models import LogEntry
from qunxing.panels import actions
from qunxing.panels import states as lives
from qunxing.panels.models import Conflict, Expert, RecusalRequest, Review, Seat, Sheet
from tests import factories as people
from tests.panels import factories

pytestmark = pytest.mark.django_db

MACHINES = {
    "expert": (lives.EXPERT, lives.ExpertState),
    "panel": (lives.PANEL, lives.PanelState),
    "seat": (lives.SEAT, lives.SeatState),
    "conflict": (lives.CONFLICT, lives.ConflictState),
    "request": (lives.REQUEST, lives.RequestState),
    "review": (lives.REVIEW, lives.ReviewState),
    "sheet": (lives.SHEET, lives.SheetState),
}
LAST = {
    "expert": set(),
    "panel": {"dissolved"},
    "seat": {"declined", "recused", "replaced"},
    "conflict": set(),
    "request": {"upheld", "dismissed"},
    "review": {"void"},
    "sheet": {"void"},
}


@pytest.fixture
def rows() -> dict[str, Any]:
    """One row of each kind."""
    firm = people.organization()
    experts = factories.experts(6)
    panel = factories.panel()
    item = actions.add_item(panel, actor=None, code="A1", title="方案", parties=[actions.PartySpec(organization=firm)])
    tied = factories.expert(employer=firm)
    seats = factories.seated(panel)
    review = factories.scoring(panel)[0]
    words = {"organization": firm, "person": "某人", "grounds": "有纠纷"}
    return {
        "expert": experts[0],
        "panel": panel,
        "seat": seats[0],
        "conflict": Conflict.objects.get(expert=tied),
        "request": actions.request_recusal(item, actor=None, **words),
        "review": review,
        "sheet": actions.save_sheet(review, actions.Filled(), actor=None),
    }


def outcomes(row: Any, machine: Machine, states: Any) -> Iterator[tuple[str, str, bool, bool]]:
    """(state, step, whether the table allows it, whether it was done)."""
    kind = type(row)
    for state in states:
        for step in machine:
            kind.objects.filter(pk=row.pk).update(state=state)
            row.refresh_from_db()
            try:
                advance(row, step.name, actor=None, machine=machine)
                done = row.state == step.target
            except IllegalTransition:
                done = False
            yield str(state), step.name, state in step.sources, done


@pytest.mark.parametrize("name", MACHINES)
def test_a_step_leads_where_the_table_says_and_from_nowhere_else(rows: dict[str, Any], name: str) -> None:
    machine, states = MACHINES[name]
    found = list(outcomes(rows[name], machine, states))
    assert len(found) == len(states) * len(machine.transitions)
    assert [one for one in found if one[2] != one[3]] == []


@pytest.mark.parametrize("name", MACHINES)
def test_every_state_is_reached_and_left(name: str) -> None:
    machine, states = MACHINES[name]
    first = states.values[0]
    assert {step.target for step in machine} | {first} == set(states.values)
    assert {state for state in states.values if not machine.leaving(state)} == LAST[name]


@pytest.mark.parametrize(
    ("name", "step"),
    [("expert", "suspend"), ("panel", "dissolve"), ("seat", "recuse"), ("seat", "replace"), ("conflict", "dismiss"),
     ("request", "uphold")],
)  # fmt: skip
def test_a_step_that_needs_a_reason_is_refused_without(rows: dict[str, Any], name: str, step: str) -> None:
    acts = {
        "expert": lambda row: actions.move_expert(row, step, actor=None, reason=" "),
        "panel": lambda row: actions.dissolve(row, actor=None, reason=""),
        "seat": lambda row: getattr(actions, step)(row, actor=None, reason=""),
        "conflict": lambda row: actions.judge_conflict(row, step, actor=None, reason=""),
        "request": lambda row: actions.decide_request(row, step, actor=None, reason=""),
    }
    with pytest.raises(Refused):
        acts[name](rows[name])


def test_a_step_is_a_version_with_its_reason_and_an_entry_of_the_log() -> None:
    expert = factories.expert()
    actions.move_expert(expert, "suspend", actor=people.user("staff"), reason="材料待核")
    version = Expert.history.filter(id=expert.pk).first()
    assert (version.state, version.history_change_reason) == ("suspended", "材料待核")
    assert LogEntry.objects.filter(subject_ref=expert.ref, kind="record.changed").count() == 1


# --- what follows from steps ------------------------------------------------------------------------------------


def test_the_panel_is_seated_when_the_last_one_accepts() -> None:
    factories.experts(6)
    panel = factories.panel(items=1)
    seats = factories.drawn(panel)
    for seat in seats[:-1]:
        actions.accept(seat, actor=None)
    panel.refresh_from_db()
    assert panel.state == "drawn"
    actions.accept(seats[-1], actor=None)
    panel.refresh_from_db()
    assert panel.state == "seated"
    assert set(Seat.objects.values_list("state", flat=True)) == {"serving"}


def test_scoring_does_not_open_before_seats_and_reviews_are_filled() -> None:
    factories.experts(6)
    panel = factories.panel(items=1)
    seats = factories.seated(panel)
    with pytest.raises(Refused):
        actions.open_scoring(panel, actor=None)
    actions.assign(panel, actor=None)
    actions.recuse(seats[0], actor=None, reason="有合作")
    with pytest.raises(Refused):
        actions.open_scoring(panel, actor=None)


def test_a_dissolved_panel_does_nothing_any_more() -> None:
    factories.experts(6)
    panel = factories.panel(items=1)
    seats = factories.drawn(panel)
    actions.dissolve(panel, actor=people.user("officer"), reason="榜单撤回")
    for act in (lambda: actions.accept(seats[0], actor=None), lambda: actions.assign(panel, actor=None)):
        with pytest.raises(Refused):
            act()


def test_an_item_withdrawn_is_not_scored_nor_counted() -> None:
    factories.experts(5)
    panel = factories.panel(items=2)
    factories.seated(panel)
    factories.scoring(panel)
    factories.score_all(panel)
    actions.withdraw_item(panel.items.first(), actor=None, reason="申报方撤回")
    assert set(Sheet.objects.filter(review__item=panel.items.first()).values_list("state", flat=True)) == {"void"}
    assert [row.item.code for row in actions.close(panel, actor=None)] == ["A002"]


def test_a_request_is_decided_once(rows: dict[str, Any]) -> None:
    request: RecusalRequest = rows["request"]
    actions.decide_request(request, "dismiss", actor=None, reason="理由不足")
    with pytest.raises(IllegalTransition):
        actions.decide_request(request, "uphold", actor=None, reason="重新考虑")


def test_a_review_void_once_is_not_given_to_the_same_seat_again() -> None:
    factories.experts(5)
    panel = factories.panel(items=1, reviews_per_item=3)
    seats = factories.seated(panel)
    factories.scoring(panel)
    tied = Review.objects.filter(panel=panel).select_related("seat__expert").first()
    party = panel.items.get().parties.exclude(role="leader").get()
    tied.seat.expert.employer_name = party.name
    tied.seat.expert.save()
    made = actions.assign(panel, actor=None)
    assert [review.seat_id == tied.seat_id for review in made] == [False]
    assert Review.objects.exclude(state="void").count() == 3
    assert len(seats) == 5


def test_nobody_takes_a_seat_from_whom_a_conflict_keeps_them() -> None:
    factories.experts(7)
    firm = people.organization()
    panel = factories.panel()
    actions.add_item(panel, actor=None, code="A1", title="方案", parties=[actions.PartySpec(organization=firm)])
    seat = factories.drawn(panel)[0]
    seat.expert.employer = firm
    seat.expert.save()
    with pytest.raises(Refused):
        actions.accept(seat, actor=None)
    assert actions.replace(seat, actor=None, reason="有任职关系").position == 1
