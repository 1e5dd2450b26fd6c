"""A race from the draft to its award: money by result, lanes, notices, appeals."""

from datetime import timedelta

import pytest

from qunxing.challenges.actions import accepting, contracting, delivering, objecting
from qunxing.challenges.models import Payment
from qunxing.core.errors import IllegalTransition, Refused
from qunxing.ledger.actions import StaleRecord
from qunxing.ledger.models import LogEntry
from qunxing.races.actions import finishing, gates, noticing, publishing
from qunxing.races.models import Lane, TestSet
from tests.races import runners

pytestmark = pytest.mark.django_db


def states(race: object) -> list[str]:
    return list(Lane.objects.filter(race=race).order_by("number").values_list("state", flat=True))


def due(lane: Lane) -> list[tuple[int, str]]:
    return list(Payment.objects.filter(contract=lane.contract).order_by("position").values_list("amount", "state"))


def test_race_runs_through_two_gates_to_its_award() -> None:
    race = runners.running(3)
    assert [due(lane)[0] for lane in race.lanes.all()] == [(100_000, "due")] * 3
    runners.decided(race, (0.9, 0.7, 0.5))
    assert (race.state, states(race)) == ("running", ["running", "running", "stopped"])
    assert due(runners.lane(race, 1)) == [(100_000, "due"), (300_000, "due"), (500_000, "planned")]
    assert due(runners.lane(race, 3)) == [(100_000, "due"), (300_000, "cancelled"), (500_000, "cancelled")]
    runners.decided(race, (0.9, 0.7), order=2)
    assert (race.state, states(race)) == ("awarded", ["winner", "stopped", "stopped"])
    assert due(runners.lane(race, 1))[-1] == (500_000, "planned")
    told = set(LogEntry.objects.filter(subject_ref=race.ref).values_list("kind", flat=True))
    assert {"race.published", "race.started", "race.awarded"} <= told


def test_upheld_appeal_lets_the_gate_be_decided_anew() -> None:
    race = runners.running(3)
    report = runners.noticed(runners.reported(race, (0.9, 0.7, 0.5)))
    voice = objecting.Voice("赵敏", "示例公司", email="zhao@example.org")
    at = runners.after(report.stage)
    objection = objecting.object_to(report.notice, at=at, voice=voice, grounds="第二队的答案抄自公开数据")
    with pytest.raises(Refused):
        noticing.confirm(report, actor=runners.officer(), day=report.notice.last_day + timedelta(days=1))
    objecting.answer(objection, actor=runners.staff(), day=at.date(), upheld=True, reply="属实，取消该次提交")
    report.notice.refresh_from_db()
    assert report.notice.state == "suspended"
    second = runners.lane(race, 2).entries.get()
    second.disqualified = True
    second.save()
    again = gates.decide_anew(report, actor=runners.staff(), at=at, reason="异议成立")
    report.refresh_from_db()
    report.notice.refresh_from_db()
    assert (report.state, report.notice.state, again.number) == ("overturned", "overturned", 2)
    runners.confirmed(runners.noticed(again))
    assert states(race) == ["running", "stopped", "running"]


def test_merge_takes_both_teams_word_and_keeps_both_histories() -> None:
    race = runners.running(3)
    report = runners.reported(race, (0.9, 0.7, 0.5))
    first, third = runners.lane(race, 1), runners.lane(race, 3)
    decision = report.decisions.get(lane=third)
    decision = gates.decide(
        decision, actor=runners.staff(), follows="merge", money=0, into=first, reason="两队方法互补"
    )
    with pytest.raises(Refused):
        runners.noticed(report)
    gates.agree_to_merge(decision, actor=runners.writer(third), day=runners.DAY)
    with pytest.raises(Refused):
        gates.agree_to_merge(decision, actor=runners.writer(third), day=runners.DAY)
    gates.agree_to_merge(decision, actor=runners.writer(first), day=runners.DAY)
    runners.confirmed(runners.noticed(report))
    third.refresh_from_db()
    assert (third.state, third.merged_into, third.contract.state) == ("merged", first, "terminated")
    assert [row.organization for row in first.parties.all()] == [third.organization]
    assert [row.organization for row in first.contract.parties.all()] == [third.organization]
    assert (third.entries.count(), third.decisions.count()) == (1, 1)


