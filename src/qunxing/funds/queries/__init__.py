"""Reads of the funds: sums that may be made, and what stands on a fund's page."""

from qunxing.funds.queries.families import Branch, family_of
from qunxing.funds.queries.parts import FundParts, parts_of, round_parts
from qunxing.funds.queries.totals import (
    Financing,
    FinancingTotals,
    FundTotals,
    LeftOut,
    Total,
    financing_totals,
    fund_totals,
)
from qunxing.funds.queries.words import stage_names, stage_options

__all__ = [
    "Branch",
    "Financing",
    "FinancingTotals",
    "FundParts",
    "FundTotals",
    "LeftOut",
    "Total",
    "family_of",
    "financing_totals",
    "fund_totals",
    "parts_of",
    "round_parts",
    "stage_names",
    "stage_options",
]
