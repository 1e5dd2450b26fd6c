"""The numbers of the formula, as data: shipped with the program, or fitted on a community's own labels."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Self

FILE: Final = Path(__file__).with_name("weights.json")


@dataclass(frozen=True)
class Weights:
    """What each ingredient counts.

    ``need``: a term's weight by the field of the need it stands in. ``parts``: each part's weight.
    ``k1`` and ``b`` are those of BM25.
    """

    need: Mapping[str, float] = field(default_factory=lambda: {"title": 5.0, "text": 1.0, "history": 0.5})
    parts: Mapping[str, float] = field(
        default_factory=lambda: {"title": 1.0, "text": 0.5, "history": 0.35, "pairs": 0.5, "codes": 1.0, "meaning": 5.0}
    )
    k1: float = 1.2
    b: float = 0.5

    @classmethod
    def read(cls, path: Path = FILE) -> Self:
        """Those of a JSON file; what it does not name keeps its default."""
        return cls(**json.loads(path.read_text(encoding="utf-8")))

    def write(self, path: Path) -> None:
        path.write_text(json.dumps(self.as_dict(), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    @cached_property
    def digest(self) -> str:
        """Tells one set of weights from another: the first 16 digits of a SHA-256 over the numbers."""
        text = json.dumps(self.as_dict(), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


SHIPPED: Final = Weights()
