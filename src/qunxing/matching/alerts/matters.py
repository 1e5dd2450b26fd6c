"""What a watch looks at: the keys of its rows as its owner may see them now, by list."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse

from qunxing.core.errors import Text
from qunxing.core.specs import declared
from qunxing.ledger.lists import ListSpec
from qunxing.ledger.lists.page import chips, narrowed, read_wish
from qunxing.matching.alerts.matches import Match, find_match
from qunxing.matching.alerts.models import Watch, WatchKind
from qunxing.search import showing
from qunxing.search.finding import every_ref
from qunxing.search.gathering import specs as documents
from qunxing.search.reading import reader

INDEXED = "*"  # stands among the keys when the index was asked, too
# Parameters of a list's address that do not narrow it.
SHOWING = ("page", "format", "view", "sort", "col")


def specs() -> dict[str, ListSpec]:
    return {spec.code: spec for spec in declared("lists", "LISTS")}


def narrowing(query: str) -> str:
    """The query without what only shows: order, columns, page."""
    asked = QueryDict(query, mutable=True)
    for name in SHOWING:
        asked.pop(name, None)
    return asked.urlencode()


def unheard(code: str, query: str, user: Any) -> list[str]:
    """Parameters that narrow the page they come from, but not the list as it is watched."""
    asked = QueryDict(narrowing(query))
    chosen = read_wish(specs()[code], user, asked).chosen
    return [
        name
        for name, values in asked.lists()
        if name != "q" and any(values) and not set(filter(None, values)) <= set(chosen.get(name, []))
    ]


def rows_of(watch: Watch, user: Any, day: date) -> Iterator[tuple[str, QuerySet[Any]]]:
    """(list, the rows of it that the watch is about) for whoever asks."""
    if watch.kind == WatchKind.MATCH:
        match = find_match(watch.target, user)
        yield from [(match.code, match.rows(user, day))] if match else []
        return
    if watch.kind == WatchKind.SEARCH:
        yield from searched(watch, user)
    elif (spec := specs().get(watch.target)) is not None:
        yield spec.code, narrowed(read_wish(spec, user, QueryDict(watch.query)))


def searched(watch: Watch, user: Any) -> Iterator[tuple[str, QuerySet[Any]]]:
    """What holds the words: by the index as the page of the search has it, of lists that it does not hold by their own.

    Without the index the lists look in their names; filters that they do not know find nothing then, rather than more.
    """
    query = QueryDict(watch.query)
    wish = showing.read_wish(user, query)
    found = every_ref(wish)
    kinds = {spec.code for spec in documents()}
    filtered = set(wish.chosen) - {"kind"}
    for code, spec in specs().items():
        if code not in wish.chosen.get("kind", [code]):
            continue
        if found is not None and code in kinds:
            yield code, spec.rows(user).filter(ref__in=found.get(code, []))
        elif not filtered:
            yield code, narrowed(read_wish(spec, user, words_alone(query)))


def words_alone(query: QueryDict) -> QueryDict:
    asked = QueryDict(mutable=True)
    asked["q"] = query.get("q", "")
    return asked


def keys_of(watch: Watch, user: Any, day: date) -> dict[str, frozenset[int]]:
    """{list: keys of the rows that the watch is about and the user may see}, with a mark where the index was asked."""
    found = {code: frozenset(rows.order_by().values_list("pk", flat=True)) for code, rows in rows_of(watch, user, day)}
    indexed = watch.kind == WatchKind.SEARCH and reader() is not None
    return found | ({INDEXED: frozenset({1})} if indexed else {})


def visible_rows(code: str, keys: Sequence[int], user: Any) -> list[Any]:
    """Of these rows of a list those that the user may see now, in the order of the keys."""
    spec = specs().get(code)
    if spec is None or not keys:
        return []
    found = {row.pk: row for row in spec.rows(user).filter(pk__in=keys)}
    return [found[key] for key in keys if key in found]


def words_of(watch: Watch, user: Any) -> list[Text]:
    """What the watch is about, in the reader's words: the list, then its filters."""
    if watch.kind == WatchKind.MATCH:
        match = find_match(watch.target, user)
        return [match.title] if match else []
    if watch.kind == WatchKind.SEARCH:
        return [f"“{QueryDict(watch.query).get('q', '')}”"]
    spec = specs().get(watch.target)
    if spec is None:
        return []
    return [spec.title, *(chip.label for chip in chips(read_wish(spec, user, QueryDict(watch.query))))]


def place_of(watch: Watch, user: Any) -> str:
    """Where all rows of the watch are shown; nothing where there is no such place any more."""
    if watch.kind == WatchKind.SEARCH:
        return f"{reverse('portal:search')}?{watch.query}"
    if watch.kind == WatchKind.MATCH:
        match: Match | None = find_match(watch.target, user)
        return match.url if match else ""
    spec = specs().get(watch.target)
    return f"{reverse(spec.url_name)}?{watch.query}" if spec else ""
