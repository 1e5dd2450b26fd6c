"""Chance that can be repeated: one seed decides what happens, what is drawn and what every row is called."""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from random import Random
from typing import TypeVar
from unittest.mock import patch

Any_ = TypeVar("Any_")


class Dice(Random):
    """Random, with the throws a rehearsal makes."""

    def happens(self, chance: float) -> bool:
        return self.random() < chance

    def deal(self, deck: Sequence[Any_], many: int) -> list[Any_]:
        """So many cards: every card once in a random order before any comes again."""
        dealt: list[Any_] = []
        while len(dealt) < many:
            dealt += self.sample(deck, len(deck))
        return dealt[:many]

    def hexes(self, length: int) -> str:
        return self.randbytes(length).hex()


@contextmanager
def repeatable(seed: int) -> Iterator[None]:
    """Let keys, references and nonces follow from the seed. For made-up data alone: nothing is secret then."""
    source = Random(f"secrets {seed}")  # noqa: S311 - to be repeated is the point
    with (
        patch.object(secrets, "randbelow", source.randrange),
        patch.object(secrets, "token_bytes", lambda size=32: source.randbytes(size)),
        patch.object(secrets, "token_hex", lambda size=32: source.randbytes(size).hex()),
    ):
        yield
