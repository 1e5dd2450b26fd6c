"""What a bid still lacks, or says in a way that cannot stand: each with its place. No Django in here.

A gap stops the submission; a remark does not, it only tells what a reviewer will notice.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from qunxing.challenges.content import Answer, BidContent
from qunxing.challenges.terms import Terms
from qunxing.core.text import fold

PERCENT = "%"
UNITS = {"％": "%", "percent": "%", "百分比": "%", "pct": "%"}


@dataclass(frozen=True)
class Wanted:
    """A target as a bid must answer it; values as decimals."""

    ref: str
    name: str
    operator: str
    value: Decimal
    high: Decimal | None = None
    unit: str = ""

    def is_reached_by(self, number: Decimal) -> bool:
        """Whether the promised value meets the target."""
        if self.operator == "between":
            return self.value <= number <= (self.high if self.high is not None else number)
        tests = {
            "ge": number >= self.value,
            "le": number <= self.value,
            "gt": number > self.value,
            "lt": number < self.value,
        }
        return tests.get(self.operator, number == self.value)


@dataclass(frozen=True)
class Gap:
    """Where something is amiss (`section.row.field`, rows from 1), which (`code`), and the words it is told with."""

    where: str
    code: str
    words: Mapping[str, Any] = field(default_factory=dict)
    stops: bool = True

    @property
    def section(self) -> str:
        return self.where.split(".", 1)[0]


@dataclass(frozen=True)
class Asked:
    """What a bid is held against: rules, targets, and the money the challenge offers (yuan; None for no word of it)."""

    terms: Terms
    targets: Sequence[Wanted] = ()
    money: int | None = None
    confirmed: Mapping[str, str] = field(default_factory=dict)  # {organisation: state of its part}


def gaps(content: BidContent, asked: Asked) -> tuple[Gap, ...]:
    """All that is missing or wrong, in the order of the form; empty when the bid may be submitted."""
    parts = (people_gaps, text_gaps, target_gaps, budget_gaps, party_gaps, fact_gaps, file_gaps)
    return tuple(gap for part in parts for gap in part(content, asked))


def stopping(found: Sequence[Gap]) -> tuple[Gap, ...]:
    return tuple(gap for gap in found if gap.stops)


def people_gaps(content: BidContent, _asked: Asked) -> Iterator[Gap]:
    if not content.leader.name.strip():
        yield Gap("leader.name", "missing")
    if not (content.leader.phone.strip() or content.leader.email.strip()):
        yield Gap("leader.phone", "no_contact")
    if not content.team:
        yield Gap("team", "missing")
    for number, person in enumerate(content.team, start=1):
        if not person.name.strip():
            yield Gap(f"team.{number}.name", "row_without", {"row": number})


def text_gaps(content: BidContent, _asked: Asked) -> Iterator[Gap]:
    for name in ("background", "route", "basis", "joint_plan"):
        if not getattr(content, name).strip():
            yield Gap(name, "missing")


# --- targets --------------------------------------------------------------------------------------------------------


def same_unit(one: str, other: str) -> bool:
    return unit_key(one) == unit_key(other)


def unit_key(unit: str) -> str:
    folded = fold(unit).strip()
    return UNITS.get(folded, folded)


def target_gaps(content: BidContent, asked: Asked) -> Iterator[Gap]:
    for target in asked.targets:
        answer = content.answer_to(target.ref)
        if answer is None or not answer.value.strip():
            yield Gap(f"answers.{target.ref}.value", "no_answer", {"target": target.name})
        else:
            yield from answer_gaps(answer, target)


def answer_gaps(answer: Answer, target: Wanted) -> Iterator[Gap]:
    """What is wrong with an answer that was given."""
    place, words = f"answers.{target.ref}", {"target": target.name, "value": answer.value}
    number = answer.number
    if number is None:
        yield Gap(f"{place}.value", "no_number", words)
        return
    if not same_unit(answer.unit, target.unit):
        yield Gap(f"{place}.unit", "other_unit", words | {"found": answer.unit or "–", "unit": target.unit or "–"})
        return
    if unit_key(target.unit) == PERCENT and not 0 <= number <= 100:
        yield Gap(f"{place}.value", "not_a_percentage", words)
    elif not target.is_reached_by(number):
        yield Gap(f"{place}.value", "below_target", words, stops=False)
    if not answer.proof.strip():
        yield Gap(f"{place}.proof", "no_proof", words)


# --- money ----------------------------------------------------------------------------------------------------------


def budget_gaps(content: BidContent, asked: Asked) -> Iterator[Gap]:
    terms = asked.terms
    grant, own = content.spent()
    if not grant + own:
        yield Gap("budget", "missing")
        return
    for number, row in enumerate(content.budget, start=1):
        if row.category not in terms.budget.categories or not 1 <= row.year <= terms.budget.years:
            yield Gap(f"budget.{number}", "no_such_row", {"category": row.category, "year": row.year})
    if content.total != grant + own:
        yield Gap("total", "total_differs", {"stated": content.total, "sum": grant + own})
    if content.grant != grant:
        yield Gap("grant", "grant_differs", {"stated": content.grant, "sum": grant})
    yield from money_gaps(grant, own, asked)


def money_gaps(grant: int, own: int, asked: Asked) -> Iterator[Gap]:
    """Limits of the rules and of the challenge; shares are compared without division, so that no rounding decides."""
    total, least, most = grant + own, asked.terms.budget.own_share, asked.terms.funding.cap_percent
    if own * 100 < least * total:
        yield Gap("budget", "own_share", {"least": least, "found": own * 100 // total})
    if grant * 100 > most * total:
        yield Gap("grant", "over_share", {"most": most, "found": -(-grant * 100 // total)})
    limits = [limit for limit in (asked.terms.funding.cap_amount, asked.money) if limit]
    if limits and grant > min(limits):
        yield Gap("grant", "over_amount", {"most": min(limits), "found": grant})


# --- parties, facts, files ------------------------------------------------------------------------------------------


def party_gaps(content: BidContent, asked: Asked) -> Iterator[Gap]:
    most = asked.terms.bidding.partners
    if len(content.partners) > most:
        yield Gap("partners", "too_many", {"most": most, "found": len(content.partners)})
    seen = {content.lead.organization}
    for number, party in enumerate(content.partners, start=1):
        yield from partner_gaps(number, party.organization in seen, party, asked)
        seen.add(party.organization)
    shares = [party.share for party in content.parties]
    if content.partners and sum(shares) != 100:
        yield Gap("partners", "shares", {"sum": sum(shares)})
    if content.partners and not content.lead.tasks.strip():
        yield Gap("lead.tasks", "no_tasks", {"name": content.lead.name})


def partner_gaps(number: int, twice: bool, party: Any, asked: Asked) -> Iterator[Gap]:
    place, words = f"partners.{number}", {"row": number, "name": party.name}
    if not party.organization:
        yield Gap(f"{place}.name", "not_on_ledger", words)
        return
    if twice:
        yield Gap(f"{place}.name", "twice", words)
    if not party.tasks.strip():
        yield Gap(f"{place}.tasks", "no_tasks", words)
    state = asked.confirmed.get(party.organization, "")
    if state != "confirmed":
        yield Gap(f"{place}.confirmed", f"partner_{state or 'unasked'}", words)


def fact_gaps(content: BidContent, _asked: Asked) -> Iterator[Gap]:
    if not content.facts_confirmed:
        yield Gap("facts", "not_confirmed")


def file_gaps(content: BidContent, asked: Asked) -> Iterator[Gap]:
    kinds = {attachment.kind for attachment in content.attachments}
    if asked.terms.bidding.stamped_pdf and "stamped" not in kinds:
        yield Gap("attachments", "no_stamped")
    if content.partners and "agreement" not in kinds:
        yield Gap("attachments", "no_agreement")
    if len(content.attachments) > asked.terms.bidding.files:
        yield Gap("attachments", "too_many", {"most": asked.terms.bidding.files, "found": len(content.attachments)})
