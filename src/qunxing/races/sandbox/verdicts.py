"""How a run of a scorer ended, and what it may use. No Django in here."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """How a run ended. `CRASHED` may still hold scores: of all items but those in `faults`; `CANCELLED` is ours."""

    OK = "ok"
    CRASHED = "crashed"
    TIMEOUT = "timeout"
    MEMORY = "memory"
    OUTPUT = "output"
    FORBIDDEN = "forbidden"
    BAD_RESULT = "bad_result"
    REFUSED = "refused"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Limits:
    """What one run may use. `seconds` is by the clock, `output_bytes` bounds each of: what it prints, what it leaves in
    its folder; `result_bytes` bounds the scores.
    """

    seconds: float = 60.0
    cpu_seconds: int = 60
    memory_bytes: int = 2 << 30
    output_bytes: int = 8 << 20
    result_bytes: int = 64 << 20
    scorer_bytes: int = 1 << 20


@dataclass(frozen=True)
class Verdict:
    """A run's end. `words` says it for staff in English, with the scorer's line where there is one; `printed` is the
    end of what the scorer printed, which may hold the key: for staff alone.

    `items` has each item of the key, None for one without a score; `overall` is None unless the run was good.
    `layers` were in force, `absent` were not, each with the reason; `open` is why a run was refused.
    """

    kind: Kind
    words: str = ""
    overall: float | None = None
    items: Mapping[str, float | None] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)
    printed: str = ""
    layers: tuple[str, ...] = ()
    absent: Mapping[str, str] = field(default_factory=dict)
    open: tuple[str, ...] = ()
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    memory_bytes: int = 0
    scorer_digest: str = ""

    @property
    def good(self) -> bool:
        return self.kind is Kind.OK

    @property
    def digest(self) -> str:
        """SHA-256 of what was found, apart from time and machine; the same entry gives the same one."""
        found = {
            "kind": self.kind,
            "overall": self.overall,
            "items": dict(self.items),
            "faults": dict(self.faults),
            "scorer": self.scorer_digest,
        }
        text = json.dumps(found, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def as_json(self) -> dict[str, Any]:
        return asdict(self)
