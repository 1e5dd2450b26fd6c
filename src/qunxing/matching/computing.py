"""One shortlist: relevance over all candidates, conditions over the best of them, order, reasons; writes nothing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib.metadata import version
from typing import Any, Final

from django.utils.translation import gettext_noop

from qunxing.directory.models import Organization
from qunxing.funds.models import Fund
from qunxing.matching.engine import Engine, Profile, Ranked
from qunxing.matching.engine.conditions import Facts, Finding, Outcome, Web, check, check_mandate, outcome_of
from qunxing.matching.gathering import COMMUNITY, EVERYTHING
from qunxing.matching.gathering.closed import NONE, Row, closed_rows
from qunxing.matching.gathering.facts import facts_of, mandates_of, references, terms_of, web_of
from qunxing.matching.gathering.groups import groups_of
from qunxing.matching.gathering.organizations import organization_profiles
from qunxing.matching.gathering.profiles import PROFILES, open_funds, open_scenarios
from qunxing.matching.gathering.vocabulary import Vocabulary
from qunxing.matching.models import Standing
from qunxing.matching.pools import Silent, Tells, pool_of
from qunxing.matching.reasons import Reason, reasons_of
from qunxing.scenarios.models import Scenario

LIMIT: Final = 20
# Of scenarios, funds and offers that suit a firm fewer are told.
FEW: Final = 8
MOST: Final = 50
MISSES: Final = 5
# So many of the most relevant are held against the conditions first, and so many in all.
HEAD, DEEPEST = 300, 4_800
POOLS: Final[Mapping[str, tuple[str, ...]]] = {
    "scenario": ("organization",),
    "organization": ("scenario", "fund", "offer"),
    "fund": ("organization",),
}
READING = gettext_noop("Reading the ledgers")
RANKING = gettext_noop("Comparing")
EXPLAINING = gettext_noop("Writing down the reasons")

Findings = Mapping[str, tuple[Finding, ...]]
Checker = Callable[[Sequence[str]], Findings]


@dataclass(frozen=True)
class Found:
    """A candidate with its place, what the conditions say of it, and why it stands there.

    `closed` are rows of its findings that the community may not see; `group` is its corporate group, if any.
    """

    pool: str
    place: int
    ranked: Ranked
    standing: Standing
    findings: tuple[Finding, ...]
    reason: Reason
    closed: frozenset[Row] = frozenset()
    group: str = ""

    @property
    def basis(self) -> dict[str, tuple[str, ...]]:
        """The rows that it rests on: of its profile, and of its findings."""
        found = dict(self.reason.basis)
        evidence = (one for finding in self.findings for one in finding.evidence)
        said = references(one for one in evidence if (one.kind, one.ref) not in self.closed)
        for kind, refs in said.items():
            found[kind] = tuple(dict.fromkeys((*found.get(kind, ()), *refs)))
        return found


@dataclass(frozen=True)
class Computed:
    """What a computation gives, best first in each pool, the nearest misses last."""

    found: tuple[Found, ...]
    compared: int
    remarks: tuple[str, ...]
    engine: str
    weights: str


def compute(
    subject: Any, *, day: date, limit: int = LIMIT, tells: Tells | None = None, closed: bool = False
) -> Computed:
    """The shortlist of a scenario, a firm or a fund, from rows that are open to the community.

    With `closed`, as for staff, closed links and contracts count too in what is related and in what capacity is left.
    """
    return Computation(subject, day, min(max(limit, 1), MOST), tells or Silent(), closed).run()


@dataclass
class Computation:
    subject: Any
    day: date
    limit: int
    tells: Tells
    closed: bool = False
    words: Vocabulary = field(default_factory=Vocabulary.read)

    def run(self) -> Computed:
        self.tells.stage(READING)
        need, found, compared, weights, meaningless = self.need(), list[Found](), 0, "", False
        for pool in POOLS[kind_of(self.subject)]:
            supply = pool_of(pool, [need], self.words, self.day, self.tells)
            self.tells.stage(RANKING)
            found += self.pick(pool, supply.engine, need)
            compared, weights = compared + len(supply.engine.keys), supply.engine.weights.digest
            meaningless = meaningless or supply.meaningless
        remarks = (*remarks_of(need, found), *(["meaningless"] if meaningless else []))
        return Computed(tuple(found), compared, remarks, f"qunxing {version('qunxing')}", weights)

    def need(self) -> Profile:
        """The subject as what is asked for; of a firm all rows, for only those who see them read its shortlist."""
        if isinstance(self.subject, Organization):
            rows = Organization.objects.filter(pk=self.subject.pk)
            return next(organization_profiles(rows, self.words, EVERYTHING)).profile
        made: Profile = PROFILES[type(self.subject)](self.subject, self.words)
        return made

    def pick(self, pool: str, engine: Engine, need: Profile) -> list[Found]:
        """The best that pass, then those of which something is not known, then the nearest misses."""
        kept: dict[Standing, list[tuple[Ranked, tuple[Finding, ...]]]] = {standing: [] for standing in Standing}
        checker, done, depth = self.checker(pool), 0, HEAD
        while True:
            ranked = [one for one in engine.rank(need, limit=depth) if one.key != self.subject.ref]
            found = checker([one.key for one in ranked[done:]])
            for one in ranked[done:]:
                findings = found.get(one.key, ())
                kept[STANDINGS[outcome_of(findings)]].append((one, findings))
            enough = len(kept[Standing.FIT]) + len(kept[Standing.OPEN]) >= self.room(pool)
            if enough or len(ranked) < depth - 1 or depth >= DEEPEST:
                break
            done, depth = len(ranked), depth * 4
        self.tells.stage(EXPLAINING)
        return self.explained(pool, engine, need, kept)

    def room(self, pool: str) -> int:
        """How many of the pool are proposed at most."""
        return self.limit if pool == "organization" else min(self.limit, FEW)

    def explained(self, pool: str, engine: Engine, need: Profile, kept: Any) -> list[Found]:
        proposed = [(Standing.FIT, *one) for one in kept[Standing.FIT]]
        proposed = [*proposed, *((Standing.OPEN, *one) for one in kept[Standing.OPEN])][: self.room(pool)]
        nearest = sorted(kept[Standing.MISSED], key=lambda one: (failed(one[1]), -one[0].score, one[0].key))
        chosen = [*proposed, *((Standing.MISSED, *one) for one in nearest[:MISSES])]
        keys = [ranked.key for _standing, ranked, _findings in chosen]
        reasons = reasons_of(pool, engine, need, keys, self.words)
        closed = closed_rows(finding for *_rest, findings in chosen for finding in findings) if self.closed else NONE
        groups = groups_of(web_of(self.day)) if pool == "organization" else {}
        return [
            Found(pool, place, ranked, standing, findings, reasons[ranked.key], closed, groups.get(ranked.key, ""))
            for place, (standing, ranked, findings) in enumerate(
                [one for one in chosen if one[1].key in reasons], start=1
            )
        ]

    def checker(self, pool: str) -> Checker:
        """What holds candidates of the pool against the conditions, by reference, some at a time."""
        pair = (kind_of(self.subject), pool)
        made: dict[tuple[str, str], Callable[[], Checker]] = {
            ("scenario", "organization"): lambda: firms_for_scenario(self.subject, self.day, closed=self.closed),
            ("fund", "organization"): lambda: firms_for_fund(self.subject),
            ("organization", "scenario"): lambda: scenarios_for_firm(self.subject, self.day, closed=self.closed),
            ("organization", "fund"): lambda: funds_for_firm(self.subject),
        }
        return made[pair]() if pair in made else lambda _refs: {}


STANDINGS = {Outcome.PASS: Standing.FIT, Outcome.UNKNOWN: Standing.OPEN, Outcome.FAIL: Standing.MISSED}


def kind_of(subject: Any) -> str:
    kinds: dict[type[Any], str] = {Scenario: "scenario", Organization: "organization", Fund: "fund"}
    return kinds[type(subject)]


def failed(findings: Sequence[Finding]) -> int:
    return sum(finding.outcome == Outcome.FAIL for finding in findings)


def remarks_of(need: Profile, found: Sequence[Found]) -> tuple[str, ...]:
    """Codes of what a reader should know of the list as a whole."""
    if not found:
        return ("nothing",) if any(character.isalnum() for character in need.title + need.text) else ("wordless",)
    return () if any(one.standing != Standing.MISSED for one in found) else ("nobody",)


# --- holding candidates against conditions --------------------------------------------------------------------------


def firms_for_scenario(scenario: Scenario, day: date, *, closed: bool) -> Checker:
    terms, web = terms_of(scenario), web_for(day, closed=closed)

    def judge(refs: Sequence[str]) -> Findings:
        return {ref: check(terms, facts, day, web) for ref, facts in facts_of(refs, closed=closed).items()}

    return judge


def firms_for_fund(fund: Fund) -> Checker:
    mandate = mandates_of([fund])[fund.ref]
    return lambda refs: {ref: check_mandate(mandate, facts) for ref, facts in facts_of(refs).items()}


def scenarios_for_firm(firm: Organization, day: date, *, closed: bool) -> Checker:
    facts, web = own_facts(firm), web_for(day, closed=closed)

    def judge(refs: Sequence[str]) -> Findings:
        rows = open_scenarios(day).filter(ref__in=refs)
        return {row.ref: check(terms_of(row), facts, day, web) for row in rows}

    return judge


def funds_for_firm(firm: Organization) -> Checker:
    facts = own_facts(firm)

    def judge(refs: Sequence[str]) -> Findings:
        mandates = mandates_of(list(open_funds().filter(ref__in=refs)))
        return {ref: check_mandate(mandate, facts) for ref, mandate in mandates.items()}

    return judge


def web_for(day: date, *, closed: bool) -> Web:
    return web_of(day, EVERYTHING if closed else COMMUNITY)


def own_facts(firm: Organization) -> Facts:
    return facts_of([firm.ref], EVERYTHING)[firm.ref]


__all__ = ["COMMUNITY", "Computed", "Found", "Web", "compute"]
