"""What a rehearsal remembers beside the database, so that the database can be held against it."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

PHRASE = re.compile(rb"hush[0-9a-f]{16}")


@dataclass(frozen=True)
class Broken:
    """Something that must not be: which rule it breaks, what it is about, and how."""

    rule: str
    subject: str
    detail: str


@dataclass(frozen=True)
class Planted:
    """An expert with a tie to an organisation, known from before any panel was planned; `why` names the tie."""

    expert: int
    organization: int
    why: str


@dataclass(frozen=True)
class Handed:
    """A version as it was handed in: what the draft said, and when it arrived."""

    content: str
    at: datetime
    phrase: str


@dataclass
class Memory:
    """`sealed` phrases must be nowhere in the clear; those that were lawfully opened may be."""

    sealed: set[str] = field(default_factory=set)
    opened: set[str] = field(default_factory=set)
    handed: dict[tuple[str, int], Handed] = field(default_factory=dict)
    planted: list[Planted] = field(default_factory=list)
    objectors: set[str] = field(default_factory=set)
    leaders: set[str] = field(default_factory=set)
    archives: list[Any] = field(default_factory=list)
    broken: list[Broken] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    crashes: Counter[str] = field(default_factory=Counter)
    checked: Counter[str] = field(default_factory=Counter)

    def breaks(self, rule: str, subject: Any, detail: str) -> None:
        self.broken.append(Broken(rule, str(subject), detail))

    def counts(self) -> Mapping[str, Mapping[str, int]]:
        return {name: dict(sorted(getattr(self, name).items())) for name in ("done", "refused", "crashes", "checked")}
