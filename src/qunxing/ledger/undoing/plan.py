"""What undoing would do, record by record, without doing it."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from qunxing.ledger.models import Record
from qunxing.ledger.undoing.pointing import pointing_fields, settle, target_name
from qunxing.ledger.undoing.steps import Fate, Step, Why
from qunxing.ledger.undoing.taken import held_once
from qunxing.ledger.undoing.traces import Marks, Tell, Trace, Values, names_of, nobody, traces_at

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
    if not trace.added:
        return restored_step(trace, trace.now)
    if trace.touched:
        return kept(trace, Why.CHANGED)
    return Step(trace.kind, trace.key, Fate.REMOVED, needed(trace.kind, trace.now), added=True)


def back_step(trace: Trace) -> Step | None:
    if trace.now is not None or trace.before is None:
        return kept(trace, Why.THERE)
    return Step(trace.kind, trace.key, Fate.BACK, needed(trace.kind, trace.after), values=trace.before)


def restored_step(trace: Trace, now: Values) -> Step | None:
    """Each field that still holds what was written gets its old value; None where none of them was or is different."""
    before, after = trace.before, trace.after
    if before is None:
        return None
    written = [name for name in names_of(trace.kind) if name not in UNTOUCHED and before[name] != after[name]]
    values = {name: before[name] for name in written if now[name] == after[name]}
    if values:
        later = later_edits(trace)
        stored = now if later else needed(trace.kind, now, *values)
        return Step(trace.kind, trace.key, Fate.RESTORED, stored, values=values, later=later)
    if any(now[name] != before[name] for name in written):
        return kept(trace, Why.CHANGED)
    return None


def needed(kind: type[Record], values: Values, *more: str) -> Values:
    """What is asked of a record that nobody has touched: a plan may hold hundreds of thousands."""
    return values.only(needed_places(kind, more))


@cache
def needed_places(kind: type[Record], more: tuple[str, ...]) -> dict[str, int]:
    """{name: place} of what tells the record, of what it rests on, and of what it alone may hold."""
    relations = [field.attname for field in kind._meta.concrete_fields if field.is_relation]
    targets = [target_name(field) for field in pointing_fields(kind)]
    once = [name for names in held_once(kind) for name in names]
    wanted = {*UNTOUCHED, *relations, *targets, *once, *more}
    return {name: place for place, name in enumerate(name for name in names_of(kind) if name in wanted)}


def kept(trace: Trace, why: Why) -> Step:
    stored = trace.now or trace.after
    return Step(trace.kind, trace.key, Fate.KEPT, stored, later=later_edits(trace), why=why, added=trace.added)


def later_edits(trace: Trace) -> tuple[str, ...]:
    """The attributes that hold something else than what was written then."""
    if not trace.touched or trace.now is None:
        return ()
    hidden: Collection[str] = trace.kind.BOOKKEEPING
    return tuple(name for name in names_of(trace.kind) if name not in hidden and trace.now[name] != trace.after[name])
