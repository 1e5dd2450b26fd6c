"""Who may do what with open challenges; each part of the work has a module."""

from typing import Any

from qunxing.accounts.rules import grant
from qunxing.challenges.rules import bids, boards, calls, deciding, delivering

GRANTS: dict[Any, Any] = {**calls.GRANTS, **boards.GRANTS, **bids.GRANTS, **deciding.GRANTS, **delivering.GRANTS}
grant(GRANTS)
