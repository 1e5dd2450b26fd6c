"""Asking for figures: of which indicator, for which scope, as of which day, as known when, by whom."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property, reduce
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from qunxing.core.columns import Keys, day_number
from qunxing.core.errors import Problem
from qunxing.core.facttables import FactTable
from qunxing.core.specs import Dimension, IndicatorSpec
from qunxing.directory.indicators import OF_FIRMS, STAYS
from qunxing.directory.models import Organization, Scope
from qunxing.indicators.engine.derived import Operation as Sum
from qunxing.indicators.engine.derived import Undefined, derived
from qunxing.indicators.engine.figures import Figure, Found, Hold, dateless, everywhere, figure_of, found, narrowed
from qunxing.indicators.engine.groups import broken_down
from qunxing.indicators.engine.places import Circle, Places
from qunxing.indicators.figures.catalogue import Indicator, catalogue, fact_tables
from qunxing.indicators.figures.periods import Span, before, period_of, year_before
from qunxing.indicators.figures.reading import LedgerRead
from qunxing.indicators.models import GROWTHS, Operation

MANY = 200
NOT_TOLD = Figure(np.nan, np.nan)
SUMS = {Operation.RATIO: Sum.RATIO, Operation.DIFFERENCE: Sum.DIFFERENCE, Operation.SHARE: Sum.SHARE}


class UnknownIndicator(Problem):
    """There is no indicator of that code, or it is made of one that is no longer there."""

    def __init__(self, code: str) -> None:
        advice = _("It may have been retired, or what it is made of may have been.")
        super().__init__(_("There is no indicator “%(code)s”.") % {"code": code}, advice, 404)


class CircularIndicator(Problem):
    """The indicator is made of itself, by way of others."""

    def __init__(self, code: str) -> None:
        advice = _("Change what it is made of.")
        super().__init__(_("The indicator “%(code)s” is made of itself.") % {"code": code}, advice, 422)


@dataclass(frozen=True)
class Part:
    """One figure of an indicator; `code` is the word it is split by, such as a currency."""

    code: str
    figure: Figure
    undefined: bool = False


@dataclass(frozen=True)
class Answer:
    """What an indicator comes to; of a split one there is a part for each word, else one part of the code ""."""

    indicator: Indicator
    day: date
    span: Span
    parts: tuple[Part, ...]

    @property
    def figure(self) -> Figure:
        return self.parts[0].figure if len(self.parts) == 1 else NOT_TOLD

    def part(self, code: str) -> Part:
        return next((part for part in self.parts if part.code == code), Part(code, NOT_TOLD))


def circle_of(scope: Scope | None) -> Circle | None:
    """The engine's circle of a scope; None, which holds everything, for none."""
    if scope is None:
        return None
    division = scope.community.division
    wide = {Scope.Code.DISTRICT: division, Scope.Code.CITY: city_part(division)}
    return Circle(scope.community_id, scope.width, wide.get(Scope.Code(scope.code), ""))


def city_part(division: str) -> str:
    """The digits that all divisions of a city share: two for a municipality, else four."""
    return division[:2] if division[:2] in {"11", "12", "31", "50"} else division[:4]


