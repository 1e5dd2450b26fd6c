"""The ledger of funds, and of the rounds in which organisations were financed."""

from qunxing.funds.models.amounts import AmountKind, Precision
from qunxing.funds.models.funds import CircularParent, Commitment, Fund, FundKind, Level, Status
from qunxing.funds.models.rounds import Investment, Round
from qunxing.funds.models.vocabulary import Stage

__all__ = [
    "AmountKind",
    "CircularParent",
    "Commitment",
    "Fund",
    "FundKind",
    "Investment",
    "Level",
    "Precision",
    "Round",
    "Stage",
    "Status",
]
