"""A made-up race that is over: two gates, the second measured by a testing body; awarded, accepted and archived."""

from datetime import date, timedelta
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from qunxing.challenges.actions import accepting, contracting, paying
from qunxing.challenges.models import Contract, Payment
from qunxing.challenges.states.payment import PaymentState
from qunxing.demo.desk import Desk, dice
from qunxing.demo.made.contests import delivering
from qunxing.demo.made.contests.lists import at
from qunxing.demo.made.races.answers import Task, climb, table
from qunxing.demo.made.races.entering import WORKER, lane_of, moments, register, series, stage_of, teams_of
from qunxing.demo.made.races.hotline import team_of
from qunxing.demo.tables import codes_of
from qunxing.directory.models import Organization
from qunxing.races.actions import (
    archiving,
    creating,
    entering,
    finishing,
    gates,
    lanes,
    noticing,
    publishing,
    reading,
    scoring,
    testsets,
)
from qunxing.races.actions.creating import StageSpec
from qunxing.races.keys import set_in_force
from qunxing.races.models import Entry, GateReport, Lane, Race, Stage, TestingBody
from qunxing.races.models.races import Kind
from qunxing.races.plan import Appeal, Board, Entries, GatePlan, Metric, Public, Rule
from qunxing.races.scoring.tables import sign
from qunxing.races.uploading import receive

KEY = "boxes"
TASK = Task("box", ("读对", "漏读", "误读", "无箱号"), 400)
FIELD = Task("lift", ("1",), 200)
AWARD = 800_000
COLUMN = "逐箱得分"
TEXT = "岸桥吊装时识别集装箱箱号，白天、夜间与雨雾各占三分之一；初赛在图片上比，决赛由第三方在现场测。"


def begin(desk: Desk) -> None:
    race = Race(
        title="演示·岸桥箱号识别赛马",
        kind=Kind.INVITED,
        text=TEXT,
        fields=codes_of("vision-recognition|vision-video"),
        organization=desk.find(Organization, "port"),
        lanes_most=3,
        ends_on=desk.ago(90),
    )
    made = creating.create_race(desk.mark(race, KEY), actor=desk.clerk, stages=stages_of(desk))
    desk.keep(made, KEY)
    invited = [lanes.invite(made, team_of(desk, row), actor=desk.clerk, day=desk.ago(305)) for row in teams_of(KEY)]
    publishing.publish(made, actor=desk.clerk, at=at(desk.ago(304), 10))
    for lane in invited:
        lanes.answer_invitation(lane, actor=None, day=desk.ago(300), comes=True)
    publishing.start(made, actor=desk.clerk, day=desk.ago(297))


def stages_of(desk: Desk) -> list[StageSpec]:
    """A first gate on pictures, a second by a testing body on the quay."""
    window = [at(desk.ago(days), 9).isoformat() for days in (296, 282, 252, 240)]
    first = GatePlan(
        opens=window[0], closes=window[1], rule=Rule(top=2), board=Board(mode="open"), public=Public(percent=30)
    )
    second = GatePlan(
        metrics=(Metric(COLUMN),),
        opens=window[2],
        closes=window[3],
        entries=Entries(takes=("table",), a_day=2, in_all=4),
        rule=Rule(top=1, tied="cut"),
        board=Board(mode="blind"),
        public=Public(percent=0),
        release=AWARD,
        appeal=Appeal(days=5),
    )
    return [
        StageSpec("图片初赛", first, "四百张岸桥图片，逐张给出识别结果。"),
        StageSpec("现场决赛", second, "夜间与雨雾吊装各一班，两百箱，由第三方逐箱记分。"),
    ]


# --- gates ----------------------------------------------------------------------------------------------------------


def run_pictures(desk: Desk) -> None:
    race = desk.find(Race, KEY)
    stage = stage_of(race, 1)
    register(desk, stage, TASK, 297)
    for row in teams_of(KEY):
        sheets = [TASK.answers(row["key"], skill) for skill in climb(float(row["skill"]), 2, row["key"])]
        series(lane_of(race, row["name"]), stage, sheets)
    decide(desk, stage, 281, "前两名进入现场决赛。")


