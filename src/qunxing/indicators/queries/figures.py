"""What the pages of figures show: all of them at a glance, one of them whole, the rows behind it, two days compared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from qunxing.core.columns import ALWAYS, NEVER, day_of
from qunxing.core.errors import Problem, Text
from qunxing.core.facttables import Measure
from qunxing.core.specs import Dimension
from qunxing.indicators.engine.figures import Figure
from qunxing.indicators.engine.groups import Change, change
from qunxing.indicators.figures.catalogue import Indicator, fact_tables
from qunxing.indicators.figures.periods import Span, before
from qunxing.indicators.figures.telling import Teller, Told
from qunxing.indicators.figures.words import YUAN, middle, remarks, show_figure, upper
from qunxing.indicators.showing import unit_word
from qunxing.ledger.models import Evidence, Source
from qunxing.ledger.versions import history_of

SPARK_MONTHS, TREND_MONTHS = 12, 36
ROWS_PAGE = 50
SPARK_WIDTH, SPARK_HEIGHT = 96, 24
# Bars that can still be read in a narrow chart.
BARS = 12


@dataclass(frozen=True)
class Asked:
    """A question about all indicators: the day, the code of the scope ("" everywhere), the period."""

    day: date
    scope: str
    span: Span


@dataclass(frozen=True)
class Line:
    """One figure in a table: its words, how it moved, and the shape of its year."""

    indicator: Indicator
    part: str
    label: Text
    value: str
    change: str
    spark: str
    remarks: Sequence[Text]
    rows: int


@dataclass
class Overview:
    teller: Teller
    asked: Asked
    sections: dict[str, list[Line]] = field(default_factory=dict)

    def fill(self) -> "Overview":
        for indicator in self.teller.indicators.values():
            try:
                lines = self.lines(indicator)
            except Problem as problem:
                lines = [Line(indicator, "", "", _("cannot be told"), "", "", [str(problem)], 0)]
            if lines:
                self.sections.setdefault(str(indicator.section or _("Derived figures")), []).extend(lines)
        return self

    def lines(self, indicator: Indicator) -> list[Line]:
        asked = self.asked
        now = self.teller.ask(indicator.code, asked.day, asked.scope, asked.span)
        earlier = self.teller.ask(indicator.code, before(asked.day, asked.span), asked.scope, asked.span)
        year = self.teller.trend(indicator.code, asked.day, asked.scope, months=SPARK_MONTHS, span=asked.span)
        return [
            Line(
                indicator,
                told.code,
                part_label(indicator, told.code),
                value_of(told, indicator.unit),
                moved(told, part_of(earlier, told.code), indicator.unit),
                spark([middle(part_of(parts, told.code).figure) for _end, parts in year]),
                remarks(told.figure, undefined=told.undefined),
                len(told.figure.rows) + len(told.figure.perhaps),
            )
            for told in now
        ]


def part_of(parts: Sequence[Told], code: str) -> Told:
    nothing = Told(code, Figure(0, 0) if not parts or parts[0].code != "" else Figure(np.nan, np.nan))
    return next((part for part in parts if part.code == code), nothing)


def part_label(indicator: Indicator, code: str) -> Text:
    """The word by which an indicator is split, in the reader's language."""
    if not code or indicator.spec is None:
        return code
    facts = fact_tables()[indicator.spec.facts]
    labels = next((one.labels() for one in facts.dimensions if one.code == indicator.spec.split), {})
    return labels.get(code, code)


def value_of(told: Told, unit: str) -> str:
    return told.hidden or show_figure(told.figure, unit, told.code, undefined=told.undefined)


def moved(now: Told, earlier: Told, unit: str) -> str:
    """+3, −2万元 or ±0 between two exact figures; nothing where either is a range or hidden."""
    if now.hidden or earlier.hidden or not (now.figure.exact and earlier.figure.exact):
        return ""
    step = now.figure.low - earlier.figure.low
    if not step:
        return "±0"
    size = Figure(abs(step), abs(step))
    return f"{'+' if step > 0 else '−'}{show_figure(size, unit if unit in {YUAN, '%'} else '', now.code)}"