def test_more_and_less_change_the_tranche_and_the_grant() -> None:
    race = runners.running(3)
    report = runners.reported(race, (0.9, 0.7, 0.5))
    actor = runners.staff()
    first, second = (report.decisions.get(lane__number=number) for number in (1, 2))
    with pytest.raises(Refused):
        gates.decide(first, actor=actor, follows="more", money=300_000, reason="领先明显")
    with pytest.raises(Refused):
        gates.decide(first, actor=actor, follows="more", money=400_000)
    gates.decide(first, actor=actor, follows="more", money=400_000, reason="领先明显")
    gates.decide(second, actor=actor, follows="less", money=0, reason="进度落后")
    runners.confirmed(runners.noticed(report))
    assert due(runners.lane(race, 1)) == [(100_000, "due"), (400_000, "due"), (500_000, "planned")]
    assert due(runners.lane(race, 2)) == [(100_000, "due"), (300_000, "cancelled"), (500_000, "planned")]
    assert [lane.contract.grant for lane in race.lanes.order_by("number")] == [1_000_000, 600_000, 900_000]


def test_gate_releases_no_more_than_it_has_for_its_lanes() -> None:
    race = runners.running(3)
    report = runners.reported(race, (0.9, 0.7, 0.5))
    first, actor = report.decisions.get(lane__number=1), runners.staff()
    gates.decide(first, actor=actor, follows="more", money=600_001, reason="领先明显")
    with pytest.raises(Refused):
        runners.noticed(report)
    gates.decide(first, actor=actor, follows="more", money=600_000, reason="领先明显")
    assert runners.noticed(report).told


def test_all_tied_go_on_together() -> None:
    race = runners.running(3)
    report = runners.reported(race, (0.7, 0.7, 0.7))
    assert list(report.decisions.values_list("passes", "tied")) == [(True, True)] * 3


def test_all_under_the_threshold_ends_the_race() -> None:
    spec = runners.two_gates()
    strict = runners.plan(1, 10, rule={"kind": "threshold", "threshold": 0.95}, release=300_000)
    race = runners.running(2, stages=[runners.StageSpec("中期", strict), spec[1]])
    runners.decided(race, (0.5, 0.4))
    assert (race.state, states(race)) == ("stopped", ["stopped", "stopped"])
    assert {lane.contract.state for lane in race.lanes.all()} == {"terminated"}


def test_metric_undefined_for_a_lane_leaves_it_without_a_score() -> None:
    race = runners.running(3)
    at = runners.scored(race, (0.9, 0.7, 0.5))
    runners.run(runners.lane(race, 1).entries.get(), None)
    report = gates.make_report(at, actor=runners.staff(), at=runners.after(at))
    decision = report.decisions.get(lane__number=1)
    assert (decision.score, decision.passes, decision.follows) == (None, False, "stop")
    assert decision.undefined == "accuracy: no_positive"
    assert [place["lane"] for place in report.standing["places"]] == ["L2", "L3"]


def test_nobody_entered_leaves_a_report_without_places() -> None:
    race = runners.running(2)
    at = runners.stage(race)
    report = gates.make_report(at, actor=runners.staff(), at=runners.after(at))
    assert (report.standing["places"], set(report.decisions.values_list("follows", flat=True))) == ([], {"stop"})


def test_one_lane_alone_is_no_race() -> None:
    with pytest.raises(Refused) as refused:
        runners.published(1)
    assert "1" in str(refused.value)
    race = runners.published(2, start_money=0, stages=[runners.two_gates((0, 0))[0], runners.two_gates((0, 0))[1]])
    lanes_of = list(race.lanes.order_by("number"))
    runners.lanes.withdraw(lanes_of[1], actor=runners.staff(), day=runners.DAY, reason="人手不足")
    with pytest.raises(Refused):
        publishing.start(race, actor=runners.staff(), day=runners.DAY)


