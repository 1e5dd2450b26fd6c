"""Standings as they are drawn: intervals as bars on one scale."""

from collections.abc import Iterable
from dataclasses import dataclass

from qunxing.panels.queries.progress import StandingRow

WIDTH = 200.0


@dataclass(frozen=True)
class BarRow:
    """A standing, the places of its marks on a drawing `WIDTH` wide, and whether it shares a band with the next."""

    row: StandingRow
    low: str
    high: str
    at: str
    raw: str
    joined: bool


def bars_of(rows: Iterable[StandingRow]) -> list[BarRow]:
    every = list(rows)
    values = [value for row in every for value in values_of(row) if value is not None]
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    scale = WIDTH / (high - low) if high > low else 1.0
    after: list[StandingRow | None] = [*every[1:], None][: len(every)]
    return [bar_of(row, low, scale, follower) for row, follower in zip(every, after, strict=True)]


def values_of(row: StandingRow) -> tuple[float | None, ...]:
    one = row.standing
    return one.low, one.high, one.calibrated, raw_of(row)


def raw_of(row: StandingRow) -> float | None:
    """The mean by which the rules go."""
    found: float | None = row.standing.trimmed_mean if row.by_trimmed else row.standing.raw_mean
    return found


def bar_of(row: StandingRow, low: float, scale: float, follower: StandingRow | None) -> BarRow:
    places = ["" if value is None else f"{(value - low) * scale:.1f}" for value in values_of(row)]
    band = row.standing.band
    joined = follower is not None and band is not None and follower.standing.band == band
    return BarRow(row, places[0], places[1], places[2], places[3], joined)
