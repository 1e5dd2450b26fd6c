"""A fund among its parents and children, as the reader may see them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any

from qunxing.core.money import show_range
from qunxing.funds.lineage import ancestors, descendants
from qunxing.funds.models import Fund
from qunxing.funds.queries.totals import parent_links

LARGEST_FAMILY = 200
INDENT = "\u3000"


@dataclass
class Branch:
    """A fund of the tree with what stands below it; `here` marks the one whose page it is."""

    fund: Fund
    here: bool = False
    children: "list[Branch]" = field(default_factory=list)

    def below(self, fund: Fund) -> "list[Branch]":
        """The branches right below that fund, wherever in the tree it stands."""
        if self.fund.pk == fund.pk:
            return self.children
        return [found for child in self.children for found in child.below(fund)]

    def rows(self, depth: int = 0) -> "Iterator[tuple[str, Branch]]":
        """The tree line by line, each with what sets it in."""
        yield INDENT * depth, self
        for child in self.children:
            yield from child.rows(depth + 1)

    @property
    def size(self) -> str:
        return "" if self.fund.size.undisclosed else show_range(self.fund.size)


def family_of(fund: Fund, *, user: Any) -> Branch | None:
    """The tree from the topmost fund above to all below, in two queries; None for a fund that stands alone.

    A fund the reader may not see ends the line, above as below.
    """
    above = parent_links()
    higher = list(ancestors(fund.pk, above))
    lower = list(descendants(fund.pk, above))[:LARGEST_FAMILY]
    shown = Fund.objects.visible_to(user).in_bulk([*higher, *lower])
    branches = {key: Branch(shown[key]) for key in lower if key in shown}
    top = branches[fund.pk] = Branch(fund, here=True)
    for key in lower:
        parent = above[key]
        if key in branches and parent in branches:
            branches[parent].children.append(branches[key])
    for key in takewhile(shown.__contains__, higher):
        top = Branch(shown[key], children=[top])
    return top if top.children else None
