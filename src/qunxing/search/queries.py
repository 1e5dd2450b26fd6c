"""Queries for the index, built part by part from a wording: strict, near (typing mistakes), loose (a sentence)."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tantivy import Occur, Query

from qunxing.core.text import initials, pinyin
from qunxing.search.analysis import START, grams, letters, pairs, stem
from qunxing.search.gathering import specs
from qunxing.search.schema import schema
from qunxing.search.wording import Run, Wording

# How much more weigh a whole name, a pair of a name, letters with which a name begins, what sounds alike.
EXACT, NAME, BEGINS, HEARD = 40.0, 3.0, 2.0, 3.0
PREFIX_LENGTH = 2
FUZZY_LENGTH, FUZZIER_LENGTH = 4, 8
SPELT_LENGTH = 5
FEW_VALUES = 4
MANY, MOST = 20_000, 0.2
FEW, COMMON = 50, 0.02  # a pair in more documents than these, or than this share, tells too little to be near
LOOSE_SHARE = 0.34
MOST_LOOSE = 64


# --- building blocks ------------------------------------------------------------------------------------------------


def term(field: str, value: str) -> Any:
    option = "freq" if field in {"title", "all"} else "basic"
    return Query.term_query(schema(), field, value, option)


def phrase(field: str, values: Sequence[str]) -> Any:
    """The values next to each other, in this order."""
    return term(field, values[0]) if len(values) == 1 else Query.phrase_query(schema(), field, list(values))


def prefix(field: str, value: str) -> Any:
    return Query.phrase_prefix_query(schema(), field, [value])


def all_of(queries: Iterable[Any]) -> Any:
    return combined(Occur.Must, queries)


def any_of(queries: Iterable[Any]) -> Any:
    return combined(Occur.Should, queries)


def combined(occur: Any, queries: Iterable[Any]) -> Any:
    found = list(queries)
    if not found:
        return Query.empty_query()
    return found[0] if len(found) == 1 else Query.boolean_query([(occur, query) for query in found])


def some_of(queries: Sequence[Any], least: int) -> Any:
    return Query.boolean_query([(Occur.Should, query) for query in queries], least)


def boosted(query: Any, boost: float) -> Any:
    return Query.boost_query(query, boost)


def one_of(field: str, values: Sequence[str]) -> Any:
    """Any of the values; a few are quicker asked one by one than as a set."""
    if len(values) > FEW_VALUES:
        return Query.term_set_query(schema(), field, list(values))
    return any_of(term(field, value) for value in values)


def part_query(field: str, part: str) -> Any:
    """A part of a Chinese text; of a single character all pairs that begin with it."""
    return prefix(field, part) if len(part) == 1 else phrase(field, pairs(part))


# --- strict: every word is there ------------------------------------------------------------------------------------


def strict(wording: Wording, searcher: Any) -> Any:
    """Every word stands in the document; names weigh more, a whole name or number most."""
    wanted = [all_of(word_query(word, searcher) for word in wording.words)]
    if len(wording.words) > 1 and not any(run.dense for run in wording.runs):
        wanted.append(spelt_phrase(wording.letters, searcher))
    better = [boosted(term("exact", wording.letters), EXACT), *(boosted(one, NAME) for one in names(wording)), *leads()]
    if len(wording.letters) > 2 and wording.letters.isascii():
        better.append(boosted(in_a_row(grams(START + wording.letters), searcher), BEGINS))
    return Query.boolean_query([(Occur.Must, any_of(filter(None, wanted))), *((Occur.Should, one) for one in better)])


def leads() -> list[Any]:
    """What raises the kinds that people look for first."""
    return [Query.const_score_query(term("kind", spec.code), spec.lead) for spec in specs() if spec.lead]


def names(wording: Wording) -> list[Any]:
    """What raises a document when it stands in a name of it."""
    words = [(word, run.dense) for run in wording.runs for part in run.parts for word in titled(part, run.dense)]
    return [prefix("title", word) if dense and len(word) == 1 else term("title", word) for word, dense in words]


def titled(part: str, dense: bool) -> list[str]:
    """A part as it stands in a name; pairs for themselves weigh nearly as well as in a row, and are quicker found."""
    return pairs(part) if dense else [stem(part)]


def word_query(word: Sequence[Run], searcher: Any) -> Any:
    together = all_of(run_query(run, searcher) for run in word)
    if len(word) == 1 or not any(run.dense for run in word):
        return together
    # Chinese and letters in one word: the letters may be pinyin or initials of what follows.
    typed = "".join(run.text for run in word)
    chinese = [part_query("all", part) for run in word if run.dense for part in run.parts]
    spelt = [spelt_phrase(letters(way), searcher) for way in dict.fromkeys((initials(typed), pinyin(typed)))]
    return any_of([together, *(all_of([*chinese, one]) for one in spelt if one is not None)])


def run_query(run: Run, searcher: Any) -> Any:
    if run.dense:
        return all_of(part_query("all", part) for part in run.parts)
    found = [term("all", stem(run.text))]
    if len(run.text) >= PREFIX_LENGTH:
        found.append(prefix("all", run.text))
    spelt = spelt_phrase(run.text, searcher)
    return any_of([*found, spelt] if spelt is not None else found)


def spelt_phrase(word: str, searcher: Any) -> Any:
    """The letters in a row within a name or number; two letters only where it begins. None for less."""
    if len(word) == 2:
        return term("spelt", START + word)
    found = grams(word)
    return in_a_row(found, searcher) if found else None


def in_a_row(threes: Sequence[str], searcher: Any) -> Any:
    """These threes in a row; where many documents hold them all, in any order: to look for the row takes long."""
    held = min(searcher.doc_freq("spelt", one) for one in threes)
    if held > max(MANY, MOST * int(searcher.num_docs)):
        return all_of(term("spelt", one) for one in dict.fromkeys(threes))
    return phrase("spelt", threes)


# --- near: somebody mistyped ----------------------------------------------------------------------------------------


def near(wording: Wording, searcher: Any) -> Any:
    """Every word, or one that looks or sounds much like it."""
    found = all_of(any_of([run_query(run, searcher), *alike(run, searcher)]) for run in wording.runs)
    return Query.boolean_query([(Occur.Must, found), *((Occur.Should, one) for one in leads())])


def alike(run: Run, searcher: Any) -> list[Any]:
    return like_heard(run.text, searcher) if run.dense else like_spelt(run.text)


def like_heard(run: str, searcher: Any) -> list[Any]:
    """Other characters that sound the same; or half of the pairs, of those that are not in every other document."""
    found = []
    heard = spelt_phrase(letters(pinyin(run)), searcher) if len(run) > 1 else None
    if heard is not None:
        found.append(boosted(heard, HEARD))
    held = pairs(run) if len(run) > 2 else []
    telling = [pair for pair in held if 0 < searcher.doc_freq("all", pair) <= common(searcher)]
    if telling:
        least = max(1, math.ceil(len(held) / 2) - (len(held) < 4))
        found.append(some_of([term("all", pair) for pair in telling], min(least, len(telling))))
    return found


def common(searcher: Any) -> float:
    """From how many documents on a pair tells too little."""
    return max(FEW, COMMON * int(searcher.num_docs))


def like_spelt(word: str) -> list[Any]:
    """A letter or two wrong, missing or exchanged."""
    found = []
    if len(word) >= FUZZY_LENGTH and not word.isdecimal():
        distance = 2 if len(word) >= FUZZIER_LENGTH else 1
        found.append(Query.fuzzy_term_query(schema(), "all", word, distance))
    held = grams(word) if len(word) >= SPELT_LENGTH else []
    if held:
        found.append(some_of([term("spelt", gram) for gram in dict.fromkeys(held)], math.ceil(len(held) * 0.5)))
    return found


# --- loose: a sentence ----------------------------------------------------------------------------------------------


def loose(wording: Wording) -> Any:
    """A third of the words, at least two where there are three."""
    words = dict.fromkeys(one for run in wording.runs for part in run.parts for one in loosened(part, run.dense))
    queries = [term("all", word) for word in words][:MOST_LOOSE]
    better = [(Occur.Should, boosted(one, NAME)) for one in names(wording)[:MOST_LOOSE]]
    least = max(min(len(queries), 2), math.ceil(len(queries) * LOOSE_SHARE))
    return Query.boolean_query([(Occur.Must, some_of(queries, least)), *better])


def loosened(part: str, dense: bool) -> list[str]:
    """A word; of a long Chinese one every other pair."""
    return pairs(part)[:: 2 if len(part) > 3 else 1] if dense else [stem(part)]


# --- whose and which ------------------------------------------------------------------------------------------------


def narrowed(query: Any, scope: Any, chosen: Mapping[str, Sequence[str]]) -> Any:
    """Only what the scope lets in, and any of the chosen values of each filter; neither weighs anything."""
    filters = [one_of(name, values) for name, values in chosen.items() if values]
    if scope is not None:
        filters.append(scope)
    if not filters:
        return query
    weightless = [(Occur.Must, Query.const_score_query(one, 0.0)) for one in filters]
    return Query.boolean_query([(Occur.Must, query), *weightless])
