"""The ways a step is taken, refused, struck down; the clock, the dice, the coverage of lives."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from qunxing.challenges.models import Call
from qunxing.challenges.rehearsal import stage as stages
from qunxing.challenges.rehearsal.cast import Cast, gather
from qunxing.challenges.rehearsal.chance import Dice, repeatable
from qunxing.challenges.rehearsal.coverage import Coverage
from qunxing.challenges.rehearsal.faults import Crash
from qunxing.challenges.rehearsal.ground import need_nothing
from qunxing.challenges.rehearsal.size import Size
from qunxing.challenges.rehearsal.stage import Stage
from qunxing.core.errors import Refused
from qunxing.core.fields import new_ref
from qunxing.directory.models import Organization
from qunxing.ledger.actions import create
from qunxing.ledger.recording import recording
from qunxing.panels.models import Expert
from tests import factories

pytestmark = pytest.mark.django_db
NOBODY = Cast((), (), 0, 0, (), (), ())


@pytest.fixture
def stage() -> Stage:
    return Stage(7, Size(8, 22), NOBODY)


def test_step_reads_its_rows_anew(stage: Stage) -> None:
    firm = factories.organization(name="旧名称有限公司")
    Organization.objects.update(name="新名称有限公司")
    assert stage.do("look", lambda row: row.name, firm) == "新名称有限公司"
    assert stage.memory.done == {"look": 1}


def test_step_is_struck_down_and_taken_again(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stages, "INSIDE", 1)
    monkeypatch.setattr(stages, "STATEMENTS", 1)
    made = stage.do("make", factories.organization)
    assert (Organization.objects.get(), stage.memory.broken) == (made, [])
    assert (stage.memory.crashes, stage.memory.checked["crash"]) == ({"make": 1}, 1)


def test_cast_is_the_same_to_the_last_reference() -> None:
    def cast() -> list[str]:
        with transaction.atomic():
            gather(Size(8, 22))
            found = [*Organization.objects.values_list("ref", flat=True), *Expert.objects.values_list("ref", flat=True)]
            transaction.set_rollback(True)
        return found

    assert cast() == cast()


def test_step_in_two_halves_is_seen(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stages, "INSIDE", 1)
    monkeypatch.setattr(stage.dice, "randint", lambda _low, _high: 10_000)
    died: list[str] = []

    def halves() -> None:
        factories.organization()
        if not died:
            died.append("between")
            raise Crash("between")

    stage.do("halves", halves)
    assert [one.rule for one in stage.memory.broken] == ["crash"]


def test_step_taken_twice_is_seen(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stages, "INSIDE", 0)
    monkeypatch.setattr(stages, "AFTER", 1)
    stage.do("make", factories.organization, once=True)
    assert [one.rule for one in stage.memory.broken] == ["once"]


def refuse() -> None:
    raise Refused("no")


def test_refusal_is_counted_and_its_absence_seen(stage: Stage) -> None:
    stage.refused("closed", refuse, by=Refused)
    stage.refused("open", lambda: None)
    stage.refused("otherwise", refuse, by=PermissionError)
    assert stage.memory.refused == {"closed": 1, "otherwise": 1}
    assert [one.subject for one in stage.memory.broken] == ["open", "otherwise"]


def test_seed_decides_everything() -> None:
    with repeatable(3):
        first = [new_ref() for _each in range(3)]
    with repeatable(3):
        again = [new_ref() for _each in range(3)]
    assert first == again
    assert [Dice("a").hexes(4), Dice("a").deal("abc", 5)] == [Dice("a").hexes(4), Dice("a").deal("abc", 5)]


def test_deck_deals_every_card_before_one_comes_again() -> None:
    dealt = Dice(1).deal("abcd", 8)
    assert sorted(dealt[:4]) == sorted(dealt[4:]) == list("abcd")


def test_program_lives_by_the_clock_of_the_story(stage: Stage) -> None:
    with stage.clock.running():
        before = timezone.now()
        stage.clock.wait(days=3)
        assert timezone.now() - before == timedelta(days=3)
        with stage.clock.set_back(hours=2):
            assert timezone.now() - before == timedelta(days=2, hours=22)


def test_coverage_reads_steps_from_versions() -> None:
    words: dict[str, Any] = {"title": "需求征集", "text": "示例", "opens_on": "2025-01-01", "closes_on": "2025-02-01"}
    call = create(Call(**words), actor=None)
    for state in ("open", "closed"):
        call.state = state
        with recording(actor=None):
            call.save()
    found = Coverage().read()
    assert found.taken["challenges.call"] == {("draft", "open"): 1, ("open", "closed"): 1}
    assert "challenges.call: closed > open" in found.missing_steps()
    assert "challenges.call: closed" in found.stuck_states()
    assert Coverage.from_json(found.as_json()).taken == found.taken


def test_coverage_counts_a_bid_that_is_replaced() -> None:
    assert "challenges.bid: submitted > submitted" in Coverage().missing_steps()


def test_ledger_in_use_is_left_alone() -> None:
    with pytest.raises(Refused):
        need_nothing()
