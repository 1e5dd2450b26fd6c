"""Two people wrote at once: cells that only one of them touched are taken as they are, the others are asked about."""

from collections.abc import Mapping
from dataclasses import dataclass

from qunxing.challenges.bidform.cells import Cells


@dataclass(frozen=True)
class Clash:
    """A cell that both changed, each in their own way."""

    name: str
    opened: str
    theirs: str
    mine: str


def merge(opened: Mapping[str, str], theirs: Mapping[str, str], mine: Mapping[str, str]) -> tuple[Cells, list[Clash]]:
    """The cells of both, and those that clash, in which `mine` stands for the time being."""
    merged, clashes = {}, []
    for name in {**theirs, **mine}:
        before, other, own = (cells.get(name, "") for cells in (opened, theirs, mine))
        merged[name] = other if own == before else own
        if own not in {before, other} and other != before:
            clashes.append(Clash(name, before, other, own))
    return merged, clashes
