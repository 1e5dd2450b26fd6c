"""State machines as data, and the one helper that moves a row."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models

from qunxing.core.errors import IllegalTransition, Text


@dataclass(frozen=True)
class Transition:
    """One allowed step: from any of `sources` to `target`, by whoever holds `permission` on the row."""

    name: str
    sources: frozenset[str]
    target: str
    permission: str
    label: Text
    needs_reason: bool = False
    tone: str = "default"


@dataclass(frozen=True)
class Machine:
    """The whole life of one kind of row."""

    transitions: tuple[Transition, ...]
    field: str = "state"

    def __iter__(self) -> Iterator[Transition]:
        return iter(self.transitions)

    def named(self, name: str) -> Transition:
        """The transition of that name; IllegalTransition when there is none."""
        for transition in self.transitions:
            if transition.name == name:
                return transition
        raise IllegalTransition

    def state_of(self, row: models.Model) -> str:
        return str(getattr(row, self.field))

    def leaving(self, state: str) -> list[Transition]:
        return [transition for transition in self.transitions if state in transition.sources]


def step(name: str, sources: Iterable[str], target: str, permission: str, label: Text, **more: Any) -> Transition:
    """A transition, written short."""
    return Transition(name, frozenset(str(source) for source in sources), str(target), str(permission), label, **more)


def available_transitions(user: Any, row: models.Model, machine: Machine) -> list[Transition]:
    """The steps the row's state and the user's permissions allow: what a page offers as buttons."""
    return [step for step in machine.leaving(machine.state_of(row)) if user.has_perm(step.permission, row)]


def advance(row: models.Model, name: str, *, actor: Any, machine: Machine, **changes: Any) -> Transition:
    """Move the row by compare-and-swap and save it with `changes`; call it inside a transaction.

    PermissionDenied when the actor may not, IllegalTransition when the stored state does not allow it (any more).
    """
    transition = machine.named(name)
    if actor is not None and not actor.has_perm(transition.permission, row):
        raise PermissionDenied
    rows = type(row)._default_manager.filter(pk=row.pk, **{f"{machine.field}__in": transition.sources})
    if not rows.update(**{machine.field: transition.target, **changes}):
        raise IllegalTransition
    row.refresh_from_db()
    row.save()
    return transition
