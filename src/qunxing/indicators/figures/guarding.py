"""True totals for readers who may not see the rows: told such that subtracting them gives nothing away.

They are told of the ends of quarters only, for the scopes of a community together, so that neither two days nor a scope
and the wider one around it can be taken from each other to find a few.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

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


def quarter_told(day: date) -> date:
    """The last day of the last quarter that had ended by then; the day itself where it ends one."""
    following = date.fromordinal(day.toordinal() + 1)
    return before(following, Span.QUARTER)


@dataclass(frozen=True)
class Guard:
    """What may be told of one indicator's rows on one day, in every scope."""

    ledgers: Ledgers
    spec: IndicatorSpec
    day: date
    span: Span
    circles: Circles

    def total(self, scope: str, access: Access) -> tuple[Figure, str]:
        """(the bare figure, what stands instead of it: "" where it may be told)."""
        found = self.figure(scope)
        if self.spec.amount:
            return found, SILENT if self.dominated(found) or access is Access.BANDED else ""
        if access is Access.BANDED:
            return found, str(band(int(found.low)))
        sets = {name: self.things(self.figure(name)) for name in self.circles}
        cell = protect_related(sets, THRESHOLD).cells[scope]
        return found, str(cell) if isinstance(cell, Hidden) else ""

    def figure(self, scope: str) -> Figure:
        table = self.ledgers.rows_of(self.spec)
        within = self.ledgers.within(table, self.circles[scope], self.day)
        return figure(table, self.spec.measure, period_of(self.day, self.span), within, self.spec.amount)

    def things(self, found: Figure) -> set[int]:
        table = self.ledgers.rows_of(self.spec)
        return set(table.things[np.isin(table.rows, found.rows)].tolist())

    def dominated(self, found: Figure) -> bool:
        table = self.ledgers.rows_of(self.spec)
        lows = table.amounts[self.spec.amount].low[np.isin(table.rows, found.rows)]
        return is_dominated([int(low) for low in lows[~np.isnan(lows)]])

    def breakdowns(self, scope: str, names: Sequence[str]) -> dict[str, list[tuple[str, Figure, str]]]:
        """{dimension: [(code, figure, what stands instead)]}, hidden together: all break down the same rows."""
        circle = self.circles[scope]
        parts = {name: self.ledgers.breakdown(self.spec.code, name, self.day, circle, self.span) for name in names}
        tables = [from_list(name, {code: int(part.low) for code, part in found}) for name, found in parts.items()]
        counts = agreeing(tables)
        if counts is None or self.spec.amount:
            return {name: [(code, part, SILENT) for code, part in found] for name, found in parts.items()}
        cells = protect(counts, THRESHOLD).cells
        return {name: [(code, part, shown(cells, name, code)) for code, part in found] for name, found in parts.items()}


def agreeing(tables: Sequence[Counts]) -> Counts | None:
    """The tables as one; None where they break down other totals, as when a thing stands in two parts."""
    try:
        return joined(*tables)
    except ValueError:
        return None


def shown(cells: Mapping[Name, int | Hidden], name: str, code: str) -> str:
    cell = cells[((name, code),)]
    return str(cell) if isinstance(cell, Hidden) else ""


def told_day(day: date, access: Access | None) -> date:
    """The day that is told of when a reader asks for this one."""
    return day if access in {None, Access.OWN} else quarter_told(day)
