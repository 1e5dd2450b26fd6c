"""The lists of this app."""

from qunxing.indicators.lists.claims import CLAIMS, TONES
from qunxing.indicators.lists.reports import REPORTS, TEMPLATES
from qunxing.indicators.lists.returns import RETURNS

__all__ = ["CLAIMS", "LISTS", "REPORTS", "RETURNS", "TEMPLATES", "TONES"]

LISTS = (CLAIMS, RETURNS, REPORTS, TEMPLATES)
