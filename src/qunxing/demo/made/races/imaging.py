"""The made-up race that came of the challenge: its first gate decided, after an appeal; the second runs."""

from datetime import timedelta
from typing import Any

from qunxing.challenges.actions import contracting, objecting, paying
from qunxing.challenges.models import Payment
from qunxing.challenges.states.payment import PaymentState
from qunxing.demo.desk import Desk
from qunxing.demo.made.contests import delivering, judging
from qunxing.demo.made.contests.lists import at
from qunxing.demo.made.races import called
from qunxing.demo.made.races.answers import Task, climb
from qunxing.demo.made.races.entering import lane_of, register, series, stage_of, teams_of
from qunxing.demo.tables import Row
from qunxing.directory.models import Organization
from qunxing.races.actions import creating, disqualifying, flagging, gates, lanes, noticing, panels, publishing
from qunxing.races.models import GateReport, Race, Stage, StageItem

KEY = "imaging"
LABELS = ("非危急", "危急")
MIDWAY = Task("rep", LABELS, 700)
FINAL = Task("rep2", LABELS, 400)
TASKS = (
    "在院内脱敏报告上给出危急与否的判断；每份报告的判断须附原文位置，抽查不符的按未答计。",
    "接入报告系统并行试运行后，以新一批报告复测；判断与原文依据同时提交。",
)
ENTRIES = 4
# What experts think of a team's first stage, in points of a hundred.
LEAPS, BEFORE_THE_LEAP = "瀚澜队", 0.79
EXPERTS = {"星河队": 88, "瀚澜队": 82, "蓝桥队": 84}


def the_race() -> Race:
    found: Race = called.challenge().races.get()
    return found


def begin(desk: Desk) -> None:
    """The awarded bids become lanes; their contracts are signed, and the race starts."""
    first = at(desk.ago(158), 9)
    race = creating.from_challenge(called.challenge(), actor=desk.clerk, day=desk.ago(166), first=first)
    for stage, task in zip(race.stages.order_by("order"), TASKS, strict=True):
        plan = stage.plan | {"metrics": [{"name": "accuracy"}], "entries": {"takes": ["answers"], "a_day": 2}}
        creating.change_stage(stage, actor=desk.clerk, values={"plan": plan, "task": task})
    for row in teams_of(KEY):
        name_lane(desk, race, row)
    publishing.publish(race, actor=desk.clerk, at=at(desk.ago(164), 10))
    for lane in race.lanes.all():
        for side in (contracting.CONTRACTOR, contracting.ISSUER):
            contracting.sign(lane.contract, actor=None, day=desk.ago(162), side=side, pledge=delivering.PLEDGE)
    publishing.start(race, actor=desk.clerk, day=desk.ago(160))
    pay_due(race, desk.ago(150))


def name_lane(desk: Desk, race: Race, row: Row) -> None:
    lane = race.lanes.get(organization=desk.find(Organization, row["key"]))
    lanes.change_lane(lane, actor=desk.clerk, values={"name": row["name"], "approach": row["approach"]})
    words = {"text": row["route"], "tags": row["tags"].split("|")}
    lanes.change_route(lane.route, actor=desk.clerk, values=words)


def pay_due(race: Race, day: Any) -> None:
    for row in Payment.objects.filter(contract__lane__race=race, state=PaymentState.DUE).order_by("pk"):
        paying.pay(row, actor=None, day=day, voucher=f"演示-{row.contract.number}-{row.position}")


# --- the first gate -------------------------------------------------------------------------------------------------


def run_midway(desk: Desk) -> None:
    """Entries of three weeks, and the experts' part."""
    race = the_race()
    stage = stage_of(race, 1)
    register(desk, stage, MIDWAY, 110)
    for row in teams_of(KEY):
        series(lane_of(race, row["name"]), stage, [MIDWAY.answers(row["key"], skill) for skill in skills_of(row)])
    flagging.raise_flags(stage, day=desk.ago(83))
    judge(desk, stage, 82)


