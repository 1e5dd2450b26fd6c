"""What the rows of a sheet would change: each is compared with the record it is about; nothing is written here."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from django.utils.translation import gettext_noop as _

from qunxing.core.chunks import chunks
from qunxing.core.reasons import Reason, because
from qunxing.core.sheets import SheetColumn, SheetSpec, Value
from qunxing.core.text import fold_name
from qunxing.intake.sheets.checking import check_rules, check_uniques
from qunxing.intake.sheets.circles import in_circles
from qunxing.intake.sheets.hanging import PartsReader
from qunxing.intake.sheets.headings import NUMBER
from qunxing.intake.sheets.matching import UNKNOWN, Claim, Matcher, Rival, are_one, attributes_of, claims_of
from qunxing.intake.sheets.readers import CUT
from qunxing.intake.sheets.references import Finder
from qunxing.intake.sheets.rows import NAME_LENGTH, Outcome, Place, Ref, Row, Trouble
from qunxing.intake.sheets.values import getter_of, holds_cut, is_empty, kind_of, same_of, text_of

REQUIRED = _("This must not be empty in a new record.")
MUST_STAY = _("This must not be emptied.")
SAME_ROW = _("Row %(row)s of the sheet is about the same record.")
SAME_NUMBER = _("Row %(row)s of the sheet has the same number and is about another record.")
MAY_NOT_ADD = _("You may not add records of this kind.")
MAY_NOT_CHANGE = _("You may not change this record.")
CHANGED_TOO = _("Changed in the ledger since the sheet was made: it was “%(base)s” and is now “%(stored)s”.")
CIRCLE = _("The rows of this sheet would stand above themselves in a circle.")
SHOWN = 80
EMPTY = (None, "", ())
TELLING = frozenset(Value) - {Value.REFERENCE, Value.PARTS}


class Planner:
    """Plans the rows of one batch chunk by chunk, and remembers what earlier rows took."""

    def __init__(self, spec: SheetSpec, *, actor: Any, origin: str = "") -> None:
        self.spec, self.actor, self.origin = spec, actor, origin
        self.kinds = {column.name: kind_of(spec, column) for column in spec.columns}
        self.columns = {column.name: column for column in spec.columns}
        fields = {field.name: field for field in spec.model._meta.concrete_fields}
        self.required = [one.name for one in spec.columns if is_required(one, fields.get(one.name))]
        self.must_stay = {one.name for one in spec.columns if must_stay(one, fields.get(one.name))}
        self.by_number: set[str] = set()
        self.matcher = Matcher(spec, actor=actor, origin=origin)
        self.finders: dict[str, Finder] = {}
        self.getters = {column.name: getter_of(spec, column) for column in spec.columns}
        self.same = {name: same_of(spec, self.columns[name]) for name, kind in self.kinds.items() if kind in TELLING}
        self.parts = {name: PartsReader(spec, self.columns[name], actor=actor) for name in self.names_of(Value.PARTS)}
        self.claimed: dict[Claim, Rival] = {}
        self.taken: dict[tuple[Any, ...], Place] = {}
        self.named: dict[str, int] = {}
        self.held: list[Row] = []  # refer to records of their own kind: judged when all rows are known
        self.may_add = actor is None or actor.has_perm(spec.add)

    @cached_property
    def own_references(self) -> list[str]:
        """The columns that refer to records of the sheet's own kind."""
        return [name for name in self.names_of(Value.REFERENCE) if self.finder(name).model is self.spec.model]

    def names_of(self, kind: Value) -> list[str]:
        return [name for name, found in self.kinds.items() if found is kind]

    def plan(self, rows: Sequence[Row]) -> list[Row]:
        """Plan a chunk; the rows that are ready, the others come with `finish`."""
        self.find_references(rows)
        self.matcher.match(rows)
        for row in rows:
            self.begin(row)
        self.held += [row for row in rows if self.refers_to_own_kind(row)]
        ready = [row for row in rows if not self.refers_to_own_kind(row)]
        self.judge(ready)
        return ready

    def finish(self) -> list[Row]:
        """The rows that were held back, now that every row of the sheet is known by name."""
        for row in self.held:
            self.settle_waiting(row)
        for some in chunks(self.held):
            self.judge(some)
        self.refuse_circles()
        return self.held

    def judge(self, rows: Sequence[Row]) -> None:
        for name, parts in self.parts.items():
            parts.learn([row.record for row in rows if row.record is not None and name in row.values])
        self.learn_old_names(rows)
        for row in rows:
            self.compare(row)
        self.check([row for row in rows if row.instance is not None and not row.troubles])
        for row in rows:
            row.outcome = self.outcome(row)

    # --- references -------------------------------------------------------------------------------------------------

    def finder(self, name: str) -> Finder:
        if name not in self.finders:
            field = self.reference_field(self.columns[name])
            takes = field.target_field.attname if field is not None else ""
            model = field.related_model if field is not None else None
            self.finders[name] = Finder(model, actor=self.actor, origin=self.origin, takes=takes)
        return self.finders[name]

    def reference_field(self, column: SheetColumn) -> Any:
        """The foreign key of a reference, of the column or of its parts; None for parts told by a text."""
        parts = column.parts
        model, name = (parts.model, parts.names) if parts else (self.spec.model, column.name)
        field = model._meta.get_field(name)
        return field if field.is_relation else None

    def find_references(self, rows: Sequence[Row]) -> None:
        """Put the records in place of the texts that name them."""
        for name, kind in self.kinds.items():
            if kind is Value.REFERENCE:
                self.find_one(name, [row for row in rows if not is_empty(row.values.get(name))])
            elif kind is Value.PARTS:
                self.find_parts(name, [row for row in rows if name in row.values])

    def find_one(self, name: str, rows: Sequence[Row]) -> None:
        texts = [row.values[name] for row in rows]
        finder, by_number = self.finder(name), name in self.by_number
        (finder.learn_numbers if by_number else finder.learn)(texts)
        known = finder.by_number if by_number else finder.by_text
        for row in rows:
            text = row.values[name]
            found = known[text]
            if isinstance(found, Ref):
                row.values[name] = found
            elif self.columns[name].otherwise and not by_number:
                row.values[name] = Ref(None, text=text)
            elif finder.model is self.spec.model:
                row.waiting[name] = text
                row.values[name] = found
            else:
                del row.values[name]
                row.troubles.append(Trouble(found, name))

    def find_parts(self, name: str, rows: Sequence[Row]) -> None:
        if self.reference_field(self.columns[name]) is None:
            for row in rows:
                row.values[name] = tuple(Ref(text, text=text) for text in row.values[name] or ())
            return
        finder = self.finder(name)
        finder.learn(text for row in rows for text in row.values[name] or ())
        for row in rows:
            found = [finder.by_text[text] for text in row.values[name] or ()]
            row.troubles += [Trouble(one, name) for one in found if isinstance(one, Reason)]
            row.values[name] = tuple({one.key: one for one in found if isinstance(one, Ref)}.values())

    def refers_to_own_kind(self, row: Row) -> bool:
        return any(not is_empty(row.values.get(name)) for name in self.own_references)

    def settle_waiting(self, row: Row) -> None:
        """References that no record answers to: a new row of the sheet may."""
        for name, text in row.waiting.items():
            number = self.named.get(fold_name(text))
            if number is None:
                row.troubles.append(Trouble(row.values.pop(name), name))
            else:
                row.values[name] = Ref(None, text=text, row=number)

    def learn_old_names(self, rows: Sequence[Row]) -> None:
        for name in self.names_of(Value.REFERENCE):
            stored = [row.record for row in rows if row.record is not None and name in row.values]
            if stored:
                self.finder(name).learn_keys(map(self.getters[name], stored))

    # --- one row ----------------------------------------------------------------------------------------------------

    def begin(self, row: Row) -> None:
        """Name the row, and let it take its record before later rows do."""
        names = [name for names in reversed(self.spec.keys) for name in names]  # a name before a code
        row.name = self.matcher.called(row, names) or (str(row.record) if row.record is not None else "")
        row.name = row.name[:NAME_LENGTH]
        if row.troubles:
            return
        claims = claims_of(self.spec, row)
        rivals = [self.claimed[claim] for claim in claims if claim in self.claimed]
        first = next((rival for rival in rivals if are_one(claims, rival.claims)), None)
        if first is not None:
            row.troubles.append(Trouble(because(SAME_ROW, row=first.line), row=first.number))
            return
        if rivals and row.foreign and (NUMBER, row.foreign) in self.claimed:
            row.object(NUMBER, SAME_NUMBER, row=self.claimed[NUMBER, row.foreign].line)
        for claim in claims:
            self.claimed.setdefault(claim, Rival(row.number, row.line, claims))
        if row.record is None:
            self.name_new(row.number, row.values)

    def name_new(self, number: int, values: Mapping[str, Any]) -> None:
        """Let references of other rows find the new record of this one."""
        if self.own_references:
            singles = [names[0] for names in self.spec.keys if len(names) == 1]
            texts = [str(values[name]) for name in singles if not is_empty(values.get(name))]
            self.named |= {fold_name(text): number for text in texts}

    def compare(self, row: Row) -> None:
        if row.record is None:
            self.make(row)
        else:
            self.find_changes(row)

    def make(self, row: Row) -> None:
        """The record that the row would become."""
        if row.troubles and any(trouble.row for trouble in row.troubles):
            return
        for name in self.required:
            if is_empty(row.values.get(name)) and not named(row, name):
                row.object(name, REQUIRED)
        if not self.may_add:
            row.object("", MAY_NOT_ADD)
        row.instance = self.spec.model()
        for name, value in row.values.items():
            if not is_empty(value):
                put(row.instance, self.attributes(name, value))
            if holds_cut(value):
                row.object(name, CUT)

    def find_changes(self, row: Row) -> None:
        for name, value in row.values.items():
            if is_empty(value) and not row.mark:
                continue  # a table of others says nothing by an empty cell
            if name in self.parts:
                self.compare_parts(row, name, value)
            else:
                self.compare_value(row, name, value)
        if row.changes and self.actor is not None and not self.actor.has_perm(self.spec.change, row.record):
            row.object("", MAY_NOT_CHANGE)
        if row.changes:
            row.instance, row.parts = row.record, tuple(self.parts)
            told = {
                name: value for column, (_old, new) in row.changes.items() for name, value in self.told(column, new)
            }
            row.old = {name: getattr(row.record, name) for name in told}
            put(row.instance, told)

    def compare_value(self, row: Row, name: str, value: Any) -> None:
        old = self.stored_value(name, row.record)
        if is_empty(value) and (is_empty(old) or name in self.must_stay):
            if not is_empty(old):
                row.object(name, MUST_STAY)
            return
        told = self.attributes(name, value)
        stored = {attribute: getattr(row.record, attribute) for attribute in told}
        is_new = isinstance(value, Ref) and value.row > 0
        if not is_new and (same(told, stored) or (name in self.same and self.same[name](value, old))):
            return
        if holds_cut(value):
            if row.base in (None, UNKNOWN) or not self.same[name](value, self.getters[name](row.base)):
                row.object(name, CUT)
            return
        if row.base is not None and name not in row.edited and not self.is_ours(row, name, told, stored):
            return
        row.changes[name] = (old, value)

    def is_ours(self, row: Row, name: str, told: Mapping[str, Any], stored: Mapping[str, Any]) -> bool:
        """Whether the sheet changed the value since it was made; a conflict is noted where the ledger did, too."""
        if row.base is UNKNOWN:
            row.object(name, CHANGED_TOO, base="?", stored=self.tell(name, row.record))
            row.outcome = Outcome.CONFLICT
            return True
        base = {attribute: getattr(row.base, attribute) for attribute in told}
        if same(told, base):
            return False
        if not same(stored, base):
            row.object(name, CHANGED_TOO, base=self.tell(name, row.base), stored=self.tell(name, row.record))
            row.outcome = Outcome.CONFLICT
        return True

    def tell(self, name: str, record: Any) -> str:
        value = self.stored_value(name, record)
        return (value.text if isinstance(value, Ref) else text_of(self.spec, self.columns[name], value))[:SHOWN]

    def compare_parts(self, row: Row, name: str, value: tuple[Ref, ...]) -> None:
        """Parts of a table of others are added to those that are there; only an exported row can take any away."""
        stored = self.parts[name].of(row.record)
        keys, wanted = {ref.key for ref in stored}, {ref.key for ref in value}
        if row.mark and not value and self.columns[name].required:
            row.object(name, MUST_STAY)
        elif row.mark and keys != wanted:
            row.changes[name] = (stored, value)
        elif wanted - keys:
            row.changes[name] = (stored, (*stored, *(ref for ref in value if ref.key not in keys)))

    def stored_value(self, name: str, record: Any) -> Any:
        column = self.columns[name]
        value = self.getters[name](record)
        if self.kinds[name] is not Value.REFERENCE:
            return value
        if value is None and column.otherwise:
            text = getattr(record, column.otherwise)
            return Ref(None, text=text) if text else None
        return self.finder(name).label(value)

    def attributes(self, name: str, value: Any) -> dict[str, Any]:
        return attributes_of(self.spec, self.columns[name], self.kinds[name], value)

    def told(self, name: str, value: Any) -> Iterable[tuple[str, Any]]:
        return self.attributes(name, value).items()

    # --- rules over rows --------------------------------------------------------------------------------------------

    def check(self, rows: Sequence[Row]) -> None:
        for row in rows:
            check_rules(row, self.spec.check)
        if rows:
            check_uniques(rows, self.taken)

    def outcome(self, row: Row) -> str:
        if row.outcome == Outcome.CONFLICT:
            return Outcome.CONFLICT
        if any(trouble.row for trouble in row.troubles):
            return Outcome.DUPLICATE
        if row.troubles:
            return Outcome.ERROR
        if row.record is None:
            return Outcome.NEW
        return Outcome.CHANGED if row.changes else Outcome.UNCHANGED

    def refuse_circles(self) -> None:
        """Rows that would stand above themselves are in error, all rows of the circle."""
        for name in self.own_references:
            field = self.spec.model._meta.get_field(name)
            stored = dict(self.spec.model._default_manager.exclude(**{name: None}).values_list("pk", field.attname))
            above: dict[Any, Any] = {**stored, **links(self.held, name)}
            circles = in_circles(above)
            for row in self.held:
                if node(row) in circles and row.outcome in (Outcome.NEW, Outcome.CHANGED):
                    row.object(name, CIRCLE)
                    row.outcome = Outcome.ERROR


def is_required(column: SheetColumn, field: Any) -> bool:
    """Whether a new record must be told it; `field` is None for a column that is no field by itself."""
    return must_stay(column, field) and (column.required or not field.has_default())


def must_stay(column: SheetColumn, field: Any) -> bool:
    """Whether it may not be emptied."""
    return column.required or not (field is None or field.blank or column.otherwise)


def links(rows: Iterable[Row], name: str) -> dict[Any, Any]:
    refs = ((row, row.values.get(name)) for row in rows if row.outcome in (Outcome.NEW, Outcome.CHANGED))
    return {node(row): ("row", ref.row) if ref.row else ref.key for row, ref in refs if isinstance(ref, Ref)}


def node(row: Row) -> Any:
    return row.key if row.record is not None else ("row", row.number)


def named(row: Row, column: str) -> bool:
    """Whether the column is spoken of already."""
    return any(trouble.column == column for trouble in row.troubles)


def put(instance: Any, values: Mapping[str, Any]) -> None:
    for attribute, value in values.items():
        setattr(instance, attribute, value)


def same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return all(
        value == other[name] or (value in EMPTY and other[name] in EMPTY) for name, value in one.items()
    )  # fmt: skip
