"""Lists of records as data: columns, filters, sorts; one machinery makes pages, exports and API answers of them."""

from qunxing.ledger.lists.page import ListPage, build_page
from qunxing.ledger.lists.sources import SOURCES
from qunxing.ledger.lists.spec import (
    Cell,
    Column,
    Filter,
    ListSpec,
    choice_filter,
    code_filter,
    day_filter,
    flag_filter,
    on_day_filter,
)
from qunxing.ledger.lists.views import list_response

LISTS = (SOURCES,)

__all__ = [
    "LISTS",
    "SOURCES",
    "Cell",
    "Column",
    "Filter",
    "ListPage",
    "ListSpec",
    "build_page",
    "choice_filter",
    "code_filter",
    "day_filter",
    "flag_filter",
    "list_response",
    "on_day_filter",
]
