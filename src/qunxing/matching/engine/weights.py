"""The numbers of the formula, as data: shipped with the program, or fitted on a community's own labels."""

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Self

FILE: Final = Path(__file__).with_name("weights.json")
# The weights of each release, by its version; the newest is what a change is held against.
RELEASES: Final = Path(__file__).with_name("releases")
RAREST: Final = 0.004
Numbers = Mapping[str, float]


@dataclass(frozen=True)
class Weights:
    """What each ingredient counts; every number is 0 or more.

    ``need``: a term by the field of the need it stands in. ``kinds``: words, pairs, characters.
    ``fields``: all of them by the field of the supply they stand in. ``codes``: points for sharing all codes.
    ``meaning``: points for each standard deviation by which the vectors are nearer than is usual.
    ``synonyms``: a synonym beside the word itself. ``k1`` and, by kind, ``b`` are those of BM25.
    ``plain``: how much less a term counts that needs often use, as a power; ``usual``: by kind, the share of needs that
    have the term (see `distinctions`).
    """

    need: Numbers = field(default_factory=lambda: {"title": 1.0, "text": 0.3, "history": 0.3})
    kinds: Numbers = field(default_factory=lambda: {"words": 0.3, "pairs": 0.3, "characters": 1.0})
    fields: Numbers = field(default_factory=lambda: {"title": 1.0, "text": 0.9, "history": 0.8})
    codes: float = 10.0
    meaning: float = 1.0
    synonyms: float = 0.8
    k1: float = 1.2
    b: Numbers = field(default_factory=lambda: {"words": 0.5, "pairs": 0.5, "characters": 0.75})
    plain: float = 0.5
    usual: Mapping[str, Numbers] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path = FILE) -> Self:
        """Those of a JSON file; what it does not name keeps its default."""
        return cls(**json.loads(path.read_text(encoding="utf-8")))

    def write(self, path: Path) -> None:
        path.write_text(json.dumps(self.as_dict(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    @cached_property
    def digest(self) -> str:
        """Tells one set of weights from another: the first 16 digits of a SHA-256 over the numbers."""
        text = json.dumps(self.as_dict(), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    @cached_property
    def distinctions(self) -> Mapping[str, Numbers]:
        """By kind, from 1 for a term that needs seldom use down to 0 for one that stands in all of them (公司, 研究).

        It is an inverse document frequency over needs instead of supplies (Sparck Jones 1972), between 0 and 1, raised
        to the power ``plain``; a term that is not named has 1.
        """
        least = math.log(RAREST)
        return {
            kind: {term: (math.log(min(share + RAREST, 1.0)) / least) ** self.plain for term, share in terms.items()}
            for kind, terms in self.usual.items()
        }


def last_release() -> tuple[str, Weights] | None:
    """Version and weights of the last release; none before the first one."""
    files = sorted(RELEASES.glob("*.json"), key=lambda file: tuple(map(int, file.stem.split("."))))
    return (files[-1].stem, Weights.read(files[-1])) if files else None


SHIPPED: Final = Weights.read()