def spark(values: Sequence[float | None]) -> str:
    """The points of a small line, for an SVG; nothing where there are not two numbers."""
    known = [(at, value) for at, value in enumerate(values) if value is not None]
    if len(known) < 2:
        return ""
    low, high = min(value for _at, value in known), max(value for _at, value in known)
    width, height = SPARK_WIDTH / max(len(values) - 1, 1), SPARK_HEIGHT - 4
    heights = ((at, (value - low) / (high - low) if high > low else 0.5) for at, value in known)
    return " ".join(f"{at * width:.1f},{2 + height * (1 - share):.1f}" for at, share in heights)


def trend_chart(indicator: Indicator, trend: Sequence[tuple[date, list[Told]]], note: str) -> dict[str, Any] | None:
    """The figures at the ends of months as lines, one for each part."""
    codes = list(dict.fromkeys(told.code for _end, parts in trend for told in parts))
    if not trend or not codes:
        return None
    series = [
        {
            "name": str(part_label(indicator, code) or indicator.name),
            "data": [middle(part_of(parts, code).figure) for _end, parts in trend],
        }
        for code in codes
    ]
    if len(codes) == 1:
        series += upper_series(trend, codes[0])
    stock = indicator.spec is None or indicator.spec.measure in {Measure.STOCK, Measure.AHEAD}
    return {
        "type": "line" if stock else "bar",
        "title": _("The last %(months)s months") % {"months": len(trend)},
        "note": note,
        "unit": unit_word(indicator.unit),
        "whole": indicator.unit not in {"%", "元"},
        "labels": [f"{end:%Y-%m}" for end, _parts in trend],
        "series": series,
    }


def upper_series(trend: Sequence[tuple[date, list[Told]]], code: str) -> list[dict[str, Any]]:
    """What it may come to at most, where that is more than what is sure."""
    figures = [part_of(parts, code).figure for _end, parts in trend]
    if all(found.exact or not found.known for found in figures):
        return []
    return [{"name": pgettext("figure", "at most"), "data": [upper(found) for found in figures], "planned": True}]


@dataclass(frozen=True)
class Broken:
    """A figure by one dimension, as a chart and as a table."""

    dimension: Dimension
    lines: Sequence[tuple[Text, str, str]]  # the part, its value, its code
    chart: Mapping[str, Any] | None
    note: Text
    all_shown: bool


def broken(dimension: Dimension, parts: Sequence[Told], unit: str) -> Broken:
    labels = dimension.labels()
    order = {code: place for place, code in enumerate(labels)}
    known = sorted(parts, key=lambda told: (told.code == "", order.get(told.code, len(order)), told.code))
    lines = [(labels.get(told.code, told.code) or _("not told"), value_of(told, unit), told.code) for told in known]
    drawn = largest(known)
    chart = None if any(told.hidden for told in known) else parts_chart(dimension, drawn, unit)
    note = _("One may stand in several of these, so they add up to more than the whole.") if dimension.of_sets else ""
    return Broken(dimension, lines, chart, note, len(drawn) == len(known))


def largest(parts: Sequence[Told]) -> Sequence[Told]:
    """All parts in their order, or the largest where there are too many to draw."""
    if len(parts) <= BARS:
        return parts
    return sorted(parts, key=lambda told: -(middle(told.figure) or 0))[:BARS]


def parts_chart(dimension: Dimension, parts: Sequence[Told], unit: str) -> dict[str, Any] | None:
    labels = dimension.labels()
    if not parts:
        return None
    return {
        "type": "bar",
        "across": True,
        "title": str(dimension.label),
        "unit": unit_word(unit),
        "whole": unit not in {"%", "元"},
        "labels": [str(labels.get(told.code, told.code) or _("not told")).strip() for told in parts],
        "series": [{"name": str(dimension.label), "data": [middle(told.figure) for told in parts]}],
    }


@dataclass(frozen=True)
class RowShown:
    """A row behind a figure: the record, when it began and ended as far as that is known, and whether it is sure.

    `evidence` is what was last read of it, with its source and the phrase; None where nobody cited one.
    """

    record: Any
    since: str
    until: str
    sure: bool
    evidence: Evidence | None = None


