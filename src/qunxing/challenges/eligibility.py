"""Whether the organisations in a bid may be in it: every rule answers pass, fail or unknown, with its evidence.

Asked while the bid is written (with what its writers may see) and again, in full, at the opening and at every stage
after it; from the opening on the answers are kept stage by stage.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from qunxing.challenges.content import BidContent
from qunxing.challenges.models import BadRecord, Bid, BidFinding, BidParty, Contract, ContractParty
from qunxing.challenges.states.bid import LIVE
from qunxing.challenges.states.contract import ContractState
from qunxing.challenges.terms import Eligibility, Terms
from qunxing.core.text import fold_name
from qunxing.directory.models import Organization, Residency
from qunxing.directory.queries import resident_on
from qunxing.ledger.models import Visibility
from qunxing.ledger.recording import Entry, note, recording
from qunxing.matching.engine.conditions import Evidence, Facts, Finding, Outcome, Web, find_relation
from qunxing.matching.gathering import COMMUNITY
from qunxing.matching.gathering.facts import facts_of, web_of
from qunxing.registry.models import Filing
from qunxing.registry.states import IN_FORCE

EVERYTHING = tuple(Visibility)
SEVERITY = {Outcome.FAIL: 0, Outcome.UNKNOWN: 1, Outcome.PASS: 2}


@dataclass(frozen=True)
class PartyFinding:
    """What one rule says of one organisation in the bid."""

    organization: str
    name: str
    finding: Finding

    @property
    def code(self) -> str:
        return self.finding.code

    @property
    def outcome(self) -> Outcome:
        return self.finding.outcome


@dataclass
class Grounds:
    """Everything the rules are held against, read once for many bids."""

    day: date
    firms: Mapping[str, Organization]
    facts: Mapping[str, Facts]
    web: Web
    bad: dict[str, list[Evidence]] = field(default_factory=lambda: defaultdict(list))
    running: dict[str, list[Evidence]] = field(default_factory=lambda: defaultdict(list))
    scopes: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    filed: dict[str, list[tuple[str, Evidence]]] = field(default_factory=lambda: defaultdict(list))


def check(bid: Bid, *, day: date, content: BidContent | None = None) -> tuple[PartyFinding, ...]:
    """The findings on the bid's parties; `content` is that of a draft, seen with its writers' eyes."""
    read = content or bid.content or BidContent()
    levels = COMMUNITY if content is not None else EVERYTHING
    refs = {party.organization for party in read.parties if party.organization}
    grounds = gather({*refs, bid.challenge.issuer.ref}, bid.board.rules, day, levels)
    return tuple(find_all(bid, read, grounds))


def record(bids: Sequence[Bid], stage: str, *, day: date, actor: Any) -> dict[int, tuple[PartyFinding, ...]]:
    """Ask again for opened bids and keep the answers as those of this stage; {bid: its findings}."""
    contents = {bid.pk: bid.content or BidContent() for bid in bids}
    refs = {party.organization for content in contents.values() for party in content.parties}
    refs |= {bid.challenge.issuer.ref for bid in bids}
    if not bids:
        return {}
    grounds = gather(refs, bids[0].board.rules, day, EVERYTHING)
    found = {bid.pk: tuple(find_all(bid, contents[bid.pk], grounds)) for bid in bids}
    with recording(actor=actor):
        keep(bids, stage, found, grounds)
    return found


def keep(bids: Sequence[Bid], stage: str, found: Mapping[int, Sequence[PartyFinding]], grounds: Grounds) -> None:
    """Store the findings in place of those of the same stage, and tell the log how they came out."""
    BidFinding.objects.filter(bid__in=bids, stage=stage).delete()
    rows = [finding_row(bid, stage, one, grounds) for bid in bids for one in found[bid.pk]]
    BidFinding.objects.bulk_create(rows, batch_size=200)
    for bid in bids:
        outcomes = sorted(f"{one.code}:{one.outcome}" for one in found[bid.pk])
        note(Entry("bid.eligibility", Bid.kind_code(), bid.ref, {"stage": stage, "outcomes": outcomes}))


def finding_row(bid: Bid, stage: str, found: PartyFinding, grounds: Grounds) -> BidFinding:
    return BidFinding(
        bid=bid,
        stage=stage,
        day=grounds.day,
        organization=grounds.firms.get(found.organization),
        code=found.code,
        outcome=found.outcome,
        evidence=[asdict(one) for one in found.finding.evidence],
        words=dict(found.finding.words),
        closing=found.finding.closing,
    )


def worst(found: Sequence[PartyFinding]) -> Outcome:
    """Fail where one fails, else unknown where one is unknown."""
    return min((one.outcome for one in found), key=SEVERITY.__getitem__, default=Outcome.PASS)


# --- reading --------------------------------------------------------------------------------------------------------


def gather(refs: Collection[str], terms: Terms, day: date, levels: Sequence[Visibility]) -> Grounds:
    """What the rules ask of these organisations; a constant number of queries."""
    firms = {row.ref: row for row in Organization.objects.filter(ref__in=refs)}
    grounds = Grounds(day, firms, facts_of(refs, levels), web_of(day, levels))
    keys = {row.pk: ref for ref, row in firms.items()}
    read_bad_records(grounds, keys, terms.eligibility.bad_record_years)
    read_running(grounds, keys)
    if terms.eligibility.residency:
        rows = Residency.objects.filter(resident_on(day), organization__in=keys, stage="resident")
        for key, scope in rows.values_list("organization_id", "scope__code"):
            grounds.scopes[keys[key]].add(scope)
    if terms.eligibility.filings:
        for row in Filing.objects.filter(organization__in=keys, state__in=IN_FORCE).order_by("pk"):
            said = Evidence(row.kind_code(), row.ref, f"{row.name} {row.number}".strip(), iso(row.granted_on))
            grounds.filed[keys[row.organization_id]].append((row.kind, said))
    return grounds


def iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def read_bad_records(grounds: Grounds, keys: Mapping[int, str], years: int) -> None:
    since = years_before(grounds.day, years)
    for row in BadRecord.objects.standing_on(grounds.day).filter(organization__in=keys, since__gte=since):
        said = Evidence(row.kind_code(), row.ref, str(row.get_kind_display()), iso(row.since))
        grounds.bad[keys[row.organization_id]].append(said)


def years_before(day: date, years: int) -> date:
    """The same day so many years ago; 28 February for a 29th that was not."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def read_running(grounds: Grounds, keys: Mapping[int, str]) -> None:
    """Contracts in force, as contractor or as partner, and work that was agreed on through matching."""
    for row in Contract.objects.filter(organization__in=keys, state=ContractState.IN_FORCE):
        grounds.running[keys[row.organization_id]].append(running_evidence(row))
    parts = ContractParty.objects.filter(
        organization__in=keys, left_on__isnull=True, contract__state=ContractState.IN_FORCE
    )
    for part in parts.select_related("contract"):
        grounds.running[keys[part.organization_id]].append(running_evidence(part.contract))
    for ref, facts in grounds.facts.items():
        grounds.running[ref] += facts.running