@dataclass
class Ledgers:
    """The ledgers as a reader may see them, read once for as many questions as are asked of them."""

    user: Any = None
    known_at: datetime | None = None
    tables: dict[Any, FactTable] = field(default_factory=dict)
    holding: dict[Any, tuple[Found, Keys]] = field(default_factory=dict)

    @cached_property
    def read(self) -> LedgerRead:
        return LedgerRead(self.user, self.known_at)

    @cached_property
    def indicators(self) -> dict[str, Indicator]:
        return catalogue(self.known_at)

    @cached_property
    def circles(self) -> dict[tuple[int, str], Circle | None]:
        """{(community, code of its scope): circle}."""
        scopes = Scope.objects.select_related("community")
        return {(scope.community_id, scope.code): circle_of(scope) for scope in scopes}

    @cached_property
    def places(self) -> Places:
        firms = self.read(Organization, *OF_FIRMS)
        return Places(self.table(STAYS.code), firms["id"], firms["division"])

    def indicator(self, code: str) -> Indicator:
        if code not in self.indicators:
            raise UnknownIndicator(code)
        return self.indicators[code]

    def table(self, code: str) -> FactTable:
        if code not in self.tables:
            self.tables[code] = fact_tables()[code].build(self.read)
        return self.tables[code]

    def rows_of(self, spec: IndicatorSpec) -> FactTable:
        """The rows that the indicator counts over, whatever the day."""
        key = table_key(spec)
        if key not in self.tables:
            conditions = (spec.where, *spec.also)
            self.tables[key] = reduce(narrowed, conditions, self.table(spec.facts))
        return self.tables[key]

    def within(self, table: FactTable, circle: Circle | None, day: date) -> Hold:
        if circle is None:
            return everywhere(table)
        return self.places.within(table, circle, day_number(day))

    def ask(self, code: str, day: date, circle: Circle | None = None, span: Span = Span.MONTH) -> Answer:
        """What the indicator comes to on that day, or in the period that ends with it."""
        return self.answer(self.indicator(code), day, circle, span, ())

    def answer(
        self, indicator: Indicator, day: date, circle: Circle | None, span: Span, above: tuple[str, ...]
    ) -> Answer:
        if indicator.code in above:
            raise CircularIndicator(indicator.code)
        spec = self.counted_as(indicator)
        if spec is not None:
            return Answer(indicator, day, span, tuple(self.counted(spec, day, circle, span)))
        above = (*above, indicator.code)
        return Answer(indicator, day, span, tuple(self.made(indicator, day, circle, span, above)))

    def counted_as(self, indicator: Indicator, above: tuple[str, ...] = ()) -> IndicatorSpec | None:
        """How its rows are counted, where it counts rows; a filter counts as its base does, over fewer."""
        if indicator.operation is not Operation.FILTER:
            return indicator.spec
        if indicator.code in above:
            raise CircularIndicator(indicator.code)
        base = self.counted_as(self.indicator(indicator.base), (*above, indicator.code))
        if base is None:
            return None
        return replace(base, code=indicator.code, also=(*base.also, indicator.where or {}))

    def dimensions(self, indicator: Indicator) -> list[Dimension]:
        """The ways to break it down, in the order in which they are worth a table."""
        spec = self.counted_as(indicator)
        if spec is None:
            return []
        known = {dimension.code: dimension for dimension in fact_tables()[spec.facts].dimensions}
        return [known[code] for code in spec.by]

    def every_dimension(self, indicator: Indicator) -> list[Dimension]:
        """All dimensions of the rows it counts, by which they can be picked."""
        spec = self.counted_as(indicator)
        return list(fact_tables()[spec.facts].dimensions) if spec is not None else []

    def made_from(self, code: str, above: tuple[str, ...] = ()) -> set[str]:
        """The codes of all that the indicator is made of, itself among them."""
        if code in above:
            raise CircularIndicator(code)
        indicator = self.indicator(code)
        parts = [part for part in (indicator.base, indicator.operand) if part]
        return {code}.union(*(self.made_from(part, (*above, code)) for part in parts))

    def counted(self, spec: IndicatorSpec, day: date, circle: Circle | None, span: Span) -> list[Part]:
        table, rows = self.rows_of(spec), self.found(spec, day, circle, span)
        if not spec.split:
            return [Part("", figure_of(table, rows, spec.amount))]
        parts = broken_down(table, spec.split, day_number(day), rows, spec.amount)
        return [Part(code, part) for code, part in parts]

    def found(self, spec: IndicatorSpec, day: date, circle: Circle | None, span: Span) -> Found:
        """The rows that the indicator counts; found once, however often they are then broken down."""
        table, period = self.rows_of(spec), period_of(day, span)
        key = (table_key(spec), spec.measure, period)
        if key not in self.holding:
            if len(self.holding) > MANY:
                self.holding.clear()
            everywhere = found(table, spec.measure, period)
            self.holding[key] = everywhere, np.flatnonzero(dateless(table, spec.measure))
        everywhere, undated = self.holding[key]
        if circle is None:
            return everywhere
        inside = self.places.within(table, circle, period.last, everywhere.places)
        sure = everywhere.sure & inside.sure
        there = self.places.within(table, circle, period.last, undated).perhaps if everywhere.undated else undated[:0]
        rows = np.flatnonzero(inside.perhaps)
        return Found(everywhere.places[rows], sure[rows], int(np.count_nonzero(there)))

    def made(
        self, indicator: Indicator, day: date, circle: Circle | None, span: Span, above: tuple[str, ...]
    ) -> list[Part]:
        """The parts of a derived indicator: of each word that both sides have."""
        base = self.indicator(indicator.base)
        one = self.answer(base, day, circle, span, above)
        if indicator.operation in GROWTHS:
            back = before(day, span) if indicator.operation == Operation.GROWTH_PERIOD else year_before(day)
            other, operation = self.answer(base, back, circle, span, above), Sum.GROWTH
        else:
            operation = SUMS[Operation(indicator.operation or "")]
            other = self.other(indicator, day, circle, span, above)
        return [part_of(operation, part, other) for part in one.parts]

    def other(
        self, indicator: Indicator, day: date, circle: Circle | None, span: Span, above: tuple[str, ...]
    ) -> Answer:
        """The operand, in the scope that it names of the same community; untold where there is no such scope."""
        operand = self.indicator(indicator.operand)
        if indicator.operand_scope:
            circle = self.circles.get((circle.community, indicator.operand_scope)) if circle is not None else None
            if circle is None:
                return Answer(operand, day, span, ())
        return self.answer(operand, day, circle, span, above)

    def breakdown(
        self, code: str, dimension: str, day: date, circle: Circle | None = None, span: Span = Span.MONTH
    ) -> list[tuple[str, Figure]]:
        """(code of the part, its figure) in the dimension, for an indicator that counts rows; its first split only."""
        spec = self.counted_as(self.indicator(code))
        if spec is None:
            raise UnknownIndicator(code)
        rows = self.found(spec, day, circle, span)
        return broken_down(self.rows_of(spec), dimension, day_number(day), rows, spec.amount)


def table_key(spec: IndicatorSpec) -> tuple[Any, ...]:
    conditions = (spec.where, *spec.also)
    return (spec.facts, *(tuple(sorted((name, tuple(codes)) for name, codes in one.items())) for one in conditions))


def part_of(operation: Sum, part: Part, other: Answer) -> Part:
    try:
        return replace(part, figure=derived(operation, part.figure, other.part(part.code).figure))
    except Undefined:
        return replace(part, figure=replace(NOT_TOLD, rows=part.figure.rows), undefined=True)
