"""Races brought step by step to where a test needs them, the way the program brings them there."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from django.utils import timezone

from qunxing.accounts.models import Kind as UserKind
from qunxing.challenges.actions import contracting
from qunxing.challenges.models import Contract
from qunxing.directory.models import Membership, Organization
from qunxing.ledger.actions import create
from qunxing.panels import actions as panel_actions
from qunxing.panels.models import Panel
from qunxing.races import itemscores
from qunxing.races.actions import creating, gates, lanes, noticing, panels, publishing
from qunxing.races.actions.creating import StageSpec, Team
from qunxing.races.itemscores import ItemScores
from qunxing.races.models import Entry, GateReport, Lane, Race, ScoreRun, Stage
from qunxing.races.models.races import Kind
from qunxing.races.plan import GatePlan
from tests import factories as people
from tests.panels import factories as seats

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 5, 6, 10, tzinfo=SHANGHAI)  # a Wednesday after a holiday
DAY = NOW.date()
ITEMS = 400
ROUTES = (
    "采用多模态大模型对病理切片做端到端分类，先自监督预训练，再以少量标注微调，部署在国产算力上。",
    "以规则引擎与知识图谱为主，抽取报告中的诊断要点，检索相似病例后由医生逐条复核，不训练大模型。",
    "用小模型级联：先由轻量检测网络找出可疑区域，再以图神经网络汇总全片特征，边缘设备即可运行。",
    "通过智能体编排多个通用模型，逐步提问、互相核对，给出带依据的结论，并保留全部中间过程。",
    "以传统影像组学提取纹理与形态特征，配合梯度提升树，强调可解释与低成本。",
)
numbers = count(1)


def staff() -> Any:
    return people.user(UserKind.STAFF)


def officer() -> Any:
    return people.user(UserKind.OFFICER)


def plan(after: int = 1, days: int = 10, **rules: Any) -> GatePlan:
    """A gate whose window opens so many days after NOW; `rules` are parts of the plan as it is stored."""
    opens = NOW + timedelta(days=after)
    window = {"opens": opens.isoformat(), "closes": (opens + timedelta(days=days)).isoformat()}
    base = {"counting": {"method": "analytic"}, "rule": {"top": 2}}
    return GatePlan.read({**window, **base, **rules})


def two_gates(release: tuple[int, int] = (300_000, 500_000)) -> list[StageSpec]:
    """A midway gate that keeps two, and a final that keeps one."""
    return [
        StageSpec("中期考核", plan(1, 10, release=release[0]), "完成原型"),
        StageSpec("决赛", plan(60, 10, release=release[1], rule={"top": 1, "tied": "cut"}), "完成系统"),
    ]


def race(stages: Sequence[StageSpec] | None = None, **values: Any) -> Race:
    """A race in draft, by invitation unless told."""
    values = {
        "title": f"病理赛马{next(numbers)}",
        "kind": Kind.INVITED,
        "organization": values.get("organization") or people.organization(name=f"示例出题医院{next(numbers)}"),
        "start_money": 100_000,
        "ends_on": DAY + timedelta(days=200),
        "lanes_most": 5,
    } | values
    return creating.create_race(Race(**values), actor=staff(), stages=two_gates() if stages is None else stages)


def team(place: int = 0, firm: Organization | None = None) -> Team:
    firm = firm or people.organization(name=f"示例赛队公司{next(numbers)}")
    return Team(firm, f"第{place + 1}队", leader="王小明", route=ROUTES[place % len(ROUTES)])


def published(teams: int = 3, **values: Any) -> Race:
    """Published, every invited team has said that it comes."""
    made, actor = race(**values), staff()
    for place in range(teams):
        lanes.invite(made, team(place), actor=actor, day=DAY)
    publishing.publish(made, actor=actor, at=NOW)
    for lane in made.lanes.all():
        lanes.answer_invitation(lane, actor=actor, day=DAY, comes=True)
    return made


def running(teams: int = 3, **values: Any) -> Race:
    """Contracts signed by both sides, the first stage begun."""
    made = published(teams, **values)
    for lane in made.lanes.exclude(contract=None):
        sign(lane.contract)
    publishing.start(made, actor=staff(), day=DAY)
    return made


def sign(contract: Contract, day: date = DAY) -> None:
    contractor = people.member_of(contract.organization, Membership.Role.OWNER)
    issuer = people.member_of(contract.issuer, Membership.Role.OWNER)
    contracting.sign(contract, actor=contractor, day=day, pledge="确保完成")
    contracting.sign(contract, actor=issuer, day=day)


def stage(of: Race, order: int = 1) -> Stage:
    return of.stages.exclude(state="replaced").get(order=order)


def lane(of: Race, number: int) -> Lane:
    return of.lanes.get(number=number)


def entry(of: Lane, at: Stage, share: float, **values: Any) -> Entry:
    """An entry that was scored: so large a share of the items is right, the same for the same share."""
    number = Entry.objects.filter(lane=of, stage=at).count() + 1
    received = values.pop("received_at", (at.opens_at or NOW) + timedelta(hours=number))
    made = Entry(
        lane=of,
        stage=at,
        number=number,
        state=values.pop("state", "scored"),
        received_at=received,
        name="answers.csv",
        digest=f"{of.number:02d}{number:02d}".ljust(64, "0"),
        items=ITEMS,
        **values,
    )
    create(made, actor=None)
    if made.state == "scored":
        run(made, share)
    return made


def run(of: Entry, share: float | None, **values: Any) -> ScoreRun:
    """A run over the entry; no share: its metric is undefined."""
    digest = ""
    if share is not None:
        chance = np.random.default_rng(of.lane.number * 7 + round(share * 1000))
        scores = np.zeros(ITEMS)
        scores[chance.permutation(ITEMS)[: round(share * ITEMS)]] = 1.0
        names = tuple(f"i{place:04d}" for place in range(ITEMS))
        digest = itemscores.keep(of.race, ItemScores(names, scores, np.ones(ITEMS, dtype=bool)))
    made = ScoreRun(
        entry=of,
        number=of.runs.count() + 1,
        scorer="s" * 64,
        test_set="t" * 64,
        verdict="ok" if share is not None else "undefined",
        sealed={"accuracy": share},
        undefined={} if share is not None else {"accuracy": "no_positive"},
        overall_sealed=share,
        overall_public=share,
        items_digest=digest,
        ended_at=of.received_at,
        **values,
    )
    return create(made, actor=None)


def scored(of: Race, shares: Sequence[float], order: int = 1) -> Stage:
    """An entry of every running lane at that gate, in the order of lanes."""
    at = stage(of, order)
    for one, share in zip(of.lanes.filter(state="running").order_by("number"), shares, strict=True):
        entry(one, at, share)
    return at


def judged(at: Stage, shares: Sequence[float] = (0.9, 0.6, 0.8)) -> Panel:
    """The panel of that gate drawn, seated, scored and closed."""
    made = panels.plan_panel(at, actor=staff(), day=DAY).panel
    seats.experts(8)
    seats.seated(made)
    seats.scoring(made)
    seats.score_all(made, tuple(shares))
    panel_actions.close(made, actor=None)
    return made


def after(at: Stage) -> datetime:
    """The moment after the window closed."""
    closes = at.closes_at or NOW
    return closes + timedelta(minutes=1)


def reported(of: Race, shares: Sequence[float] = (0.9, 0.7, 0.5), order: int = 1) -> GateReport:
    at = scored(of, shares, order)
    return gates.make_report(at, actor=staff(), at=after(at))


def noticed(report: GateReport) -> GateReport:
    return noticing.give_notice(report, actor=staff(), day=timezone.localdate(after(report.stage)))


def confirmed(report: GateReport) -> GateReport:
    """Its notice has passed and it was confirmed the day after."""
    noticing.confirm(report, actor=officer(), day=report.notice.last_day + timedelta(days=1))
    report.refresh_from_db()
    return report


def decided(of: Race, shares: Sequence[float] = (0.9, 0.7, 0.5), order: int = 1) -> GateReport:
    """A gate run through to its end."""
    found = confirmed(noticed(reported(of, shares, order)))
    of.refresh_from_db()
    return found


def writer(of: Lane) -> Any:
    """Somebody who writes for the organisation that leads the lane."""
    return people.member_of(of.organization, Membership.Role.OWNER)
