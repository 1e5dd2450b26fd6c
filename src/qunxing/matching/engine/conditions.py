"""Conditions as data: what one side demands, what is known of the other, and each held against it.

Every condition answers pass, fail or unknown, names the rows it rests on and, where it does not pass, how it could.
What is said to a reader is made elsewhere from the codes.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from qunxing.core.text import fold_name

# From this share of a holding on (percent) one party has significant influence on the other.
INFLUENCE: Final = 20.0
# So many steps of control are followed upwards.
LONGEST_CHAIN: Final = 4


class Outcome(StrEnum):
    PASS = "pass"  # noqa: S105 - not a password
    FAIL = "fail"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A row that a finding rests on: its kind and reference, what it says, and the day from which it says so."""

    kind: str
    ref: str
    text: str
    day: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer of one condition; `closing` is the code of what would make it pass, `words` what that speaks of."""

    code: str
    outcome: Outcome
    evidence: tuple[Evidence, ...] = ()
    closing: str = ""
    words: tuple[tuple[str, str], ...] = ()


# --- what is demanded -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Terms:
    """What a scenario demands of whoever solves it; codes of places are prefixes of GB/T 2260."""

    owner: str
    generated_to_public: bool = False
    security_level: int = 0
    domestic_chips: bool = False
    on_site: bool = False
    places: tuple[str, ...] = ()
    sizes: tuple[str, ...] = ()
    certificates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mandate:
    """What a fund may buy: stages and technical fields by code, regions as prefixes; none means any."""

    manager: str = ""
    investing: bool = True
    stages: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    held: frozenset[str] = frozenset()


# --- what is known --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Filed:
    """A filing of generative AI; a registered one names the filing it relies on, where that is known."""

    evidence: Evidence
    registered: bool = False
    in_force: bool = True
    relies_on: "Filed | None" = None


@dataclass(frozen=True, slots=True)
class Held:
    """A capability on record; `held` false says that it is known to be lacking."""

    kind: str
    evidence: Evidence
    held: bool = True
    amount: int = 0
    name: str = ""
    first: date | None = None
    last: date | None = None

    def stands_on(self, day: date) -> bool:
        return (self.first is None or self.first <= day) and (self.last is None or self.last >= day)


@dataclass(frozen=True, slots=True)
class Tie:
    """One organisation holds another, invests in it, or is its former self."""

    kind: str
    upper: str
    lower: str
    evidence: Evidence
    share: float | None = None
    first: date | None = None
    last: date | None = None

    def stands_on(self, day: date) -> bool:
        return (self.first is None or self.first <= day) and (self.last is None or self.last >= day)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the ledgers know of an organisation; `called` are filings of models that its own models are made from."""

    key: str
    own: Evidence
    division: str = ""
    size: str = ""
    fields: tuple[str, ...] = ()
    filings: tuple[Filed, ...] = ()
    called: tuple[Filed, ...] = ()
    held: tuple[Held, ...] = ()
    running: tuple[Evidence, ...] = ()
    stage: str = ""
    financed: Evidence | None = None


@dataclass
class Web:
    """Who hangs together with whom on a day, over ties that hold then."""

    day: date
    between: dict[frozenset[str], list[Tie]] = field(default_factory=dict)
    above: dict[str, list[Tie]] = field(default_factory=dict)

    @classmethod
    def of(cls, ties: Iterable[Tie], day: date) -> "Web":
        web = cls(day)
        for tie in ties:
            if tie.stands_on(day):
                web.between.setdefault(frozenset({tie.upper, tie.lower}), []).append(tie)
                if tie.kind in {"holds", "former"}:
                    web.above.setdefault(tie.lower, []).append(tie)
        return web

    def controllers(self, key: str) -> Mapping[str, tuple[Evidence, ...]]:
        """{who stands above the key, itself included: the ties that lead there}."""
        found: dict[str, tuple[Evidence, ...]] = {key: ()}
        edge = [key]
        for _step in range(LONGEST_CHAIN):
            edge = [upper for lower in edge for upper in self.climb(lower, found)]
        return found

    def climb(self, lower: str, found: dict[str, tuple[Evidence, ...]]) -> Iterator[str]:
        for tie in self.above.get(lower, []):
            if tie.upper not in found:
                found[tie.upper] = (*found[lower], tie.evidence)
                yield tie.upper