def skills_of(row: Row) -> list[float]:
    """Entry by entry; one team's last leaps beyond all that it had."""
    if row["name"] == LEAPS:
        return [*climb(BEFORE_THE_LEAP, ENTRIES - 1, row["key"]), float(row["skill"])]
    return list(climb(float(row["skill"]), ENTRIES, row["key"]))


def judge(desk: Desk, stage: Stage, days: int) -> None:
    panel = panels.plan_panel(stage, actor=desk.clerk, day=desk.ago(days)).panel
    judging.open_scoring(desk, panel)
    items = StageItem.objects.filter(round__panel=panel).values_list("item_id", "lane__name")
    judging.score(desk, panel, {item: EXPERTS[name] for item, name in items}, whole=True)
    judging.finish(desk, panel)


def decide_midway(desk: Desk) -> None:
    """Decided, objected to, decided anew without the entry in question, and confirmed."""
    stage = stage_of(the_race(), 1)
    first = gates.make_report(stage, actor=desk.clerk, at=at(desk.ago(80), 10))
    publish_report(desk, first, 79, "依考核规则，前两名进入下一赛段。")
    appeal(desk, first)
    look_at_leap(desk, stage)
    entry = lane_of(the_race(), LEAPS).entries.filter(stage=stage).order_by("-number")[0]
    why = "核查属实：该次提交对三十二份报告作了人工改判，不是系统输出。"
    disqualifying.disqualify(entry, actor=desk.clerk, reason=why)
    again = gates.decide_anew(first, actor=desk.clerk, at=at(desk.ago(72), 15), reason="异议成立，该次提交不计")
    report = publish_report(desk, again, 71, "瀚澜队最后一次提交不计后重新排定，前两名进入下一赛段。")
    day = report.notice.last_day + timedelta(days=1) if report.notice else desk.day
    noticing.confirm(report, actor=desk.user("officer"), day=day)
    for payment in Payment.objects.filter(contract__lane__name="星河队", state=PaymentState.DUE):
        paying.pay(payment, actor=None, day=desk.ago(40), voucher=f"演示-{payment.contract.number}-考核")


def look_at_leap(desk: Desk, stage: Stage) -> None:
    """What the machine had seen, and what people found."""
    for flag in stage.flags.filter(lane__name=LEAPS, state="open"):
        looked = "调阅运行日志：末次提交含人工改判三十二份。"
        flagging.look_at(flag, actor=desk.user("officer"), found=True, looked=looked, day=desk.ago(73))


def publish_report(desk: Desk, report: GateReport, days: int, reasons: str) -> GateReport:
    gates.write_words(report, actor=desk.clerk, reasons=reasons)
    return noticing.give_notice(report, actor=desk.clerk, day=desk.ago(days))


def appeal(desk: Desk, report: GateReport) -> None:
    """Upheld: what was entered last by one team was no answer of its system."""
    if report.notice is None:
        return
    voice = objecting.Voice("江临风", "演示·蓝桥语义科技有限公司", email="jiang@demo.example")
    grounds = "瀚澜队截止前最后一次提交较前一次跳升明显，请核查是否为系统输出。"
    objection = objecting.object_to(report.notice, at=at(desk.ago(77), 11), voice=voice, grounds=grounds)
    reply = "经调阅运行日志，该次提交含人工改判，异议成立；取消该次提交，考核重新评定。"
    objecting.answer(objection, actor=desk.clerk, day=desk.ago(73), upheld=True, reply=reply)


# --- the second stage -----------------------------------------------------------------------------------------------


def run_final(desk: Desk) -> None:
    """The last stage takes entries now; what they are worth nobody sees before its gate."""
    race = the_race()
    stage = stage_of(race, 2)
    register(desk, stage, FINAL, 12)
    for row in teams_of(KEY):
        lane = lane_of(race, row["name"])
        if lane.state == "running":
            sheets = [FINAL.answers(row["key"], skill) for skill in climb(float(row["skill"]) + 0.01, 2, row["key"])]
            series(lane, stage, sheets, until=at(desk.day, 8))
