"""Retrieval in the field itself: a firm is to be found by a sentence about a filing that is hidden from it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from qunxing.matching.engine.metrics import Estimate, estimate
from qunxing.matching.engine.profiles import Profile
from qunxing.matching.engine.ranking import Engine
from qunxing.matching.engine.synonyms import Synonyms
from qunxing.matching.engine.vectors import Vectors
from qunxing.matching.engine.weights import SHIPPED, Weights

HIT: Final = 10


@dataclass(frozen=True, slots=True)
class Filed:
    """One filing as published; ``name`` and ``kind`` are those of the algorithm."""

    number: str
    entity: str
    name: str
    kind: str
    product: str
    purpose: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """What a demand owner would write, and the filing it is about."""

    filing: str
    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Found:
    """At which place the firm stood among all that have two filings or more; 0 if it was not found."""

    sentence: Sentence
    entity: str
    place: int


def entities(filings: Iterable[Filed]) -> dict[str, list[Filed]]:
    """Two filings or more by entity; a row that was published again counts once."""
    found: dict[str, dict[str, Filed]] = {}
    for filing in filings:
        found.setdefault(filing.entity, {})[filing.number] = filing
    return {entity: list(filed.values()) for entity, filed in found.items() if len(filed) > 1}


def profile_of(entity: str, filed: Sequence[Filed], hidden: str = "") -> Profile:
    """A firm by its filings; of the hidden one only the algorithm's name and class are told."""
    told = [filing for filing in filed if filing.number != hidden]
    products = dict.fromkeys(filing.product.strip("-") for filing in told)
    return Profile(
        key=entity,
        title="。".join((entity, *filter(None, products))),
        text="。".join(dict.fromkeys(f"{filing.name} {filing.kind}" for filing in filed)),
        history="。".join(dict.fromkeys(filing.purpose for filing in told)),
    )


def owners(firms: Mapping[str, Sequence[Filed]]) -> dict[str, str]:
    """The entity of each filing, by number."""
    return {filing.number: entity for entity, filed in firms.items() for filing in filed}


def sides(sentences: Sequence[Sentence], firms: Mapping[str, Sequence[Filed]]) -> tuple[list[Profile], list[Profile]]:
    """(needs, supplies) whose vectors `find` can use; a firm with something hidden is a supply of its own."""
    owner = owners(firms)
    whole = [profile_of(entity, filed) for entity, filed in firms.items()]
    hidden = {
        one.filing: replace(profile_of(owner[one.filing], firms[owner[one.filing]], one.filing), key=one.filing)
        for one in sentences
    }
    return [need_of(one) for one in sentences], [*whole, *hidden.values()]


def find(
    firms: Mapping[str, Sequence[Filed]],
    sentences: Sequence[Sentence],
    *,
    weights: Weights = SHIPPED,
    synonyms: Synonyms | None = None,
    vectors: Vectors | None = None,
) -> list[Found]:
    """Where each sentence finds its firm. Raises KeyError for a filing whose entity has no second one."""
    owner = owners(firms)
    found = []
    for group in grouped(sentences, owner):
        hidden = {owner[sentence.filing]: sentence.filing for sentence in group}
        profiles = [profile_of(entity, filed, hidden.get(entity, "")) for entity, filed in firms.items()]
        seen = vectors and with_hidden(vectors, hidden)
        engine = Engine(profiles, weights=weights, synonyms=synonyms, vectors=seen)
        found += [Found(one, owner[one.filing], place_of(engine, one, owner[one.filing])) for one in group]
    return found


def with_hidden(vectors: Vectors, hidden: Mapping[str, str]) -> Vectors:
    """The vectors, those of firms with a hidden filing made without it."""
    return replace(
        vectors, rows={**vectors.rows, **{entity: vectors.rows[number] for entity, number in hidden.items()}}
    )


def need_of(sentence: Sentence) -> Profile:
    return Profile(f"{sentence.language} {sentence.text}", sentence.text)


def grouped(sentences: Sequence[Sentence], owner: Mapping[str, str]) -> list[list[Sentence]]:
    """In groups in which no firm has two different filings hidden, so that few indexes are made."""
    groups: list[list[Sentence]] = []
    hidden: list[dict[str, str]] = []
    for sentence in sentences:
        entity = owner[sentence.filing]
        free = next((n for n, one in enumerate(hidden) if one.get(entity, sentence.filing) == sentence.filing), None)
        if free is None:
            free = len(groups)
            groups.append([])
            hidden.append({})
        groups[free].append(sentence)
        hidden[free][entity] = sentence.filing
    return groups


def place_of(engine: Engine, sentence: Sentence, entity: str) -> int:
    ranked = engine.rank(need_of(sentence), limit=len(engine.keys))
    return next((place for place, one in enumerate(ranked, start=1) if one.key == entity), 0)


def retrieval_figures(found: Sequence[Found]) -> dict[str, Estimate]:
    """Mean reciprocal rank (Voorhees 1999), and the share of sentences whose firm is among the first ten."""
    return {
        "mrr": estimate([1 / one.place if one.place else 0.0 for one in found]),
        "hit_at_10": estimate([float(0 < one.place <= HIT) for one in found]),
    }


def by_language(found: Sequence[Found]) -> dict[str, Any]:
    """The same figures by language, and for all."""
    languages = dict.fromkeys(one.sentence.language for one in found)
    parts = {name: [one for one in found if one.sentence.language == name] for name in languages}
    return {"all": retrieval_figures(found), **{name: retrieval_figures(some) for name, some in parts.items()}}
