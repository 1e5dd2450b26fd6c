"""What undoing would do, record by record, without doing it."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from qunxing.ledger.models import Record
from qunxing.ledger.undoing.traces import Marks, Trace, names_of, traces_at

UNTOUCHED = frozenset({"id", "ref", "revision"})


class Fate(StrEnum):
    """What becomes of a record when a batch is undone."""

    REMOVED = "removed"
    RESTORED = "restored"
    BACK = "back"
    KEPT = "kept"


class Why(models.TextChoices):
    """Why a record, or a field of it, stays as it is."""

    CHANGED = "changed", _("changed since")
    NEEDED = "needed", _("later records rest on it")
    GONE = "gone", _("removed since")
    THERE = "there", _("is there again")
    TARGET = "target", _("what it pointed at is gone")
    TAKEN = "taken", _("its number or code is another record's now")
    INVALID = "invalid", _("what was edited since does not go with the old values")


@dataclass
class Step:
    """One record of the plan.

    `values` are {attribute: value} to set back, all of them for a record that comes back; `later` the attributes that
    somebody else has set since, which stay. `revision` is the one that the plan was made on.
    """

    kind: type[Record]
    key: int
    fate: Fate
    stored: dict[str, Any]  # as it stands, or stood at last
    values: dict[str, Any] = field(default_factory=dict)
    later: tuple[str, ...] = ()
    why: str = ""
    added: bool = False

    @property
    def revision(self) -> int:
        number: int = self.stored["revision"]
        return number

    @property
    def mark(self) -> tuple[str, int]:
        return self.kind.kind_code(), self.key

    def keep(self, why: Why) -> None:
        self.fate, self.why, self.values = Fate.KEPT, why, {}


@dataclass
class UndoPlan:
    """The steps by what becomes of the record; a record on which nothing is left of what was written has none."""

    steps: list[Step]

    def of(self, *fates: Fate) -> list[Step]:
        return [step for step in self.steps if step.fate in fates]

    @property
    def counts(self) -> dict[str, int]:
        """{fate: records}, and under ``later`` the records whose later edits stay."""
        found = Counter(str(step.fate) for step in self.steps)
        later = sum(1 for step in self.steps if step.later)
        return {str(fate): found[fate] for fate in Fate} | {"later": later}

    @property
    def empty(self) -> bool:
        return all(step.fate is Fate.KEPT for step in self.steps)


def plan_undo(moment: datetime, source_id: int | None, *, only: Marks | None = None) -> UndoPlan:
    """What undoing the versions of that moment and source would do; `only` are (kind, key) of the wanted records."""
    from qunxing.ledger.undoing.pointing import settle  # noqa: PLC0415 - it speaks of steps

    steps = [step for trace in traces_at(moment, source_id, only) if (step := step_of(trace)) is not None]
    settle(steps)
    return UndoPlan(steps)


def step_of(trace: Trace) -> Step | None:
    if trace.removed:
        return back_step(trace)
    if trace.now is None:
        return None if trace.added else kept(trace, Why.GONE)
    if trace.added:
        fate = Fate.REMOVED
        return (
            kept(trace, Why.CHANGED)
            if trace.touched
            else Step(trace.kind, trace.key, fate, dict(trace.now), added=True)
        )
    return restored_step(trace)


def back_step(trace: Trace) -> Step | None:
    if trace.now is not None:
        return kept(trace, Why.THERE)
    before = dict(trace.before or {})
    return Step(trace.kind, trace.key, Fate.BACK, dict(trace.after), values=before)


def restored_step(trace: Trace) -> Step | None:
    """Each field that still holds what was written gets its old value; None where none of them was or is different."""
    before, after, now = trace.before or {}, trace.after, trace.now or {}
    written = [name for name in names_of(trace.kind) if name not in UNTOUCHED and before[name] != after[name]]
    values = {name: before[name] for name in written if now[name] == after[name]}
    if values:
        return Step(trace.kind, trace.key, Fate.RESTORED, dict(now), values=values, later=later_edits(trace))
    if any(now[name] != before[name] for name in written):
        return kept(trace, Why.CHANGED)
    return None


def kept(trace: Trace, why: Why) -> Step:
    stored = dict(trace.now or trace.after)
    return Step(trace.kind, trace.key, Fate.KEPT, stored, later=later_edits(trace), why=why, added=trace.added)


def later_edits(trace: Trace) -> tuple[str, ...]:
    """The attributes that hold something else than what was written then."""
    if not trace.touched or trace.now is None:
        return ()
    hidden: Collection[str] = trace.kind.BOOKKEEPING
    return tuple(name for name in names_of(trace.kind) if name not in hidden and trace.now[name] != trace.after[name])
