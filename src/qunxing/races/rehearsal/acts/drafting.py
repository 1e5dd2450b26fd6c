"""A race from nothing to its start: drafted, its teams found, published, signed."""

from datetime import datetime, timedelta
from typing import Any

from qunxing.challenges.actions import contracting
from qunxing.challenges.models import Challenge, Contract
from qunxing.challenges.rehearsal.cast import person, writer_of
from qunxing.challenges.rehearsal.stage import fresh
from qunxing.challenges.states.challenge import ChallengeState
from qunxing.core.errors import Refused
from qunxing.races.actions import creating, finishing, lanes, publishing, routes, testsets
from qunxing.races.actions.creating import Team
from qunxing.races.models import Lane, Race, Route, RouteCheck
from qunxing.races.models.races import Kind
from qunxing.races.presets import FINAL, HALVING, SHENZHEN
from qunxing.races.rehearsal.acts import planning
from qunxing.races.rehearsal.exams import ITEMS
from qunxing.races.rehearsal.stage import RaceStage
from qunxing.races.states.race import RaceState

ROUTES = (
    "采用多模态大模型对病理切片做端到端分类，先自监督预训练，再以少量标注微调，部署在国产算力上。",
    "以规则引擎与知识图谱为主，抽取报告中的诊断要点，检索相似病例后由医生逐条复核，不训练大模型。",
    "用小模型级联：先由轻量检测网络找出可疑区域，再以图神经网络汇总全片特征，边缘设备即可运行。",
    "通过智能体编排多个通用模型，逐步提问、互相核对，给出带依据的结论，并保留全部中间过程。",
    "以传统影像组学提取纹理与形态特征，配合梯度提升树，强调可解释与低成本。",
)
WHY = "按规定办理"


# --- drafts ---------------------------------------------------------------------------------------------------------


def draft(stage: RaceStage, *, of_challenge: bool) -> Race:
    """A race by a preset, its plans changed, with faults that keep it from being published."""
    first = stage.clock.at + timedelta(days=12)
    race = from_challenge(stage, first) if of_challenge else from_preset(stage, first)
    scorer = own_scorer(stage) if stage.dice.happens(0.05) else ""
    gates = list(race.stages.order_by("order"))
    for gate in gates:
        plan = planning.changed(stage, gate.gate, last=gate == gates[-1], scorer=scorer)
        values = {"plan": plan.as_json(), "task": "完成系统并在盲测集上作答"}
        stage.do("stage.change", creating.change_stage, gate, actor=stage.staff, values=values)
    if of_challenge:
        within_award(stage, race)
    return fresh(race)


def from_preset(stage: RaceStage, first: datetime) -> Race:
    dice = stage.dice
    preset = dice.choice([SHENZHEN, SHENZHEN, FINAL, HALVING])
    race = Race(
        title=f"示例赛马{dice.hexes(2)}",
        kind=dice.choice([Kind.INVITED, Kind.OPEN]),
        organization=stage.firm(dice.choice(stage.cast.issuers)),
        lanes_most=stage.size.lanes if preset != HALVING else max(4, stage.size.lanes),
    )
    race.enter_until = stage.clock.day + timedelta(days=5) if race.kind == Kind.OPEN else None
    words: dict[str, Any] = {"first": first, "budget": 900_000, "items": 16 * ITEMS if preset == HALVING else 0}
    visitor = stage.visitor
    stage.refused("race.created_by_a_visitor", lambda: creating.from_preset(race, preset, actor=visitor, **words))
    made: Race = stage.do("race.create", lambda: creating.from_preset(race, preset, actor=stage.staff, **words))
    last = made.stages.order_by("-order")[0]
    ends = (last.closes_at or first) + timedelta(days=60)
    values = {"ends_on": ends.date(), "start_money": dice.choice([0, 100_000]), "visibility": "public"}
    stage.do("race.change", creating.change_race, made, actor=stage.staff, values=values)
    return made


def from_challenge(stage: RaceStage, first: datetime) -> Race:
    challenge = Challenge.objects.get(state=ChallengeState.AWARDED, races__isnull=True)
    words = stage.by_staff(first=first)
    made: Race = stage.do("race.from_challenge", creating.from_challenge, challenge, once=True, **words)
    ends = made.stages.order_by("-order")[0].closes_at or first
    stage.do("race.change", creating.change_race, made, actor=stage.staff, values={"ends_on": later(made, ends)})
    return made


def later(race: Race, closes: datetime) -> Any:
    return max(race.ends_on or closes.date(), closes.date() + timedelta(days=60))