def test_gate_in_the_past_is_not_published() -> None:
    gone = [runners.StageSpec("旧", runners.plan(-30, 10)), runners.two_gates()[1]]
    race = runners.race(gone)
    for place in range(2):
        runners.lanes.invite(race, runners.team(place), actor=runners.staff(), day=runners.DAY)
    with pytest.raises(Refused) as refused:
        publishing.publish(race, actor=runners.staff(), at=runners.NOW)
    assert "旧" in str(refused.value)


def test_nothing_is_decided_while_the_window_is_open_or_entries_wait() -> None:
    race = runners.running(2)
    at = runners.scored(race, (0.9, 0.7))
    with pytest.raises(Refused):
        gates.make_report(at, actor=runners.staff(), at=at.closes_at)
    runners.entry(runners.lane(race, 1), at, 0.9, state="queued")
    with pytest.raises(Refused):
        gates.make_report(at, actor=runners.staff(), at=runners.after(at))


def test_second_click_on_a_decision_is_refused() -> None:
    race = runners.running(3)
    report = runners.noticed(runners.reported(race))
    with pytest.raises((Refused, IllegalTransition)):
        noticing.give_notice(report, actor=runners.staff(), day=runners.DAY)
    runners.confirmed(report)
    with pytest.raises(IllegalTransition):
        noticing.confirm(report, actor=runners.officer(), day=report.notice.last_day + timedelta(days=1))
    with pytest.raises(Refused):
        gates.make_report(report.stage, actor=runners.staff(), at=runners.after(report.stage))
    assert [lane.contract.payments.filter(state="due").count() for lane in race.lanes.filter(state="running")] == [2, 2]


def test_two_people_deciding_at_once_do_not_overwrite_each_other() -> None:
    report = runners.reported(runners.running(3))
    decision = report.decisions.get(lane__number=1)
    gates.decide(decision, actor=runners.staff(), follows="more", money=400_000, reason="领先", expected=1)
    with pytest.raises(StaleRecord):
        gates.decide(decision, actor=runners.staff(), follows="less", money=1, reason="谨慎", expected=1)


def test_veto_stops_a_lane_whatever_its_score() -> None:
    veto = runners.plan(1, 10, vetoes=[{"metric": "accuracy", "when": "above", "bound": 0.8}], release=300_000)
    race = runners.running(3, stages=[runners.StageSpec("中期", veto), runners.two_gates()[1]])
    report = runners.reported(race, (0.9, 0.7, 0.5))
    first = report.decisions.get(lane__number=1)
    assert (first.passes, first.follows, bool(first.veto)) == (False, "stop", True)
    with pytest.raises(Refused):
        gates.decide(first, actor=runners.staff(), follows="same", money=0, reason="成绩最好")


def test_disqualified_lane_comes_back_only_until_the_gate_is_confirmed() -> None:
    race, actor = runners.running(3), runners.staff()
    first = runners.lane(race, 1)
    runners.lanes.disqualify(first, actor=actor, day=runners.DAY, reason="疑似抄袭")
    runners.lanes.reinstate(first, actor=actor, day=runners.DAY, reason="查无实据")
    runners.lanes.disqualify(first, actor=actor, day=runners.DAY, reason="证据确凿")
    runners.decided(race, (0.7, 0.5))
    with pytest.raises(Refused):
        runners.lanes.reinstate(first, actor=actor, day=runners.DAY, reason="再议")
    first.refresh_from_db()
    assert (first.state, first.contract.state) == ("disqualified", "terminated")


def test_stopped_race_ends_lanes_contracts_and_what_is_before_the_public() -> None:
    race = runners.running(2)
    report = runners.noticed(runners.reported(race, (0.9, 0.7)))
    finishing.stop(race, actor=runners.staff(), day=runners.DAY, reason="经费调整")
    report.refresh_from_db()
    assert (race.state, states(race), report.state, report.notice.state) == (
        "stopped",
        ["stopped", "stopped"],
        "overturned",
        "overturned",
    )


