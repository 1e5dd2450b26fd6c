"""Nothing moves but as its life has it."""

from collections.abc import Iterator

from qunxing.challenges.rehearsal.coverage import edges_of, moves
from qunxing.challenges.rehearsal.invariants import steps
from qunxing.challenges.rehearsal.invariants.found import Found
from qunxing.races.rehearsal.coverage import LIVES
from qunxing.races.rehearsal.memory import RaceMemory


def known(memory: RaceMemory) -> Iterator[Found]:
    """Of races, and of what they have from challenges."""
    for kind in LIVES:
        allowed = edges_of(kind)
        for ref, edge in moves(kind):
            yield Found.of(f"{kind.kind_code()} {ref}", edge in allowed, f"no step leads from {edge[0]} to {edge[1]}")
    yield from steps.known(memory)