def run_quay(desk: Desk) -> None:
    """Tables of scores, each signed by the testing body for just this lane."""
    race = desk.find(Race, KEY)
    stage = stage_of(race, 2)
    register(desk, stage, FIELD, 256)
    key = Ed25519PrivateKey.from_private_bytes(sha256(b"qunxing demonstration").digest())
    firm, public = desk.find(Organization, "university"), key.public_key().public_bytes_raw().hex()
    body = testsets.register_body(stage, actor=desk.clerk, day=desk.ago(255), organization=firm, key=public)
    for row in teams_of(KEY):
        lane = lane_of(race, row["name"])
        if lane.state == "running":
            bring(lane, stage, float(row["skill"]), body, key)
    decide(desk, stage, 239, "现场逐箱记分，第一名为优胜。")


def bring(lane: Lane, stage: Stage, skill: float, body: TestingBody, key: Ed25519PrivateKey) -> None:
    chance = dice(f"quay/{lane.name}")
    scores = {item: "1" if chance.random() < skill else "0" for item in FIELD.names}
    data, test_set = table(scores, COLUMN), set_in_force(stage)
    file = receive(stage.race, data, "现场记分表.csv")
    if test_set is None:
        return
    likeness = Entry(lane=lane, stage=stage, digest=file.digest)
    signed = sign(key, reading.statement_for(likeness, test_set, body))
    (moment,) = moments(stage, 1, f"quay/{lane.name}")
    handed = entering.Handed(file, kind=Entry.Kind.TABLE, signature=signed)
    entering.hand_in(lane, stage, actor=None, at=moment, handed=handed)
    scoring.drain(WORKER, clock=lambda: moment + timedelta(seconds=30))


def decide(desk: Desk, stage: Stage, days: int, reasons: str) -> GateReport:
    """Decided by the rule, a week before the public, confirmed."""
    report = gates.make_report(stage, actor=desk.clerk, at=at(desk.ago(days), 10))
    gates.write_words(report, actor=desk.clerk, reasons=reasons)
    report = noticing.give_notice(report, actor=desk.clerk, day=desk.ago(days - 1))
    day = report.notice.last_day + timedelta(days=1) if report.notice is not None else desk.ago(days - 10)
    return noticing.confirm(report, actor=desk.user("officer"), day=day)


# --- what became of it ----------------------------------------------------------------------------------------------


def accept(desk: Desk) -> None:
    """The winner's contract signed, delivered, accepted by the user and paid."""
    winner = Lane.objects.get(race=desk.find(Race, KEY), state="winner")
    contract = sign_contract(winner, desk.ago(224))
    made = accepting.ask_acceptance(contract, actor=None, day=desk.ago(120), report="两个泊位已投入使用，申请验收。")
    accepting.give_word(made, actor=None, day=desk.ago(112), word="accepts", text="夜班连续使用三个月，识别稳定。")
    accepting.decide(made, actor=desk.clerk, day=desk.ago(110), finding="用户认可，通过验收。")
    for row in Payment.objects.filter(contract=contract, state=PaymentState.DUE):
        paying.pay(row, actor=None, day=desk.ago(98), voucher=f"演示-{contract.number}-{row.position}")
    finishing.close(desk.find(Race, KEY), actor=desk.clerk, day=desk.ago(95))


def sign_contract(winner: Lane, day: date) -> Contract:
    contract: Contract = Contract.objects.get(lane=winner)
    for side in (contracting.CONTRACTOR, contracting.ISSUER):
        contracting.sign(contract, actor=None, day=day, side=side, pledge=delivering.PLEDGE)
    return contract


def archive(desk: Desk) -> None:
    """Outside the chapter: the pack holds proofs of entries that must stand in the log by then."""
    archiving.archive(desk.find(Race, KEY), actor=desk.clerk, day=desk.ago(90))
