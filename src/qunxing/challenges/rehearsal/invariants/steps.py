"""Nothing moves but as its life has it."""

from collections.abc import Iterator

from qunxing.challenges.rehearsal.coverage import LIVES, edges_of, moves
from qunxing.challenges.rehearsal.invariants.found import Found
from qunxing.challenges.rehearsal.memory import Memory


def known(_memory: Memory) -> Iterator[Found]:
    for kind in LIVES:
        allowed = edges_of(kind)
        for ref, edge in moves(kind):
            yield Found.of(f"{kind.kind_code()} {ref}", edge in allowed, f"no step leads from {edge[0]} to {edge[1]}")
