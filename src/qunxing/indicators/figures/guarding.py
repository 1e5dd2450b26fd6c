"""True totals for readers who may not see the rows: told such that subtracting them gives nothing away.

They are told of whole quarters, as known now, for all scopes of a community and all protected figures of the same rows
together: neither two days nor two periods, two days of knowledge, a scope and the wider one around it, or a figure and
one that counts fewer of its rows can be taken from each other to find a few.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np

from qunxing.core.columns import Keys
from qunxing.core.specs import Access, IndicatorSpec
from qunxing.indicators.engine.figures import Figure, figure
from qunxing.indicators.engine.places import Circle
from qunxing.indicators.engine.suppression import (
    THRESHOLD,
    Counts,
    Hidden,
    Name,
    band,
    from_list,
    is_dominated,
    joined,
    protect,
    protect_related,
)
from qunxing.indicators.figures.asking import Ledgers
from qunxing.indicators.figures.periods import Span, before, period_of

SILENT = "·"
Circles = Mapping[str, Circle | None]
Parts = list[tuple[str, Figure, str]]


def quarter_told(day: date) -> date:
    """The last day of the last quarter that had ended by then; the day itself where it ends one."""
    following = date.fromordinal(day.toordinal() + 1)
    return before(following, Span.QUARTER)


@dataclass(frozen=True)
class Guard:
    """What may be told of the same rows on one day, in every scope.

    `kin` are all protected figures of these rows: whoever gets one of them gets the others.
    """

    ledgers: Ledgers
    day: date
    circles: Circles
    kin: Mapping[str, IndicatorSpec]

    def total(self, spec: IndicatorSpec, scope: str, access: Access) -> tuple[Figure, str]:
        """(the bare figure, what stands instead of it: "" where it may be told)."""
        found = self.figure(spec, scope)
        if access is Access.BANDED:
            return found, SILENT if spec.amount else str(band(int(found.low)))
        if spec.amount:
            return found, "" if self.alone(spec, scope) and not self.dominated(spec, found) else SILENT
        hidden = (self.cells[end, spec.code, scope] for end in ("sure", "perhaps"))
        return found, next((str(cell) for cell in hidden if isinstance(cell, Hidden)), "")

    def alone(self, spec: IndicatorSpec, scope: str) -> bool:
        """Whether no other scope and no other figure alike tells part of it: nothing hides such together."""
        alike = [code for code, one in self.kin.items() if one.amount or not spec.amount]
        return scope == spec.scope and alike == [spec.code]

    @cached_property
    def cells(self) -> Mapping[Name, int | Hidden]:
        """Both ends of all kin in all scopes, hidden together."""
        counts = [(code, spec) for code, spec in self.kin.items() if not spec.amount]
        found = {(code, scope): self.figure(spec, scope) for code, spec in counts for scope in self.circles}
        sure = {("sure", *name): self.things(self.kin[name[0]], one.rows) for name, one in found.items()}
        more = {("perhaps", *name): self.things(self.kin[name[0]], *both(one)) for name, one in found.items()}
        return protect_related(sure | more, THRESHOLD).cells

    def figure(self, spec: IndicatorSpec, scope: str) -> Figure:
        table = self.ledgers.rows_of(spec)
        within = self.ledgers.within(table, self.circles[scope], self.day)
        return figure(table, spec.measure, period_of(self.day, Span.QUARTER), within, spec.amount)

    def things(self, spec: IndicatorSpec, *rows: Keys) -> set[int]:
        table = self.ledgers.rows_of(spec)
        return set(table.things[np.isin(table.rows, np.concatenate(rows))].tolist())

    def dominated(self, spec: IndicatorSpec, found: Figure) -> bool:
        table = self.ledgers.rows_of(spec)
        lows = table.amounts[spec.amount].low[np.isin(table.rows, found.rows)]
        return is_dominated([int(low) for low in lows[~np.isnan(lows)]])

    def breakdowns(self, spec: IndicatorSpec, scope: str, names: Sequence[str]) -> dict[str, Parts]:
        """{dimension: [(code, figure, what stands instead)]}, hidden together: all break down the same rows.

        There are none but in the figure's own scope, of a total that is told, that no other figure counts parts of.
        """
        whole, hidden = self.total(spec, scope, Access.PROTECTED)
        if hidden or spec.amount or not whole.exact or not self.alone(spec, scope):
            return {}
        circle = self.circles[scope]
        parts = {name: self.ledgers.breakdown(spec.code, name, self.day, circle, Span.QUARTER) for name in names}
        cells = hidden_parts(parts, int(whole.low))
        return {
            name: [(code, part, shown(cells, name, code)) for code, part in parts[name]] for name in cells and parts
        }


def both(found: Figure) -> tuple[Keys, Keys]:
    return found.rows, found.perhaps


def hidden_parts(parts: Mapping[str, Sequence[tuple[str, Figure]]], total: int) -> Mapping[Name, Any]:
    """The cells of the tables beside their total, which is told; none where it would give one of them back."""
    tables = [from_list(name, {code: int(part.low) for code, part in found}) for name, found in parts.items()]
    counts = agreeing(tables)
    if (
        counts is None
        or counts.cells[()] != total
        or not all(one.exact for found in parts.values() for _, one in found)
    ):
        return {}
    cells = protect(counts, THRESHOLD, keep=[()]).cells
    return {} if isinstance(cells[()], Hidden) else cells


def agreeing(tables: Sequence[Counts]) -> Counts | None:
    """The tables as one; None where they break down other totals, as when a thing stands in two parts."""
    try:
        return joined(*tables) if tables else None
    except ValueError:
        return None


def shown(cells: Mapping[Name, int | Hidden], name: str, code: str) -> str:
    cell = cells[((name, code),)]
    return str(cell) if isinstance(cell, Hidden) else ""
