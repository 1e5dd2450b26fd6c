"""The page of hits: tabs of kinds, filters with counts, the ways on; all of it as addresses."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from qunxing.core.errors import Text
from qunxing.core.paging import neighbours, others
from qunxing.core.regions import BY_CODE
from qunxing.core.specs import DocumentSpec
from qunxing.directory.models import field_labels
from qunxing.search.finding import LAST_PAGE, Found, Wish
from qunxing.search.gathering import by_code, specs
from qunxing.search.schema import FACETS
from qunxing.search.wording import read

LABELS: dict[str, Text] = {
    "type": _("Kind"),
    "state": _("State"),
    "field": _("Technical field"),
    "place": _("Region"),
    "year": _("Year"),
}
OPEN_OPTIONS = 6
MOST_OPTIONS = 40
VALUE_LENGTH = 60


@dataclass(frozen=True)
class Option:
    """A value of a filter, with the address that chooses it or lets it go."""

    value: str
    label: Text
    count: int
    chosen: bool
    url: str


@dataclass(frozen=True)
class Facet:
    """A filter; few options stand open, more are unfolded."""

    name: str
    label: Text
    options: list[Option]

    @property
    def first(self) -> list[Option]:
        return [option for place, option in enumerate(self.options) if place < OPEN_OPTIONS or option.chosen]

    @property
    def more(self) -> list[Option]:
        return [option for option in self.options if option not in self.first]


class Address:
    """The address of a search with something changed."""

    def __init__(self, query: QueryDict) -> None:
        self.query = query

    def link(self, **changes: Any) -> str:
        query = self.query.copy()
        query.pop("page", None)
        for name, value in changes.items():
            query.pop(name, None)
            if isinstance(value, list):
                query.setlist(name, value)
            elif value is not None:
                query[name] = str(value)
        return f"?{query.urlencode()}"


def read_wish(user: Any, query: QueryDict) -> Wish:
    """What the address asks for; a kind that is not known and a page that cannot be are left out."""
    kind = query.get("kind", "")
    chosen = {"kind": [kind]} if kind in by_code() else {}
    for name in FACETS if chosen else FACETS[2:]:
        values = [value for value in query.getlist(name) if 0 < len(value) <= VALUE_LENGTH]
        if values:
            chosen[name] = values[:MOST_OPTIONS]
    return Wish(user, read(query.get("q", "")), chosen, page_number(query.get("page", "")))


def page_number(text: str) -> int:
    return min(max(int(text), 1), LAST_PAGE) if text.isdecimal() and len(text) < 6 else 1


@dataclass(frozen=True)
class SearchPage:
    """Everything that the template shows of what was found."""

    found: Found
    wish: Wish
    address: Address

    @property
    def kind(self) -> DocumentSpec | None:
        chosen = self.wish.chosen.get("kind")
        return by_code()[chosen[0]] if chosen else None

    @property
    def tabs(self) -> list[tuple[Text, str, bool, int]]:
        """(label, address, active, count) of everything and of each kind that was found."""
        counts = self.found.counts.get("kind", {})
        nothing = {"type": None, "state": None}
        everything = self.address.link(kind=None, **nothing)
        tabs: list[tuple[Text, str, bool, int]] = [
            (_("Everything"), everything, self.kind is None, self.found.all_kinds)
        ]
        for spec in specs():
            if counts.get(spec.code) or spec is self.kind:
                url = self.address.link(kind=spec.code, **nothing)
                tabs.append((spec.label, url, spec is self.kind, counts.get(spec.code, 0)))
        return tabs

    @property
    def facets(self) -> list[Facet]:
        """Filters that tell hits apart; types and states are those of one kind."""
        found = []
        for name in FACETS if self.kind else FACETS[2:]:
            options = self.options(name)
            if len(options) > 1 or any(option.chosen for option in options):
                found.append(Facet(name, LABELS[name], options))
        return found

    def options(self, name: str) -> list[Option]:
        counts = dict(self.found.counts.get(name, {}))
        chosen = list(self.wish.chosen.get(name, ()))
        labels = labels_of(name, self.kind) if counts or chosen else {}
        for value in chosen:
            counts.setdefault(value, 0)
        values = sorted(counts, reverse=True) if name == "year" else list(counts)
        return [
            Option(value, labels.get(value, value), counts[value], value in chosen, self.toggled(name, value, chosen))
            for value in values[:MOST_OPTIONS]
        ]

    def toggled(self, name: str, value: str, chosen: list[str]) -> str:
        others = [other for other in chosen if other != value]
        return self.address.link(**{name: others if value in chosen else [*chosen, value]})

    @property
    def clear_url(self) -> str:
        return self.address.link(**dict.fromkeys(FACETS))

    @property
    def filtered(self) -> bool:
        return any(self.wish.chosen.get(name) for name in FACETS)

    @property
    def number(self) -> int:
        return min(self.found.page, self.last)

    @property
    def last(self) -> int:
        return self.found.last

    @property
    def total(self) -> int:
        return self.found.total

    @property
    def links(self) -> dict[str, str]:
        return {name: self.address.link(page=number) for name, number in neighbours(self.number, self.last).items()}

    @property
    def hidden_fields(self) -> list[tuple[str, str]]:
        return others(self.address.query)

    @property
    def meant_url(self) -> str:
        return self.address.link(q=self.found.meant, **dict.fromkeys(FACETS))


def labels_of(name: str, kind: DocumentSpec | None) -> Mapping[str, Text]:
    """{value: label in the reader's language} of a filter."""
    if name == "field":
        return field_labels()
    if name == "place":
        return {code: province.label for code, province in BY_CODE.items()}
    if kind is None or name == "year":
        return {}
    return kind.types() if name == "type" else kind.states()