def running_evidence(contract: Contract) -> Evidence:
    return Evidence(contract.kind_code(), contract.ref, contract.number, iso(contract.starts_on))


# --- the rules ------------------------------------------------------------------------------------------------------


def find_all(bid: Bid, content: BidContent, grounds: Grounds) -> Iterator[PartyFinding]:
    """All rules over all parties, the lead first; what is asked of the lead alone is told of it alone."""
    rules = bid.board.rules.eligibility
    for number, party in enumerate(content.parties):
        facts = grounds.facts.get(party.organization)
        if facts is None:
            continue
        for finding in find_of_party(bid, facts, rules, grounds, leads=number == 0):
            yield PartyFinding(party.organization, grounds.firms[party.organization].name, finding)
    yield from find_rivals(bid, grounds)


def find_of_party(bid: Bid, facts: Facts, rules: Eligibility, grounds: Grounds, *, leads: bool) -> Iterator[Finding]:
    issuer = bid.challenge.issuer.ref
    if rules.related_parties and not (rules.issuer_may_lead and facts.key == issuer):
        yield find_relation(issuer, facts, grounds.web)
    if rules.bad_record_years:
        yield find_bad_record(facts, rules, grounds)
    if rules.running_projects:
        yield find_running(facts, rules, grounds)
    if leads:
        asked = (
            (rules.residency, find_residency),
            (rules.filings, find_filings),
            (rules.certificates, find_certificate),
        )
        yield from (find(facts, rules, grounds) for wanted, find in asked if wanted)


