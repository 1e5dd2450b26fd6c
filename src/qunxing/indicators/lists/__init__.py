"""The lists of this app."""

from qunxing.indicators.lists.claims import CLAIMS, TONES
from qunxing.indicators.lists.proposals import READINGS
from qunxing.indicators.lists.reports import REPORTS, TEMPLATES
from qunxing.indicators.lists.returns import RETURNS

__all__ = ["CLAIMS", "LISTS", "READINGS", "REPORTS", "RETURNS", "TEMPLATES", "TONES"]

LISTS = (CLAIMS, READINGS, RETURNS, REPORTS, TEMPLATES)
