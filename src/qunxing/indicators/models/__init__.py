"""What the indicators keep: definitions, and published figures."""

from qunxing.indicators.models.claims import UNIT_LENGTH, Claim, ClaimQuerySet, Precision, Status
from qunxing.indicators.models.definitions import GROWTHS, OF_TWO, Definition, Operation, Who
from qunxing.indicators.models.proposals import Proposal, Reading, ReadingText
from qunxing.indicators.models.reports import LONGEST_BODY, Every, Language, Report, ReportContent, ReportTemplate
from qunxing.indicators.models.returns import QuarterTotals, Return, ReturnTerms

__all__ = [
    "GROWTHS",
    "LONGEST_BODY",
    "OF_TWO",
    "UNIT_LENGTH",
    "Claim",
    "ClaimQuerySet",
    "Definition",
    "Every",
    "Language",
    "Operation",
    "Precision",
    "Proposal",
    "QuarterTotals",
    "Reading",
    "ReadingText",
    "Report",
    "ReportContent",
    "ReportTemplate",
    "Return",
    "ReturnTerms",
    "Status",
    "Who",
]
