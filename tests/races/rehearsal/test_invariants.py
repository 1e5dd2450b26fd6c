"""Every rule of a rehearsed race sees what breaks it: a race that is in order is put out of order behind its back."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models import F

from qunxing.challenges.models import Contract, Milestone, Notice, Objection, Payment
from qunxing.challenges.rehearsal.cast import gather
from qunxing.challenges.rehearsal.chance import repeatable
from qunxing.directory.models import Organization
from qunxing.ledger.versions import history_of
from qunxing.panels.models.base import ClosedQuerySet
from qunxing.races.models import Entry, GateReport, Lane, LaneDecision, LaneParty, ScoreRun, Stage
from qunxing.races.queries import boards
from qunxing.races.rehearsal import invariants
from qunxing.races.rehearsal.acts import deciding, ending
from qunxing.races.rehearsal.invariants import scores, sight
from qunxing.races.rehearsal.memory import RaceMemory
from qunxing.races.rehearsal.size import RaceSize
from qunxing.races.rehearsal.stage import RaceStage
from qunxing.races.rehearsal.story import play

SIZE = RaceSize()
SEED = 16  # one with a merge, an objection, contracts and money at both gates
FATES = ("merge", "dismissed")


@pytest.fixture(scope="module")
def race(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[RaceMemory]:
    """A race played once for all tests here, and taken back after them."""
    with django_db_blocker.unblock(), transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(deciding, "FATES", FATES)
        patch.setattr(ending, "ARCHIVED", 1)
        stage = RaceStage(SEED, SIZE, gather(SIZE))
        with repeatable(SEED), stage.clock.running():
            play(stage, of_challenge=False)
        yield stage.memory
        transaction.set_rollback(True)


@pytest.fixture
def memory(race: RaceMemory) -> Iterator[RaceMemory]:
    """What the race remembers, to be spoilt; database and memory are as before afterwards."""
    kept = replace(race, sealed=set(race.sealed), over=dict(race.over), objectors=set(), leaders=set(), broken=[])
    with transaction.atomic():
        yield kept
        transaction.set_rollback(True)


def read_truth(memory: RaceMemory, _patch: Any) -> None:
    Organization.objects.filter(pk=Organization.objects.all()[0].pk).update(description=min(memory.sealed))


def show_runs(_memory: RaceMemory, patch: Any) -> None:
    patch.setattr(ClosedQuerySet, "visible_to", lambda rows, _user: rows)


def show_sealed_board(_memory: RaceMemory, patch: Any) -> None:
    GateReport.objects.update(told=False)
    patch.setattr(boards, "parts_for_reader", lambda _stage, _user: list(boards.Part))
    patch.setattr(sight, "told_report", lambda _stage: None)


def other_digest(_memory: RaceMemory, _patch: Any) -> None:
    Entry.objects.update(digest="0" * 64)


def close_earlier(_memory: RaceMemory, _patch: Any) -> None:
    Stage.objects.update(closes_at=F("opens_at") + timedelta(seconds=1))


def all_at_once(_memory: RaceMemory, _patch: Any) -> None:
    row = Entry.objects.filter(state="scored")[0]
    plan = {**row.stage.plan, "entries": {**row.stage.plan["entries"], "a_day": 1, "in_all": 1}}
    Stage.objects.filter(pk=row.stage_id).update(plan=plan)
    Entry.objects.filter(stage=row.stage).update(lane=row.lane, number=F("number") + F("pk") * 100)


def enter_when_over(memory: RaceMemory, _patch: Any) -> None:
    lane = Lane.objects.filter(ended_on__isnull=False).exclude(state="winner")[0]
    memory.over[lane.ref] = lane.entries.order_by("received_at")[0].received_at - timedelta(days=1)


def leave_in_queue(_memory: RaceMemory, _patch: Any) -> None:
    Entry.objects.filter(state="scored").update(state="scoring")


def score_otherwise(_memory: RaceMemory, _patch: Any) -> None:
    run = ScoreRun.objects.filter(verdict="ok")[0]
    again = ScoreRun(**{field.attname: getattr(run, field.attname) for field in ScoreRun._meta.fields})
    again.pk, again.ref, again.number, again.overall_sealed = None, f"{run.ref}x"[-12:], 99, -1.0
    ScoreRun.objects.bulk_create([again])


def lose_items(_memory: RaceMemory, patch: Any) -> None:
    patch.setattr(scores, "readable", lambda _race, _digest: False)


def other_plan(_memory: RaceMemory, _patch: Any) -> None:
    for row in Stage.objects.all():
        Stage.objects.filter(pk=row.pk).update(plan={**row.plan, "release": 77})


def standing_with(**values: Any) -> None:
    for row in GateReport.objects.all():
        GateReport.objects.filter(pk=row.pk).update(standing={**row.standing, **values})


def other_score(_memory: RaceMemory, _patch: Any) -> None:
    row = GateReport.objects.all()[0]
    standing_with(places=[{**place, "score": 0.123} for place in row.standing["places"]])


def let_pass(_memory: RaceMemory, _patch: Any) -> None:
    for row in GateReport.objects.all():
        passing = [{**one, "passes": not one["passes"], "tied": False} for one in row.standing["passing"]]
        GateReport.objects.filter(pk=row.pk).update(standing={**row.standing, "passing": passing})


def turn_order(_memory: RaceMemory, _patch: Any) -> None:
    for row in GateReport.objects.all():
        turned = row.standing["order"][::-1]
        GateReport.objects.filter(pk=row.pk).update(standing={**row.standing, "order": turned})


def say_nothing(_memory: RaceMemory, _patch: Any) -> None:
    LaneDecision.objects.update(reason="", passes=False, follows="same", into=None)


def decide_more(_memory: RaceMemory, _patch: Any) -> None:
    LaneDecision.objects.update(money=F("money") + 1)


def decide_much_more(_memory: RaceMemory, _patch: Any) -> None:
    LaneDecision.objects.update(money=10**11)


def grant_more(_memory: RaceMemory, _patch: Any) -> None:
    Contract.objects.update(cost=F("cost") + 1, grant=F("grant") + 1)


def pay_later(_memory: RaceMemory, _patch: Any) -> None:
    Payment.objects.filter(due_on__isnull=False).update(pay_by=F("due_on"))


def lose_a_partner(_memory: RaceMemory, _patch: Any) -> None:
    LaneParty.objects.filter(role="merged").delete()


def cut_notice(_memory: RaceMemory, _patch: Any) -> None:
    Notice.objects.update(last_day=F("first_day"))


def object_late(_memory: RaceMemory, _patch: Any) -> None:
    Objection.objects.update(received_at=F("received_at") + timedelta(days=400))


def name_leader(memory: RaceMemory, _patch: Any) -> None:
    memory.leaders.add(Notice.objects.all()[0].lines[0]["leader"])


def jump(_memory: RaceMemory, _patch: Any) -> None:
    history_of(Lane).objects.filter(state="running").update(state="invited")


def alter_pack(memory: RaceMemory, _patch: Any) -> None:
    data = memory.archives[0].read_bytes()
    memory.archives = [memory.archives[0].with_suffix(".altered")]
    memory.archives[0].write_bytes(data[:-40])


def tell_otherwise(_memory: RaceMemory, _patch: Any) -> None:
    Milestone.objects.update(name="另一个")


BREAKS: Mapping[str, Callable[[RaceMemory, Any], None]] = {
    "sight_of_sealed": show_runs,
    "sight": show_runs,
    "boards": show_sealed_board,
    "unreadable": read_truth,
    "files": other_digest,
    "in_time": close_earlier,
    "caps": all_at_once,
    "ended": enter_when_over,
    "queue": leave_in_queue,
    "same_score": score_otherwise,
    "item_scores": lose_items,
    "frozen": other_plan,
    "standing": other_score,
    "passing": let_pass,
    "tie_break": turn_order,
    "decisions": say_nothing,
    "money": decide_more,
    "budget": decide_much_more,
    "tranches": grant_more,
    "payments": pay_later,
    "merged": lose_a_partner,
    "notices": cut_notice,
    "objections": object_late,
    "masked": name_leader,
    "objectors": lambda _memory, _patch: None,  # the memory knows of no objector, so those there are came from nowhere
    "steps": jump,
    "log": tell_otherwise,
    "archives": alter_pack,
}


def test_race_in_order_breaks_nothing(race: RaceMemory) -> None:
    assert race.broken == []
    assert {name for name in invariants.FINAL if not race.checked[name]} == set()


@pytest.mark.parametrize("rule", BREAKS)
def test_rule_sees_what_breaks_it(rule: str, memory: RaceMemory, monkeypatch: pytest.MonkeyPatch) -> None:
    BREAKS[rule](memory, monkeypatch)
    checked = {**invariants.FINAL, **invariants.SEALED}[rule]
    assert [one for one in checked(memory) if one.wrong]


@pytest.mark.django_db  # so that there are tables, also where these tests run alone
def test_every_rule_has_something_that_breaks_it() -> None:
    assert {*invariants.FINAL, *invariants.SEALED} == set(BREAKS)
