"""A board as it is drawn: scores as they are read, and intervals as bars on one scale."""

from dataclasses import dataclass

from qunxing.core.errors import Text
from qunxing.races.queries.boards import Board, BoardRow
from qunxing.races.reads import span_of

WIDTH = 200.0


@dataclass(frozen=True)
class Bar:
    """The places of an interval's marks on a drawing `WIDTH` wide, empty where there is none."""

    low: str = ""
    high: str = ""
    at: str = ""


@dataclass(frozen=True)
class DrawnRow:
    """A row with its words: `ranks` is the span of ranks that cannot be told apart, `joined` its group's next."""

    row: BoardRow
    score: str
    span: str
    ranks: str
    bar: Bar
    joined: bool


@dataclass(frozen=True)
class Drawn:
    rows: tuple[DrawnRow, ...]
    label: Text
    better: Text
    intervals: bool


def drawn(board: Board) -> Drawn:
    """The board's rows with their marks on one scale."""
    values = [value for row in board.rows for value in marks_of(board, row) if value is not None]
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    scale = WIDTH / (high - low) if high > low else 1.0
    after = [*board.rows[1:], None][: len(board.rows)]
    rows = tuple(drawn_row(board, row, follower, low, scale) for row, follower in zip(board.rows, after, strict=True))
    intervals = any(row.bar.low for row in rows)
    return Drawn(rows, board.scale.label, board.scale.better, intervals)


def drawn_row(board: Board, row: BoardRow, follower: BoardRow | None, low: float, scale: float) -> DrawnRow:
    place = row.place
    joined = follower is not None and place.group is not None and follower.place.group == place.group
    return DrawnRow(
        row,
        board.scale.show(place.score),
        board.scale.span(place.low, place.high),
        ranks_of(row),
        bar_of(board, row, low, scale),
        joined,
    )


def ranks_of(row: BoardRow) -> str:
    first, last = row.place.rank_low, row.place.rank_high
    if first is None or last is None:
        return ""
    return span_of(first, last)


def marks_of(board: Board, row: BoardRow) -> list[float | None]:
    """(low, high, score), the interval not beyond the ends of the scale."""
    ends = (row.place.low, row.place.high)
    return [*(None if value is None else board.scale.within(value) for value in ends), row.place.score]


def bar_of(board: Board, row: BoardRow, low: float, scale: float) -> Bar:
    marks = marks_of(board, row)
    if None in marks:
        return Bar()
    return Bar(*(f"{(value - low) * scale:.1f}" for value in marks if value is not None))