def test_gate_of_a_race_is_passed_by_nobody_s_word() -> None:
    race = runners.running(2)
    contract = runners.lane(race, 1).contract
    gate = contract.milestones.get(kind="gate")
    with pytest.raises(Refused):
        delivering.report_milestone(gate, actor=None, day=runners.DAY, report="已完成")
    with pytest.raises(Refused):
        contracting.refuse_if_raced(contract)


def test_replaced_gate_keeps_what_was_entered_to_the_old_one() -> None:
    race = runners.running(3)
    at = runners.scored(race, (0.9, 0.7, 0.5))
    spec = runners.StageSpec("中期考核（重测）", runners.plan(20, 5, release=300_000))
    made = publishing.replace_stage(at, spec, actor=runners.staff(), at=runners.NOW, reason="测试集有误")
    at.refresh_from_db()
    assert (at.state, at.entries.count(), made.state, made.edition) == ("replaced", 3, "running", 2)
    runners.decided(race, (0.9, 0.7, 0.5))
    assert states(race) == ["running", "running", "stopped"]


def test_test_set_stays_once_something_was_entered() -> None:
    race = runners.running(2)
    at = runners.stage(race)
    tests = TestSet(stage=at, name="测试集", digest="0" * 64, items=10, registered_on=runners.DAY)
    assert tests.replaceable
    runners.entry(runners.lane(race, 1), at, 0.5)
    assert not tests.replaceable


def test_race_closes_when_what_it_awarded_is_accepted() -> None:
    race = runners.running(2)
    runners.decided(race, (0.9, 0.7))
    runners.decided(race, (0.9, 0.7), order=2)
    with pytest.raises(Refused):
        finishing.close(race, actor=runners.staff(), day=runners.DAY)
    contract = runners.lane(race, 1).contract
    made = accepting.ask_acceptance(contract, actor=None, day=contract.ends_on, report="完成")
    accepting.give_word(made, actor=None, day=contract.ends_on, word="accepts", text="满意")
    accepting.decide(made, actor=runners.staff(), day=contract.ends_on, finding="通过")
    finishing.close(race, actor=runners.staff(), day=contract.ends_on)
    assert (race.state, due(runners.lane(race, 1))[-1]) == ("closed", (500_000, "due"))


def test_gate_in_the_place_of_another_keeps_clear_of_the_next() -> None:
    race, words = runners.running(3), {"actor": runners.staff(), "at": runners.NOW, "reason": "中期考核延期"}
    first, second = runners.stage(race, 1), runners.stage(race, 2)
    late = runners.StageSpec("中期考核", runners.plan(55, 10, release=300_000))
    with pytest.raises(Refused) as refused:
        publishing.replace_stage(first, late, **words)
    assert "先把后一节点" in str(refused.value)
    early = runners.StageSpec("决赛", runners.plan(5, 10, release=500_000))
    with pytest.raises(Refused):
        publishing.replace_stage(second, early, **words)
    publishing.replace_stage(second, runners.StageSpec("决赛", runners.plan(70, 10, release=500_000)), **words)
    publishing.replace_stage(first, late, **words)
    assert [(row.order, row.edition) for row in race.stages.exclude(state="replaced")] == [(1, 2), (2, 2)]


def test_gate_in_the_place_of_another_is_whole_and_releases_no_more() -> None:
    race, words = runners.running(3), {"actor": runners.staff(), "at": runners.NOW, "reason": "重测"}
    first = runners.stage(race)
    for plan in (
        runners.plan(20, 5, release=300_001),
        runners.plan(20, 5, release=300_000, scorer="0" * 64),
        runners.plan(20, 5, metrics=[{"name": "mape", "weight": 1}, {"name": "rmse", "weight": 1}]),
    ):
        with pytest.raises(Refused):
            publishing.replace_stage(first, runners.StageSpec("中期考核", plan), **words)
    assert race.stages.filter(state="replaced").count() == 0
