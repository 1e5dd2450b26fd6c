"""Sheets as files: a template to fill in, and the ledger's own rows, which can be imported again unchanged."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import IO, Any, TypeVar

from django.db.models import QuerySet

from qunxing.core.dates import ParsedDay
from qunxing.core.exports import CHUNK as WRITTEN
from qunxing.core.sheets import Parts, SheetColumn, SheetSpec, Value, sheet_of
from qunxing.intake.sheets import marks
from qunxing.intake.sheets.books import write_rows
from qunxing.intake.sheets.references import find_of, nameable, visible
from qunxing.intake.sheets.values import getter_of, heading_of, kind_of, teller_of

CHUNK = 2 * WRITTEN
T = TypeVar("T")


def columns_for(spec: SheetSpec, user: Any) -> tuple[SheetColumn, ...]:
    """The columns the reader may have: personal ones only with the permission that the ledger's pages ask."""
    sees = bool(spec.see) and user.has_perm(spec.see)
    return tuple(column for column in spec.columns if sees or not column.personal)


def headings(spec: SheetSpec, columns: Iterable[SheetColumn]) -> list[str]:
    """What stands above the columns, the mark of the record last."""
    return [*(heading_of(spec, column) for column in columns), str(marks.HEADING)]


def workbook(
    spec: SheetSpec, rows: QuerySet[Any], file: IO[bytes], *, user: Any, tell: Callable[[int], None] | None = None
) -> None:
    """The rows as a workbook that can be imported again; the mark of each record is hidden.

    `tell` is told now and then how many rows are written.
    """
    columns = columns_for(spec, user)
    told = told_rows(spec, columns, rows, user=user)
    write_rows(spec, columns, headings(spec, columns), counted(told, tell) if tell else told, file)


def counted(rows: Iterable[T], tell: Callable[[int], None]) -> Iterator[T]:
    for number, row in enumerate(rows):
        if number % WRITTEN == 0:
            tell(number)
        yield row


def told_rows(
    spec: SheetSpec, columns: Sequence[SheetColumn], rows: QuerySet[Any], *, user: Any
) -> Iterator[list[object]]:
    """The cells of the rows the reader may see, fetched in stretches; each ends in the record's mark."""
    keys = list(rows.values_list("pk", flat=True))
    seen = spec.model.objects.visible_to(user)
    told = References(user)
    for start in range(0, len(keys), CHUNK):
        stretch = keys[start : start + CHUNK]
        found = {record.pk: record for record in seen.filter(pk__in=stretch).select_related(None).order_by()}
        records = [found[key] for key in stretch if key in found]
        cells = [column_cells(spec, column, records, told) for column in columns]
        yield from map(list, zip(*cells, map(marks.mark_of, records), strict=True))


def column_cells(spec: SheetSpec, column: SheetColumn, records: Sequence[Any], told: "References") -> list[object]:
    """One column of these records, from top to bottom."""
    kind, get, tell = kind_of(spec, column), getter_of(spec, column), teller_of(spec, column)
    if kind is Value.PARTS and column.parts is not None:
        return [tell(names) for names in told.parts(column.parts, records)]
    values = [get(record) for record in records]
    if kind is Value.REFERENCE:
        names = told.names(spec.model._meta.get_field(column.name).related_model, values)
        others = [getattr(record, column.otherwise) if column.otherwise else "" for record in records]
        return [name or other for name, other in zip(names, others, strict=True)]
    return [tell(value) if (found := native(kind, value)) is None else found for value in values]


def native(kind: Value, value: Any) -> object:
    """A number or a whole day as a spreadsheet can reckon with it; None for what is to be told as text."""
    if kind in {Value.NUMBER, Value.DECIMAL, Value.YUAN}:
        return value
    return value.low if isinstance(value, ParsedDay) and value.precision == "day" else None


class References:
    """How other records are named in a sheet: so that the same name finds the same record again, else by reference."""

    def __init__(self, user: Any) -> None:
        self.user = user
        self.known: dict[type[Any], dict[int, str]] = defaultdict(dict)

    def names(self, model: type[Any], keys: Iterable[int | None]) -> list[str]:
        """The names of the records with these keys, empty for none and for one the reader may not see."""
        wanted = list(keys)
        known = self.known[model]
        missing = {key for key in wanted if key is not None and key not in known}
        if missing:
            known |= dict.fromkeys(missing, "") | self.told(model, missing)
        return [known[key] if key is not None else "" for key in wanted]

    def told(self, model: type[Any], keys: Iterable[int]) -> dict[int, str]:
        kind: Any = model
        spec = sheet_of(kind)
        records = list(nameable(kind, self.user).filter(pk__in=list(keys)).order_by())
        texts = {record.pk: (spec.told if spec else str)(record) for record in records}
        found = find_of(kind)(visible(kind, self.user), texts.values())
        return {
            record.pk: texts[record.pk] if found.get(texts[record.pk]) == (record.pk,) else record.ref
            for record in records
        }

    def parts(self, parts: Parts, records: Sequence[Any]) -> Iterator[tuple[str, ...]]:
        """The names of what hangs on each of the records."""
        rows = parts.model.objects.visible_to(self.user).filter(
            **{f"{parts.parent}__in": [record.pk for record in records]}, **parts.fixed
        )
        path = parts.model._meta.get_field(parts.names).attname
        pairs = list(rows.order_by("pk").values_list(f"{parts.parent}_id", path))
        texts = [text for _key, text in pairs]
        other = parts.model._meta.get_field(parts.names).related_model
        shown = self.names(other, texts) if other else [str(text) for text in texts]
        hung: dict[int, list[str]] = defaultdict(list)
        for (key, _text), name in zip(pairs, shown, strict=True):
            hung[key] += [name] if name else []
        return (tuple(hung[record.pk]) for record in records)