def find_bad_record(facts: Facts, rules: Eligibility, grounds: Grounds) -> Finding:
    rows = tuple(grounds.bad[facts.key])
    words = (("years", str(rules.bad_record_years)),)
    return Finding("bad_record", Outcome.FAIL if rows else Outcome.PASS, rows, "bad_record" if rows else "", words)


def find_running(facts: Facts, rules: Eligibility, grounds: Grounds) -> Finding:
    rows = tuple(grounds.running[facts.key])
    words = (("running", str(len(rows))), ("most", str(rules.running_projects)))
    full = len(rows) >= rules.running_projects
    return Finding("running", Outcome.FAIL if full else Outcome.PASS, rows, "running" if full else "", words)


def find_residency(facts: Facts, rules: Eligibility, grounds: Grounds) -> Finding:
    scopes = grounds.scopes[facts.key]
    words = (("scopes", " ".join(rules.residency)),)
    if scopes & set(rules.residency):
        return Finding("residency", Outcome.PASS, (facts.own,), words=words)
    outcome = Outcome.FAIL if scopes else Outcome.UNKNOWN
    return Finding("residency", outcome, (facts.own,), f"residency_{outcome}", words)


def find_filings(facts: Facts, rules: Eligibility, grounds: Grounds) -> Finding:
    rows = tuple(said for kind, said in grounds.filed[facts.key] if kind in rules.filings)
    words = (("kinds", " ".join(rules.filings)),)
    return Finding("filings", Outcome.PASS if rows else Outcome.FAIL, rows, "" if rows else "filings", words)


def find_certificate(facts: Facts, rules: Eligibility, grounds: Grounds) -> Finding:
    """Every certificate that is asked for; one that ran out fails, one that nobody recorded is not known."""
    found, states = [], {}
    for wanted in rules.certificates:
        named = [row for row in facts.held if row.kind == "certificate" and fold_name(wanted) in fold_name(row.name)]
        valid = next((row for row in named if row.held and row.stands_on(grounds.day)), None)
        found += [row.evidence for row in ([valid] if valid else named[:1])]
        states[wanted] = Outcome.PASS if valid else Outcome.FAIL if named else Outcome.UNKNOWN
    outcome = min(states.values(), key=SEVERITY.__getitem__)
    open_ones = "、".join(name for name, state in states.items() if state != Outcome.PASS)
    closing = "" if outcome == Outcome.PASS else f"certificates_{outcome}"
    return Finding("certificates", outcome, tuple(found), closing, (("names", open_ones),))


def find_rivals(bid: Bid, grounds: Grounds) -> Iterator[PartyFinding]:
    """Parties that are in another opened bid for the same challenge; before the opening nobody can tell."""
    if not bid.is_open or bid.board.rules.bidding.rival_partners == "allow":
        return
    others = BidParty.objects.filter(bid__challenge=bid.challenge, bid__state__in=LIVE).exclude(bid=bid)
    mine = bid.parties.values("organization_id")
    for row in others.filter(organization__in=mine).select_related("bid", "organization").order_by("pk"):
        said = Evidence(Bid.kind_code(), row.bid.ref, row.bid.number, grounds.day.isoformat())
        outcome = Outcome.FAIL if bid.board.rules.bidding.rival_partners == "refuse" else Outcome.UNKNOWN
        yield PartyFinding(row.organization.ref, row.organization.name, Finding("rival", outcome, (said,), "rival"))