def within_award(stage: RaceStage, race: Race) -> None:
    """More than was awarded is refused; then the money of the gates is cut to what the least award has."""
    least = min(lane.contract.grant for lane in race.lanes.select_related("contract") if lane.contract)
    routes_of(stage, race)
    stage.do("race.change", creating.change_race, race, actor=stage.staff, values={"start_money": least + 1})
    stage.refused("race.above_the_award", publishing.publish, race, actor=stage.staff, at=stage.clock.at)
    stage.do("race.change", creating.change_race, race, actor=stage.staff, values={"start_money": least // 5})
    for gate in race.stages.order_by("order"):
        values = {"plan": {**gate.plan, "release": least // 5}}
        stage.do("stage.change", creating.change_stage, gate, actor=stage.staff, values=values)


def own_scorer(stage: RaceStage) -> str:
    words = stage.by_staff(name="自备评分程序", data=planning.SCORER, limits={"seconds": 20})
    stage.refused("scorer.that_is_none", testsets.keep_scorer, **{**words, "data": b"def score(:"})
    kept = stage.do("scorer.keep", testsets.keep_scorer, **words, whole=False)
    return str(kept.digest)


# --- teams ----------------------------------------------------------------------------------------------------------


def team(stage: RaceStage, race: Race, place: int) -> Team:
    firms = stage.dice.sample(stage.free_firms(race), 2)
    partners = ((stage.firm(firms[1]), "数据标注"),) if stage.dice.happens(0.2) else ()
    name = f"第{place + 1}队" if stage.dice.happens(0.5) else ""
    route = ROUTES[place % len(ROUTES)]
    return Team(stage.firm(firms[0]), name, "端到端", person(stage.dice), "骨干三人", route, ("病理",), partners)


def invited(stage: RaceStage, race: Race) -> None:
    """As many as the race takes; one more, or whoever asks for it, is refused; two routes may read alike."""
    stage.refused("lane.of_the_asker", lanes.invite, race, Team(race.organization), **stage.by_staff())
    for place in range(race.lanes_most):
        made = team(stage, race, place)
        stage.do("lane.invite", lanes.invite, race, made, once=True, **stage.by_staff())
    stage.refused("lane.one_too_many", lanes.invite, race, team(stage, race, 9), **stage.by_staff())


def answered(stage: RaceStage, race: Race) -> None:
    """Most come; one may decline, or say nothing, while two are left."""
    rows = list(race.lanes.order_by("number"))
    spare = stage.dice.choice(rows) if len(rows) > 2 and stage.dice.happens(0.4) else None
    for lane in rows:
        words: dict[str, Any] = {"actor": writer_of(lane.organization_id), "day": stage.clock.day}
        if lane != spare:
            stage.do("lane.accept", lanes.answer_invitation, lane, comes=True, once=True, **words)
        elif stage.dice.happens(0.5):
            stage.do("lane.decline", lanes.answer_invitation, lane, comes=False, reason="人手不足", **words)


def entered(stage: RaceStage, race: Race) -> None:
    """Everybody for an organisation of their own, and in time."""
    for place in range(race.lanes_most):
        made = team(stage, race, place)
        owner = writer_of(made.organization)
        if place == 0:
            other = stage.manager
            stage.refused("lane.entered_by_a_stranger", lanes.enter, race, made, actor=other, day=stage.clock.day)
            late = (race.enter_until or stage.clock.day) + timedelta(days=1)
            stage.refused("lane.entered_late", lanes.enter, race, made, actor=owner, day=late)
        stage.do("lane.enter", lanes.enter, race, made, once=True, actor=owner, day=stage.clock.day)
    if race.lanes_most > 2 and stage.dice.happens(0.15):
        lane = stage.dice.choice(list(race.lanes.order_by("number")))
        words: dict[str, Any] = {"actor": writer_of(lane.organization_id), "day": stage.clock.day}
        stage.do("lane.withdraw", lanes.withdraw, lane, reason="项目冲突", once=True, **words)
    if race.lanes_most > 2 and stage.dice.happens(0.08) and race.lanes.filter(state="entered").count() > 2:
        lane = race.lanes.filter(state="entered").order_by("number")[0]
        stage.do("lane.disqualify", lanes.disqualify, lane, reason="材料不实", once=True, **stage.by_staff())


def routes_of(stage: RaceStage, race: Race) -> None:
    """Each bid says its route in its own words."""
    for place, lane in enumerate(race.lanes.order_by("number")):
        route = Route.objects.get(lane=lane)
        values = {"text": ROUTES[place % len(ROUTES)]}
        stage.do("route.change", lanes.change_route, route, actor=stage.staff, values=values)


# --- published and started ------------------------------------------------------------------------------------------


def publish(stage: RaceStage, race: Race) -> None:
    """Not with a plan that cannot stand, and not by a team; then for good."""
    if stage.dice.happens(0.3):
        with_bad_plan(stage, race)
    if race.kind == Kind.CHALLENGE and stage.dice.happens(0.5):
        alike(stage, race)
    # What the routes have in common is kept whatever comes of the step; the rest of it is one piece.
    publishing.compare(race, RaceState.DRAFT)
    stage.do("race.publish", publishing.publish, race, actor=stage.staff, at=stage.clock.at, once=True)
    for gate in race.stages.all():
        stage.memory.frozen[gate.ref] = gate.plan_digest
    gate = race.stages.order_by("order")[0]
    values = {"plan": {**gate.plan, "release": 10**9}}
    stage.refused("stage.changed_when_frozen", creating.change_stage, gate, actor=stage.staff, values=values)


def with_bad_plan(stage: RaceStage, race: Race) -> None:
    gate = race.stages.order_by("order")[0]
    name, plan = stage.dice.choice(list(planning.bad_plans(gate.gate, stage.clock.at).items()))
    kept = gate.plan
    stage.do("stage.change", creating.change_stage, gate, actor=stage.staff, values={"plan": plan.as_json()})
    stage.refused(name, publishing.publish, race, actor=stage.staff, at=stage.clock.at)
    stage.do("stage.change", creating.change_stage, gate, actor=stage.staff, values={"plan": kept})


def alike(stage: RaceStage, race: Race) -> None:
    """Two lanes say the same: nobody goes on without a word to it."""
    first, second = Route.objects.filter(lane__race=race).order_by("lane__number")[:2]
    values = {"text": f"{first.text}同上。"}
    stage.do("route.change", lanes.change_route, second, actor=stage.staff, values=values)
    stage.refused("race.of_routes_alike", publishing.publish, race, actor=stage.staff, at=stage.clock.at)
    stage.do("routes.compare", routes.compare_routes, race, actor=stage.staff)
    for check in RouteCheck.objects.filter(race=race, alike=True):
        words: dict[str, Any] = {"actor": stage.staff, "differ": True, "word": "一队云端，一队边缘"}
        stage.do("routes.judge", routes.judge_routes, check, **words)


def sign(stage: RaceStage, race: Race) -> None:
    """Lanes that are paid on the way have a contract; both sides sign, or the race does not start."""
    found = Contract.objects.filter(lane__race=race, state="draft", lane__state="entered").order_by("pk")
    contracts = list(found)
    if contracts:
        stage.refused("race.started_unsigned", publishing.start, race, **stage.by_staff())
    for contract in contracts:
        sign_one(stage, contract)


def sign_one(stage: RaceStage, contract: Contract) -> None:
    words: dict[str, Any] = {"day": stage.clock.day, "pledge": "保证完成军令状所列指标"}
    for side in stage.dice.sample([contract.organization_id, contract.issuer_id or 0], 2):
        stage.do("contract.sign", contracting.sign, contract, actor=writer_of(side), once=True, **words)


def start(stage: RaceStage, race: Race) -> bool:
    """Whether it starts: not with fewer than two teams."""
    words = stage.by_staff()
    if race.lanes.filter(state="entered").count() < 2:
        stage.refused("race.started_alone", publishing.start, race, **words)
        end(stage, race)
        return False
    sign(stage, race)
    publishing.compare(race, RaceState.PUBLISHED)
    try:
        stage.do("race.start", publishing.start, race, once=True, **stage.by_staff())
    except Refused as error:  # routes that read alike by the dice's words
        stage.memory.breaks("start", race.number, str(error))
        return False
    return True


def end(stage: RaceStage, race: Race) -> None:
    """Stopped by decision, with a reason."""
    words = stage.by_staff()
    stage.refused("race.stopped_without_a_reason", finishing.stop, race, reason=" ", **words)
    stage.do("race.stop", finishing.stop, race, reason="经费调整", once=True, **words)
    ended(stage, race)


def ended(stage: RaceStage, race: Race) -> None:
    """Remember which lanes are over, and since when."""
    for lane in Lane.objects.filter(race=race, ended_on__isnull=False):
        stage.memory.over.setdefault(lane.ref, stage.clock.at)
