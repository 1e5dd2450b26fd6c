"""Order with diversity, where staff want it: the scores stay as they are, the order changes."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from qunxing.matching.engine.profiles import Ranked


def diversify(ranked: Sequence[Ranked], of: Mapping[str, str], cap: int) -> list[Ranked]:
    """At most `cap` of one group first, in order; the rest after them, in order. A key without a group stands alone."""
    seen: Counter[str] = Counter()
    first: list[Ranked] = []
    rest: list[Ranked] = []
    for one in ranked:
        group = of.get(one.key)
        if group is not None:
            seen[group] += 1
        (first if group is None or seen[group] <= cap else rest).append(one)
    return first + rest


def mmr(ranked: Sequence[Ranked], likeness: Callable[[str, str], float], share: float = 0.7) -> list[Ranked]:
    """Maximal marginal relevance (Carbonell and Goldstein 1998): score against likeness to what stands above.

    ``share`` is the weight of the score, which is taken in proportion to the best one; likeness is 0 to 1.
    """
    left, chosen = list(ranked), list[Ranked]()
    top = max((one.score for one in ranked), default=0.0) or 1.0
    nearest = dict.fromkeys((one.key for one in ranked), 0.0)
    while left:
        best = max(left, key=lambda one: share * one.score / top - (1 - share) * nearest[one.key])
        left.remove(best)
        chosen.append(best)
        for one in left:
            nearest[one.key] = max(nearest[one.key], likeness(best.key, one.key))
    return chosen
