"""The names that the ledger knows, for the reader of prose."""

from typing import Any

from qunxing.core.text import simplify, tidy
from qunxing.directory.models import Community, Organization
from qunxing.indicators.reading.names import COMMUNITY, FIRM

SHORTEST = 3


def ledger_names(user: Any = None) -> dict[str, str]:
    """{name as prose is folded: kind} of the communities and organisations that the user may see; all for None."""
    found: dict[str, str] = {}
    for names in rows_of(Organization, user).values_list("name", "short_name"):
        found |= {written(name): FIRM for name in names if name}
    for names in rows_of(Community, user).values_list("name", "english_name"):
        found |= {written(name): COMMUNITY for name in names if name}
    return {name: kind for name, kind in found.items() if len(name) >= SHORTEST}


def rows_of(model: Any, user: Any) -> Any:
    return model.objects.all() if user is None else model.objects.visible_to(user)


def written(name: str) -> str:
    return simplify(tidy(name))
