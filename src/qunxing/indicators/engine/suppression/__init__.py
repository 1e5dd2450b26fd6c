"""Small cells of published tables: hidden such that nothing that is published gives them back.

What whoever subtracts is taken to know: all that is published, which figures are sums of which, that counts are
whole numbers, that a cell shown as "<3" is 1 or 2 and one shown as "·" at least 1. Zeros are published: they speak of
nobody, and where there is nothing is seldom a secret. For every hidden cell there is another table that shows exactly
the same and differs in that cell, so that no subtraction, over rows, columns, totals or further tables, works it out.
"""

from qunxing.indicators.engine.suppression.attack import attack
from qunxing.indicators.engine.suppression.bands import BANDS, Band, band, banded
from qunxing.indicators.engine.suppression.money import Money, is_dominated, protect_money
from qunxing.indicators.engine.suppression.protect import THRESHOLD, Hidden, Protected, protect, protect_related
from qunxing.indicators.engine.suppression.tables import (
    Counts,
    Name,
    from_list,
    from_sets,
    from_table,
    from_tree,
    joined,
)

__all__ = [
    "BANDS",
    "THRESHOLD",
    "Band",
    "Counts",
    "Hidden",
    "Money",
    "Name",
    "Protected",
    "attack",
    "band",
    "banded",
    "from_list",
    "from_sets",
    "from_table",
    "from_tree",
    "is_dominated",
    "joined",
    "protect",
    "protect_money",
    "protect_related",
]
