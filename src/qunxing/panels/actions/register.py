"""Writes of the register: experts, their states, and what they declare."""

from collections.abc import Sequence
from typing import Any, TypeVar

from qunxing.ledger.actions import add_many, create
from qunxing.ledger.recording import recording
from qunxing.panels.actions.common import move, require
from qunxing.panels.models import Expert, Job, Kin, Stake
from qunxing.panels.rules import Permission
from qunxing.panels.states import EXPERT

Tie = TypeVar("Tie", Job, Stake, Kin)


def add_experts(experts: Sequence[Expert], *, actor: Any) -> list[Expert]:
    """Put experts into the register, many at once."""
    require(actor, Permission.CREATE_EXPERT)
    for expert in experts:
        expert.derive()
    with recording(actor=actor):
        return add_many(experts)


def move_expert(expert: Expert, step: str, *, actor: Any, reason: str = "") -> Expert:
    """One step of an expert's standing in the register."""
    move(expert, step, EXPERT, actor=actor, reason=reason)
    return expert


def declare(tie: Tie, *, actor: Any, reason: str = "") -> Tie:
    """Add a job, a stake or a relative of the expert."""
    require(actor, Permission.DECLARE, tie.expert)
    return create(tie, actor=actor, reason=reason)
