"""The panels of the dashboard, as data: what each draws, from which indicators."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from qunxing.core.errors import Text
from qunxing.indicators.dashboard.ecosystem import ecosystem
from qunxing.indicators.figures.catalogue import Indicator, fact_tables
from qunxing.indicators.figures.periods import Span, month_ends
from qunxing.indicators.figures.telling import Teller, Told
from qunxing.indicators.figures.words import middle
from qunxing.indicators.queries.figures import Asked, largest, part_label
from qunxing.indicators.showing import unit_word

MONTHS, LATELY = 36, 12
Chart = dict[str, Any]
Build = Callable[[Teller, Asked], Chart | None]


@dataclass(frozen=True)
class Panel:
    """A chart of the dashboard; `of` are the indicators behind it, `wide` takes the whole width.

    `everywhere` asks of no scope.
    """

    code: str
    title: Text
    icon: str
    build: Build
    of: tuple[str, ...] = ()
    wide: bool = False
    everywhere: bool = False


def known(teller: Teller, codes: Sequence[str]) -> list[str]:
    """The codes among these of which the reader may know."""
    return [code for code in codes if code in teller.indicators]


def lines_of(codes: Sequence[str], *, months: int = MONTHS, kind: str = "line", span: Span = Span.MONTH) -> Build:
    """A line or a group of bars for each indicator over so many months."""

    def build(teller: Teller, asked: Asked) -> Chart | None:
        found = known(teller, codes)
        ends = month_ends(asked.day, months)
        series = [
            {"name": str(teller.indicators[code].name), "data": numbers(teller, code, ends, asked.scope, span)}
            for code in found
        ]
        unit = teller.indicators[found[0]].unit if found else ""
        return drawn(kind, [f"{end:%Y-%m}" for end in ends], series, unit)

    return build


def numbers(teller: Teller, code: str, ends: Sequence[date], scope: str, span: Span) -> list[float | None]:
    return [number(teller.ask(code, end, scope, span)) for end in ends]


def number(parts: Sequence[Told]) -> float | None:
    """The figure to draw of an indicator that is not split; None where it is hidden or not known."""
    if len(parts) != 1 or parts[0].hidden or parts[0].undefined:
        return 0 if not parts else None
    return middle(parts[0].figure)


def residents_by_scope(teller: Teller, asked: Asked) -> Chart | None:
    """Residents in the space and in wider circles, which are different figures and both stand."""
    if not known(teller, ("resident_firms",)):
        return None
    ends = month_ends(asked.day, MONTHS)
    scopes = [scope for scope in teller.scopes if scope.code in {"space", "surroundings"}]
    series = [
        {"name": str(scope), "data": numbers(teller, "resident_firms", ends, scope.code, Span.MONTH)}
        for scope in scopes
    ]
    return drawn("line", [f"{end:%Y-%m}" for end in ends], series, "家")


def drawn(kind: str, labels: Sequence[str], series: Sequence[Mapping[str, Any]], unit: str) -> Chart | None:
    """The chart, or nothing where there is nothing but zeros to draw."""
    if not any(value for one in series for value in one["data"]):
        return None
    return {
        "type": kind, "labels": list(labels), "series": list(series), "unit": unit_word(unit),
        "whole": unit not in {"%", "元"},
    }  # fmt: skip


def standing_now(codes: Sequence[str], kind: str = "bar", *, everywhere: bool = False) -> Build:
    """One bar (or slice) for each indicator as of the day; `everywhere` where whose it is has no place in a scope."""

    def build(teller: Teller, asked: Asked) -> Chart | None:
        found = known(teller, codes)
        names = [str(teller.indicators[code].name) for code in found]
        scope = "" if everywhere else asked.scope
        data = [number(teller.ask(code, asked.day, scope, asked.span)) for code in found]
        chart = drawn(kind, names, [{"name": _("Number"), "data": data}], "个")
        return chart and {**chart, "across": kind == "bar"}

    return build


def by_dimension(code: str, dimension: str) -> Build:
    """The largest parts of an indicator in one dimension."""

    def build(teller: Teller, asked: Asked) -> Chart | None:
        if code not in teller.indicators:
            return None
        broken = {one.code: (one, parts) for one, parts in teller.breakdowns(code, asked.day, asked.scope, asked.span)}
        if dimension not in broken:
            return None
        one, parts = broken[dimension]
        shown = largest([told for told in parts if not told.hidden])
        labels = one.labels()
        names = [str(labels.get(told.code, told.code) or _("not told")).strip() for told in shown]
        series = [{"name": str(one.label), "data": [middle(told.figure) for told in shown]}]
        chart = drawn("bar", names, series, teller.indicators[code].unit)
        return chart and {**chart, "across": True}

    return build


def parts_of_split(code: str) -> Build:
    """A bar for each word by which an indicator is split, such as levels and currencies; they are not added up."""

    def build(teller: Teller, asked: Asked) -> Chart | None:
        if code not in teller.indicators:
            return None
        indicator = teller.indicators[code]
        order = split_order(indicator)
        told = [one for one in teller.ask(code, asked.day, "", asked.span) if not one.hidden]
        parts = sorted(told, key=lambda one: order.get(one.code, len(order)))
        names = [str(part_label(indicator, told.code)) for told in parts]
        chart = drawn("bar", names, [{"name": str(indicator.name), "data": list(map(in_yi, parts))}], "亿")
        return chart and {**chart, "across": True, "unit": _("hundred million (亿)"), "whole": False}

    return build


def split_order(indicator: Indicator) -> dict[str, int]:
    """{word: its place} of the words by which an indicator is split."""
    spec = indicator.spec
    found = fact_tables()[spec.facts].dimensions if spec is not None else ()
    labels = next((one.labels() for one in found if spec is not None and one.code == spec.split), {})
    return {code: place for place, code in enumerate(labels)}


def in_yi(told: Told) -> float | None:
    value = middle(told.figure)
    return None if value is None else round(value / 10**8, 2)


FILINGS = ("filed_models", "registered_services", "algorithm_filings")
FUNNEL = (
    "scenarios_to_date", "scenarios_live", "scenarios_matched", "scenarios_contracted",
    "challenges_published", "challenges_awarded", "contracts_signed",
)  # fmt: skip
PANELS = (
    Panel("growth", gettext_lazy("Firms in residence over time"), "trending-up", residents_by_scope,
          ("resident_firms",), wide=True),
    Panel("moves", gettext_lazy("Moved in, left, graduated"), "arrows-sort",
          lines_of(("firms_moved_in", "firms_left", "firms_graduated"), months=LATELY, kind="bar"),
          ("firms_moved_in", "firms_left", "firms_graduated")),
    Panel("models", gettext_lazy("Filings in force over time"), "file-certificate", lines_of(FILINGS), FILINGS),
    Panel("status", gettext_lazy("Models by status"), "chart-donut",
          standing_now((*FILINGS, "filings_in_process"), "donut"), (*FILINGS, "filings_in_process")),
    Panel("share", gettext_lazy("Share of the city's filed models"), "percentage",
          lines_of(("share_of_city_total",)), ("share_of_city_total",)),
    Panel("fields", gettext_lazy("Residents by technical field"), "tags", by_dimension("resident_firms", "field"),
          ("resident_firms",)),
    Panel("size", gettext_lazy("Residents by size"), "building-factory-2", by_dimension("resident_firms", "size"),
          ("resident_firms",)),
    Panel("ecosystem", gettext_lazy("Core firms and the stars around them"), "affiliate", ecosystem,
          ("core_firms", "resident_firms"), wide=True),
    Panel("funds", gettext_lazy("Funds by level"), "coins", parts_of_split("fund_size"), ("fund_size", "funds"),
          everywhere=True),
    Panel("funnel", pgettext_lazy("dashboard", "From scenario to contract"), "filter",
          standing_now(FUNNEL, everywhere=True), FUNNEL, everywhere=True),
)  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """A panel with its chart (None where there is nothing to draw) and what the chart says in words."""

    panel: Panel
    chart: Chart | None
    words: str


def shown(panel: Panel, teller: Teller, asked: Asked, note: str) -> Shown:
    chart = panel.build(teller, asked)
    if chart is None:
        return Shown(panel, None, "")
    return Shown(panel, {**chart, "title": str(panel.title), "note": note}, in_words(chart))


def in_words(chart: Chart) -> str:
    """The text alternative: how each line moved, or which bar is the longest."""
    if chart["type"] == "graph":
        return _("%(nodes)s organisations, %(links)s links.") % {
            "nodes": len(chart["nodes"]), "links": len(chart["links"])
        }  # fmt: skip
    if chart["type"] == "line":
        return " ".join(filter(None, (moved(one, chart["labels"]) for one in chart["series"])))
    first = chart["series"][0]
    pairs = [(value, label) for value, label in zip(first["data"], chart["labels"], strict=True) if value is not None]
    if not pairs:
        return ""
    most, label = max(pairs, key=lambda pair: pair[0])
    words = {"name": first["name"], "label": label, "value": f"{most:,}", "number": len(pairs)}
    return _("%(name)s: the most is %(label)s with %(value)s, of %(number)s in all.") % words


def moved(series: Mapping[str, Any], labels: Sequence[str]) -> str:
    told = [(value, label) for value, label in zip(series["data"], labels, strict=True) if value is not None]
    if len(told) < 2:
        return ""
    (first, since), (last, until) = told[0], told[-1]
    words = {"name": series["name"], "first": f"{first:,}", "last": f"{last:,}", "since": since, "until": until}
    return _("%(name)s: from %(first)s in %(since)s to %(last)s in %(until)s.") % words
