"""Figures: all at a glance, one whole, the rows behind it, two days compared, its definition over time."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qunxing.core.downloads import table_response
from qunxing.core.facttables import Measure
from qunxing.core.formats import show_isoday
from qunxing.indicators.figures.catalogue import Indicator
from qunxing.indicators.figures.periods import first_of
from qunxing.indicators.figures.telling import Teller
from qunxing.indicators.figures.words import remarks
from qunxing.indicators.forms.asking import AskingForm, end_of
from qunxing.indicators.models import Definition
from qunxing.indicators.queries.claims import claims_of
from qunxing.indicators.queries.figures import (
    ROWS_PAGE,
    Asked,
    Behind,
    Overview,
    RowShown,
    broken,
    compared,
    part_label,
    trend_chart,
    value_of,
)
from qunxing.indicators.rules import Permission
from qunxing.indicators.showing import unit_word
from qunxing.indicators.views.asking import Asking
from qunxing.ledger.edges import record_context

# Rows shown on a figure's own page.
ROWS_FIRST = 10


def answered(build: Callable[[HttpRequest, Asking, Indicator], HttpResponse]) -> Callable[..., HttpResponse]:
    """A page about one indicator: a question that is not understood is shown again, with what is wrong (422)."""

    def view(request: HttpRequest, code: str) -> HttpResponse:
        asking = Asking(request)
        indicator = asking.indicator(code)
        if not asking.valid:
            context = asking.words | {"indicator": indicator, "title": indicator.name}
            return render(request, "indicators/figures/unasked.html", context, status=422)
        return build(request, asking, indicator)

    view.__name__ = build.__name__
    view.__doc__ = build.__doc__
    return require_safe(view)


@require_safe
def indicator_list(request: HttpRequest) -> HttpResponse:
    """Every indicator with its figure as of a day."""
    asking = Asking(request)
    if not asking.valid:
        context = asking.words | {"title": _("Indicators")}
        return render(request, "indicators/figures/unasked.html", context, status=422)
    overview = Overview(asking.teller, asking.asked).fill()
    context = asking.words | {
        "sections": overview.sections,
        "may_derive": request.user.has_perm(Permission.DEFINE_INDICATOR),
    }
    return render(request, "indicators/figures/overview.html", context)


@answered
def indicator_detail(request: HttpRequest, asking: Asking, indicator: Indicator) -> HttpResponse:
    """One figure: what it is, how it moved, of what it is made, which rows and claims stand beside it."""
    teller, asked = asking.teller, asking.asked
    access = teller.access(indicator)
    behind = Behind(teller, indicator, asked)
    parts = [
        {"label": part_label(indicator, told.code), "value": value_of(told, indicator.unit),
         "remarks": remarks(told.figure, undefined=told.undefined)}
        for told in behind.parts
    ]  # fmt: skip
    shows_rows, known = teller.tells_rows(indicator), teller.indicators
    context = asking.words | {
        "indicator": indicator,
        "parts": parts,
        "access": access,
        "unit_word": unit_word(indicator.unit),
        "told_day": (told_day := teller.told_day(indicator, asked.day)),
        "first_day": first_day(asking, indicator, told_day),
        "trend": trend_of(asking, indicator),
        "breakdowns": breakdowns_of(asking, indicator),
        "rows": behind.shown(behind.keys[:ROWS_FIRST]) if shows_rows else [],
        "row_total": len(behind.keys) if shows_rows else 0,
        "shows_rows": shows_rows,
        "made_of": [known[code] for code in (indicator.base, indicator.operand) if code in known],
        "claims": claims_of(indicator.code, user=request.user),
        "definition": Definition.objects.visible_to(request.user).filter(code=indicator.code).first(),
        "may_change": request.user.has_perm(Permission.DEFINE_INDICATOR),
    }
    return render(request, "indicators/figures/figure.html", context)


def first_day(asking: Asking, indicator: Indicator, last: date) -> date | None:
    """The first day of the period that the figure is about; None of one that is about a day."""
    spec = asking.teller.own.counted_as(indicator)
    if spec is None or spec.measure not in {Measure.ENTERED, Measure.LEFT}:
        return None
    return first_of(last, asking.teller.told_span(indicator, asking.asked.span))


def trend_of(asking: Asking, indicator: Indicator) -> dict[str, Any] | None:
    asked = asking.asked
    trend = asking.teller.trend(indicator.code, asked.day, asked.scope, span=asked.span)
    return trend_chart(indicator, trend, f"{asking.scope_name} · {show_isoday(asked.day)}")


def breakdowns_of(asking: Asking, indicator: Indicator) -> list[Any]:
    asked = asking.asked
    found = asking.teller.breakdowns(indicator.code, asked.day, asked.scope, asked.span)
    return [broken(dimension, parts, indicator.unit) for dimension, parts in found if parts]


@answered
def indicator_rows(request: HttpRequest, asking: Asking, indicator: Indicator) -> HttpResponse:
    """All rows behind a figure, as a page or as a file."""
    if not asking.teller.tells_rows(indicator):
        raise Http404
    behind = Behind(asking.teller, indicator, asking.asked)
    if (kind := request.GET.get("format", "")) in {"csv", "xlsx"}:
        name = f"{indicator.code}-{asking.asked.day.isoformat()}"
        return table_response(
            kind, name, [_("Record"), _("Since"), _("Until"), _("Sure"), _("Reference")], lines(behind)
        )
    page = Paginator(behind.keys, ROWS_PAGE).get_page(request.GET.get("page"))
    context = asking.words | {
        "indicator": indicator,
        "page": page,
        "rows": behind.shown(list(page.object_list)),
        "total": len(behind.keys),
    }
    return render(request, "indicators/figures/rows.html", context)


def lines(behind: Behind) -> Iterator[list[object]]:
    for row in all_rows(behind):
        yield [str(row.record), row.since, row.until, _("yes") if row.sure else _("perhaps"), row.record.ref]


def all_rows(behind: Behind) -> Iterator[RowShown]:
    for start in range(0, len(behind.keys), ROWS_PAGE * 10):
        yield from behind.shown(behind.keys[start : start + ROWS_PAGE * 10])


@answered
def indicator_compare(request: HttpRequest, asking: Asking, indicator: Indicator) -> HttpResponse:
    """The figure on this day beside that on an earlier one: what came, what left, what was corrected."""
    if not asking.teller.tells_rows(indicator):
        raise Http404
    other = AskingForm(
        {"as_of": request.GET.get("from", ""), "known_at": request.GET.get("from_known_at", "")},
        scopes=asking.teller.scopes,
        today=asking.today,
    )
    if not other.is_valid():
        context = asking.words | {"indicator": indicator, "title": indicator.name, "form": other}
        return render(request, "indicators/figures/unasked.html", context, status=422)
    day, known_at = other.cleaned_data["as_of"], other.cleaned_data["known_at"]
    first = Asked(day, asking.asked.scope, asking.asked.span)
    then = Teller(request.user, end_of(known_at)) if known_at else asking.teller
    one, again = Behind(then, indicator, first), Behind(asking.teller, indicator, first)
    two = Behind(asking.teller, indicator, asking.asked)
    context = asking.words | {
        "indicator": indicator,
        "from_day": day,
        "from_known_at": known_at,
        "first": [value_of(told, indicator.unit) for told in one.parts],
        "first_now": [value_of(told, indicator.unit) for told in again.parts],
        "second": [value_of(told, indicator.unit) for told in two.parts],
        "moved": compared(one, again, two),
    }
    return render(request, "indicators/figures/compare.html", context)


@require_safe
def indicator_history(request: HttpRequest, code: str) -> HttpResponse:
    """The definition as a record: its words, and every change of them."""
    definition = get_object_or_404(Definition.objects.visible_to(request.user), code=code)
    if code not in Teller(request.user).indicators and not definition.retired:
        raise Http404
    context = record_context(request, definition)
    context |= {
        "may_change": request.user.has_perm(Permission.DEFINE_INDICATOR, definition),
        "figure_url": "" if definition.retired else reverse("indicators:indicator-detail", args=[code]),
    }
    return render(request, "indicators/figures/definition.html", context)
