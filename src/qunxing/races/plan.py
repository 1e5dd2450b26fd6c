"""What a gate fixes in advance, as plain data: a stage keeps it, and keeps to it once the race is published.

No Django in here. Every number is a rule with a default (docs/races.md); `GatePlan.read` takes what was stored or typed
and names what is wrong with it, `gaps` names what is missing before a race can be published.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Literal, Self

from qunxing.core.ruledata import BadRule, as_plain, number, read_rules, real, rules_digest

__all__ = ["BadRule", "Board", "Entries", "Gap", "GatePlan", "Metric", "Public", "Rule", "Veto"]

MOST_YUAN = 10**12


@dataclass(frozen=True)
class Metric:
    """One measure. `low` and `high` are what counts as nothing and as full marks where several are weighed together."""

    name: str = ""
    direction: Literal["higher", "lower"] = "higher"
    weight: float = real(1.0, 0.0, 1000.0)
    low: float = real(0.0)
    high: float = real(1.0)
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Entries:
    """What may be entered, and which entry of a lane counts. A cap of 0 is none."""

    takes: tuple[Literal["answers", "table"], ...] = ("answers",)
    a_day: int = number(3, 0, 1_000)
    in_all: int = number(20, 0, 10_000)
    counts: Literal["last", "best"] = "last"  # best: by the public score, never by the sealed one
    dry_runs_a_day: int = number(10, 0, 1_000)
    megabytes: int = number(200, 1, 1_024)


@dataclass(frozen=True)
class Rule:
    """Who goes on: the first `top`, whoever reaches `threshold`, or the first of those who do."""

    kind: Literal["top", "threshold", "both"] = "top"
    top: int = number(2, 1, 1_000)
    threshold: float = real(0.0)
    tied: Literal["go_on", "cut"] = "go_on"
    tie_break: tuple[Literal["earlier", "cost", "draw"], ...] = ("earlier", "draw")
    draw_seed: int = number(0, 0, 2**31 - 1)


@dataclass(frozen=True)
class Veto:
    """A lane whose metric is below (or above) the bound stops, whatever its score."""

    metric: str = ""
    when: Literal["below", "above"] = "below"
    bound: float = real(0.0)


@dataclass(frozen=True)
class Board:
    """What is shown while the window is open. `hours`: how long before its end a frozen board stands still."""

    mode: Literal["open", "frozen", "blind"] = "frozen"
    hours: int = number(24, 1, 24 * 60)


@dataclass(frozen=True)
class Public:
    """The part of the test set that answers while the window is open, drawn with the seed; the rest decides."""

    percent: int = number(30, 0, 90)
    seed: int = number(0, 0, 2**31 - 1)


@dataclass(frozen=True)
class Counting:
    """How the standing is computed (races/standing.py). `items`: percent of the test set that this gate uses."""

    method: Literal["analytic", "bootstrap"] = "bootstrap"
    draws: int = number(2_000, 100, 100_000)
    seed: int = number(0, 0, 2**31 - 1)
    level: float = real(0.95, 0.5, 0.999)
    missing: Literal["zero", "own", "drop"] = "zero"
    items: int = number(100, 1, 100)
    shares: Mapping[str, float] = field(default_factory=dict)  # stratum: its part of the whole


@dataclass(frozen=True)
class Appeal:
    """The public notice of a gate's result and the objections to it, counted as in challenges."""

    days: int = number(5, 1, 60)
    mode: Literal["working", "natural"] = "working"
    reply_days: int = number(7, 1, 60)


@dataclass(frozen=True)
class Expert:
    """The part of the score that a panel gives; `panel` and `scoring` are read by qunxing.panels."""

    weight: float = real(0.0, 0.0, 1.0)
    panel: Mapping[str, Any] = field(default_factory=dict)
    scoring: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Gap:
    """What keeps a plan from being published: where, a code, and numbers for the words."""

    where: str
    code: str
    found: str = ""


