"""Who may graduate from an incubator, and who stays too long: rules as parameters, asked of plain facts."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from qunxing.indicators.engine.quarters import months_between


class Outcome(StrEnum):
    MET = "met"
    NOT = "not"
    UNKNOWN = "unknown"


class Rule(StrEnum):
    """What lets a firm graduate (any of the first four), and the bounds of its stay."""

    CERTIFICATE = "certificate"
    INVESTMENT = "investment"
    REVENUE = "revenue"
    EXIT = "exit"
    ENTRY_AGE = "entry_age"
    STAY = "stay"


@dataclass(frozen=True)
class Terms:
    """Amounts in yuan, lengths in months; None puts a rule out of force."""

    certificate: bool = True
    investment: int | None = 5_000_000
    revenue: int | None = 10_000_000
    exit: bool = True
    entry_months: int | None = 24
    stay_months: int | None = 48


@dataclass(frozen=True)
class Evidence:
    """What a finding rests on: a record by its kind and reference, its day, and its number."""

    kind: str
    ref: str
    day: date | None = None
    amount: int | None = None


@dataclass(frozen=True)
class FirmFacts:
    """What is known of a firm; amounts in yuan.

    `invested` is what is surely invested, `invested_open` whether there is more of unknown size. `certificates` are
    evidence whose day is the last one of the certificate; a firm that never filed has `filed` False: whether it holds
    one is then not known. `two_year_revenue` is the latest that was told. `exits` are acquisitions and listings.
    """

    founded: date | None = None
    entered: date | None = None
    filed: bool = False
    certificates: tuple[Evidence, ...] = ()
    invested: int = 0
    invested_open: bool = False
    investments: tuple[Evidence, ...] = ()
    two_year_revenue: int | None = None
    revenues: tuple[Evidence, ...] = ()
    exits: tuple[Evidence, ...] = ()


@dataclass(frozen=True)
class Finding:
    """The answer of one rule; `number` is what was found (yuan or months), `bound` what the rule says."""

    rule: Rule
    outcome: Outcome
    number: int | None = None
    bound: int | None = None
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True)
class Judgement:
    """All findings of a firm on a day."""

    conditions: tuple[Finding, ...]
    entry: Finding | None
    stay: Finding | None

    @property
    def may_graduate(self) -> Outcome:
        """Any condition is enough; where none is met, one that is not known leaves the question open."""
        found = {finding.outcome for finding in self.conditions}
        if Outcome.MET in found:
            return Outcome.MET
        return Outcome.UNKNOWN if Outcome.UNKNOWN in found else Outcome.NOT

    @property
    def overstays(self) -> bool:
        return self.stay is not None and self.stay.outcome == Outcome.NOT


def judge(facts: FirmFacts, terms: Terms, day: date) -> Judgement:
    """Every rule that is in force, asked on the day."""
    conditions = []
    if terms.certificate:
        conditions.append(certificate(facts, day))
    if terms.investment is not None:
        conditions.append(investment(facts, terms.investment))
    if terms.revenue is not None:
        conditions.append(revenue(facts, terms.revenue))
    if terms.exit:
        conditions.append(left_by_exit(facts, day))
    return Judgement(
        tuple(conditions),
        entry_age(facts, terms.entry_months) if terms.entry_months is not None else None,
        stay(facts, terms.stay_months, day) if terms.stay_months is not None else None,
    )


def certificate(facts: FirmFacts, day: date) -> Finding:
    """A certificate that is valid on the day; one without a last day leaves it open."""
    valid = tuple(row for row in facts.certificates if row.day is not None and row.day >= day)
    if valid:
        return Finding(Rule.CERTIFICATE, Outcome.MET, evidence=valid)
    undated = any(row.day is None for row in facts.certificates)
    outcome = Outcome.UNKNOWN if undated or not facts.filed else Outcome.NOT
    return Finding(Rule.CERTIFICATE, outcome, evidence=facts.certificates)


def investment(facts: FirmFacts, bound: int) -> Finding:
    """More than the bound was surely invested; undisclosed amounts leave a smaller sum open."""
    outcome = Outcome.UNKNOWN if facts.invested_open else Outcome.NOT
    if facts.invested > bound:
        outcome = Outcome.MET
    return Finding(Rule.INVESTMENT, outcome, facts.invested, bound, facts.investments)


def revenue(facts: FirmFacts, bound: int) -> Finding:
    told = facts.two_year_revenue
    if told is None:
        return Finding(Rule.REVENUE, Outcome.UNKNOWN, None, bound, facts.revenues)
    return Finding(Rule.REVENUE, Outcome.MET if told > bound else Outcome.NOT, told, bound, facts.revenues)


def left_by_exit(facts: FirmFacts, day: date) -> Finding:
    """Acquired or listed by the day; the ledger would know, so that nothing found means no."""
    found = tuple(row for row in facts.exits if row.day is None or row.day <= day)
    sure = any(row.day is not None for row in found)
    outcome = Outcome.MET if sure else Outcome.UNKNOWN if found else Outcome.NOT
    return Finding(Rule.EXIT, outcome, evidence=found)


def entry_age(facts: FirmFacts, bound: int) -> Finding:
    """The firm was at most so many months old when it moved in."""
    return within(Rule.ENTRY_AGE, facts.founded, facts.entered, bound)


def stay(facts: FirmFacts, bound: int, day: date) -> Finding:
    return within(Rule.STAY, facts.entered, day, bound)


def within(rule: Rule, first: date | None, last: date | None, bound: int) -> Finding:
    if first is None or last is None:
        return Finding(rule, Outcome.UNKNOWN, None, bound)
    months = max(0, months_between(first, last))
    # A month that has begun counts: 48 months and a day are more than 48.
    over = months > bound or (months == bound and not exact_months(first, last))
    return Finding(rule, Outcome.NOT if over else Outcome.MET, months, bound)


def exact_months(first: date, last: date) -> bool:
    return first.day == last.day
