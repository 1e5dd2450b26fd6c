"""Why a candidate stands where it stands: the words that matched, where, what they gave, and what answers best.

Everything is taken from the numbers of the same engine; nothing is said that was not counted.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from qunxing.core.text import fold, shorten
from qunxing.directory.models import Organization, Product
from qunxing.funds.models import Fund
from qunxing.matching.engine import FIELDS, Engine, Hit, Profile
from qunxing.matching.gathering.organizations import ANSWERS, Gathered, answer_profiles, basis_of, gather, profile_of
from qunxing.matching.gathering.profiles import Built, built_of
from qunxing.matching.gathering.vocabulary import Vocabulary
from qunxing.registry.models import AIModel, Filing
from qunxing.resources.models import Offer
from qunxing.scenarios.models import Scenario

HITS: Final = 24
# Single characters add up to something, one by one they say nothing.
CHARACTERS: Final = "characters"
FIRST_TERMS: Final = 6
PASSAGE: Final = 140
BEFORE: Final = 24
TARGETS: Final[Mapping[str, Any]] = {
    "organization": Organization,
    "scenario": Scenario,
    "fund": Fund,
    "offer": Offer,
}
ANSWER_KINDS: Final[Mapping[str, Any]] = {"model": AIModel, "product": Product, "filing": Filing}


@dataclass(frozen=True)
class Passage:
    """A stretch of the candidate's own words in which terms matched."""

    field: str
    text: str


@dataclass(frozen=True)
class Reason:
    """The hits that gave most, passages around them, the rows behind it all, what answers best, and its groups."""

    hits: tuple[Hit, ...]
    passages: tuple[Passage, ...]
    basis: Mapping[str, tuple[str, ...]]
    answer: tuple[str, str] | None = None
    groups: Mapping[str, str] | None = None


def reasons_of(pool: str, engine: Engine, need: Profile, keys: Sequence[str], words: Vocabulary) -> dict[str, Reason]:
    """The reasons of the candidates; a constant number of queries for the pool."""
    if pool == "organization":
        return firm_reasons(engine, need, keys, words)
    rows = TARGETS[pool].objects.filter(ref__in=keys)
    return {built.profile.key: reason(engine, need, built) for built in built_of(rows, words)}


def firm_reasons(engine: Engine, need: Profile, keys: Sequence[str], words: Vocabulary) -> dict[str, Reason]:
    found = list(gather(Organization.objects.filter(ref__in=keys)))
    answers = best_answers(found, need, words)
    return {
        one.own["ref"]: reason(
            engine, need, Built(profile_of(one, words), basis_of(one)), answers.get(one.own["ref"]), groups_of(one)
        )
        for one in found
    }


def reason(
    engine: Engine,
    need: Profile,
    built: Built,
    answer: tuple[str, str] | None = None,
    groups: Mapping[str, str] | None = None,
) -> Reason:
    hits = merged(engine.explain(need, built.profile.key).hits)
    told = tuple(hit for hit in hits if hit.part != CHARACTERS) or hits
    return Reason(told[:HITS], tuple(passages(built.profile, hits)), built.basis, answer, groups)


def merged(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """The hits without those of no weight, most first; what is within a longer one of the same field stays."""
    return tuple(sorted((hit for hit in hits if hit.value > 0), key=lambda hit: (-hit.value, hit.term)))


def groups_of(found: Gathered) -> dict[str, str]:
    """What the firm stands for where staff want no group to crowd the list: its first technical field, its place."""
    return {"field": (found.own["fields"] or ("",))[0], "place": found.own["division"]}


def passages(profile: Profile, hits: Sequence[Hit]) -> Iterator[Passage]:
    """For each field the stretch where the terms that gave most there begin."""
    for name in FIELDS:
        terms = [hit.term for hit in hits if hit.supply_field in {name, ""} and len(hit.term) > 1]
        text = getattr(profile, name)
        places = [place for term in terms[:FIRST_TERMS] if (place := first_place(text, term)) >= 0]
        start = min(places, default=-1)
        if start >= 0:
            yield Passage(name, cut(text, start))


def first_place(text: str, term: str) -> int:
    """Where the folded term stands in the text as written; -1 where folding moved the characters."""
    folded = fold(text)
    return (folded if len(folded) == len(text) else text.casefold()).find(term)


def cut(text: str, start: int) -> str:
    first = max(start - BEFORE, 0)
    stop = max((text.rfind(mark, first, start) for mark in "。；;\n"), default=-1)
    first = stop + 1 if stop >= 0 else first
    piece = shorten(text[first:].strip(), PASSAGE)
    return piece if first == 0 or stop >= 0 else f"…{piece}"


def best_answers(found: Sequence[Gathered], need: Profile, words: Vocabulary) -> dict[str, tuple[str, str]]:
    """{firm: (kind, reference)} of the model, product or filing that answers the need best, by the same measure."""
    owners = {profile.key: (one.own["ref"], profile) for one in found for profile in answer_profiles(one, words)}
    engine = Engine([profile for _firm, profile in owners.values()], synonyms=words.synonyms)
    best: dict[str, tuple[str, str]] = {}
    for ranked in engine.rank(need, limit=len(owners)):
        kind, _space, ref = ranked.key.partition(" ")
        best.setdefault(owners[ranked.key][0], (ANSWERS[kind], ref))
    return best
