"""Figures for one reader: exact over what they may see, or the true total as far as its owner lets it be told."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from qunxing.core.errors import Text
from qunxing.core.specs import Access, Dimension, IndicatorSpec
from qunxing.directory.models import Community, Scope
from qunxing.indicators.engine.figures import Figure
from qunxing.indicators.engine.places import Circle
from qunxing.indicators.figures.asking import NOT_TOLD, Ledgers, UnknownIndicator, circle_of
from qunxing.indicators.figures.catalogue import Indicator
from qunxing.indicators.figures.guarding import SILENT, Guard, quarter_told
from qunxing.indicators.figures.periods import Span, month_ends
from qunxing.indicators.figures.words import without_rows
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
        """All rows; only for totals whose owner lets them be told."""
        return self.own if self.sees_all else Ledgers(None, self.known_at)

    @property
    def sees_all(self) -> bool:
        return self.own.read.sees_all

    @property
    def indicators(self) -> dict[str, Indicator]:
        """The indicators of which this reader may know."""
        found = self.own.indicators
        return found if self.sees_all else {code: one for code, one in found.items() if self.open_to(one)}

    def open_to(self, indicator: Indicator) -> bool:
        """Whether the reader may know of it and of what it is made of, and none of them is closed."""
        return all(one.access is not Access.CLOSED and self.may_name(one) for one in self.lineage(indicator, ()))

    def may_name(self, indicator: Indicator) -> bool:
        return self.sees_all or indicator.visibility in levels_of(self.user)

    def lineage(self, indicator: Indicator, above: tuple[str, ...]) -> Iterable[Indicator]:
        yield indicator
        for code in (indicator.base, indicator.operand):
            if code in self.own.indicators and code not in above:
                yield from self.lineage(self.own.indicators[code], (*above, indicator.code))

    def access(self, indicator: Indicator) -> Access | None:
        """The strictest of what it is made of; None for who sees all."""
        if self.sees_all:
            return None
        order = list(Access)
        return max((one.access for one in self.lineage(indicator, ())), key=order.index)

    def indicator(self, code: str) -> Indicator:
        if code not in self.indicators:
            raise UnknownIndicator(code)
        return self.indicators[code]

    def ask(self, code: str, day: date, scope: str = "", span: Span = Span.MONTH) -> list[Told]:
        """The figures of the indicator on that day in the scope of that code, or everywhere."""
        indicator = self.indicator(code)
        access = self.access(indicator)
        if access in {None, Access.OWN}:
            parts = self.own.ask(code, day, self.circles[scope], span).parts
            return [Told(part.code, part.figure, undefined=part.undefined) for part in parts]
        spec = self.whole.counted_as(indicator)
        if spec is None or spec.split:
            return [Told("", NOT_TOLD, SILENT)]
        figure, hidden = self.guard(spec, day, span).total(scope, access)
        return [Told("", without_rows(figure), hidden)]

    def guard(self, spec: IndicatorSpec, day: date, span: Span) -> Guard:
        return Guard(self.whole, spec, quarter_told(day), span, self.circles)

    def breakdowns(
        self, code: str, day: date, scope: str = "", span: Span = Span.MONTH
    ) -> list[tuple[Dimension, list[Told]]]:
        """(dimension, its parts) for each way to break the figure down; small ones of what is not theirs are hidden."""
        indicator = self.indicator(code)
        access = self.access(indicator)
        spec = self.own.counted_as(indicator)
        dimensions = self.own.dimensions(indicator)
        if spec is None or access is Access.BANDED:
            return []
        if access in {None, Access.OWN}:
            circle = self.circles[scope]
            return [
                (one, [Told(part, found) for part, found in self.own.breakdown(code, one.code, day, circle, span)])
                for one in dimensions
            ]
        plain = [one for one in dimensions if not one.of_sets]
        found = self.guard(spec, day, span).breakdowns(scope, [one.code for one in plain])
        return [
            (one, [Told(part, without_rows(figure), hidden) for part, figure, hidden in found[one.code]])
            for one in plain
        ]

    def trend(
        self, code: str, day: date, scope: str = "", *, months: int = 36, span: Span = Span.MONTH
    ) -> list[tuple[date, list[Told]]]:
        """(month's end, figures) for so many months; nothing where two days would tell more than either."""
        if self.access(self.indicator(code)) not in {None, Access.OWN}:
            return []
        return [(end, self.ask(code, end, scope, span)) for end in month_ends(day, months)]


def label_of(dimension: Dimension, code: str, unknown: Text) -> Text:
    return dimension.labels().get(code, code) if code else unknown
