"""What undoing would do, record by record, without doing it."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from qunxing.ledger.undoing.pointing import settle
from qunxing.ledger.undoing.steps import Fate, Step, Why
from qunxing.ledger.undoing.traces import Marks, Tell, Trace, names_of, nobody, traces_at

UNTOUCHED = frozenset({"id", "ref", "revision"})


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


def plan_undo(moment: datetime, source_id: int | None, *, only: Marks | None = None, tell: Tell = nobody) -> UndoPlan:
    """What undoing the versions of that moment and source would do; `only` are (kind, key) of the wanted records.

    `tell` hears how many records have been looked at.
    """
    steps = [step for trace in traces_at(moment, source_id, only, tell=tell) if (step := step_of(trace)) is not None]
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
