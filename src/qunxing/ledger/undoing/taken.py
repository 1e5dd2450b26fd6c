"""What may be held once only: no old value is given back that is another record's by now."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from qunxing.core.chunks import chunks
from qunxing.ledger.models import Record
from qunxing.ledger.undoing.steps import OPENED, Fate, Step, Steps, Why

Names = tuple[str, ...]


def keep_taken(steps: Sequence[Step], by_mark: Steps) -> None:
    """Keep away what would hold such a value, or values that go together only once."""
    by_kind: dict[type[Record], list[Step]] = defaultdict(list)
    for step in steps:
        if step.fate in OPENED:
            by_kind[step.kind].append(step)
    for kind, opened in by_kind.items():
        for names in held_once(kind):
            for chunk in chunks([step for step in opened if asks_for(step, names)]):
                keep_taken_of(kind, names, chunk, by_mark)


@cache
def held_once(kind: type[models.Model]) -> tuple[Names, ...]:
    """The attributes whose values, each or together, no two records of the kind may hold."""
    alone = [(field.attname,) for field in kind._meta.concrete_fields if field.unique and not field.primary_key]
    together = [
        tuple(kind._meta.get_field(name).attname for name in constraint.fields)  # type: ignore[union-attr]
        for constraint in kind._meta.constraints
        if isinstance(constraint, models.UniqueConstraint) and constraint.fields
    ]
    return tuple(dict.fromkeys([*alone, *together]))


def asks_for(step: Step, names: Names) -> bool:
    """Whether it would hold other values of these than it does."""
    return any(name in step.values for name in names) and None not in held(step, names)


def held(step: Step, names: Names) -> tuple[Any, ...]:
    return tuple(step.would_be[name] for name in names)


def keep_taken_of(kind: type[Record], names: Names, steps: Sequence[Step], by_mark: Steps) -> None:
    wanted: dict[tuple[Any, ...], list[Step]] = defaultdict(list)
    for step in steps:
        wanted[held(step, names)].append(step)
    for key, values in rows_like(kind, names, wanted):
        for step in wanted.get(values, ()):
            if key != step.key and not leaves(by_mark.get((kind, key)), names) and clashes(step, names):
                step.keep(Why.TAKEN)


def rows_like(
    kind: type[Record], names: Names, wanted: dict[tuple[Any, ...], list[Step]]
) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """(key, values) of the stored rows that may hold what is wanted, found by what tells them apart best."""
    told = {name: {values[place] for values in wanted} for place, name in enumerate(names)}
    best = max(names, key=lambda name: len(told[name]))
    rows = kind._base_manager.filter(**{f"{best}__in": told[best]})
    yield from ((key, tuple(values)) for key, *values in rows.values_list("pk", *names))


def leaves(holder: Step | None, names: Names) -> bool:
    """Whether the one that holds the values will hold them no more."""
    return holder is not None and (
        holder.fate is Fate.REMOVED or any(name in holder.values for name in names if holder.fate in OPENED)
    )


def clashes(step: Step, names: Names) -> bool:
    """Whether it may not hold them beside another: a constraint may be for some records only."""
    if len(names) == 1 and step.kind._meta.get_field(names[0]).unique:  # type: ignore[union-attr]
        return True
    one: Any = step.kind() if step.fate is Fate.BACK else step.kind._base_manager.get(pk=step.key)
    for name, value in step.values.items():
        setattr(one, name, value)
    try:
        one.validate_constraints()
    except ValidationError:
        return True
    return False
