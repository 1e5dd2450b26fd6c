"""Who may do what with races; each part of the work has a module."""

from typing import Any

from qunxing.accounts.rules import grant
from qunxing.races.rules import entering, running

GRANTS: dict[Any, Any] = {**running.GRANTS, **entering.GRANTS}
grant(GRANTS)
