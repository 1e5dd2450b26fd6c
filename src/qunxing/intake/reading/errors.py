"""The one error of reading a file."""

from qunxing.core.errors import Refused
from qunxing.core.reasons import Reason


class ReadingError(Refused):
    """A file that cannot be read as a table, and where in it; row and column count from 1, as the person sees them."""

    def __init__(
        self, reason: Reason, *, sheet: str | None = None, row: int | None = None, column: int | None = None
    ) -> None:
        super().__init__(reason.lazy())
        self.reason = reason
        self.sheet = sheet
        self.row = row
        self.column = column
