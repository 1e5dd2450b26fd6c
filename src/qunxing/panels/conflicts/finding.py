"""Ties between experts and items, found over plain data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any


@dataclass(frozen=True)
class Found:
    """A tie between an expert and an item (None: the issuer), and what it rests on."""

    expert: int
    item: int | None
    kind: str
    origin: str
    evidence: tuple[Mapping[str, Any], ...] = field(default=())

    @property
    def key(self) -> str:
        """The same for the same tie on the same ground."""
        grounds = "|".join(sorted(f"{one.get('ref') or one.get('value')}" for one in self.evidence))
        return sha256(f"{self.expert}:{self.item}:{self.kind}:{self.origin}:{grounds}".encode()).hexdigest()
