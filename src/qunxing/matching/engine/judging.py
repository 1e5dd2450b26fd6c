"""Engines held against judged needs: as they are, with each ingredient left out, and beside the plain formula."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Final

from qunxing.matching.engine.metrics import RELEVANT, Estimate, average_precision, difference, estimate, ndcg, recall
from qunxing.matching.engine.plain import Plain
from qunxing.matching.engine.profiles import Profile, Ranked
from qunxing.matching.engine.ranking import Engine
from qunxing.matching.engine.weights import Weights

SHOWN: Final = 50


@dataclass(frozen=True)
class Judged:
    """Needs, offers, and for each judged need the level (1 none to 4 strong) of its judged offers."""

    needs: tuple[Profile, ...]
    supplies: tuple[Profile, ...]
    labels: Mapping[str, Mapping[str, int]]

    @property
    def judged(self) -> tuple[Profile, ...]:
        """The needs that have labels."""
        return tuple(need for need in self.needs if self.labels.get(need.key))


@dataclass(frozen=True, slots=True)
class Marks:
    """How one need fared; None where its labels say nothing."""

    ndcg_at_10: float | None
    map: float | None
    recall_at_50: float | None


MEASURES: Final = tuple(field.name for field in fields(Marks))
Figures = dict[str, Estimate]
Rank = Callable[[Profile, int, Collection[str] | None], Sequence[str]]


def ranks(engine: Engine) -> Rank:
    """How an engine orders keys, for `mark`."""
    return lambda need, limit, among: keys_of(engine.rank(need, limit=limit, among=among))


def keys_of(ranked: Sequence[Ranked]) -> list[str]:
    return [one.key for one in ranked]


def mark(rank: Rank, judged: Judged, needs: Sequence[Profile], *, whole: bool = True) -> list[Marks]:
    """The marks of each of the needs; recall asks for a ranking of the whole collection and can be left out."""
    return [mark_one(rank, need, judged.labels[need.key], whole=whole) for need in needs]


def mark_one(rank: Rank, need: Profile, labels: Mapping[str, int], *, whole: bool = True) -> Marks:
    levels = [labels[key] for key in rank(need, len(labels), labels)]
    relevant = [key for key, level in labels.items() if level >= RELEVANT]
    shown = rank(need, SHOWN, None) if whole and relevant else ()
    return Marks(ndcg(levels), average_precision(levels), recall(shown, relevant) if whole else None)


def figures(marks: Sequence[Marks]) -> Figures:
    return {name: estimate([getattr(one, name) for one in marks]) for name in MEASURES}


def beside(ours: Sequence[Marks], theirs: Sequence[Marks]) -> Figures:
    """Ours less theirs, need by need."""
    return {
        name: difference([getattr(one, name) for one in ours], [getattr(one, name) for one in theirs])
        for name in MEASURES
    }


def evaluate(engine: Engine, judged: Judged, *, others: Mapping[str, Weights] | None = None) -> dict[str, Any]:
    """Figures of the engine, of the plain formula, of each ingredient left out, and of other weights."""
    needs = judged.judged
    ours = mark(ranks(engine), judged, needs)
    plain = mark(Plain(judged.supplies).rank, judged, needs)
    rivals = {name: mark(ranks(engine.weighed(other)), judged, needs) for name, other in without(engine).items()}
    named = {name: mark(ranks(engine.weighed(weights)), judged, needs) for name, weights in (others or {}).items()}
    return {
        "figures": figures(ours),
        "baseline": {"figures": figures(plain), "gain": beside(ours, plain)},
        "without": {
            name: {"figures": figures(theirs), "gain": beside(ours, theirs)} for name, theirs in rivals.items()
        },
        "others": {name: {"figures": figures(theirs), "gain": beside(ours, theirs)} for name, theirs in named.items()},
    }


def without(engine: Engine) -> dict[str, Weights]:
    """The engine's weights with one ingredient left out each, by its name."""
    weights = engine.weights
    found = {
        kind: replace(weights, kinds={**weights.kinds, kind: 0.0}) for kind in weights.kinds if weights.kinds[kind]
    }
    found["text of the need"] = replace(weights, need={**weights.need, "text": 0.0})
    found["what needs often say"] = replace(weights, usual={})
    if engine.vectors is not None:
        found["meaning"] = replace(weights, meaning=0.0)
    return found
