"""Figures over the API: the same numbers the pages show this reader."""

import math
from typing import Any

from django.http import Http404, HttpRequest
from ninja import Router

from qunxing.core.errors import Problem
from qunxing.indicators.figures.catalogue import Indicator
from qunxing.indicators.figures.telling import Told
from qunxing.indicators.figures.words import remarks
from qunxing.indicators.queries.figures import ROWS_PAGE, Behind, value_of
from qunxing.indicators.views.asking import Asking

router = Router(tags=["indicators"])


def asked(request: HttpRequest) -> Asking:
    """The question of the address; Problem (422) with what is wrong with it."""
    asking = Asking(request)
    if not asking.valid:
        errors = asking.form.errors.get_json_data()
        words = " ".join(f"{name}: {error['message']}" for name, found in errors.items() for error in found)
        raise Problem(words, status=422)
    return asking


def frame(asking: Asking) -> dict[str, Any]:
    """On what the figures rest."""
    return {
        "as_of": asking.asked.day.isoformat(),
        "known_at": asking.known_at.isoformat() if asking.known_at else None,
        "scope": asking.asked.scope,
        "span": asking.asked.span,
        "over_all_rows": asking.teller.sees_all,
    }


def figure_out(indicator: Indicator, told: Told) -> dict[str, Any]:
    """A figure as plain data; ends that are not told are null, `shown` is what the pages write."""
    open_to_reader = not told.hidden
    return {
        "part": told.code,
        "low": end(told.figure.low) if open_to_reader else None,
        "high": end(told.figure.high) if open_to_reader else None,
        "low_open": told.figure.low_open if open_to_reader else None,
        "high_open": told.figure.high_open if open_to_reader else None,
        "undisclosed": told.figure.undisclosed if open_to_reader else None,
        "shown": value_of(told, indicator.unit),
        "remarks": [str(word) for word in remarks(told.figure, undefined=told.undefined)] if open_to_reader else [],
    }


def end(value: float) -> float | None:
    return None if math.isnan(value) else value


def indicator_out(asking: Asking, indicator: Indicator) -> dict[str, Any]:
    asked = asking.asked
    told = asking.teller.ask(indicator.code, asked.day, asked.scope, asked.span)
    return {
        "code": indicator.code,
        "name": str(indicator.name),
        "counts": str(indicator.counts),
        "unit": indicator.unit,
        "told_as_of": asking.teller.told_day(indicator, asked.day).isoformat(),
        "figures": [figure_out(indicator, one) for one in told],
    }


def the_indicator(asking: Asking, code: str) -> Indicator:
    found = asking.teller.indicators.get(code)
    if found is None:
        raise Http404
    return found


@router.get("/indicators")
def indicators(request: HttpRequest) -> dict[str, Any]:
    """Every indicator's figure; takes as_of, known_at, scope (a code or "all") and span (month, quarter, year)."""
    asking = asked(request)
    return frame(asking) | {"indicators": [indicator_out(asking, one) for one in asking.teller.indicators.values()]}


@router.get("/indicators/{code}")
def indicator(request: HttpRequest, code: str) -> dict[str, Any]:
    """One indicator with its breakdowns."""
    asking = asked(request)
    found = the_indicator(asking, code)
    wish = asking.asked
    parts = asking.teller.breakdowns(code, wish.day, wish.scope, wish.span)
    broken = {dimension.code: [figure_out(found, one) for one in told] for dimension, told in parts}
    return frame(asking) | indicator_out(asking, found) | {"breakdowns": broken}


@router.get("/indicators/{code}/rows")
def indicator_rows(request: HttpRequest, code: str, page: int = 1) -> dict[str, Any]:
    """The records behind a figure, a page of them; not there for who gets a total without its rows."""
    asking = asked(request)
    found = the_indicator(asking, code)
    if not asking.teller.tells_rows(found):
        raise Http404
    behind = Behind(asking.teller, found, asking.asked)
    shown = behind.page(max(page, 1))
    listed = [
        {"ref": row.record.ref, "name": str(row.record), "since": row.since, "until": row.until, "sure": row.sure}
        for row in shown
    ]
    last = -(-len(behind.keys) // ROWS_PAGE) or 1
    return frame(asking) | {"total": len(behind.keys), "page": page, "pages": last, "rows": listed}
