"""A call for needs, and what becomes of those that are handed in."""

from datetime import timedelta
from typing import Any

from qunxing.challenges.actions import calls
from qunxing.challenges.models import Call, Need
from qunxing.challenges.rehearsal.cast import writer_of
from qunxing.challenges.rehearsal.stage import Stage, Words, fresh
from qunxing.ledger.actions import create
from qunxing.panels.models import Expert

# The steps after the need was written: `submit` and so on, `appraise` lets an expert write.
FATES = (
    ("submit", "take_up", "appraise", "recommend"),
    ("submit", "take_up", "appraise", "recommend", "withdraw"),
    ("submit", "take_up", "appraise", "recommend", "reject"),
    ("submit", "take_up", "appraise", "reject", "reopen", "recommend"),
    ("submit", "take_up", "return", "withdraw"),
    ("submit", "take_up", "withdraw"),
    ("submit", "return", "submit", "reject"),
    ("submit", "withdraw"),
    ("withdraw",),
)
OWNERS = frozenset({"submit", "withdraw"})
WHY = "按规定办理"


def gather(stage: Stage) -> list[Need]:
    """The needs that were recommended."""
    call = stage.do("call.create", lambda: create(call_from(stage), actor=stage.staff))
    stage.refused("need.before_the_call", hand_in, stage, call)
    stage.do("call.open", calls.move_call, call, "open", actor=stage.staff, once=True)
    needs = [live(stage, call, fate) for fate in [FATES[0], *stage.dice.deal(FATES, 3 if stage.size.small else 5)]]
    stage.do("call.close", calls.move_call, call, "close", actor=stage.staff, once=True)
    if stage.dice.happens(0.5):
        stage.do("call.reopen", calls.move_call, call, "reopen", actor=stage.staff, reason=WHY)
    stage.clock.wait(days=40)
    stage.refused("need.after_the_call", hand_in, stage, call)
    return [need for need in map(fresh, needs) if need.state == "recommended"]


def call_from(stage: Stage) -> Call:
    day = stage.clock.day
    return Call(title="需求征集", text="征集场景需求", opens_on=day, closes_on=day + timedelta(days=30))


def write(stage: Stage, call: Call) -> Need:
    owner = stage.firm(stage.dice.choice(stage.cast.issuers))
    need = Need(call=call, organization=owner, title="病理切片判读", problem="人工判读慢", goals="准确率不低于95%")
    need.money = 2_000_000
    return create(need, actor=writer_of(owner))


def hand_in(stage: Stage, call: Call) -> Any:
    """A need that its call does not take stays a draft."""
    need = write(stage, call)
    return calls.move_need(need, "submit", actor=writer_of(need.organization), day=stage.clock.day)


def live(stage: Stage, call: Call, fate: tuple[str, ...]) -> Need:
    need = stage.do("need.create", write, stage, call)
    for step in fate:
        if step == "appraise":
            appraise(stage, need)
        else:
            actor = writer_of(need.organization) if step in OWNERS else stage.staff
            words: Words = {"actor": actor, "day": stage.clock.day, "reason": WHY}
            stage.do(f"need.{step}", calls.move_need, need, step, once=True, **words)
    return need


def appraise(stage: Stage, need: Need) -> None:
    """Two experts are asked; one writes at least. Without a word of theirs nothing is recommended."""
    day = stage.clock.day
    stage.refused("need.recommended_unread", calls.move_need, need, "recommend", actor=stage.staff, day=day)
    experts = [stage.user(key) for key in expert_users(stage, 2)]
    asked = stage.do("need.ask", calls.ask_experts, need, experts, actor=stage.staff, day=day)
    marks = {"necessity": 20, "novelty": 15, "feasibility": 18, "worth": 16, "verdict": "list", "notes": "可行"}
    for row in asked[: stage.dice.choice([1, 2])]:
        stage.do("need.appraise", calls.give_appraisal, row, actor=stage.user(row.by_id), day=day, values=marks)


def expert_users(stage: Stage, many: int) -> list[int]:
    keys = Expert.objects.filter(pk__in=stage.cast.experts).order_by("pk").values_list("user_id", flat=True)
    return stage.dice.sample([key for key in keys if key], many)
