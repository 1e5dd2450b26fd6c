"""The life of a scenario: every step from every state, and what the steps bring with them."""

from datetime import date

import pytest

from qunxing.core.errors import IllegalTransition, Refused
from qunxing.ledger.numbers import next_number
from qunxing.scenarios.actions import move
from qunxing.scenarios.completeness import Incomplete
from qunxing.scenarios.models import Scenario
from qunxing.scenarios.states import LIFE, PATH, TONES, State
from tests import factories
from tests.scenarios.factories import DAY, bare, scenario

pytestmark = pytest.mark.django_db
MATRIX = [(state, step) for state in State.values for step in LIFE]


@pytest.mark.parametrize(("state", "step"), MATRIX, ids=[f"{state}-{step.name}" for state, step in MATRIX])
def test_step_is_possible_from_its_sources_only(state, step):
    row = scenario(state)
    staff = factories.user("staff")
    if state in step.sources:
        move(row, step.name, actor=staff, day=DAY, reason="因故")
        assert row.state == step.target
    else:
        with pytest.raises(IllegalTransition):
            move(row, step.name, actor=staff, day=DAY, reason="因故")
        row.refresh_from_db()
        assert row.state == state


def test_every_state_has_a_tone_and_a_place():
    assert set(TONES) == set(State)
    assert set(PATH) | {State.RETURNED, State.WITHDRAWN} == set(State)


def test_unknown_step_is_refused():
    with pytest.raises(IllegalTransition):
        move(scenario(), "fly", actor=factories.user("staff"), day=DAY)


@pytest.mark.parametrize("step", [step for step in LIFE if step.needs_reason], ids=lambda step: step.name)
def test_step_without_its_reason_is_refused(step):
    row = scenario(next(iter(step.sources)))
    with pytest.raises(Refused):
        move(row, step.name, actor=factories.user("staff"), day=DAY, reason="  ")


def test_submission_gives_the_next_number_of_the_year():
    scenario(State.PUBLISHED, number="CJ-2026-009")
    scenario(State.PUBLISHED, number="CJ-2026-1010")
    scenario(State.PUBLISHED, number="CJ-2025-2000")
    row = scenario()
    move(row, "submit", actor=factories.user("staff"), day=DAY)
    assert row.number == "CJ-2026-1011"


def test_first_number_of_a_year():
    assert next_number(Scenario, "CJ", date(2031, 1, 1)) == "CJ-2031-001"


def test_scenario_returned_and_submitted_again_keeps_its_number():
    row, staff = scenario(), factories.user("staff")
    move(row, "submit", actor=staff, day=DAY)
    move(row, "return", actor=staff, day=DAY, reason="指标不清")
    move(row, "submit", actor=staff, day=date(2026, 4, 1))
    assert row.number == "CJ-2026-001"


def test_publication_sets_its_day_once():
    row, staff = scenario(State.IN_APPRAISAL, number="CJ-2026-001"), factories.user("staff")
    move(row, "publish", actor=staff, day=DAY)
    move(row, "match", actor=staff, day=date(2026, 4, 1))
    move(row, "reopen", actor=staff, day=date(2026, 5, 1), reason="未签约")
    assert (row.state, row.published_on) == (State.PUBLISHED, DAY)


def test_reason_stands_in_the_version():
    row = scenario(State.IN_APPRAISAL)
    move(row, "return", actor=factories.user("staff"), day=DAY, reason="缺少数据条款")
    assert row.history.latest("history_id").history_change_reason == "缺少数据条款"


def test_incomplete_scenario_is_not_submitted_and_everything_missing_is_named():
    row = bare()
    with pytest.raises(Incomplete) as refused:
        move(row, "submit", actor=factories.user("staff"), day=DAY)
    row.refresh_from_db()
    assert (row.state, row.number) == (State.DRAFT, None)
    assert [gap.field for gap in refused.value.gaps] == [
        "problem", "fields", "budget", "apply_by", "starts_on", "ends_on", "contact_name", "core",
    ]  # fmt: skip


def test_refused_step_leaves_neither_version_nor_log_entry():
    from qunxing.ledger.models import LogEntry

    row = bare()
    versions, entries = row.history.count(), LogEntry.objects.count()
    staff = factories.user("staff")
    entries = LogEntry.objects.count()
    with pytest.raises(Incomplete):
        move(row, "submit", actor=staff, day=DAY)
    assert (row.history.count(), LogEntry.objects.count()) == (versions, entries)


@pytest.mark.parametrize(
    ("values", "missing"),
    [
        ({"budget_low": None, "budget_high": None}, ["budget"]),
        ({"budget_low": None, "budget_high": None, "budget_undisclosed": True}, []),
        ({"apply_by": date(2026, 3, 1)}, ["apply_by"]),
        ({"ends_on": date(2026, 3, 5), "starts_on": date(2026, 3, 3)}, ["ends_on"]),
        ({"contact_phone": "", "contact_email": ""}, ["contact_name"]),
        ({"title": "  "}, ["title"]),
    ],
)
def test_gap_is_named(values, missing):
    from qunxing.scenarios.completeness import gaps_of

    assert [gap.field for gap in gaps_of(scenario(**values), indicators=1, day=DAY)] == missing
