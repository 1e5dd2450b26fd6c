"""Figures for one reader: exact over what they may see, or the true total as far as its owner lets it be told."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from qunxing.core.errors import Problem
from qunxing.core.specs import Access, Dimension, IndicatorSpec
from qunxing.directory.models import Community, Scope
from qunxing.indicators.engine.figures import Figure
from qunxing.indicators.engine.places import Circle
from qunxing.indicators.figures.asking import NOT_TOLD, Ledgers, UnknownIndicator, circle_of
from qunxing.indicators.figures.catalogue import Indicator, catalogue, is_part_of_protected, lineage, strictest
from qunxing.indicators.figures.guarding import SILENT, Guard, quarter_told
from qunxing.indicators.figures.periods import Span, month_ends
from qunxing.indicators.figures.words import number_alone
from qunxing.ledger.models.records import levels_of


@dataclass(frozen=True)
class Told:
    """A figure as one reader gets it; `hidden` is what stands instead of a number that is not told."""

    code: str
    figure: Figure
    hidden: str = ""
    undefined: bool = False


@dataclass
class Teller:
    """Answers one reader's questions; it decides once and for all of them whose rows a figure may rest on."""

    user: Any = None
    known_at: datetime | None = None
    community: Community | None = None
    guards: dict[Any, Guard] = field(default_factory=dict)

    @cached_property
    def scopes(self) -> list[Scope]:
        """The circles in which it can be asked, narrowest first."""
        rows = Scope.objects.select_related("community").order_by("community", "width")
        seen = rows if self.sees_all else rows.visible_to(self.user)
        found = list(seen if self.community is None else seen.filter(community=self.community))
        return [scope for scope in found if scope.community_id == found[0].community_id]

    @cached_property
    def circles(self) -> dict[str, Circle | None]:
        """{code of a scope: its circle}; "" is everywhere."""
        return {scope.code: circle_of(scope) for scope in self.scopes} | {"": None}

    @cached_property
    def own(self) -> Ledgers:
        return Ledgers(self.user, self.known_at)

    @cached_property
    def whole(self) -> Ledgers:
        """All rows as known now, whatever was asked; only for totals whose owner lets them be told."""
        return self.own if self.sees_all else Ledgers()

    @property
    def sees_all(self) -> bool:
        return self.own.read.sees_all

    @cached_property
    def indicators(self) -> dict[str, Indicator]:
        """The indicators of which this reader may know."""
        found = self.own.indicators
        return found if self.sees_all else {code: one for code, one in found.items() if self.open_to(one)}

    @cached_property
    def today(self) -> dict[str, Indicator]:
        """The indicators as they are defined today."""
        return self.own.indicators if self.known_at is None else catalogue()

    def open_to(self, indicator: Indicator) -> bool:
        """Whether the reader may know of it and of what it is and was made of, and none of them is closed."""
        return all(
            one.access is not Access.CLOSED and self.may_name(one) and not is_part_of_protected(one, among)
            for among in (self.own.indicators, self.today)
            for one in lineage(among.get(indicator.code, indicator), among)
        )

    def may_name(self, indicator: Indicator) -> bool:
        return self.sees_all or indicator.visibility in levels_of(self.user)

    def access(self, indicator: Indicator) -> Access | None:
        """The strictest of what it is and was made of; None for who sees all."""
        return None if self.sees_all else self.strictest(indicator)

    def strictest(self, indicator: Indicator) -> Access:
        now = self.today.get(indicator.code, indicator)
        return strictest([*lineage(indicator, self.own.indicators), *lineage(now, self.today)])

    def tells_rows(self, indicator: Indicator) -> bool:
        """Whether the reader gets it over the rows they may see, which it then names, of any day."""
        return self.access(indicator) in {None, Access.OWN}

    def indicator(self, code: str) -> Indicator:
        if code not in self.indicators:
            raise UnknownIndicator(code)
        return self.indicators[code]

    def ask(self, code: str, day: date, scope: str = "", span: Span = Span.MONTH) -> list[Told]:
        """The figures of the indicator on that day in the scope of that code, or everywhere."""
        indicator = self.indicator(code)
        if self.tells_rows(indicator):
            parts = self.own.ask(code, day, self.circles[scope], span).parts
            return [Told(part.code, part.figure, undefined=part.undefined) for part in parts]
        spec = self.guarded_as(indicator)
        if spec is None or spec.split:
            return [Told("", NOT_TOLD, SILENT)]
        figure, hidden = self.guard(spec, day).total(spec, scope, self.strictest(indicator))
        return [Told("", number_alone(figure), hidden)]

    def guarded_as(self, indicator: Indicator) -> IndicatorSpec | None:
        """How its rows are counted by what it means today, whatever the day of knowledge."""
        now = self.today.get(indicator.code)
        return self.whole.counted_as(now) if now is not None else None

    def guard(self, spec: IndicatorSpec, day: date) -> Guard:
        key = (spec.facts, quarter_told(day))
        if key not in self.guards:
            self.guards[key] = Guard(self.whole, key[1], self.circles, dict(self.kin(spec.facts)))
        return self.guards[key]

    def kin(self, facts: str) -> Iterator[tuple[str, IndicatorSpec]]:
        """(code, how it is counted) of every protected figure of these rows that some reader may get."""
        for code, one in self.today.items():
            if strictest(lineage(one, self.today)) is Access.PROTECTED and not is_part_of_protected(one, self.today):
                spec = self.counts(one)
                if spec is not None and spec.facts == facts and not spec.split:
                    yield code, spec

    def counts(self, indicator: Indicator) -> IndicatorSpec | None:
        """How its rows are counted; None also of one that is made of itself or of what is no longer there."""
        try:
            return self.whole.counted_as(indicator)
        except Problem:
            return None

    def told_day(self, indicator: Indicator, day: date) -> date:
        """The day that is told of when this reader asks for that one."""
        return day if self.tells_rows(indicator) else quarter_told(day)

    def told_span(self, indicator: Indicator, span: Span) -> Span:
        """The period that is told of when this reader asks for that one."""
        return span if self.tells_rows(indicator) else Span.QUARTER

    def breakdowns(
        self, code: str, day: date, scope: str = "", span: Span = Span.MONTH
    ) -> list[tuple[Dimension, list[Told]]]:
        """(dimension, its parts) for each way to break the figure down; small ones of what is not theirs are hidden."""
        indicator = self.indicator(code)
        if not self.tells_rows(indicator):
            return self.guarded_breakdowns(indicator, day, scope)
        if self.own.counted_as(indicator) is None:
            return []
        circle = self.circles[scope]
        return [
            (one, [Told(part, found) for part, found in self.own.breakdown(code, one.code, day, circle, span)])
            for one in self.own.dimensions(indicator)
        ]

    def guarded_breakdowns(self, indicator: Indicator, day: date, scope: str) -> list[tuple[Dimension, list[Told]]]:
        spec = self.guarded_as(indicator)
        if spec is None or spec.split or self.strictest(indicator) is not Access.PROTECTED:
            return []
        ways = {one.code: one for one in self.whole.dimensions(self.today[spec.code]) if not one.of_sets}
        found = self.guard(spec, day).breakdowns(spec, scope, list(ways))
        return [
            (ways[name], [Told(part, number_alone(figure), hidden) for part, figure, hidden in parts])
            for name, parts in found.items()
        ]

    def trend(
        self, code: str, day: date, scope: str = "", *, months: int = 36, span: Span = Span.MONTH
    ) -> list[tuple[date, list[Told]]]:
        """(month's end, figures) for so many months; nothing where two days would tell more than either."""
        if not self.tells_rows(self.indicator(code)):
            return []
        return [(end, self.ask(code, end, scope, span)) for end in month_ends(day, months)]
