"""Which organisation is meant: by its row, its code, or one of its names in any spelling."""

from collections.abc import Collection, Iterable

from django.db.models import Q

from qunxing.core.text import fold_name, tidy
from qunxing.directory.models import Organization, OrganizationName
from qunxing.directory.validators import SEPARATORS
from qunxing.panels.conflicts.finding import Node


class Nodes:
    """The nodes of organisations in play; names and codes that none of them bears are nodes of their own."""

    def __init__(self, keys: Collection[int], names: Iterable[str], codes: Iterable[str]) -> None:
        folded = {fold_name(name) for name in names} - {""}
        folded_codes = {fold_code(code) for code in codes} - {""}
        named = Q(name_key__in=folded) | Q(uscc__in=folded_codes)
        listed = OrganizationName.objects.filter(name_key__in=folded).values("organization_id")
        rows = Organization.objects.filter(Q(pk__in=keys) | named | Q(pk__in=listed))
        self.organizations = {row.pk: row for row in rows.order_by("pk")}
        self.codes = {row.uscc: row.pk for row in self.organizations.values() if row.uscc}
        self.names = self.by_name()

    def by_name(self) -> dict[str, int]:
        """{folded name: organisation}; registered names go before the others."""
        found: dict[str, int] = {}
        others: dict[str, int] = {}
        for row in self.organizations.values():
            found.setdefault(row.name_key, row.pk)
            for name in (row.short_name, row.english_name):
                others.setdefault(fold_name(name), row.pk)
        rows = OrganizationName.objects.filter(organization__in=list(self.organizations)).order_by("pk")
        for name_key, organization in rows.values_list("name_key", "organization_id"):
            others.setdefault(name_key, organization)
        return {key: pk for key, pk in {**others, **found}.items() if key}

    def of(self, organization: int | None, name: str = "", code: str = "") -> Node:
        """The node that is meant; empty where nothing was said."""
        if organization is not None:
            return f"o{organization}"
        folded_code, folded = fold_code(code), fold_name(name)
        pk = self.codes.get(folded_code) or self.names.get(folded)
        if pk is not None:
            return f"o{pk}"
        if folded_code:
            return f"c{folded_code}"
        return f"n{folded}" if folded else ""

    def keys_of(self, nodes: Iterable[Node]) -> list[int]:
        """The rows among the nodes."""
        return sorted({int(node[1:]) for node in nodes if node.startswith("o")})


def fold_code(text: str) -> str:
    """A social credit code as it is compared."""
    return SEPARATORS.sub("", tidy(text)).upper()