# --- holding one against the other ----------------------------------------------------------------------------------


def check(terms: Terms, facts: Facts, day: date, web: Web | None = None) -> tuple[Finding, ...]:
    """The findings of all conditions that the terms bring with them, in a standing order."""
    made = [find(terms, facts, day) for applies, find in CONDITIONS if applies(terms)]
    return (*made, find_capacity(facts, day), find_relation(terms.owner, facts, web or Web(day)))


def outcome_of(findings: Iterable[Finding]) -> Outcome:
    """Fail where one fails, else unknown where one is unknown."""
    found = {finding.outcome for finding in findings}
    return next((one for one in (Outcome.FAIL, Outcome.UNKNOWN) if one in found), Outcome.PASS)


def open_ones(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(finding for finding in findings if finding.outcome != Outcome.PASS)


def find_filing(_terms: Terms, facts: Facts, _day: date) -> Finding:
    """Serving the public needs a filed model of one's own, or a registered service over a filed model."""
    code, in_force = "filing", [filed for filed in facts.filings if filed.in_force]
    own = next((filed for filed in in_force if not filed.registered), None)
    if own is not None:
        return Finding(code, Outcome.PASS, (own.evidence,))
    relying = [filed for filed in in_force if filed.relies_on is not None]
    for filed in relying:
        if filed.relies_on is not None and filed.relies_on.in_force:
            return Finding(code, Outcome.PASS, (filed.evidence, filed.relies_on.evidence))
    if relying:
        return Finding(code, Outcome.FAIL, (relying[0].evidence, called_by(relying[0])), "filing_reliance_ended")
    if in_force:
        return Finding(code, Outcome.UNKNOWN, (in_force[0].evidence,), "filing_name_the_model")
    return unfiled(facts)


def called_by(filed: Filed) -> Evidence:
    return filed.relies_on.evidence if filed.relies_on is not None else filed.evidence


def unfiled(facts: Facts) -> Finding:
    """No filing in force: registering is enough where its model calls a filed one."""
    called = next((filed for filed in facts.called if filed.in_force), None)
    if called is not None:
        words = (("number", called.evidence.text),)
        return Finding("filing", Outcome.FAIL, (called.evidence,), "filing_register", words)
    ended = next((filed for filed in facts.filings), None)
    if ended is not None:
        return Finding("filing", Outcome.FAIL, (ended.evidence,), "filing_ended")
    return Finding("filing", Outcome.FAIL, (), "filing_file")


def find_security(terms: Terms, facts: Facts, day: date) -> Finding:
    wanted = (("level", str(terms.security_level)),)
    rows = [row for row in facts.held if row.kind == "security"]
    best = max((row for row in rows if row.held and row.stands_on(day)), key=lambda row: row.amount, default=None)
    if best is not None and best.amount >= terms.security_level:
        return Finding("security", Outcome.PASS, (best.evidence,), words=wanted)
    if best is not None:
        return Finding("security", Outcome.FAIL, (best.evidence,), "security_raise", wanted)
    if rows:
        return Finding("security", Outcome.FAIL, (rows[0].evidence,), "security_assess", wanted)
    return Finding("security", Outcome.UNKNOWN, (), "security_ask", wanted)


def declared(kind: str) -> "Condition":
    """A condition answered by a capability that is either held or known to be lacking."""

    def find(_terms: Terms, facts: Facts, day: date) -> Finding:
        rows = [row for row in facts.held if row.kind == kind]
        standing = [row for row in rows if row.stands_on(day)]
        yes = next((row for row in standing if row.held), None)
        if yes is not None:
            return Finding(kind, Outcome.PASS, (yes.evidence,))
        if rows:
            return Finding(kind, Outcome.FAIL, (rows[0].evidence,), f"{kind}_make")
        return Finding(kind, Outcome.UNKNOWN, (), f"{kind}_ask")

    return find


def find_place(terms: Terms, facts: Facts, _day: date) -> Finding:
    wanted = (("places", " ".join(terms.places)),)
    if not facts.division:
        return Finding("place", Outcome.UNKNOWN, (), "place_ask", wanted)
    inside = any(within(facts.division, place) for place in terms.places)
    said = Evidence(facts.own.kind, facts.own.ref, facts.division, facts.own.day)
    return Finding("place", Outcome.PASS if inside else Outcome.FAIL, (said,), "" if inside else "place_settle", wanted)


def within(division: str, place: str) -> bool:
    """310104 is within 310000 and within itself."""
    prefix = place.rstrip("0") if len(place) == 6 else place
    return division.startswith(prefix if len(prefix) % 2 == 0 else f"{prefix}0")


def find_size(terms: Terms, facts: Facts, _day: date) -> Finding:
    wanted = (("sizes", " ".join(terms.sizes)),)
    if not facts.size:
        return Finding("size", Outcome.UNKNOWN, (), "size_ask", wanted)
    fits = facts.size in terms.sizes
    said = Evidence(facts.own.kind, facts.own.ref, facts.size, facts.own.day)
    return Finding("size", Outcome.PASS if fits else Outcome.FAIL, (said,), "" if fits else "size_other", wanted)


def find_certificates(terms: Terms, facts: Facts, day: date) -> Finding:
    """All certificates that are demanded; what is known to be lacking outweighs what is not known."""
    rows = [row for row in facts.held if row.kind == "certificate"]
    found: list[Evidence] = []
    lacking: list[str] = []
    unknown: list[str] = []
    for wanted in terms.certificates:
        named = [row for row in rows if fold_name(wanted) in fold_name(row.name)]
        valid = next((row for row in named if row.held and row.stands_on(day)), None)
        found += [row.evidence for row in ([valid] if valid else named[:1])]
        if valid is None:
            (lacking if named else unknown).append(wanted)
    evidence = tuple(found)
    if lacking:
        return Finding("certificate", Outcome.FAIL, evidence, "certificate_renew", (("names", "、".join(lacking)),))
    if unknown:
        return Finding("certificate", Outcome.UNKNOWN, evidence, "certificate_ask", (("names", "、".join(unknown)),))
    return Finding("certificate", Outcome.PASS, evidence)


def find_capacity(facts: Facts, day: date) -> Finding:
    """Work under contract against what it said it can carry; nothing running needs no number."""
    said = next((row for row in facts.held if row.kind == "capacity" and row.stands_on(day)), None)
    running = len(facts.running)
    words = (("running", str(running)), ("capacity", str(said.amount if said and said.held else 0)))
    if said is not None:
        evidence = (said.evidence, *facts.running)
        free = said.held and running < said.amount
        return Finding(
            "capacity", Outcome.PASS if free else Outcome.FAIL, evidence, "" if free else "capacity_full", words
        )
    if not running:
        return Finding("capacity", Outcome.PASS, (), words=words)
    return Finding("capacity", Outcome.UNKNOWN, facts.running, "capacity_ask", words)


def find_relation(owner: str, facts: Facts, web: Web) -> Finding:
    """Whoever is the owner itself, controls it, is controlled by it or with it, or has weight in it, is related."""
    code = "relation"
    if owner == facts.key:
        return Finding(code, Outcome.FAIL, (facts.own,), "relation_same")
    mine, theirs = web.controllers(facts.key), web.controllers(owner)
    shared = min(mine.keys() & theirs.keys(), key=lambda key: len(mine[key]) + len(theirs[key]), default=None)
    if shared is not None:
        return Finding(code, Outcome.FAIL, (*mine[shared], *theirs[shared]), "relation_control")
    invested = [tie for tie in web.between.get(frozenset({owner, facts.key}), []) if tie.kind == "invests"]
    weighty = next((tie for tie in invested if tie.share is not None and tie.share >= INFLUENCE), None)
    if weighty is not None:
        return Finding(code, Outcome.FAIL, (weighty.evidence,), "relation_influence")
    untold = next((tie for tie in invested if tie.share is None), None)
    if untold is not None:
        return Finding(code, Outcome.UNKNOWN, (untold.evidence,), "relation_share")
    return Finding(code, Outcome.PASS, tuple(tie.evidence for tie in invested))


Condition = Callable[[Terms, Facts, date], Finding]
CONDITIONS: Final[Sequence[tuple[Callable[[Terms], bool], Condition]]] = (
    (lambda terms: terms.generated_to_public, find_filing),
    (lambda terms: terms.security_level > 0, find_security),
    (lambda terms: terms.domestic_chips, declared("chips")),
    (lambda terms: terms.on_site, declared("on_site")),
    (lambda terms: bool(terms.places), find_place),
    (lambda terms: bool(terms.sizes), find_size),
    (lambda terms: bool(terms.certificates), find_certificates),
)


# --- a fund's mandate -----------------------------------------------------------------------------------------------


def check_mandate(mandate: Mandate, facts: Facts) -> tuple[Finding, ...]:
    """Whether the fund may buy into the firm, as far as the ledgers tell."""
    findings = [find_buying(mandate), find_stage(mandate, facts), find_fields(mandate, facts)]
    findings += [find_region(mandate, facts), find_portfolio(mandate, facts)]
    return tuple(finding for finding in findings if finding is not None)


def find_buying(mandate: Mandate) -> Finding | None:
    return None if mandate.investing else Finding("buying", Outcome.FAIL, (), "buying_over")


def find_stage(mandate: Mandate, facts: Facts) -> Finding | None:
    if not mandate.stages:
        return None
    if facts.financed is None:
        return Finding("stage", Outcome.UNKNOWN, (), "stage_ask")
    fits = facts.stage in mandate.stages
    outcome, closing = (Outcome.PASS, "") if fits else (Outcome.FAIL, "stage_other")
    return Finding("stage", outcome, (facts.financed,), closing)


def find_fields(mandate: Mandate, facts: Facts) -> Finding | None:
    if not mandate.fields:
        return None
    if not facts.fields:
        return Finding("fields", Outcome.UNKNOWN, (), "fields_ask")
    shared = sorted(
        {one for one in facts.fields for wanted in mandate.fields if one == wanted or one.startswith(f"{wanted}-")}
    )
    said = Evidence("directory.field", "", " ".join(shared or facts.fields), facts.own.day)
    outcome, closing = (Outcome.PASS, "") if shared else (Outcome.FAIL, "fields_other")
    return Finding("fields", outcome, (said,), closing)


def find_region(mandate: Mandate, facts: Facts) -> Finding | None:
    if not mandate.regions:
        return None
    found = find_place(Terms("", places=mandate.regions), facts, date.min)
    closing = {"place_ask": "place_ask", "place_settle": "region_other"}.get(found.closing, "")
    return Finding("place", found.outcome, found.evidence, closing, found.words)


def find_portfolio(mandate: Mandate, facts: Facts) -> Finding | None:
    if facts.key in mandate.held:
        return Finding("portfolio", Outcome.FAIL, (facts.own,), "portfolio_held")
    if mandate.manager and mandate.manager == facts.key:
        return Finding("portfolio", Outcome.FAIL, (facts.own,), "portfolio_self")
    return None
