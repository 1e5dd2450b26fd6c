"""Proposing how the columns of a file are read, before anybody says so."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from django.db import models
from django.utils.translation import gettext_noop as _
from django.utils.translation import override

from qunxing.core.reasons import Unreadable, because
from qunxing.core.sheets import SheetColumn, SheetSpec, Value, sheet_of
from qunxing.core.text import fold_name, shorten
from qunxing.intake.cells import as_text
from qunxing.intake.headers import BRACKET, FIGURES
from qunxing.intake.reading import Cell, RawRow, Table
from qunxing.intake.sheets.columns import LANGUAGES, field_of, heading_of, kind_of, names_of
from qunxing.intake.sheets.mapping import BY_NUMBER, LEAVE, NUMBER, REF, UNKNOWN, Found, Heading, TableMapping
from qunxing.intake.sheets.marks import HEADING as MARK_HEADING
from qunxing.intake.sheets.marks import SYNONYMS as MARK_WORDS
from qunxing.intake.sheets.readers import reader_of
from qunxing.intake.sheets.units import scale_of, stated_unit, unit_of

WITHIN = 60  # rows among which the headings are looked for
LOOKED_AT = 300  # rows whose cells are looked at
SHOWN = 40
SAMPLES = 3
FEW = 10  # cells that say nothing yet of a column
LONGEST_HEADING = 60
SURE = 0.9
ENOUGH = 0.5
ASIDE = "@aside"  # stands in the first row of a sheet that holds no records: examples, vocabularies
ORDINALS = ("序号", "编号序号", "No.", "No", "#", "index")

NOT_SHOWN = _("The sheet is hidden in the workbook; it was not read.")
EMPTY = _("The sheet is empty.")
BESIDE = _("The sheet holds examples and words to choose from; it was not read.")
NO_HEADINGS = _("No row of the sheet has headings; it was not read.")
NOTHING_KNOWN = _("None of its headings is known, those of another sheet are; it was not read.")


def propose(
    spec: SheetSpec, tables: Sequence[Table], *, remembered: Mapping[str, str] | None = None, actor: Any = None
) -> list[TableMapping]:
    """How each table would be read; `remembered` is `Headings.columns` of the origin, {folded heading: target}.

    Whom records are looked up for is `actor`; without one, no column is recognised by the names of records in it.
    """
    words = Words.of(spec, remembered or {})
    found = [_of_table(spec, table, words, actor) for table in tables]
    if any(_knows(one) for one in found):
        strangers = {one.sheet for one in found if one.row and not _knows(one)}
        return [
            TableMapping(one.sheet, reason=because(NOTHING_KNOWN)) if one.sheet in strangers else one for one in found
        ]
    return found


def _knows(mapping: TableMapping) -> bool:
    return any(one.found in (Found.SYNONYM, Found.REMEMBERED) and one.target != LEAVE for one in mapping.headings)


def own_scales(spec: SheetSpec, column: SheetColumn) -> set[str]:
    """The scales in which the column itself counts, as its own headings say: parameters in billions (十亿)."""
    found = {scale_of(unit_of(word)) for word in column.synonyms}
    for language in LANGUAGES:
        with override(language):
            found.add(scale_of(unit_of(heading_of(spec, column))))
    return found


@dataclass(frozen=True)
class Words:
    """What headings are recognised by, each {folded: target}; `ranks` says which of two synonyms is the better sign."""

    known: Mapping[str, str]
    remembered: Mapping[str, str]
    ranks: Mapping[tuple[str, str], int]

    @classmethod
    def of(cls, spec: SheetSpec, remembered: Mapping[str, str]) -> "Words":
        own = {fold_name(word): REF for word in MARK_WORDS}
        for language in LANGUAGES:
            with override(language):
                own[fold_name(str(MARK_HEADING))] = REF
        ordinals = {fold_name(word): LEAVE for word in ORDINALS}
        ranks = {
            (column.name, fold_name(word)): place
            for column in spec.columns
            for place, word in reversed(list(enumerate(column.synonyms, start=1)))
        }
        return cls(ordinals | names_of(spec) | own, remembered, ranks)

    def rank(self, printed: str, target: str) -> int:
        """0 for a label; the place of the synonym among those of its column, for the earlier is the better sign."""
        return self.ranks.get((target, fold_name(printed)), 0)

    def target(self, printed: str) -> tuple[str, Found]:
        """What a heading names, as it is, without what stands in brackets, or by one of its lines."""
        for text in dict.fromkeys((printed, BRACKET.sub("", printed), *printed.splitlines())):
            key = fold_name(text)
            if key in self.remembered:
                return self.remembered[key], Found.REMEMBERED
            if key in self.known:
                return self.known[key], Found.SYNONYM
        return UNKNOWN, Found.NOTHING

    def count(self, row: RawRow) -> int:
        return sum(1 for cell in row.cells if is_heading(cell) and self.target(str(cell))[0] != UNKNOWN)


def is_heading(cell: Cell) -> bool:
    """Whether a cell could head a column: a short text without figures."""
    return isinstance(cell, str) and 0 < len(cell.strip()) <= LONGEST_HEADING and not FIGURES.search(cell)


def _of_table(spec: SheetSpec, table: Table, words: Words, actor: Any) -> TableMapping:
    rows = [] if table.hidden else list(islice(table.rows(), WITHIN + LOOKED_AT))
    header = find_headings(rows[:WITHIN], words)
    if table.hidden or not rows or header is None or ASIDE in rows[0].cells:
        reason = NOT_SHOWN if table.hidden else EMPTY if not rows else BESIDE if ASIDE in rows[0].cells else NO_HEADINGS
        return TableMapping(table.sheet, reason=because(reason))
    titles = " ".join(as_text(cell) for row in rows if row.number < header.number for cell in row.cells)
    body = [row for row in rows if row.number > header.number][:LOOKED_AT]
    headings = [_printed(position, header, body) for position in range(_width(header, body))]
    named = _named([one for one in headings if one.printed or one.filled], words)
    return TableMapping(table.sheet, header.number, tuple(Content(spec, body, stated_unit(titles), actor).judge(named)))


def find_headings(rows: Sequence[RawRow], words: Words) -> RawRow | None:
    """The row that names most columns; where none names two, the first that is wide and holds nothing but headings."""
    best = max(rows, key=words.count, default=None)
    if best is not None and words.count(best) > 1:
        return best
    widest = max((_filled(row) for row in rows), default=0)
    return next((row for row in rows if _is_textual(row) and _filled(row) >= ENOUGH * widest), None)


def _is_textual(row: RawRow) -> bool:
    return all(is_heading(cell) for cell in row.cells if as_text(cell))


def _filled(row: RawRow) -> int:
    return sum(1 for cell in row.cells if as_text(cell))


def _width(header: RawRow, body: Sequence[RawRow]) -> int:
    return max(len(row.cells) for row in (header, *body))


def _printed(position: int, header: RawRow, body: Sequence[RawRow]) -> Heading:
    printed = " ".join(as_text(header.cells[position]).split()) if position < len(header.cells) else ""
    texts = [text for row in body if position < len(row.cells) and (text := as_text(row.cells[position]))]
    samples = tuple(shorten(text, SHOWN) for text in islice(dict.fromkeys(texts), SAMPLES))
    return Heading(position, printed[:200], unit=unit_of(printed), samples=samples, filled=len(texts))


def _named(headings: Sequence[Heading], words: Words) -> list[Heading]:
    """Each heading with what it names; of two that name one column the remembered, the better sign or the first."""
    found = [(one, *words.target(one.printed)) if one.printed else (one, UNKNOWN, Found.NOTHING) for one in headings]
    taken: dict[str, Heading] = {}
    for wanted in (Found.REMEMBERED, Found.SYNONYM):
        for one, target, how in sorted(found, key=lambda item: words.rank(item[0].printed, item[1])):
            if how is wanted and target not in (UNKNOWN, LEAVE):
                taken.setdefault(target, one)
    return [
        replace(one, target=target, found=how)
        if target == LEAVE or taken.get(target) is one
        else replace(one, proposals=(target,) if target else ())
        for one, target, how in found
    ]


@dataclass
class Content:
    """Judges columns by what stands in them."""

    spec: SheetSpec
    body: Sequence[RawRow]
    stated: str  # the unit that a title states
    actor: Any
    readers: dict[tuple[str, str], Callable[[Cell], Any]] = field(default_factory=dict)

    def judge(self, headings: Sequence[Heading]) -> Iterator[Heading]:
        """Headings that name a column with how well it reads, the others with what they may be."""
        taken = {one.column for one in headings}
        for one in headings:
            if one.column and not one.by_number:
                yield self.checked(one)
            elif one.target != UNKNOWN:
                yield one
            else:
                guessed = self.guessed(one, taken)
                taken.add(guessed.column)
                yield guessed

    def checked(self, one: Heading) -> Heading:
        column = next((column for column in self.spec.columns if column.name == one.column), None)
        if column is None:  # remembered of a column that there is no more
            return replace(one, target=UNKNOWN, found=Found.NOTHING)
        unit = self.unit(column, one)
        unread = self.unread(column, unit, self.cells(one))
        strange = one.found is Found.SYNONYM and kind_of(self.spec, column) in (Value.CHOICE, Value.CODES)
        if strange and one.filled >= FEW and unread > ENOUGH * one.filled:
            # Another vocabulary under the same heading: a person says what becomes of it.
            return replace(one, target=UNKNOWN, found=Found.NOTHING, proposals=(column.name,), unread=unread)
        return replace(one, unit=unit, unread=unread)

    def unit(self, column: SheetColumn, one: Heading) -> str:
        kind = kind_of(self.spec, column)
        if kind in (Value.NUMBER, Value.DECIMAL):
            scale = scale_of(one.unit)
            return "" if scale in own_scales(self.spec, column) else scale
        return (one.unit or self.stated) if kind in (Value.YUAN, Value.MONEY) else ""

    def cells(self, one: Heading) -> list[Cell]:
        at = one.position
        return [row.cells[at] for row in self.body if at < len(row.cells) and as_text(row.cells[at])]

    def unread(self, column: SheetColumn, unit: str, cells: Sequence[Cell]) -> int:
        read = self.readers.setdefault((column.name, unit), reader_of(self.spec, column, unit))
        return sum(1 for cell in cells if not _reads(read, cell))

    def guessed(self, one: Heading, taken: set[str]) -> Heading:
        """What the cells speak for; only what tells itself, as a code with its check digit does, is taken at once."""
        cells = self.cells(one)
        free = [column for column in self.spec.columns if column.name not in taken]
        fits = [column for column in free if cells and self.fits(column, one, cells)]
        sure = next((column for column in fits if self.tells_itself(column)), None)
        proposals = dict.fromkeys((*one.proposals, *self.numbers(free, cells), *(column.name for column in fits)))
        if sure is not None:
            unread = self.unread(sure, "", cells)
            return replace(one, target=sure.name, found=Found.CONTENT, unread=unread, proposals=tuple(proposals))
        return replace(one, proposals=tuple(proposals))

    def fits(self, column: SheetColumn, one: Heading, cells: Sequence[Cell]) -> bool:
        kind = kind_of(self.spec, column)
        if kind is Value.REFERENCE:
            return self.names_records(column, cells)
        if kind not in TELLING and not self.tells_itself(column):
            return False
        return self.unread(column, self.unit(column, one), cells) <= (1 - SURE) * len(cells)

    def tells_itself(self, column: SheetColumn) -> bool:
        """A code with a check of its own, an address, a record by its name: taken for nothing else."""
        target, kind = field_of(self.spec, column), kind_of(self.spec, column)
        if kind is Value.REFERENCE or isinstance(target, models.EmailField):
            return True
        return kind is Value.CODE and any(callable(check) and not isinstance(check, type) and hasattr(check, "__name__")
                                          for check in target.validators)  # fmt: skip

    def names_records(self, column: SheetColumn, cells: Sequence[Cell]) -> bool:
        sheet = sheet_of(field_of(self.spec, column).related_model)
        if sheet is None or self.actor is None:
            return False
        texts = {text for cell in cells if (text := as_text(cell)) and not text.isdigit()}
        rows = sheet.model.objects.visible_to(self.actor)
        return bool(texts) and len(sheet.find(rows, texts)) >= ENOUGH * len(texts)

    def numbers(self, free: Sequence[SheetColumn], cells: Sequence[Cell]) -> Iterator[str]:
        """The record's own number where none stands twice, else that of a record referred to."""
        texts = [as_text(cell) for cell in cells]
        if not texts or not all(text.isdecimal() for text in texts):
            return
        if len(set(texts)) == len(texts):
            yield NUMBER
        for column in free:
            if kind_of(self.spec, column) is Value.REFERENCE:
                yield f"{column.name}{BY_NUMBER}"


TELLING = (Value.DAY, Value.CHOICE, Value.CODES, Value.MONEY, Value.YUAN)


def _reads(read: Callable[[Cell], Any], cell: Cell) -> bool:
    try:
        read(cell)
    except Unreadable:
        return False
    return True
