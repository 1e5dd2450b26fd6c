"""What is matched, and what a match is, as plain data."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple, Self

# Where words of a profile stand, weightiest first.
FIELDS: Final = ("title", "text", "history")
CODES: Final = "codes"
# The parts of a score in the order in which they are shown: words by the field of the supply they stand in, pairs of
# characters and characters in any of its fields, vocabulary codes that both have, nearness of meaning.
PARTS: Final = (*FIELDS, "pairs", "characters", CODES, "meaning")
# Those that terms give.
TERM_PARTS: Final = PARTS[:-1]


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
    """A candidate with its score; ``values`` are what each of PARTS gives, and add up to it."""

    key: str
    score: float
    values: tuple[float, ...]

    @classmethod
    def of(cls, key: str, score: float, parts: Mapping[str, float]) -> Self:
        return cls(key, score, tuple(parts.get(name, 0.0) for name in PARTS))

    @property
    def parts(self) -> tuple[Part, ...]:
        """Those that give something."""
        return tuple(Part(name, value) for name, value in zip(PARTS, self.values, strict=False) if value)


@dataclass(frozen=True, slots=True)
class Hit:
    """A term that both sides have, the fields it stands in, what it gave to the score, and to which part of it."""

    term: str
    need_field: str
    supply_field: str
    value: float
    part: str
