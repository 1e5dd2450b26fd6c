"""The dashboard, each of its charts alone, and the wall."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qunxing.core.charts import chart_table
from qunxing.core.downloads import table_response
from qunxing.core.formats import show_isoday
from qunxing.indicators.dashboard.panels import PANELS, Panel, Shown, shown
from qunxing.indicators.figures.periods import Span
from qunxing.indicators.figures.telling import Teller
from qunxing.indicators.queries.figures import Asked, part_label, value_of
from qunxing.indicators.views.asking import Asking

REFRESH = 300
# Told for no scope: those who have scenarios need not live here.
ANYWHERE = {"scenarios_live"}
HEADLINES = (
    "resident_firms", "core_firms", "filed_models", "registered_services", "algorithm_filings", "share_of_city_total",
    "rounds_closed", "scenarios_live",
)  # fmt: skip


def headlines(teller: Teller, asked: Asked) -> list[dict[str, Any]]:
    """The figures that stand in large numbers above the charts."""
    found = []
    for code in HEADLINES:
        indicator = teller.indicators.get(code)
        scope = "" if code in ANYWHERE else asked.scope
        for told in teller.ask(code, asked.day, scope, asked.span) if indicator is not None else ():
            label = f"{indicator.name} {part_label(indicator, told.code)}".strip() if indicator else ""
            found.append({"code": code, "label": label, "value": value_of(told, indicator.unit if indicator else "")})
    return found


@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    asking = Asking(request)
    if not asking.valid:
        return render(request, "indicators/figures/unasked.html", asking.words | {"title": _("Dashboard")}, status=422)
    context = asking.words | {
        "headlines": headlines(asking.teller, asking.asked),
        "panels": [panel_of(panel, asking) for panel in PANELS],
    }
    return render(request, "indicators/dashboard/dashboard.html", context)


def panel_of(panel: Panel, asking: Asking) -> Shown:
    place = _("everywhere") if panel.everywhere else asking.scope_name
    note = f"{place} · {show_isoday(asking.asked.day)}"
    return shown(panel, asking.teller, asking.asked, note)


@require_safe
def dashboard_panel(request: HttpRequest, code: str) -> HttpResponse:
    """One chart with its own day, its numbers as a table, and as a file."""
    panel = next((panel for panel in PANELS if panel.code == code), None)
    if panel is None:
        raise Http404
    asking = Asking(request)
    if not asking.valid:
        return render(request, "indicators/figures/unasked.html", asking.words | {"title": panel.title}, status=422)
    found = panel_of(panel, asking)
    kind = request.GET.get("format", "")
    if kind in {"csv", "xlsx"} and found.chart is not None:
        table = chart_table(found.chart)
        return table_response(kind, f"{code}-{asking.asked.day.isoformat()}", table.headings, table.rows)
    known = asking.teller.indicators
    behind = [known[one] for one in panel.of if one in known]
    return render(request, "indicators/dashboard/panel.html", asking.words | {"shown": found, "behind": behind})


@require_safe
def wall(request: HttpRequest) -> HttpResponse:
    """The whole screen, as everybody may see it, whoever is signed in; it asks again by itself."""
    public = Teller(AnonymousUser())
    narrowest = public.scopes[-1].code if public.scopes else ""
    widths = {scope.code: scope for scope in public.scopes}
    code = request.GET.get("scope", "")
    scope = code if code in widths else ("surroundings" if "surroundings" in widths else narrowest)
    asked = Asked(timezone.localdate(), scope, Span.MONTH)
    name = str(widths[scope]) if scope in widths else _("everywhere")
    note = f"{name} · {show_isoday(asked.day)}"
    found = [shown(panel, public, asked, note) for panel in PANELS]
    context = {
        "asked": asked,
        "scope_name": name,
        "community": public.scopes[0].community if public.scopes else None,
        "headlines": headlines(public, asked),
        "panels": [one for one in found if one.chart is not None],
        "refresh": REFRESH,
        "now": timezone.now(),
    }
    return render(request, "indicators/dashboard/wall.html", context)
