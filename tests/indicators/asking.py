"""Asking for one figure in tests."""

from datetime import date
from typing import Any

from qunxing.directory.models import Scope
from qunxing.indicators.engine.figures import Figure
from qunxing.indicators.figures.asking import Ledgers, circle_of
from qunxing.indicators.figures.periods import Span

DAY = date(2025, 6, 30)


def parts(
    code: str,
    day: date = DAY,
    *,
    scope: Scope | None = None,
    user: Any = None,
    span: Span = Span.YEAR,
    known_at: Any = None,
) -> dict[str, tuple[float, float]]:
    """{word it is split by: its low and high end} of an indicator, over a year unless told otherwise."""  # fmt: skip
    answer = Ledgers(user, known_at).ask(code, day, circle_of(scope), span)
    return {part.code: (part.figure.low, part.figure.high) for part in answer.parts}


def figure(code: str, day: date = DAY, **words: Any) -> Figure:
    answer = Ledgers(words.get("user"), words.get("known_at")).ask(
        code, day, circle_of(words.get("scope")), words.get("span", Span.YEAR)
    )
    return answer.figure


def number(code: str, day: date = DAY, **words: Any) -> float:
    """The figure where it is exact."""
    found = figure(code, day, **words)
    assert found.exact, found
    return found.low
