"""The ledger of funds, and of the rounds in which organisations were financed."""

from qunxing.funds.models.amounts import Precision
from qunxing.funds.models.funds import Commitment, Fund, FundKind, Level, Status
from qunxing.funds.models.rounds import Investment, Round
from qunxing.funds.models.vocabulary import Stage

__all__ = [
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
