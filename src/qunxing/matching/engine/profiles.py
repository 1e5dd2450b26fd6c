"""What is matched, and what a match is, as plain data."""

from dataclasses import dataclass
from typing import Final, NamedTuple

# Where words of a profile stand, weightiest first.
FIELDS: Final = ("title", "text", "history")


@dataclass(frozen=True, slots=True)
class Profile:
    """One side of a match: a scenario, a firm with its products and models, a fund, an offer.

    ``title`` is what it is called, ``text`` what it says of itself, ``history`` what it delivered and filed;
    ``codes`` are vocabulary codes that both sides share.
    """

    key: str
    title: str
    text: str = ""
    history: str = ""
    codes: tuple[str, ...] = ()


class Part(NamedTuple):
    """A named share of a score."""

    name: str
    value: float


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with its score, which is the sum of its parts."""

    key: str
    score: float
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A term that both sides have, the fields it stands in, what it gave to the score, and to which part of it."""

    term: str
    need_field: str
    supply_field: str
    value: float
    part: str
