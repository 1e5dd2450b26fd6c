"""Quantities from Chinese prose: ranges with a unit, found, read, written and held against each other.

近400家 is under 400, 100余家 is over 100, 约5万张 is about 50,000, 1-2周 is from 1 to 2. No Django in here.
"""

from qunxing.indicators.quantities.finding import Mention, find_quantities
from qunxing.indicators.quantities.parsing import parse_quantity
from qunxing.indicators.quantities.ranges import Quantity, disjoint, notation, plain
from qunxing.indicators.quantities.units import Unit, conflicting, heading_units, unit_named

__all__ = [
    "Mention",
    "Quantity",
    "Unit",
    "conflicting",
    "disjoint",
    "find_quantities",
    "heading_units",
    "notation",
    "parse_quantity",
    "plain",
    "unit_named",
]
