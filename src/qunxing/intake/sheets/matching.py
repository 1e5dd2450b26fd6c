"""Which record a row is about: by its mark, by its number at the origin, or by what tells records of its kind apart."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_noop as _

from qunxing.core.chunks import chunks
from qunxing.core.reasons import Reason
from qunxing.core.sheets import SheetColumn, SheetSpec, Value
from qunxing.core.text import fold_name
from qunxing.intake.sheets.hanging import PartsReader
from qunxing.intake.sheets.headings import NUMBER
from qunxing.intake.sheets.marks import TARGET
from qunxing.intake.sheets.references import known_numbers, nameable, visible
from qunxing.intake.sheets.rows import Ref, Row
from qunxing.intake.sheets.values import fields_of, getter_of, is_empty, kind_of, teller_of
from qunxing.ledger.versions import history_of

GONE = _("The record that this row was exported from is not on the ledger any more. Empty the mark to add it anew.")
SHOWN = 80
SEVERAL = _("“%(text)s” names %(count)s records. Write what tells them apart, or import the exported sheet.")
Claim = tuple[Any, ...]  # what a row takes for itself: its record, its number at the origin, the values of a key
OTHERS_NUMBER = _(
    "In the tables of this origin the number “%(number)s” is that of “%(other)s”, and this row is about “%(text)s”."
)
TAKEN_NUMBER = _("In the tables of this origin the number “%(number)s” is not free for “%(text)s”.")


class Matcher:
    """Finds the record of each row, of a chunk at a time."""

    def __init__(self, spec: SheetSpec, *, actor: Any, origin: str) -> None:
        self.spec, self.actor, self.origin = spec, actor, origin
        self.kinds = {column.name: kind_of(spec, column) for column in spec.columns}
        self.getters = {column.name: getter_of(spec, column) for column in spec.columns}
        told = [spec.column(name) for names in spec.keys for name in names]
        self.parts = {one.name: PartsReader(spec, one, actor=actor) for one in told if one.parts}

        kinds = (Value.REFERENCE, Value.PARTS)
        self.tellers = {one.name: teller_of(spec, one) for one in told if self.kinds[one.name] not in kinds}

    @property
    def records(self) -> QuerySet[Any]:
        return visible(self.spec.model, self.actor)

    def match(self, rows: Sequence[Row]) -> None:
        """Set `record`, and `base` where it was changed since the row was exported."""
        self.by_mark([row for row in rows if row.mark])
        keys = known_numbers(self.spec.model, self.origin, [row.foreign for row in rows if row.foreign])
        found = {row.number: keys[row.foreign] for row in rows if not row.mark and row.foreign in keys}
        found |= self.by_saying([row for row in rows if row.said])
        missed: dict[int, set[str]] = defaultdict(set)  # what was told of a row and led to no record
        for names in self.spec.keys:
            unplaced = [row for row in rows if not row.mark and row.number not in found and is_told(row.values, names)]
            placed = self.by_key(unplaced, names)
            found |= placed
            for row in unplaced:
                missed[row.number] |= set(names) if row.number not in placed else set()
                missed[row.number] -= set(names) if row.number in placed else set()
        records = self.in_bulk(set(found.values()))
        self.learn_parts(found, missed)
        for row in rows:
            record = records.get(found[row.number]) if row.number in found else None
            if record is not None and not any(self.holds(record, name) for name in missed[row.number]):
                row.record = record
        self.check_numbers([row for row in rows if row.foreign in keys], keys)

    def check_numbers(self, rows: Sequence[Row], keys: Mapping[str, int]) -> None:
        """A number that leads to another record cannot be that of the row's; told of both as far as the actor sees."""
        wrong = [row for row in rows if not row.troubles and row.key != keys[row.foreign]]
        others = self.in_bulk({keys[row.foreign] for row in wrong})
        for row in wrong:
            names = [name for names in self.spec.keys for name in names]
            text = str(row.record) if row.record is not None else self.called(row, names)
            other = others.get(keys[row.foreign])
            words = {"number": row.foreign, "text": text[:SHOWN]}
            if other is None:
                row.object(NUMBER, TAKEN_NUMBER, **words)
            else:
                row.object(NUMBER, OTHERS_NUMBER, other=str(other)[:SHOWN], **words)

    def holds(self, record: Any, name: str) -> bool:
        """Whether the record has a value there: a row that tells another is not about it."""
        if name in self.parts:
            return bool(self.parts[name].of(record))
        return not is_empty(self.getters[name](record))

    def learn_parts(self, found: Mapping[int, int], missed: Mapping[int, set[str]]) -> None:
        for name, reader in self.parts.items():
            reader.learn_keys([found[number] for number, names in missed.items() if name in names and number in found])

    def in_bulk(self, keys: set[int]) -> dict[int, Any]:
        found: dict[int, Any] = {}
        for some in chunks(sorted(keys)):
            found |= {one.pk: one for one in nameable(self.spec.model, self.actor).filter(pk__in=some)}
        return found

    def called(self, row: Row, names: Iterable[str]) -> str:
        """What a row is called by these columns, in the reader's language."""
        told = ((name, row.values.get(name)) for name in dict.fromkeys(names))
        return " · ".join(filter(None, (self.tell(name, value) for name, value in told if not is_empty(value))))[:200]

    def tell(self, name: str, value: Any) -> str:
        if isinstance(value, tuple):
            return "、".join(ref.text for ref in value)
        return value.text if isinstance(value, Ref) else self.tellers.get(name, str)(value)

    def by_saying(self, rows: Sequence[Row]) -> dict[int, int]:
        """{number of the row: key of the record that staff said it is about}"""
        keys: dict[str, int] = {}
        for some in chunks({row.said for row in rows}):
            keys |= self.records.filter(ref__in=some).order_by().values_list("ref", "pk")
        return {row.number: keys[row.said] for row in rows if row.said in keys}

    # --- by the mark of an exported row -----------------------------------------------------------------------------

    def by_mark(self, rows: Sequence[Row]) -> None:
        refs = sorted({row.mark[0] for row in rows if row.mark})
        found: dict[str, Any] = {}
        for some in chunks(refs):
            found |= {one.ref: one for one in nameable(self.spec.model, self.actor).filter(ref__in=some)}
        for row in rows:
            row.record = found.get(row.mark[0]) if row.mark else None
            if row.record is None:
                row.object(TARGET, GONE)
        self.add_bases([row for row in rows if row.record is not None and row.mark[1] != row.record.revision])  # type: ignore[index]

    def add_bases(self, rows: Sequence[Row]) -> None:
        """The versions that the rows were exported from."""
        versions = versions_at(self.spec.model, {(row.record.pk, row.mark[1]) for row in rows})  # type: ignore[index]
        for row in rows:
            row.base = versions.get((row.record.pk, row.mark[1]), UNKNOWN)  # type: ignore[index]

    # --- by what tells records apart --------------------------------------------------------------------------------

    def by_key(self, rows: Sequence[Row], names: tuple[str, ...]) -> dict[int, int]:
        """{number of the row: key of its record}; several records are no answer but a trouble of the row."""
        plain = tuple(name for name in names if name not in self.parts)
        if len(plain) == 1 and self.kinds[plain[0]] is not Value.REFERENCE:
            keys = self.find([(row, str(row.values[plain[0]])) for row in rows])
        else:
            keys = self.compare(rows, plain)
        for name in set(names) - set(plain):
            keys = self.sharing(rows, name, keys)
        for row in rows:
            if len(several := keys.get(row.number, ())) > 1:
                row.object(names[0], SEVERAL, text=self.called(row, names), count=len(several))
        return {number: found[0] for number, found in keys.items() if len(found) == 1}

    def sharing(
        self, rows: Sequence[Row], name: str, keys: Mapping[int, tuple[int, ...]]
    ) -> dict[int, tuple[int, ...]]:
        """Those of the records that have a part that the row tells, too."""
        parts = self.parts[name]
        parts.learn_keys({key for found in keys.values() for key in found})
        wanted = {row.number: {ref.key for ref in row.values[name]} for row in rows}
        shared = {
            number: tuple(key for key in found if wanted[number] & {ref.key for ref in parts.of_key(key)})
            for number, found in keys.items()
        }
        return {number: found for number, found in shared.items() if found}

    def find(self, rows: Sequence[tuple[Row, str]]) -> dict[int, tuple[int, ...]]:
        found = self.spec.find(self.records, [text for _row, text in rows]) if rows else {}
        return {row.number: found[text] for row, text in rows if text in found}

    def compare(self, rows: Sequence[Row], names: tuple[str, ...]) -> dict[int, tuple[int, ...]]:
        """By several columns: the rows of the ledger that share the first reference, then value by value."""
        wanted = {row.number: values for row in rows if (values := self.told(row, names)) is not None}
        if not wanted:
            return {}
        attributes = next(iter(wanted.values())).keys()
        first = self.first_attribute(names, attributes)
        held: dict[Any, list[int]] = defaultdict(list)
        for some in chunks(dict.fromkeys(values[first] for values in wanted.values())):
            stored = self.records.filter(**{f"{first}__in": some}).order_by()
            for key, *values in stored.values_list("pk", *attributes):
                held[folded(values)].append(key)
        return {
            number: tuple(held[mark])
            for number, values in wanted.items()
            if (mark := folded(values.values())) in held
        }  # fmt: skip

    def first_attribute(self, names: tuple[str, ...], attributes: Iterable[str]) -> str:
        references = [
            name for name in names if self.kinds[name] is Value.REFERENCE and not self.spec.column(name).otherwise
        ]
        if not references:
            return next(iter(attributes))
        return str(self.spec.model._meta.get_field(references[0]).attname)

    def told(self, row: Row, names: tuple[str, ...]) -> dict[str, Any] | None:
        """{attribute: value} of these columns; None where one of them is no record yet."""
        found: dict[str, Any] = {}
        for name in names:
            value = row.values[name]
            if isinstance(value, Ref) and value.row:
                return None
            found |= attributes_of(self.spec, self.spec.column(name), self.kinds[name], value)
        return found


