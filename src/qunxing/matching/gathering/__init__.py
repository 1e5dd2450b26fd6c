"""What the ledgers say of scenarios, firms, funds and offers, as the engine takes it; a constant number of queries."""

from collections.abc import Sequence
from typing import Final

from qunxing.ledger.models import Visibility

# Profiles and facts of candidates come from rows open to all who are signed in: no reason can carry an internal row.
COMMUNITY: Final[Sequence[Visibility]] = (Visibility.PUBLIC, Visibility.COMMUNITY)
EVERYTHING: Final[Sequence[Visibility]] = tuple(Visibility)