@dataclass(frozen=True)
class Behind:
    """The rows behind an indicator's figure, for readers who may see rows."""

    teller: Teller
    indicator: Indicator
    asked: Asked

    @cached_property
    def parts(self) -> list[Told]:
        return self.teller.ask(self.indicator.code, self.asked.day, self.asked.scope, self.asked.span)

    @cached_property
    def keys(self) -> list[int]:
        """Keys of the rows, the sure ones first."""
        sure = sorted({int(key) for told in self.parts for key in told.figure.rows})
        doubtful = {int(key) for told in self.parts for key in told.figure.perhaps}
        return [*sure, *sorted(doubtful.difference(sure))]

    def page(self, number: int) -> list[RowShown]:
        return self.shown(self.keys[(number - 1) * ROWS_PAGE : number * ROWS_PAGE])

    def shown(self, keys: Sequence[int]) -> list[RowShown]:
        spec = self.teller.own.counted_as(self.indicator) or self.teller.own.counted_as(self.base)
        if spec is None:
            return []
        table = self.teller.own.rows_of(spec)
        records = records_of(self.teller, fact_tables()[spec.facts].model, keys)
        places = {int(key): at for at, key in enumerate(table.rows.tolist())}
        doubtful = {int(key) for told in self.parts for key in told.figure.perhaps}
        cited = newest_evidence(self.teller, fact_tables()[spec.facts].model, keys)
        return [
            RowShown(
                records[key],
                days(int(table.since.low[places[key]]), int(table.since.high[places[key]])),
                days(int(table.until.low[places[key]]), int(table.until.high[places[key]])),
                key not in doubtful,
                cited.get(key),
            )
            for key in keys
            if key in records and key in places
        ]

    @property
    def base(self) -> Indicator:
        """The indicator whose rows stand behind a derived one."""
        found = self.indicator
        while found.base:
            found = self.teller.indicator(found.base)
        return found


def records_of(teller: Teller, model: type[Any], keys: Sequence[int]) -> dict[int, Any]:
    """{key: record} of those the reader may see; of one removed since, its last version, for who sees all."""
    rows = model.objects.all() if teller.sees_all else model.objects.visible_to(teller.user)
    # A row's name and address are made of what it hangs on.
    above = [one.name for one in model._meta.concrete_fields if one.many_to_one]
    found: dict[int, Any] = rows.select_related(*above).in_bulk(list(keys))
    if teller.sees_all:
        missing = [key for key in keys if key not in found]
        versions: Any = history_of(model)  # type: ignore[arg-type]
        for version in versions.objects.filter(id__in=missing).order_by("history_id"):
            found[version.id] = version.instance
    return found


def newest_evidence(teller: Teller, model: type[Any], keys: Sequence[int]) -> dict[int, Evidence]:
    """{key of a record: the newest evidence of it whose source the reader may see}; one query."""
    rows = Evidence.objects.filter(record_kind=model.kind_code(), record_id__in=list(keys))
    if not teller.sees_all:
        rows = rows.filter(source__in=Source.objects.visible_to(teller.user))
    return {row.record_id: row for row in rows.select_related("source").order_by("source__day", "pk")}


def days(low: int, high: int) -> str:
    """A day known within bounds, in words."""
    if low == NEVER:
        return ""
    if low == ALWAYS:
        return _("not known")
    if low == high:
        return day_of(low).isoformat()
    return f"{day_of(low).isoformat()} – {day_of(high).isoformat()}"


@dataclass(frozen=True)
class Moved:
    """Rows that came, left or were corrected between two answers."""

    label: Text
    hint: Text
    rows: Sequence[RowShown]
    total: int


def compared(first: Behind, first_now: Behind, second: Behind) -> list[Moved]:
    """What stands between the first figure as it was known then and the second one as it is known later."""
    found: Change = change(first.keys, first_now.keys, second.keys)
    later = _("Was there on the first day already; we learned of it later.")
    mistaken = _("Was not there on the first day; we said so by mistake.")
    kinds = (
        (_("Came"), _("Counted on the second day, not yet on the first."), found.came, second),
        (_("Left"), _("Counted on the first day, no longer on the second."), found.left, first_now),
        (_("Corrected: added"), later, found.corrected_in, first_now),
        (_("Corrected: taken out"), mistaken, found.corrected_out, first),
    )
    return [
        Moved(label, hint, behind.shown([int(key) for key in keys[:ROWS_PAGE]]), len(keys))
        for label, hint, keys, behind in kinds
    ]