def is_told(values: Mapping[str, Any], names: Iterable[str]) -> bool:
    return all(not is_empty(values.get(name)) and not isinstance(values[name], Reason) for name in names)


def attributes_of(spec: SheetSpec, column: SheetColumn, kind: Value, value: Any) -> dict[str, Any]:
    """{attribute: what it takes} of a value as planned; nothing for parts."""
    if kind is Value.PARTS:
        return {}
    if kind is not Value.REFERENCE:
        return fields_of(spec, column, value)
    found = fields_of(spec, column, value.key if value is not None else None)
    if column.otherwise:
        found[column.otherwise] = value.text if value is not None and value.key is None and not value.row else ""
    return found


UNKNOWN = object()  # a version that was never kept: whatever differs then is a conflict


def versions_at(model: Any, wanted: set[tuple[int, int]]) -> dict[tuple[int, int], Any]:
    """{(key, revision): that version}; the latest where a revision was kept twice."""
    keys, revisions = sorted({key for key, _revision in wanted}), {at for _key, at in wanted}
    found: dict[tuple[int, int], Any] = {}
    for some in chunks(keys):
        rows = history_of(model).objects.filter(id__in=some, revision__in=revisions)
        found |= {(one.id, one.revision): one for one in rows.exclude(history_type="-").order_by("history_id")}
    return {mark: version for mark, version in found.items() if mark in wanted}


