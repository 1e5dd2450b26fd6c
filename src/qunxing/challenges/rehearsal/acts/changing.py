"""Changes of a contract: asked by one side, agreed by the other, approved, refused, taken back."""

from datetime import timedelta
from typing import Any

from qunxing.challenges.actions import delivering
from qunxing.challenges.models import Contract, ContractChange
from qunxing.challenges.rehearsal.cast import person, writer_of
from qunxing.challenges.rehearsal.stage import Stage, Words, fresh
from qunxing.core.errors import Refused

KIND = ContractChange.Kind
WAYS = (
    ("agree", "approve"),
    ("agree", "approve"),
    ("agree", "refuse"),
    ("refuse",),
    ("withdraw",),
    ("agree", "withdraw"),
)


def change(stage: Stage, contract: Contract) -> None:
    """One change, by one of the ways."""
    made = ask(stage, contract, asked(stage, contract))
    if made is None:
        return
    for step in stage.dice.choice(WAYS):
        take(stage, made, step)


def extend(stage: Stage, contract: Contract) -> None:
    """One extension, and no second one."""
    end = fresh(contract).ends_on
    words: Words = {"kind": KIND.EXTENSION, "new_end": end + timedelta(days=90), "grounds": "数据到位晚"}
    made = ask(stage, contract, words) if stage.dice.happens(0.25) else None
    if made is None:
        return
    for step in ("agree", "approve"):
        take(stage, made, step)
    later = {**words, "new_end": end + timedelta(days=120)}
    stage.refused("change.second_extension", asking, stage, contract, later, contract.organization_id)


def open_change(stage: Stage, contract: Contract) -> None:
    """A change that waits when something else ends the work."""
    made = ask(stage, contract, asked(stage, contract))
    if made is not None and stage.dice.happens(0.5):
        take(stage, made, "agree")


def asked(stage: Stage, contract: Contract) -> dict[str, Any]:
    if stage.dice.happens(0.4):
        return {"kind": KIND.LEADER, "new_leader": person(stage.dice), "grounds": "工作调动"}
    present = list(contract.parties.filter(left_on__isnull=True).order_by("pk"))
    if present and stage.dice.happens(0.4):
        return {"kind": KIND.LEAVE, "partner": present[0].organization, "grounds": "退出"}
    inside = {row.organization_id for row in present} | {contract.organization_id, contract.issuer_id or 0}
    free = [key for key in stage.cast.firms if key not in inside]
    return {"kind": KIND.JOIN, "partner": stage.firm(stage.dice.choice(free)), "tasks": "测试", "grounds": "补强"}


def ask(stage: Stage, contract: Contract, words: dict[str, Any]) -> ContractChange | None:
    """Asked for by a random side; None where the rules have no room for it."""
    side = stage.dice.choice([contract.organization_id, contract.issuer_id or 0])
    try:
        return stage.do("change.ask", asking, stage, contract, words, side)
    except Refused:
        stage.memory.refused["change.no_room"] += 1
        return None


def asking(stage: Stage, contract: Contract, words: dict[str, Any], side: int) -> ContractChange:
    return delivering.ask_change(contract, ContractChange(**words), actor=writer_of(side), day=stage.clock.day)


def take(stage: Stage, made: ContractChange, step: str) -> None:
    """Agreed by the side that did not ask; decided by staff; taken back by the side that asked."""
    contract, day = made.contract, stage.clock.day
    asker, other = contract.organization_id, contract.issuer_id or 0
    if made.bidder_agreed_on is None:
        asker, other = other, asker
    if step == "agree":
        stage.do("change.agree", delivering.agree, made, actor=writer_of(other), day=day, once=True)
    elif step == "withdraw":
        stage.do("change.withdraw", delivering.withdraw_change, made, actor=writer_of(asker), once=True)
    else:
        words: Words = {"actor": stage.staff, "day": day, "approved": step == "approve", "finding": "按规定办理"}
        stage.do(f"change.{step}", delivering.decide_change, made, once=True, **words)
