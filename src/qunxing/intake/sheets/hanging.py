"""The records that hang on a record and are told in one cell, such as the owners of a model."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from qunxing.core.chunks import chunks
from qunxing.core.sheets import Parts, SheetColumn, SheetSpec
from qunxing.intake.sheets.references import visible
from qunxing.intake.sheets.rows import Ref


class PartsReader:
    """What is stored of one column of parts, as far as the actor may see it."""

    def __init__(self, spec: SheetSpec, column: SheetColumn, *, actor: Any) -> None:
        if column.parts is None:
            raise TypeError(f"{spec.code}.{column.name} has no parts.")
        self.parts: Parts = column.parts
        self.actor = actor
        self.stored: dict[int, list[Any]] = {}

    def learn(self, records: Iterable[Any]) -> None:
        """Read the parts of these records, without others of the same parent."""
        self.learn_keys(record.pk for record in records)

    def learn_keys(self, keys: Iterable[int]) -> None:
        self.stored = parts_by_parent(self.parts, sorted(set(keys)), actor=self.actor)

    def of(self, record: Any) -> tuple[Ref, ...]:
        return self.of_key(record.pk)

    def of_key(self, key: int) -> tuple[Ref, ...]:
        return tuple(part_ref(self.parts, part) for part in self.stored.get(key, ()))


def parts_by_parent(parts: Parts, keys: Sequence[int], *, actor: Any) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    parent = parts.model._meta.get_field(parts.parent).attname
    related = [parts.names] if parts.model._meta.get_field(parts.names).is_relation else []
    rows = visible(parts.model, actor).filter(**parts.fixed).select_related(*related).order_by("pk")
    for some in chunks(keys):
        for part in rows.filter(**{f"{parent}__in": some}):
            found[getattr(part, parent)].append(part)
    return found


def part_ref(parts: Parts, part: Any) -> Ref:
    field = parts.model._meta.get_field(parts.names)
    if not field.is_relation:
        text = getattr(part, parts.names)
        return Ref(text, text=text)
    related = getattr(part, parts.names)
    return Ref(getattr(part, field.attname), getattr(related, "ref", ""), str(related))


def new_parts(parts: Parts, parent: Any, refs: Iterable[Ref]) -> list[Any]:
    name = parts.model._meta.get_field(parts.names).attname
    return [parts.model(**{parts.parent: parent, name: ref.key}, **parts.fixed) for ref in refs]
