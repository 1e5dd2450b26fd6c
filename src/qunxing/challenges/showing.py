"""A bid as its pages show it: content, gaps, parties and findings with their words."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from qunxing.challenges import bidwords, eligibility
from qunxing.challenges.content import Answer, Attachment, BidContent
from qunxing.challenges.gaps import Gap
from qunxing.challenges.models import Bid, BidParty, Target
from qunxing.challenges.rulewords import CATEGORIES
from qunxing.challenges.sealing import tag_of
from qunxing.challenges.states.party import TONES as PARTY_TONES
from qunxing.challenges.states.party import PartyState
from qunxing.core.errors import Text
from qunxing.directory.models import Organization
from qunxing.matching.engine.conditions import Outcome
from qunxing.matching.wording import ICONS, OUTCOMES, TONES


@dataclass(frozen=True)
class ShownGap:
    """A gap with its words and the place on the form where it is mended."""

    label: Text
    text: str
    anchor: str
    stops: bool


@dataclass(frozen=True)
class ShownFinding:
    """What a rule says of a party, in words."""

    name: str
    label: Text
    outcome: Text
    tone: str
    icon: str
    text: str
    evidence: Sequence[Mapping[str, Any]]
    stage: Text = ""


@dataclass(frozen=True)
class ShownParty:
    """A party with its state and its part."""

    name: str
    role: Text
    state: Text
    tone: str
    tasks: str
    share: int
    url: str = ""


@dataclass(frozen=True)
class ShownYear:
    category: Text
    cells: Sequence[tuple[int, int]]
    grant: int
    own: int


def gap_rows(found: Sequence[Gap]) -> list[ShownGap]:
    return [ShownGap(bidwords.section_label(one), bidwords.gap_text(one), anchor(one), one.stops) for one in found]


def anchor(gap: Gap) -> str:
    """The part of the form where it is mended."""
    return {"lead": "partners", "total": "budget", "grant": "budget"}.get(gap.section, gap.section)


# --- content --------------------------------------------------------------------------------------------------------


def content_words(bid: Bid, content: BidContent) -> dict[str, Any]:
    """The content for a page that is read and printed."""
    terms = bid.board.rules
    years = list(range(1, terms.budget.years + 1))
    grant, own = content.spent()
    return {
        "leader": content.leader,
        "team": content.team,
        "texts": [
            (bidwords.SECTIONS[name], getattr(content, name))
            for name in ("summary", "background", "route", "basis", "joint_plan")
            if getattr(content, name)
        ],
        "answers": answer_rows(bid, content),
        "years": years,
        "budget": [budget_row(content, code, years) for code in terms.budget.categories if any(content.spent(code))],
        "grant": grant,
        "own": own,
        "total": grant + own,
        "facts": [{"label": bidwords.FACTS.get(one.code, one.code), "value": one.value} for one in content.facts],
        "facts_confirmed": content.facts_confirmed,
        "attachments": attachment_rows(content),
        "lead": content.lead,
    }


def attachment_rows(content: BidContent) -> list[tuple[Any, Attachment]]:
    """(kind in words, file) in the order of the bid."""
    return [(bidwords.FILE_KINDS.get(one.kind, one.kind), one) for one in content.attachments]


def answer_rows(bid: Bid, content: BidContent) -> list[tuple[Target, Answer | None]]:
    return [(target, content.answer_to(target.ref)) for target in bid.challenge.targets.all()]


def budget_row(content: BidContent, code: str, years: Sequence[int]) -> ShownYear:
    grant, own = content.spent(code)
    return ShownYear(CATEGORIES.get(code, code), [content.spent(code, year) for year in years], grant, own)


# --- parties and findings -------------------------------------------------------------------------------------------


def party_rows(bid: Bid, content: BidContent) -> list[ShownParty]:
    """Lead and partners with how far each has come."""
    stored = {row.tag: row for row in bid.parties.all()}
    firms = {row.ref: row for row in Organization.objects.filter(ref__in=[one.organization for one in content.parties])}
    found = []
    for number, party in enumerate(content.parties):
        row = stored.get(tag_of(bid.board, party.organization)) if party.organization else None
        role = BidParty.Role.PARTNER if number else BidParty.Role.LEAD
        state = PartyState(row.state) if row is not None else PartyState.INVITED
        firm = firms.get(party.organization)
        url = firm.get_absolute_url() if firm is not None else ""
        found.append(ShownParty(party.name, role.label, state.label, PARTY_TONES[state], party.tasks, party.share, url))
    return found


def finding_rows(bid: Bid, content: BidContent, *, day: date, told: bool) -> list[ShownFinding]:
    """The findings of the last stage that was kept; while the bid is sealed, as they come out today.

    Kept findings rest on closed rows too: what they rest on is `told` to staff and officers alone.
    """
    if not bid.is_open:
        return [shown_finding(one) for one in eligibility.check(bid, day=day, content=content)]
    rows = list(bid.findings.select_related("organization").order_by("-day", "-pk"))
    last = rows[0].stage if rows else ""
    kept = [row for row in reversed(rows) if row.stage == last]
    return [
        shown(row, str(row.organization or ""), row.evidence if told else (), row.get_stage_display()) for row in kept
    ]


def shown_finding(found: eligibility.PartyFinding) -> ShownFinding:
    return shown(found.finding, found.name, [asdict(one) for one in found.finding.evidence])


def shown(finding: Any, name: str, evidence: Sequence[Mapping[str, Any]], stage: Text = "") -> ShownFinding:
    outcome = Outcome(finding.outcome)
    return ShownFinding(
        name,
        bidwords.finding_label(finding.code),
        OUTCOMES[outcome],
        TONES[outcome],
        ICONS[outcome],
        bidwords.closing_text(finding),
        evidence,
        stage,
    )
