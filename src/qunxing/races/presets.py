"""Ready-made ways of a race, to begin with and to change: the stages of each with their plans. No Django in here."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from qunxing.races.halving import rounds_of
from qunxing.races.plan import Board, Counting, Entries, Expert, GatePlan, Metric, Public, Rule

SHENZHEN, FINAL, HALVING = "shenzhen", "final", "halving"
CODES = (SHENZHEN, FINAL, HALVING)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Preset:
    """How a race of this kind is laid out. `lanes` at most; stages are made from the day their first window opens."""

    code: str
    lanes: int
    start_money: int
    stages: tuple["Draft", ...]


@dataclass(frozen=True)
class Draft:
    """A stage to be: the code of its title, and its plan with the window set."""

    title: str
    plan: GatePlan


def laid_out(
    code: str, first: datetime, *, metrics: Sequence[Metric] = (), lanes: int = 0, budget: int = 0, items: int = 0
) -> Preset:
    """The preset from this moment on. `budget` is its money in yuan, `items` the size of the test set (for halving).

    KeyError for a code that there is not.
    """
    if code == SHENZHEN:
        return shenzhen(first, tuple(metrics), lanes or 3, budget or 3_000_000)
    if code == FINAL:
        return qualifier(first, tuple(metrics), lanes or 30, budget or 1_000_000)
    if code == HALVING:
        return halving(first, tuple(metrics), lanes or 64, budget or 1_600_000, items or 2_000)
    raise KeyError(code)


def opened(plan: GatePlan, first: datetime, after: int, days: int) -> GatePlan:
    """The plan with a window of so many days."""
    opens = first + after * DAY
    return replace(plan, opens=opens.isoformat(), closes=(opens + days * DAY).isoformat())


def shenzhen(first: datetime, metrics: tuple[Metric, ...], lanes: int, budget: int) -> Preset:
    """Two or three teams, all metrics, two gates; funded by stage: 30, 30 and 40 of a hundred."""
    share = budget // max(lanes, 1)
    mid = GatePlan(
        metrics=metrics or (Metric("accuracy"),),
        expert=Expert(weight=0.3),
        entries=Entries(takes=("answers", "table") if not metrics else ("table",)),
        rule=Rule(kind="top", top=2, tied="go_on"),
        board=Board(mode="open"),
        release=share * 30 // 100,
    )
    end = replace(
        mid,
        rule=Rule(kind="top", top=1, tied="cut", tie_break=("earlier", "cost", "draw")),
        board=Board(mode="blind"),
        release=share * 40 // 100,
    )
    return Preset(
        SHENZHEN,
        lanes,
        share * 30 // 100,
        (Draft("midway", opened(mid, first, 60, 14)), Draft("final", opened(end, first, 150, 14))),
    )


def qualifier(first: datetime, metrics: tuple[Metric, ...], lanes: int, budget: int) -> Preset:
    """Many in a qualifier with a public board, the best in a final on a test set of its own."""
    open_plan = GatePlan(
        metrics=metrics or (Metric("accuracy"),),
        rule=Rule(kind="top", top=min(8, max(lanes // 2, 2)), tied="go_on"),
        board=Board(mode="frozen", hours=48),
        public=Public(percent=30),
    )
    end = replace(
        open_plan,
        entries=Entries(a_day=2, in_all=5),
        rule=Rule(kind="top", top=1, tied="cut"),
        board=Board(mode="blind"),
        public=Public(percent=0),
        release=budget,
    )
    return Preset(
        FINAL,
        lanes,
        0,
        (Draft("qualifier", opened(open_plan, first, 0, 30)), Draft("final", opened(end, first, 45, 7))),
    )


def halving(first: datetime, metrics: tuple[Metric, ...], lanes: int, budget: int, items: int) -> Preset:
    """Successive halving: a little of the test set for everyone, half of the field goes on, the rest for the best."""
    return Preset(HALVING, lanes, 0, tuple(halved(first, metrics or (Metric("accuracy"),), lanes, budget, items)))


def halved(first: datetime, metrics: tuple[Metric, ...], lanes: int, budget: int, items: int) -> Iterator[Draft]:
    """A stage for each round, at about the same cost; between windows there is time for notice and appeals."""
    rounds = rounds_of(max(lanes, 2), spent(max(lanes, 2), items))
    for place, one in enumerate(rounds):
        last = place == len(rounds) - 1
        plan = GatePlan(
            metrics=metrics,
            entries=Entries(a_day=1, in_all=3),
            rule=Rule(kind="top", top=one.keep, tied="cut"),
            board=Board(mode="blind"),
            public=Public(percent=0),
            counting=Counting(items=min(100, max(1, round(100 * one.asked / items)))),
            release=budget if last else 0,
        )
        yield Draft("final" if last else "round", opened(plan, first, 20 * place, 5))


def spent(lanes: int, items: int) -> int:
    """The largest budget of item scores that asks the last round no more items than there are."""
    low, high = lanes * 32, lanes * items
    while low < high:
        middle = (low + high + 1) // 2
        if rounds_of(lanes, middle)[-1].asked <= items:
            low = middle
        else:
            high = middle - 1
    return low
