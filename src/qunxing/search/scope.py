"""What of the index a reader may see, as a condition of every query; so totals, filters and hints keep to it too."""

from typing import Any

from tantivy import Query

from qunxing.directory.rules import roles_of
from qunxing.ledger.models.records import SEES_ALL, levels_of
from qunxing.search.queries import any_of
from qunxing.search.schema import schema


def scope_of(user: Any) -> Any:
    """Open to the reader's level, or an own organisation's; None for whoever sees all.

    The same two questions as `RecordQuerySet.visible_to`.
    """
    if getattr(user, "kind", None) in SEES_ALL:
        return None
    opened = Query.term_set_query(schema(), "level", [str(level) for level in levels_of(user)])
    own = [str(key) for key in roles_of(user)]
    return any_of([opened, Query.term_set_query(schema(), "owner", own)]) if own else opened
