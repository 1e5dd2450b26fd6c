"""The lists of this app."""

from qunxing.indicators.lists.claims import CLAIMS, TONES

__all__ = ["CLAIMS", "LISTS", "TONES"]

LISTS = (CLAIMS,)
