"""Rows of a table in running text: a label, and a figure in each column."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qunxing.indicators.quantities import Mention, Quantity, Unit, conflicting, heading_units
from qunxing.indicators.quantities.parsing import with_bounds
from qunxing.indicators.quantities.units import COUNT, MONEY
from qunxing.indicators.reading.context import Topic, remembered
from qunxing.indicators.reading.days import PERIOD, resolve
from qunxing.indicators.reading.folding import Folded, fold_with_places
from qunxing.indicators.reading.matching import Around, match_rule
from qunxing.indicators.reading.proposals import AsOf, Found
from qunxing.indicators.reading.scopes import SPACE, scope_word
from qunxing.indicators.reading.segments import Block
from qunxing.indicators.reading.vocabulary import COMMUNITY, RULES

CELL = re.compile(r"(?:[^\t|\s]|[^\S\t](?=[^\s|])(?![^\S\t]{2}))+")
NUMBER = re.compile(r"^[0-9][0-9,.]*%?$")
BRACKET = re.compile(r"\([^)]*\)")
CONFLICT = "units_conflict"
DEFAULT = {rule.code: min(rule.units) for rule in RULES if rule.units}


@dataclass(frozen=True, slots=True)
class Cell:
    start: int
    end: int
    text: str


def read_rows(text: str, rows: Sequence[Block], topic: Topic) -> Iterator[Found]:
    """The figures of consecutive rows; their times from the headings, their units from labels and headings."""
    table = [cells_of(text, block) for block in rows]
    stated = [unit for cells in table for cell in cells for unit in heading_units(cell.text)]
    flags = (CONFLICT,) if conflicting(stated) else ()
    common = next(
        (unit for cells in table for cell in cells if "单位" in cell.text for unit in heading_units(cell.text)), None
    )
    times: dict[int, AsOf] = {}
    for cells in table:
        headings = {place: found for place, cell in enumerate(cells) if (found := time_in(cell.text, topic))}
        if headings and not any(NUMBER.match(cell.text) for cell in cells[1:]):
            times = headings
        elif len(cells) > 1:
            yield from read_row(text, cells, times, common, topic, flags)


def cells_of(text: str, block: Block) -> list[Cell]:
    found = []
    for match in CELL.finditer(text, block.start, block.end):
        folded: Folded = fold_with_places(match[0], match.start())
        if folded.text:
            found.append(Cell(folded.places[0], folded.places[-1] + 1, folded.text))
    return found


def time_in(cell: str, topic: Topic) -> AsOf | None:
    match = PERIOD.search(cell)
    return resolve(match, topic.published) if match and not NUMBER.match(cell) else None


def read_row(
    text: str, cells: Sequence[Cell], times: dict[int, AsOf], common: Unit | None, topic: Topic, flags: tuple[str, ...]
) -> Iterator[Found]:
    label = next((cell for cell in cells if not NUMBER.match(cell.text)), None)
    who = remembered("", 0, topic.names.find(label.text) if label else [], topic, COMMUNITY)
    if label is None or who is None:
        return
    unit = next(iter(heading_units(label.text)), common)
    words = BRACKET.sub("", label.text)
    for place, cell in enumerate(cells):
        if NUMBER.match(cell.text) and (one := figure(words, cell, unit)) is not None:
            code, quantity = one
            as_of = times.get(place) or topic.default
            scope = scope_word(label.text) or SPACE
            start, end = min(label.start, cell.start), max(label.end, cell.end)
            yield Found(code, who.name, quantity, scope, as_of, text[start:end], start, end, flags=flags)


def figure(label: str, cell: Cell, unit: Unit | None) -> tuple[str, Quantity] | None:
    """(indicator, quantity) of a cell, by the words of its row."""
    for guess in [unit] if unit else [Unit(word, COUNT) for word in ("家", "个", "人", "件", "场")]:
        bare = with_bounds(cell.text.rstrip("%"), "")
        if bare is None or (guess.kind == MONEY and unit is None):
            return None
        quantity = bare.scaled(guess.factor, guess.name)
        matched = match_rule(Mention(0, 0, quantity, guess.kind, guess.name), Around(label, "", 0))
        if matched is not None:
            code = matched.rule.code
            return "filed_models_landed" if code == "filed_models" else code, quantity
    return None
