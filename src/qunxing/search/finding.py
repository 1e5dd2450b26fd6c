"""What a reader finds: hits, how many of each kind, filters with counts; all of it what the reader may see."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rapidfuzz import fuzz

from qunxing.core.errors import Text
from qunxing.core.specs import DocumentSpec
from qunxing.core.text import fold, pinyin
from qunxing.search.analysis import letters
from qunxing.search.folders import BrokenIndex, guarded
from qunxing.search.gathering import by_code
from qunxing.search.marking import Piece, excerpt, marked, needles_of
from qunxing.search.queries import loose, narrowed, near, strict
from qunxing.search.reading import Reader, broke, reader
from qunxing.search.schema import FILTERS
from qunxing.search.scope import scope_of
from qunxing.search.wording import Wording

PAGE_SIZE = 20
MOST_REFS = 20_000  # of a saved search
LAST_PAGE = 50  # further hits are reached by filters, not by turning pages
FACET_SIZE = 60
SUGGESTIONS = 8
MEANT_FROM = 5  # the first hits whose names may be what was meant
MEANT_SCORE = 65
HEARD_SCORE = 85
LATIN = re.compile(r"[A-Za-z0-9]")
Chosen = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Hit:
    """A document that was found and that the reader may see."""

    spec: DocumentSpec
    ref: str
    url: str
    title: list[Piece]
    about: list[list[Piece]]
    text: list[Piece]
    names: list[str]
    demo: bool

    @property
    def kind_label(self) -> Text:
        label: Text = self.spec.model._meta.verbose_name
        return label

    @property
    def first_about(self) -> str:
        """What tells it from another of the same title."""
        return "".join(piece.text for piece in self.about[0]) if self.about else ""


@dataclass(frozen=True)
class Found:
    """The hits of one page; `near` says that nothing held all the words, `meant` what may have been meant."""

    wording: Wording
    total: int = 0
    page: int = 1
    hits: list[Hit] = field(default_factory=list)
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    near: bool = False
    meant: str = ""

    @property
    def last(self) -> int:
        return max(1, min(LAST_PAGE, -(-self.total // PAGE_SIZE)))

    @property
    def beyond(self) -> bool:
        """Whether there are hits after the last page that is offered."""
        return self.total > LAST_PAGE * PAGE_SIZE

    @property
    def all_kinds(self) -> int:
        return sum(self.counts.get("kind", {}).values())


@dataclass(frozen=True)
class Wish:
    """Who looks for what, with which values chosen in which filters."""

    user: Any
    wording: Wording
    chosen: Chosen = field(default_factory=dict)
    page: int = 1


def find(wish: Wish) -> Found | None:
    """What is found; None where there is no index to look in."""
    one = reader()
    if one is None:
        return None
    try:
        with guarded():
            return found_in(one, wish)
    except BrokenIndex:
        broke(one)
        return None


def found_in(one: Reader, wish: Wish) -> Found:
    if wish.wording.empty:
        return Found(wish.wording)
    scope = scope_of(wish.user)
    query, is_near = best_query(one, wish, scope)
    if query is None:
        return Found(wish.wording)
    narrow = narrowed(query, scope, wish.chosen)
    start = (wish.page - 1) * PAGE_SIZE
    result = one.searcher.search(narrow, PAGE_SIZE, offset=start)
    hits, dropped = shown_hits(one, wish, [address for _score, address in result.hits])
    return Found(
        wording=wish.wording,
        total=max(0, result.count - dropped),
        page=wish.page,
        hits=hits,
        counts=counts_of(one, query, scope, wish.chosen),
        near=is_near,
        meant=meant(wish.wording, hits) if is_near else "",
    )


def every_ref(wish: Wish) -> dict[str, list[str]] | None:
    """{kind: references} of all that holds every word, as the index lets the reader see; None where there is none."""
    one = reader()
    if one is None or wish.wording.empty:
        return None if one is None else {}
    try:
        with guarded():
            query = narrowed(strict(wish.wording, one.searcher), scope_of(wish.user), wish.chosen)
            found: dict[str, list[str]] = {}
            for _score, address in one.searcher.search(query, MOST_REFS, count=False).hits:
                code, _colon, ref = one.searcher.doc(address).get_first("key").partition(":")
                found.setdefault(code, []).append(ref)
            return found
    except BrokenIndex:
        broke(one)
        return None


def best_query(one: Reader, wish: Wish, scope: Any) -> tuple[Any, bool]:
    """(the strictest query that finds anything for this reader, whether it is less than strict)."""
    wording, searcher = wish.wording, one.searcher
    ways: tuple[Callable[[], Any], ...] = (
        lambda: strict(wording, searcher),
        lambda: near(wording, searcher),
        lambda: loose(wording),
    )
    for place, way in enumerate(ways):
        query = way()
        if searcher.search(narrowed(query, scope, {}), 1, count=False).hits:
            return query, place > 0
    return None, False


def counts_of(one: Reader, query: Any, scope: Any, chosen: Chosen) -> dict[str, dict[str, int]]:
    """{filter: {value: how many}}; what is chosen in a filter does not narrow its own counts."""
    found: dict[str, dict[str, int]] = {}
    free = [name for name in FILTERS if not chosen.get(name)]
    groups = [(free, chosen), *(([name], without(chosen, name)) for name in FILTERS if chosen.get(name))]
    for names, kept in groups:
        wanted = {name: {"terms": {"field": name, "size": FACET_SIZE}} for name in names}
        answer = one.searcher.aggregate(narrowed(query, scope, kept), wanted)
        for name in names:
            found[name] = {bucket["key"]: bucket["doc_count"] for bucket in answer[name]["buckets"]}
    return found


def without(chosen: Chosen, name: str) -> dict[str, Sequence[str]]:
    """The other choices; types and states belong to their kind and fall with it."""
    gone = {name, "type", "state"} if name == "kind" else {name}
    return {other: values for other, values in chosen.items() if other not in gone}


def shown_hits(one: Reader, wish: Wish, addresses: Sequence[Any]) -> tuple[list[Hit], int]:
    """(the hits that the ledgers, asked again, let the reader see; how many they do not)."""
    documents = [one.searcher.doc(address) for address in addresses]
    keys = [document.get_first("key") for document in documents]
    seen = visible_keys(wish.user, keys)
    needles = needles_of(wish.wording)
    hits = [
        hit_of(key, json.loads(bytes(document.get_first("card"))), needles)
        for key, document in zip(keys, documents, strict=True)
        if key in seen
    ]
    return hits, len(keys) - len(hits)


def visible_keys(user: Any, keys: Sequence[str]) -> set[str]:
    """Of these documents the ones whose record the reader may see now; one question for each kind."""
    refs: dict[str, list[str]] = {}
    for key in keys:
        code, _colon, ref = key.partition(":")
        refs.setdefault(code, []).append(ref)
    found: set[str] = set()
    for code, wanted in refs.items():
        if code in by_code():
            rows = by_code()[code].model._default_manager.visible_to(user).filter(ref__in=wanted).order_by()
            found |= {f"{code}:{ref}" for ref in rows.values_list("ref", flat=True)}
    return found


def hit_of(key: str, card: Mapping[str, Any], needles: Sequence[str]) -> Hit:
    code, _colon, ref = key.partition(":")
    return Hit(
        spec=by_code()[code],
        ref=ref,
        url=card["url"],
        title=marked(card["title"], needles),
        about=[marked(part, needles) for part in card["about"]],
        text=excerpt(card["text"], needles),
        names=card["names"],
        demo=card["demo"],
    )


def suggest(user: Any, wording: Wording) -> list[Hit]:
    """The first hits while somebody types; none where there is no index, or too little to look for."""
    one = reader()
    if one is None or wording.empty or len(wording.letters) < (1 if wording.runs[-1].dense else 2):
        return []
    try:
        with guarded():
            query = narrowed(strict(wording, one.searcher), scope_of(user), {})
            result = one.searcher.search(query, SUGGESTIONS, count=False)
            wish = Wish(user, wording)
            return shown_hits(one, wish, [address for _score, address in result.hits])[0]
    except BrokenIndex:
        broke(one)
        return []


def meant(wording: Wording, hits: Sequence[Hit]) -> str:
    """A name among the first hits, or a part of one, that looks or sounds much like what was typed."""
    best, best_score = "", 0.0
    for hit in hits[:MEANT_FROM]:
        for name in hit.names:
            candidate, score = likeness(wording, name)
            if score > best_score:
                best, best_score = candidate, score
    return best


def likeness(wording: Wording, name: str) -> tuple[str, float]:
    """(the part of the name that is most like the words, how much); nothing for a likeness too small."""
    typed, folded = wording.folded, fold(name)
    if typed in folded:
        return "", 0.0
    if typed.isascii() and not folded.isascii():
        score = fuzz.partial_ratio(letters(typed), letters(pinyin(name)))
        return (name, score) if score >= HEARD_SCORE else ("", 0.0)
    aligned = fuzz.partial_ratio_alignment(typed, folded, score_cutoff=MEANT_SCORE)
    if aligned is None or len(folded) < len(typed):
        return "", 0.0
    if len(folded) != len(name):
        return name, aligned.score
    return whole_words(name, aligned.dest_start, aligned.dest_end), aligned.score


def whole_words(name: str, start: int, end: int) -> str:
    """The stretch of the name, with the rest of the English words that it begins and ends in."""
    while start > 0 and LATIN.match(name, start - 1) and LATIN.match(name, start):
        start -= 1
    while end < len(name) and LATIN.match(name, end - 1) and LATIN.match(name, end):
        end += 1
    return name[start:end].strip()