@dataclass(frozen=True)
class GatePlan:
    """All of it. `opens` and `closes` are moments in ISO 8601; `release` is what passing is worth to a lane, in yuan.

    `scorer` is the digest of a scorer of one's own; without one the metrics are the built-in ones.
    """

    metrics: tuple[Metric, ...] = (Metric("accuracy"),)
    expert: Expert = Expert()
    opens: str = ""
    closes: str = ""
    entries: Entries = Entries()
    rule: Rule = Rule()
    vetoes: tuple[Veto, ...] = ()
    board: Board = Board()
    public: Public = Public()
    counting: Counting = Counting()
    release: int = number(0, 0, MOST_YUAN)
    appeal: Appeal = Appeal()
    scorer: str = ""

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Self:
        """The plan that was stored, defaults where nothing is said; BadRule names the first rule that cannot stand."""
        plan = read_rules(cls, stored)
        for name in ("opens", "closes"):
            moment(name, getattr(plan, name))
        known = {metric.name for metric in plan.metrics}
        for at, metric in enumerate(plan.metrics, start=1):
            if metric.low == metric.high:
                raise BadRule(f"metrics.{at}.high", metric.high, "another number than the low one")
        for at, veto in enumerate(plan.vetoes, start=1):
            if veto.metric not in known:
                raise BadRule(f"vetoes.{at}.metric", veto.metric, " | ".join(sorted(known)) or "a metric")
        for stratum, share in plan.counting.shares.items():
            if type(share) not in {int, float} or not 0 < share <= 1:
                raise BadRule(f"counting.shares.{stratum}", share, "a share between 0 and 1")
        return plan

    def as_json(self) -> dict[str, Any]:
        """Plain data in full, defaults written out: what a published stage keeps."""
        return as_plain(self)

    def digest(self) -> str:
        """SHA-256, in hex, of the canonical JSON."""
        return rules_digest(self.as_json())

    @property
    def opens_at(self) -> datetime | None:
        return moment("opens", self.opens)

    @property
    def closes_at(self) -> datetime | None:
        return moment("closes", self.closes)

    @property
    def measured(self) -> bool:
        """Whether anything but a panel has a say."""
        return self.expert.weight < 1

    def moved(self, by: timedelta) -> Self:
        """The same plan with another window."""
        return replace(self, opens=shifted("opens", self.opens, by), closes=shifted("closes", self.closes, by))

    def gaps(self, now: datetime) -> Iterator[Gap]:
        """What keeps the plan from being published at this moment."""
        yield from self.gaps_of_window(now)
        names = [metric.name for metric in self.metrics]
        if self.measured and not self.metrics:
            yield Gap("metrics", "none")
        if len(set(names)) < len(names):
            yield Gap("metrics", "double")
        if self.metrics and not sum(metric.weight for metric in self.metrics):
            yield Gap("metrics", "weightless")
        if self.scorer and self.metrics and self.metrics[0].direction == "lower" and self.counting.missing == "zero":
            yield Gap("counting.missing", "best")
        if self.measured and not self.entries.takes:
            yield Gap("entries.takes", "none")
        if self.rule.tied == "cut" and not self.rule.tie_break:
            yield Gap("rule.tie_break", "none")
        if self.counting.shares and abs(sum(self.counting.shares.values()) - 1) > 1e-6:
            yield Gap("counting.shares", "sum", f"{sum(self.counting.shares.values()):g}")

    def gaps_of_window(self, now: datetime) -> Iterator[Gap]:
        opens, closes = self.opens_at, self.closes_at
        if opens is None:
            yield Gap("opens", "missing")
        if closes is None:
            yield Gap("closes", "missing")
        elif closes <= now:
            yield Gap("closes", "past", self.closes)
        if opens is not None and closes is not None and closes <= opens:
            yield Gap("closes", "order", self.closes)


def shifted(name: str, text: str, by: timedelta) -> str:
    at = moment(name, text)
    return (at + by).isoformat() if at is not None else ""


def moment(name: str, text: str) -> datetime | None:
    """The moment that a text names, None where it is empty; BadRule where it names none."""
    if not text:
        return None
    found: datetime | None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise BadRule(name, text, "a moment with its zone, such as 2026-03-01T09:00:00+08:00")
    return found
