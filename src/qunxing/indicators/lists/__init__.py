"""The lists of this app."""

from qunxing.indicators.lists.claims import CLAIMS, TONES
from qunxing.indicators.lists.returns import RETURNS

__all__ = ["CLAIMS", "LISTS", "RETURNS", "TONES"]

LISTS = (CLAIMS, RETURNS)
