"""What rests on what: nothing is removed on which a record rests that stays, nothing comes back to rest on nothing."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from qunxing.core.chunks import chunks
from qunxing.ledger.models import Record
from qunxing.ledger.undoing.steps import OPENED, Fate, Mark, Step, Steps, Why
from qunxing.ledger.undoing.taken import keep_taken

FOLLOWING = (models.CASCADE, models.SET_NULL)
MOST_HOLDERS = 3


def settle(steps: Sequence[Step]) -> None:
    """Turn into kept ones the steps that cannot be taken, until all that are left go together."""
    by_mark: dict[Mark, Step] = {(step.kind, step.key): step for step in steps}
    keep_mixed(steps)
    keep_needed(by_mark)
    keep_taken(steps, by_mark)
    while keep_lost(steps):
        continue


def keep_mixed(steps: Iterable[Step]) -> None:
    """Keep as it is what would break a rule of its kind, half old and half edited since."""
    for step in steps:
        if step.fate is not Fate.RESTORED or not step.later:
            continue
        mixed = step.kind(**step.would_be)
        mixed._state.adding = False  # noqa: SLF001 - it is the stored one, as it would be
        try:
            mixed.validate_constraints()
        except ValidationError:
            step.keep(Why.INVALID)


# --- what is to be removed --------------------------------------------------------------------------------------------


def keep_needed(by_mark: Steps) -> None:
    """Keep what a staying record rests on, and with an added record that stays the parts that came with it."""
    removed = {mark for mark, step in by_mark.items() if step.fate is Fate.REMOVED}
    rests: dict[Mark, list[Mark]] = defaultdict(list)  # record -> what it rests on
    waiting: list[tuple[Mark, Mark]] = []  # (record, for what it stays)
    for holder, target in pointers(removed, by_mark):
        if holder in removed:
            rests[holder].append(target)
        else:
            waiting.append((target, holder))
    parts = parts_of(removed, by_mark)
    kept = [mark for mark, step in by_mark.items() if step.added and mark not in removed]
    waiting += [(part, mark) for mark in kept for part in parts[mark]]
    while waiting:
        mark, holder = waiting.pop()
        step = by_mark[mark]
        if len(step.holders) < MOST_HOLDERS:
            step.holders.append(holder)
        if mark in removed:
            removed.discard(mark)
            step.keep(Why.NEEDED)
            waiting += [(other, mark) for other in (*rests[mark], *parts[mark])]


def parts_of(removed: Iterable[Mark], by_mark: Steps) -> dict[Mark, list[Mark]]:
    """{parent: the parts of it that are to be removed}."""
    found: dict[Mark, list[Mark]] = defaultdict(list)
    for mark in removed:
        kind = by_mark[mark].kind
        if kind.PARENT:
            field: Any = kind._meta.get_field(kind.PARENT)
            found[field.related_model, by_mark[mark].stored[field.attname]].append(mark)
    return found


def pointers(removed: Iterable[Mark], by_mark: Steps) -> Iterator[tuple[Mark, Mark]]:
    """(row, record to be removed that it rests on), without rows that will point elsewhere."""
    by_kind: dict[type[models.Model], list[int]] = defaultdict(list)
    for kind, key in removed:
        by_kind[kind].append(key)
    for kind, keys in by_kind.items():
        for field in pointing_fields(kind):
            yield from pointers_by(
                field, {by_mark[kind, key].stored[target_name(field)]: (kind, key) for key in keys}, by_mark
            )


def pointers_by(field: Any, targets: Mapping[Any, Mark], by_mark: Steps) -> Iterator[tuple[Mark, Mark]]:
    for chunk in chunks(targets):
        rows = field.model._base_manager.filter(**{f"{field.attname}__in": chunk})
        for key, value in rows.values_list("pk", field.attname):
            step = by_mark.get((field.model, key))
            if step is None or field.attname not in step.values:
                yield (field.model, key), targets[value]


@cache
def pointing_fields(kind: type[models.Model]) -> tuple[Any, ...]:
    """The foreign keys by which other rows rest on records of this kind; versions and what goes with them do not."""
    return tuple(field for field in fields_towards(kind) if rests(field))


def fields_towards(kind: type[models.Model]) -> list[Any]:
    """All foreign keys towards this kind, hidden ones too, but for those of versions."""
    relations: list[Any] = [one for one in kind._meta.get_fields(include_hidden=True) if one.auto_created]
    fields = [one.field for one in relations if one.one_to_many or (one.one_to_one and not one.concrete)]
    return [field for field in fields if field.db_constraint]


def rests(field: Any) -> bool:
    return issubclass(field.model, Record) or field.remote_field.on_delete not in FOLLOWING


def target_name(field: Any) -> str:
    return str(field.target_field.attname)


# --- what comes back --------------------------------------------------------------------------------------------------


def keep_lost(steps: Sequence[Step]) -> bool:
    """Keep away what would point at a record that is not there; whether there was such a step."""
    wanted: dict[Any, set[Any]] = defaultdict(set)
    opened = [step for step in steps if step.fate in OPENED]
    for step in opened:
        for field in foreign_keys(step.kind):
            if step.values.get(field.attname) is not None:
                wanted[field].add(step.values[field.attname])
    there = {field: present(field, values, steps) for field, values in wanted.items()}
    lost = [step for step in opened if any(points_nowhere(step, field, there) for field in foreign_keys(step.kind))]
    for step in lost:
        step.keep(Why.TARGET)
    return bool(lost)


def points_nowhere(step: Step, field: Any, there: Mapping[Any, set[Any]]) -> bool:
    value = step.values.get(field.attname)
    return value is not None and value not in there[field]


def present(field: Any, values: Iterable[Any], steps: Sequence[Step]) -> set[Any]:
    """The values of the key under which there will be a row."""
    kind, name = field.related_model, target_name(field)
    found: set[Any] = set()
    for chunk in chunks(values):
        found |= set(kind._base_manager.filter(**{f"{name}__in": chunk}).values_list(name, flat=True))
    of_kind = [step for step in steps if step.kind is kind]
    found -= {step.stored[name] for step in of_kind if step.fate is Fate.REMOVED}
    return found | {step.values[name] for step in of_kind if step.fate is Fate.BACK}


@cache
def foreign_keys(kind: type[models.Model]) -> tuple[Any, ...]:
    fields: tuple[Any, ...] = tuple(kind._meta.concrete_fields)
    return tuple(field for field in fields if field.is_relation and field.db_constraint)
