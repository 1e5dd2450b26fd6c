"""Writing the rows of a sheet into the ledgers, in bulk, with evidence for every record."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_noop

from qunxing.core.chunks import chunks
from qunxing.core.reasons import Reason, because
from qunxing.core.sheets import Beside, Parts, SheetSpec, Written
from qunxing.intake.actions.lists import ledger_state
from qunxing.intake.models import Batch, ForeignNumber, Headings, SheetRow
from qunxing.intake.registering import Progress
from qunxing.intake.sheets.hanging import new_parts, parts_by_parent
from qunxing.intake.sheets.headings import from_json, to_remember
from qunxing.intake.sheets.matching import UNKNOWN, versions_at
from qunxing.intake.sheets.planning import Planner, put
from qunxing.intake.sheets.preview import counted, planner_of, spec_of, takers_of
from qunxing.intake.sheets.references import known_numbers
from qunxing.intake.sheets.rows import OLD, Outcome, Ref, Row, Taker, Trouble, cell_places, decoded, trouble_data
from qunxing.ledger.actions import add_many, change_many, cite_many, remove
from qunxing.ledger.inserting import update
from qunxing.ledger.recording import Change

CHUNK = 1_000
WRITING = gettext_noop("Writing the records")
ADDED_SINCE = gettext_noop("Such a record was added to the ledger since the preview.")
GONE_SINCE = gettext_noop("The record was taken off the ledger since the preview.")
PARTS_SINCE = gettext_noop("What this column lists was changed in the ledger since the preview.")
WAITS = gettext_noop("The row of the sheet that it refers to is not taken over: row %(row)s.")


class ChangedSince(Exception):
    """Rows that the ledger has overtaken since the preview: {row: troubles}."""

    def __init__(self, rows: Sequence[Row]) -> None:
        super().__init__(len(rows))
        self.rows = rows


def mark_conflicts(batch: Batch, rows: Sequence[Row]) -> None:
    """Keep with the batch which rows the ledger has overtaken; its counts follow."""
    for some in chunks(rows):
        problems = {row.number: [trouble_data(trouble) for trouble in row.troubles] for row in some}
        stored = list(batch.rows.filter(number__in=problems).only("batch", "number").order_by())
        for one in stored:
            one.outcome, one.problems = Outcome.CONFLICT, problems[one.number]
        update(stored, ("outcome", "problems"))
    Batch.objects.filter(pk=batch.pk).update(counts=counted(batch))


class Writer:
    """Writes the rows of one batch inside its recording, chunk by chunk."""

    def __init__(self, batch: Batch, frame: Change, *, clean_only: bool, progress: Progress) -> None:
        self.batch, self.frame, self.clean_only, self.progress = batch, frame, clean_only, progress
        self.spec: SheetSpec = spec_of(batch)
        mappings = from_json(batch.mapping)
        self.planner: Planner = planner_of(batch, mappings, actor=frame.actor)
        self.takers: Mapping[str, Taker] = takers_of(self.spec, mappings)
        self.remembers = to_remember(mappings)
        self.is_fresh = list(batch.summary.get("state", ())) == list(ledger_state())
        self.overtaken: list[Row] = []
        self.made: dict[int, tuple[int, str]] = {}  # by the number of its row, for rows that refer to it
        self.done = 0
        self.wrote = False

    def write(self) -> None:
        rows = self.batch.rows.filter(outcome__in=SheetRow.WRITTEN, left_out=False).order_by("number")
        self.progress.stage(WRITING, rows.count())
        waiting: list[SheetRow] = []
        for chunk in chunks_of(rows):
            ready = [row for row in chunk if not refers_to_rows(row)]
            waiting += [row for row in chunk if refers_to_rows(row)]
            self.write_chunk(ready)
        self.write_waiting(waiting)
        self.remember_unchanged()
        if self.overtaken and not (self.clean_only and self.wrote):
            raise ChangedSince(self.overtaken)
        self.close()

    def close(self) -> None:
        mark_conflicts(self.batch, self.overtaken)
        self.batch.counts = counted(self.batch)
        self.batch.source, self.batch.recorded_at = self.frame.source, self.frame.at
        self.batch.save()
        if self.batch.origin:
            Headings.objects.update_or_create(
                sheet_code=self.spec.code, origin=self.batch.origin, defaults={"columns": self.remembers}
            )

    def write_waiting(self, rows: list[SheetRow]) -> None:
        """Rows that refer to other rows of the sheet, when those are written."""
        while rows:
            ready = [row for row in rows if rows_named(row) <= self.made.keys()]
            if not ready:
                break
            rows = [row for row in rows if not rows_named(row) <= self.made.keys()]
            for some in chunks(ready, CHUNK):
                self.write_chunk(some)
        missing = {row.number: min(rows_named(row) - self.made.keys()) for row in rows}
        lines: dict[int, int] = {}
        for numbers in chunks(set(missing.values())):
            lines |= dict(self.batch.rows.filter(number__in=numbers).order_by().values_list("number", "row"))
        for row in rows:
            first = missing[row.number]
            self.overtaken.append(overtaken(self.taken(row), because(WAITS, row=lines.get(first, first))))

    def write_chunk(self, stored: Sequence[SheetRow]) -> None:
        pairs = [(one, self.taken(one)) for one in stored]
        self.recheck(pairs)
        self.overtaken += [row for _one, row in pairs if row.troubles]
        good = [(one, row) for one, row in pairs if not row.troubles]
        added = [(one, row) for one, row in good if one.outcome == Outcome.NEW]
        changed = [(one, row) for one, row in good if one.outcome == Outcome.CHANGED and row.changes]
        written = self.add(added) + self.change(changed)
        self.wrote = self.wrote or bool(written)
        self.write_beside(written)
        self.cite([*added, *changed])
        self.remember_numbers((row.foreign, row.record.pk) for _one, row in good)
        self.finish(good)
        self.done += len(stored)
        self.progress.advance(self.done)

    def taken(self, one: SheetRow) -> Row:
        """The row as it was planned, with what rows written before it have become."""
        values = decoded(self.spec, one.values)
        for name, value in values.items():
            if isinstance(value, Ref) and value.row and value.row in self.made:
                values[name] = Ref(*self.made[value.row], value.text)
        taker = self.takers[one.sheet]
        return Row(
            one.number, one.sheet, one.row, one.cells, taker.places, values=values, foreign=taker.number_in(one)
        )  # fmt: skip

    # --- what became of the records since the preview ---------------------------------------------------------------

    def recheck(self, pairs: Sequence[tuple[SheetRow, Row]]) -> None:
        """Hold the rows against the ledgers as they stand now."""
        keys = {one.record_key for one, _row in pairs if one.record_key is not None}
        records = self.spec.model._default_manager.select_for_update().in_bulk(sorted(keys)) if keys else {}
        moved = set()
        for one, row in pairs:
            if one.record_key is None:
                continue
            row.record = records.get(one.record_key)
            row.mark = ("", one.revision)
            if row.record is None:
                row.object("", GONE_SINCE)
            elif row.record.revision != one.revision:
                moved.add((one.record_key, one.revision))
        self.find_again([row for one, row in pairs if one.record_key is None])
        self.check_numbers([row for _one, row in pairs if row.record is not None and row.foreign])
        self.compare_again(pairs, versions_at(self.spec.model, moved) if moved else {})

    def find_again(self, rows: Sequence[Row]) -> None:
        """New rows whose record somebody else has added meanwhile are conflicts."""
        if self.is_fresh or not rows:
            return
        self.planner.matcher.match(rows)
        for row in rows:
            if row.record is not None:
                row.object("", ADDED_SINCE)

    def check_numbers(self, rows: Sequence[Row]) -> None:
        """Numbers of the origin that have become those of other records meanwhile."""
        if not self.is_fresh and rows:
            known = known_numbers(self.spec.model, self.batch.origin, [row.foreign for row in rows])
            self.planner.matcher.check_numbers([row for row in rows if row.foreign in known], known)

    def compare_again(self, pairs: Sequence[tuple[SheetRow, Row]], bases: Mapping[tuple[int, int], Any]) -> None:
        parts = [name for name in self.planner.parts if any(name in row.values for _one, row in pairs)]
        for name in parts:
            self.planner.parts[name].learn([row.record for _one, row in pairs if row.record is not None])
        self.planner.learn_old_names([row for _one, row in pairs])
        for one, row in pairs:
            if row.record is None or row.troubles:
                continue
            if row.record.revision != one.revision:
                row.base = bases.get((row.record.pk, one.revision), UNKNOWN)
            self.check_parts(one, row)
            self.planner.find_changes(row)

    def check_parts(self, one: SheetRow, row: Row) -> None:
        for name, old in one.values.get(OLD, {}).items():
            stored = {ref.key for ref in self.planner.parts[name].of(row.record)}
            if stored != {ref["key"] for ref in old or ()}:
                row.object(name, PARTS_SINCE)

    # --- writing ----------------------------------------------------------------------------------------------------

    def add(self, pairs: Sequence[tuple[SheetRow, Row]]) -> list[Written]:
        if not pairs:
            return []
        for _one, row in pairs:
            row.instance = self.spec.model()
            for name, value in row.values.items():
                put(row.instance, self.planner.attributes(name, value))
        records = [row.instance for _one, row in pairs]
        self.spec.model._default_manager.derive_many(records)
        add_many(records)
        for one, row in pairs:
            row.record = row.instance
            one.record_key = row.record.pk
            self.made[one.number] = (row.record.pk, row.record.ref)
        self.add_parts([(row.record, name, row.values[name]) for _one, row in pairs for name in self.parts_in(row)])
        return [Written(row.record, {}, self.batch.day, added=True, listed=self.parts_in(row)) for _one, row in pairs]

    def parts_in(self, row: Row) -> list[str]:
        return [name for name in self.planner.parts if row.values.get(name)]

    def add_parts(self, told: Sequence[tuple[Any, str, Sequence[Ref]]]) -> None:
        by_column: dict[str, list[Any]] = defaultdict(list)
        for record, name, refs in told:
            parts = self.planner.parts[name].parts
            by_column[name] += new_parts(parts, record, refs)
        for name, made in by_column.items():
            if made:
                self.planner.parts[name].parts.model._default_manager.derive_many(made)
                add_many(made)

    def change(self, pairs: Sequence[tuple[SheetRow, Row]]) -> list[Written]:
        """Set what the rows change; `find_changes` has put the new values into the records."""
        plain = [(one, row, names) for one, row in pairs if (names := self.attributes_changed(row))]
        records = [row.record for _one, row, _names in plain]
        parts = self.planner.parts.keys()
        written = [Written(row.record, row.old, self.batch.day, listed=parts & row.changes) for _one, row in pairs]
        if records:
            self.spec.model._default_manager.derive_many(records)
            change_many(records, sorted({name for *_rest, names in plain for name in names} | derived(self.spec.model)))
        self.change_parts([row for _one, row in pairs])
        return written

    def attributes_changed(self, row: Row) -> set[str]:
        return {
            attribute for name, (_old, new) in row.changes.items() for attribute in self.planner.attributes(name, new)
        }

    def change_parts(self, rows: Sequence[Row]) -> None:
        for name, reader in self.planner.parts.items():
            told, gone = [], {}
            for row in rows:
                old, new = row.changes.get(name, ((), ()))
                before, after = {ref.key for ref in old}, {ref.key for ref in new}
                told.append((row.record, name, [ref for ref in new if ref.key not in before]))
                gone[row.record.pk] = before - after
            self.add_parts(told)
            self.remove_parts(reader.parts, {key: keys for key, keys in gone.items() if keys})

    def remove_parts(self, parts: Parts, gone: Mapping[int, set[Any]]) -> None:
        """Take away parts that name these, {key of the record: what it names no more}."""
        name = parts.model._meta.get_field(parts.names).attname
        for key, stored in parts_by_parent(parts, sorted(gone), actor=self.frame.actor).items():
            for part in stored:
                if getattr(part, name) in gone[key]:
                    remove(part, actor=self.frame.actor, reason=self.frame.reason, source=self.frame.source)

    def write_beside(self, written: Sequence[Written]) -> None:
        """What the ledger keeps beside such changes, such as the name that a firm bore until now."""
        beside = self.spec.beside(written) if written else Beside()
        by_kind: dict[type[Any], list[Any]] = defaultdict(list)
        for record in beside.added:
            by_kind[type(record)].append(record)
        for kind, records in by_kind.items():
            kind._default_manager.derive_many(records)
            add_many(records)
        for stored, fields in beside.changed:
            change_many(stored, fields)

    # --- what is kept of it -----------------------------------------------------------------------------------------

    def cite(self, pairs: Sequence[tuple[SheetRow, Row]]) -> None:
        """One compact piece of evidence a record: what the row said of it, and in which cells."""
        pieces = []
        for one, row in pairs:
            taker = self.takers[one.sheet]
            told = {name: new for name, (_old, new) in row.changes.items()} if row.changes else row.values
            values: dict[str, Any] = {}
            for name, value in told.items():
                values |= self.cited(name, value)
            if notes := taker.notes_in(one):
                values["@note"] = notes
            pieces.append((row.record, values, cell_places(one, told, taker.places)))
        if pieces and self.frame.source is not None:
            cite_many(pieces, actor=self.frame.actor, source=self.frame.source)

    def cited(self, name: str, value: Any) -> dict[str, Any]:
        """A value as evidence keeps it: {field: value}, records by their reference."""
        if name in self.planner.parts:
            return {name: [ref.ref or ref.text for ref in value]}
        if isinstance(value, Ref) and value.key is not None:
            return {name: value.ref or value.key}
        if isinstance(value, Ref):
            return {self.planner.columns[name].otherwise or name: value.text}
        return dict(self.planner.told(name, value))

    def remember_numbers(self, told: Iterable[tuple[str, int]]) -> None:
        """(number in the tables of the origin, key of the record) of rows: other tables of the origin refer by them."""
        numbers = {number: key for number, key in told if number} if self.batch.origin else {}
        ForeignNumber.objects.bulk_create(
            [
                ForeignNumber(
                    origin=self.batch.origin,
                    record_kind=self.spec.model._meta.label_lower,
                    record_key=key,
                    number=number,
                )
                for number, key in numbers.items()
            ],
            update_conflicts=True,  # what is left of records that are gone gives way
            unique_fields=["origin", "record_kind", "number"],
            update_fields=["record_key"],
        )

    def remember_unchanged(self) -> None:
        """The numbers of rows that say what the ledger says."""
        if self.batch.origin and any(taker.number for taker in self.takers.values()):
            for rows in chunks_of(self.batch.rows.filter(outcome=Outcome.UNCHANGED, left_out=False).order_by("number")):
                self.remember_numbers(
                    (self.takers[one.sheet].number_in(one), one.record_key)
                    for one in rows
                    if one.record_key is not None
                )

    def finish(self, pairs: Sequence[tuple[SheetRow, Row]]) -> None:
        for one, _row in pairs:
            one.applied = True
        update([one for one, _row in pairs], ("applied", "record_key"))


def derived(model: type[Any]) -> set[str]:
    """The fields that follow from others."""
    kept = {"id", "ref", "revision", "demo", "created_at", "updated_at"}
    return {
        field.attname for field in model._meta.concrete_fields if not field.editable and field.name not in kept
    }  # fmt: skip


def chunks_of(rows: QuerySet[SheetRow]) -> Iterator[list[SheetRow]]:
    """The rows in their order, some at a time, by number: no cursor stays open while others are written."""
    last = 0
    while chunk := list(rows.filter(number__gt=last)[:CHUNK]):
        yield chunk
        last = chunk[-1].number


def rows_named(row: SheetRow) -> set[int]:
    """Numbers of the rows of the sheet that this one refers to."""
    return {data["row"] for data in row.values.values() if isinstance(data, dict) and data.get("row")}


def refers_to_rows(row: SheetRow) -> bool:
    return bool(rows_named(row))


def overtaken(row: Row, reason: Reason) -> Row:
    row.troubles.append(Trouble(reason))
    return row