def folded(values: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(fold_name(value) if isinstance(value, str) else value for value in values)


def claims_of(spec: SheetSpec, row: Row) -> list[Claim]:
    return claims(spec, row.key, row.foreign, row.values)


def claims(spec: SheetSpec, key: int | None, foreign: str, values: Mapping[str, Any]) -> list[Claim]:
    """What a row takes for itself, what tells its record best first."""
    found: list[Claim] = [("record", key)] if key is not None else []
    found += [(NUMBER, foreign)] if foreign else []
    keys = [names for names in spec.keys if is_told(values, names)]
    return found + [(names, folded(comparable(values, names))) for names in keys]


@dataclass(frozen=True, slots=True)
class Rival:
    """A row of the sheet, and what it takes for itself."""

    number: int
    line: int
    claims: Sequence[Claim]


def are_one(mine: Sequence[Claim], theirs: Sequence[Claim]) -> bool:
    """Whether two rows are about one record, by the best of what both tell, as records of the ledger are found.

    A number of the origin says that they are one, never that they are not: a table may list a firm by its brands.
    """
    others = {claim[0]: claim for claim in theirs}
    for claim in mine:
        other = others.get(claim[0])
        if other == claim:
            return True
        if other is not None and claim[0] != NUMBER:
            return False
    return False


def comparable(values: Mapping[str, Any], names: Sequence[str]) -> list[Any]:
    found = (values[name] for name in names)
    return [(one.key or one.text or one.row) if isinstance(one, Ref) else getattr(one, "low", one) for one in found]
