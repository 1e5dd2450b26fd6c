"""What the ledger knows of each firm in residence that its graduation depends on."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from qunxing.core.errors import Text
from qunxing.core.formats import show_isoday
from qunxing.core.money import show_money
from qunxing.directory.models import Link, Organization, Residency
from qunxing.funds.models import Round
from qunxing.indicators.engine.graduation import Evidence, Finding, FirmFacts, Judgement, Outcome, Rule, Terms, judge
from qunxing.indicators.models import Return
from qunxing.indicators.queries.returns.filing import NEAR

# Rounds that end a firm's youth; an ordinary round is investment.
EXITS = ("ipo", "merger")
CONTROL = 50
QUARTERS = 8
# Records shown behind one condition.
EVIDENCE = 4


@dataclass(frozen=True)
class Tenant:
    """A firm in residence, its stay, and what the rules say of it."""

    organization: Organization
    stay: Residency
    judgement: Judgement

    @property
    def lines(self) -> list["Line"]:
        return [line_of(finding) for finding in self.judgement.conditions]


def tenants(user: Any, terms: Terms, day: date) -> list[Tenant]:
    """All firms in residence on the day, those that stay longest first."""
    rows = Residency.objects.visible_to(user).filter(scope__code__in=NEAR, stage=Residency.Stage.RESIDENT)
    rows = rows.exclude(entered_on__gt=day).select_related("organization")
    stays: dict[int, Residency] = {}
    for row in rows.order_by(F("entered_on").asc(nulls_last=True), "pk"):
        stays.setdefault(row.organization_id, row)
    known = facts_of(user, stays.values(), day)
    return [Tenant(stay.organization, stay, judge(known[key], terms, day)) for key, stay in stays.items()]


def facts_of(user: Any, stays: Iterable[Residency], day: date) -> dict[int, FirmFacts]:
    """{key of an organisation: what is known of it on the day}, in a fixed number of queries."""
    found = {stay.organization_id: stay for stay in stays}
    rounds, returns = rounds_of(user, found, day), returns_of(user, found, day)
    takeovers = takeovers_of(user, found, day)
    return {
        key: FirmFacts(
            founded=stay.organization.founded_on,
            entered=stay.entered_on,
            exits=(*exits_in(rounds[key]), *takeovers[key]),
            **invested_in(rounds[key]),
            **told_by(returns[key]),
        )
        for key, stay in found.items()
    }


def rounds_of(user: Any, keys: Iterable[int], day: date) -> dict[int, list[Round]]:
    rows = Round.objects.visible_to(user).filter(organization__in=list(keys)).exclude(closed_on__gt=day)
    return by_organization(rows.order_by("closed_on", "pk"))


def returns_of(user: Any, keys: Iterable[int], day: date) -> dict[int, list[Return]]:
    rows = Return.objects.visible_to(user).filter(organization__in=list(keys), year__lte=day.year)
    return by_organization(row for row in rows.order_by("-year", "-quarter") if row.period.first <= day)


def by_organization(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.organization_id].append(row)
    return found


def takeovers_of(user: Any, keys: Iterable[int], day: date) -> dict[int, list[Evidence]]:
    """Links by which another organisation holds more than half."""
    found: dict[int, list[Evidence]] = defaultdict(list)
    rows = Link.objects.visible_to(user).filter(to_organization__in=list(keys), kind=Link.Kind.HOLDS)
    rows = rows.filter(share__gt=CONTROL, from_day__lte=day).select_related("from_organization")
    for row in rows:
        found[row.to_organization_id].append(Evidence("link", row.from_organization.ref, row.from_day))
    return found


def exits_in(rounds: Iterable[Round]) -> list[Evidence]:
    return [Evidence("round", row.ref, row.closed_on) for row in rounds if row.stage_id in EXITS]


def invested_in(rounds: Iterable[Round]) -> dict[str, Any]:
    """What surely came in, in yuan; another currency or an undisclosed amount leaves more of it open."""
    rows = [row for row in rounds if row.stage_id not in EXITS]
    sure = [row.amount_low if row.currency == "CNY" else None for row in rows]
    is_open = any(row.currency != "CNY" or row.amount_low_open or row.amount_high != row.amount_low for row in rows)
    return {
        "invested": sum(low or 0 for low in sure),
        "invested_open": is_open or None in sure,
        "investments": tuple(Evidence("round", r.ref, r.closed_on, low) for r, low in zip(rows, sure, strict=True)),
    }


def told_by(returns: list[Return]) -> dict[str, Any]:
    """Certificates and revenue out of the returns, newest first."""
    certified = [row for row in returns if row.certificate_number]
    certificates = [Evidence("return", row.ref, row.certificate_until) for row in certified[:1]]
    revenue, rows = two_years_of(returns)
    return {
        "filed": bool(returns),
        "certificates": tuple(certificates),
        "two_year_revenue": revenue,
        "revenues": tuple(Evidence("return", row.ref, row.period.last, row.revenue) for row in rows),
    }


def two_years_of(returns: list[Return]) -> tuple[int | None, list[Return]]:
    """What the newest return says of two years; else the sum of eight quarters in a row, where all were told."""
    said = next((row for row in returns if row.two_year_revenue is not None), None)
    if said is not None:
        return said.two_year_revenue, [said]
    last = [row for row in returns if row.revenue is not None][:QUARTERS]
    if len(last) < QUARTERS or last[0].period.place - last[-1].period.place != QUARTERS - 1:
        return None, []
    return sum(row.revenue or 0 for row in last), last


# --- in words -------------------------------------------------------------------------------------------------------

RULES: dict[Rule, Text] = {
    Rule.CERTIFICATE: _("High-tech certificate"),
    Rule.INVESTMENT: _("Investment"),
    Rule.REVENUE: _("Revenue of two years"),
    Rule.EXIT: _("Acquired or listed"),
}
OUTCOMES: dict[Outcome, tuple[Text, str]] = {
    Outcome.MET: (_("met"), "good"),
    Outcome.NOT: (_("not met"), "muted"),
    Outcome.UNKNOWN: (_("not known"), "warn"),
}
PAGES = {
    "return": "indicators:return-detail",
    "round": "funds:round-detail",
    "link": "directory:organization-detail",
}


@dataclass(frozen=True)
class Proof:
    text: str
    url: str


@dataclass(frozen=True)
class Line:
    """One condition as the page says it."""

    label: Text
    outcome: Text
    tone: str
    number: str
    evidence: tuple[Proof, ...]


def line_of(finding: Finding) -> Line:
    outcome, tone = OUTCOMES[finding.outcome]
    number = "" if finding.number is None else show_money(finding.number)
    proofs = tuple(proof_of(evidence) for evidence in finding.evidence[:EVIDENCE])
    return Line(RULES[finding.rule], outcome, tone, number, proofs)


def proof_of(evidence: Evidence) -> Proof:
    """The record that says so, by its day."""
    text = show_isoday(evidence.day) if evidence.day else str(_("record"))
    return Proof(text, reverse(PAGES[evidence.kind], args=[evidence.ref]))


def groups(found: list[Tenant]) -> dict[str, list[Tenant]]:
    """The parts of the page: who may graduate, who stays too long, of whom it is not known, and the others."""
    may = [row for row in found if row.judgement.may_graduate == Outcome.MET]
    return {
        "may": may,
        "over": [row for row in found if row.judgement.overstays],
        "unknown": [row for row in found if row.judgement.may_graduate == Outcome.UNKNOWN],
        "all": found,
    }
