"""Which rows lie in a scope on a day: by their own place, by whose they are, by the division they stand in."""

from dataclasses import dataclass

import numpy as np

from qunxing.core.columns import Coded, Keys, Mask
from qunxing.core.facttables import FactTable, Measure
from qunxing.indicators.engine.figures import Hold, Period, held


@dataclass(frozen=True)
class Circle:
    """A scope: residents of the community up to this width, and whoever stands in the division (none for "")."""

    community: int
    width: int
    division: str = ""


class Places:
    """Who is where: from the stays of organisations, and from the division of each."""

    def __init__(self, stays: FactTable, organizations: Keys, divisions: Coded) -> None:
        self.stays = stays
        self.organizations = organizations
        self.divisions = divisions
        self.most = int(max(stays.organizations.max(initial=0), organizations.max(initial=0))) + 1
        self.known: dict[tuple[Circle, int], Hold] = {}

    def within(self, table: FactTable, circle: Circle, day: int, rows: Keys | None = None) -> Hold:
        """The rows of the table, or those at these places, that lie in the circle on that day."""
        divisions = table.divisions if rows is None else table.divisions.take(rows)
        standing = divisions.starting(circle.division) if circle.division else np.zeros(len(divisions), dtype=bool)
        if table.widths is not None:
            here = in_circle(table, circle)
            stays = standing | (here if rows is None else here[rows])
            return Hold(stays, stays)
        inside = self.inside(circle, day)
        owners = table.organizations if rows is None else table.organizations[rows]
        keys = np.where((owners >= 0) & (owners < self.most), owners, self.most)
        return Hold(standing | inside.sure[keys], standing | inside.perhaps[keys])

    def inside(self, circle: Circle, day: int) -> Hold:
        """Flags by key of the organisations that are in the circle on that day; the last one is nobody's."""
        if (circle, day) not in self.known:
            self.known[circle, day] = self.found(circle, day)
        return self.known[circle, day]

    def found(self, circle: Circle, day: int) -> Hold:
        there = held(self.stays, Measure.STOCK, Period(day, day))
        here = in_circle(self.stays, circle)
        standing = self.organizations[self.divisions.starting(circle.division)] if circle.division else ()
        return Hold(self.flags(there.sure & here, standing), self.flags(there.perhaps & here, standing))

    def flags(self, stays: Mask, standing: Keys | tuple[()]) -> Mask:
        found = np.zeros(self.most + 1, dtype=bool)
        found[self.stays.organizations[stays]] = True
        found[np.asarray(standing, dtype=np.int64)] = True
        return found


def in_circle(table: FactTable, circle: Circle) -> Mask:
    """The rows whose own place is in the community and no wider."""
    if table.widths is None or table.communities is None:
        return np.zeros(len(table), dtype=bool)
    inside: Mask = (table.widths > 0) & (table.widths <= circle.width) & (table.communities == circle.community)
    return inside
