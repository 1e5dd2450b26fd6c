"""The tables of docs/permissions.md, asked of the rules and of `visible_to` themselves."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from qunxing.challenges.models import NeedAppraisal, Objection, Objector
from qunxing.challenges.states.call import NeedState
from qunxing.core.specs import modules_called
from qunxing.directory.models import Product
from qunxing.indicators.models import QuarterTotals
from qunxing.ledger.actions import change, create
from qunxing.ledger.models import Job
from qunxing.panels.models import Review
from qunxing.registry.states import State as FilingState
from qunxing.resources.models import Voucher
from qunxing.scenarios.actions import appraise
from qunxing.scenarios.states import State
from tests import factories, grounds
from tests.challenges import factories as challenges
from tests.indicators import reporting
from tests.indicators.factories import claim
from tests.registry import factories as registry
from tests.scenarios import factories as scenarios

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "permissions.md"
YES, NO = "✓", "–"
NOTE_MARKS = "¹²³⁴⁵⁶⁷⁸⁹ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ"
COLUMNS = {
    "public": "public",
    "visitor": "visitor",
    "viewer": "member: viewer",
    "editor": "member: editor",
    "owner": "member: owner",
    "elsewhere": "member elsewhere",
    "manager": "fund manager",
    "expert": "expert",
    "officer": "officer",
    "staff": "staff",
}

Cases = Mapping[str, Any]
Cells = dict[str, str]


@dataclass(frozen=True)
class Subject:
    """What a permission is asked of: {case: row} for a person; `house` for rows that belong to the fund manager."""

    cases: Callable[[SimpleNamespace, Any], Cases]
    house: bool = False


@dataclass(frozen=True)
class Table:
    """{row: {role: cell}} and what the marks in the cells mean."""

    rows: dict[str, Cells]
    notes: list[str]


# --- what is asked --------------------------------------------------------------------------------------------------


def of(name: str, *, house: bool = False) -> Subject:
    return Subject(lambda place, _user: {"": getattr(place, name)}, house)


def in_states(name: str) -> Subject:
    return Subject(lambda place, _user: getattr(place, name))


def job_cases(place: SimpleNamespace, user: Any) -> Cases:

    return {"one's own": Job(owner_id=user.pk or 0), "another's": place.job}


def shortlist_cases(place: SimpleNamespace, _user: Any) -> Cases:
    return {"once it is shared": place.shortlist, "before that": place.unshared}


def invitation_cases(place: SimpleNamespace, _user: Any) -> Cases:
    return {"to one's own scenario": place.invitation, "of one's own firm": place.asked}


def computed_for(place: SimpleNamespace, _user: Any) -> Cases:
    return {"for a scenario": place.scenario, "for one's own firm": place.firm, "for one's own fund": place.fund}


def expert_cases(place: SimpleNamespace, user: Any) -> Cases:
    return {"one's own": grounds.own_expert(user), "another's": place.expert}


def seat_cases(place: SimpleNamespace, user: Any) -> Cases:
    return {"on one's own seat": grounds.own_seat(user), "another's": place.seat}


def review_cases(place: SimpleNamespace, user: Any) -> Cases:
    return {"on one's own seat": Review(seat=grounds.own_seat(user)), "another's": place.review}


def contract_cases(place: SimpleNamespace, _user: Any) -> Cases:
    return {"of one's own work": place.contract, "of one's own challenge": place.issued}


def race_cases(place: SimpleNamespace, _user: Any) -> Cases:
    return {"asked for by one's own firm": place.asked_race, "another's": place.race}


def bid_cases(place: SimpleNamespace, _user: Any) -> Cases:
    return {"sealed": place.bid, "opened": place.opened_bid}


def objection_cases(place: SimpleNamespace, user: Any) -> Cases:
    own = Objection()
    own.objector = Objector(user_id=user.pk or 0)
    return {"one's own": own, "another's": place.objection}


def appraisal_cases(place: SimpleNamespace, user: Any) -> Cases:
    return {"one's own": NeedAppraisal(by_id=user.pk or 0), "another's": place.asked_expert}


NOTHING = Subject(lambda _place, _user: {"": None})
SUBJECTS: dict[str, Subject] = {
    "ledger.see_job": Subject(job_cases),
    "ledger.cancel_job": Subject(job_cases),
    "ledger.change_source": of("source"),
    "ledger.cite": of("firm"),
    "ledger.follow": of("firm"),
    "directory.change_organization": of("firm"),
    "directory.rename_organization": of("firm"),
    "directory.remove_organization": of("firm"),
    "directory.change_residency": of("firm"),
    "directory.change_product": of("firm"),
    "directory.change_capability": of("firm"),
    "directory.change_link": of("firm"),
    "directory.change_contact": of("firm"),
    "directory.see_contact": of("firm"),
    "directory.manage_members": of("firm"),
    "directory.change_community": of("community"),
    "registry.change_model": of("model"),
    "registry.remove_model": of("model"),
    "registry.change_ownership": of("model"),
    "registry.change_filing": in_states("filings"),
    "registry.change_service": in_states("filings"),
    "registry.change_coverage": in_states("filings"),
    "registry.change_step": in_states("filings"),
    "registry.conduct_filing": in_states("filings"),
    "registry.decide_filing": in_states("filings"),
    "registry.remove_filing": in_states("filings"),
    "registry.see_past": in_states("filings"),
    "registry.see_duties": in_states("filings"),
    "funds.change_fund": of("fund", house=True),
    "funds.place_fund": of("fund", house=True),
    "funds.remove_fund": of("fund", house=True),
    "funds.change_commitment": of("fund", house=True),
    "funds.change_round": of("round"),
    "funds.remove_round": of("round"),
    "funds.change_investment": of("round"),
    "resources.change_offer": of("offer"),
    "resources.move_offer": of("offer"),
    "resources.remove_offer": of("offer"),
    "resources.change_voucher": of("voucher"),
    "scenarios.change_scenario": in_states("scenarios"),
    "scenarios.change_core": in_states("scenarios"),
    "scenarios.submit_scenario": in_states("scenarios"),
    "scenarios.withdraw_scenario": in_states("scenarios"),
    "scenarios.appraise_scenario": in_states("scenarios"),
    "scenarios.publish_scenario": in_states("scenarios"),
    "scenarios.deliver_scenario": in_states("scenarios"),
    "scenarios.see_appraisals": in_states("scenarios"),
    "scenarios.see_past": in_states("scenarios"),
    "scenarios.see_contact": in_states("scenarios"),
    "matching.compute_shortlist": Subject(computed_for),
    "matching.share_shortlist": Subject(shortlist_cases),
    "matching.order_shortlist": Subject(shortlist_cases),
    "matching.judge_candidate": Subject(shortlist_cases),
    "matching.invite_firm": Subject(shortlist_cases),
    "matching.change_requirement": of("scenario"),
    "matching.answer_invitation": Subject(invitation_cases),
    "matching.conduct_invitation": Subject(invitation_cases),
    "panels.change_expert": of("expert"),
    "panels.declare_tie": Subject(expert_cases),
    "panels.see_expert": Subject(expert_cases),
    "panels.run_panel": of("panel"),
    "panels.dissolve_panel": of("panel"),
    "panels.judge_conflict": of("conflict"),
    "panels.request_recusal": of("item"),
    "panels.decide_request": of("recusal"),
    "panels.answer_seat": Subject(seat_cases),
    "panels.sign_report": Subject(seat_cases),
    "panels.score_review": Subject(review_cases),
    "challenges.run_call": of("call"),
    "challenges.change_need": in_states("needs"),
    "challenges.submit_need": of("need"),
    "challenges.withdraw_need": of("need"),
    "challenges.judge_need": of("need"),
    "challenges.appraise_need": Subject(appraisal_cases),
    "challenges.see_need_appraisals": of("need"),
    "challenges.change_list": of("draft_board"),
    "challenges.publish_list": of("draft_board"),
    "challenges.close_list": of("board"),
    "challenges.conclude_list": of("board"),
    "challenges.withdraw_list": of("board"),
    "challenges.amend_list": of("board"),
    "challenges.follow_list": of("board"),
    "challenges.change_challenge": of("draft_entry"),
    "challenges.run_challenge": of("entry"),
    "challenges.withdraw_challenge": of("entry"),
    "challenges.see_contact": of("entry"),
    "challenges.ask_question": of("board"),
    "challenges.answer_question": of("question"),
    "challenges.write_bid": of("bid"),
    "challenges.submit_bid": of("bid"),
    "challenges.withdraw_bid": of("bid"),
    "challenges.confirm_part": of("joint_bid"),
    "challenges.read_bid": Subject(bid_cases),
    "challenges.open_bids": of("bid_board"),
    "challenges.check_bid": of("opened_bid"),
    "challenges.decide_bid": of("opened_bid"),
    "challenges.decide_challenge": of("checked"),
    "challenges.confirm_award": of("checked"),
    "challenges.see_deciding": of("checked"),
    "challenges.object_to_notice": of("notice"),
    "challenges.answer_objection": of("objection"),
    "challenges.withdraw_objection": Subject(objection_cases),
    "challenges.see_objector": Subject(objection_cases),
    "challenges.archive_challenge": of("over"),
    "challenges.read_archive": of("over"),
    "challenges.run_contract": Subject(contract_cases),
    "challenges.sign_contract": Subject(contract_cases),
    "challenges.report_milestone": Subject(contract_cases),
    "challenges.check_milestone": Subject(contract_cases),
    "challenges.end_milestone": Subject(contract_cases),
    "challenges.agree_to_change": Subject(contract_cases),
    "challenges.decide_change": Subject(contract_cases),
    "challenges.measure_target": Subject(contract_cases),
    "challenges.give_word": Subject(contract_cases),
    "challenges.decide_acceptance": Subject(contract_cases),
    "challenges.keep_payment": Subject(contract_cases),
    "challenges.ask_termination": Subject(contract_cases),
    "challenges.decide_termination": Subject(contract_cases),
    "challenges.keep_bad_record": of("bad_record"),
    "races.change_race": of("draft_race"),
    "races.run_race": of("race"),
    "races.see_running": Subject(race_cases),
    "races.enter_lane": of("lane"),
    "races.change_lane": of("published_lane"),
    "races.check_routes": of("race"),
    "races.decide_gate": of("draft_report"),
    "races.confirm_gate": of("report"),
    "races.agree_to_merge": of("merge"),
    "races.archive_race": of("closed_race"),
    "races.read_archive": of("closed_race"),
    "races.keep_test_set": of("entry_stage"),
    "races.hand_in_entry": of("lane"),
    "races.read_entry": of("race_entry"),
    "races.score_entry": of("race_entry"),
    "races.see_sealed_scores": of("entry_stage"),
    "races.disqualify_entry": of("race_entry"),
    "races.look_at_flag": of("race_flag"),
    "indicators.change_claim": of("claim"),
    "indicators.change_report": of("brief_draft"),
    "indicators.issue_report": of("brief_draft"),
    "indicators.see_differences": of("brief"),
    "indicators.change_template": of("brief_template"),
    "indicators.change_return": in_states("returns"),
    "indicators.submit_return": of("begun_return"),
    "indicators.decide_return": of("filed_return"),
    "indicators.remove_return": of("filed_return"),
    "indicators.remove_claim": of("claim"),
}
# These are asked of no row: whoever may, may anywhere.
WITHOUT_SUBJECT = re.compile(
    r"accounts\..*|intake\..*|(\w+\.create_\w+)|ledger\.(see_timeline|see_authors|see_log|change_visibility)"
    r"|matching\.(use_alerts|rate_pair|manage_labels|make_plan)"
    r"|races\.(enter_race|keep_scorer)|indicators\.(see_templates|define_indicator|see_readings|see_checks|read_article|decide_proposal)"
    r"|indicators\.(see_return_list|see_returns|see_quarters|remind_return|publish_totals|change_return_terms)"
    r"|challenges\.(change_rule_set|see_bids|restore_key|see_contracts|see_bad_records)"
    r"|panels\.(see_register|see_panels|use_desk)|portal\.see_desk"
    r"|directory\.change_vocabulary|matching\.see_(invitations|funnel|labels|plans)|registry\.see_due|funds\.change_stage"
)


def subject_of(permission: str) -> Subject:
    """What the permission is asked of; KeyError for a new one that nobody has placed yet."""
    return NOTHING if WITHOUT_SUBJECT.fullmatch(permission) else SUBJECTS[permission]


# --- asking ---------------------------------------------------------------------------------------------------------


def granted() -> list[str]:
    """Every permission that an app grants, lowest app first."""
    return [str(permission) for module in modules_called("rules") for permission in module.GRANTS]


def prepare() -> SimpleNamespace:
    """The rows that are asked about, and the people who ask."""
    place = grounds.ground()
    place.filings = {str(state): registry.filing(state, organization=place.firm) for state in FilingState}
    place.scenarios = {str(state): scenarios.scenario(state, organization=place.firm) for state in State}
    place.needs = {str(state): challenges.need(state, organization=place.firm) for state in NeedState}
    place.people = grounds.everybody(place.firm, place.house)
    place.house_people = grounds.everybody(place.house, place.house)
    return place


def permission_table(place: SimpleNamespace) -> Table:
    """Who holds which permission; a mark where it depends on the row."""
    notes: list[str] = []
    rows = {permission: permission_cells(place, permission, notes) for permission in granted()}
    return Table(rows, notes)


def permission_cells(place: SimpleNamespace, permission: str, notes: list[str]) -> Cells:
    subject = subject_of(permission)
    people = place.house_people if subject.house else place.people
    cells = {}
    for role, user in people.items():
        answers = {case: user.has_perm(permission, row) for case, row in subject.cases(place, user).items()}
        cells[role] = cell(answers, notes)
    return cells


def cell(answers: Mapping[str, bool], notes: list[str]) -> str:
    """Yes, no, or yes with the mark of a note that names the cases."""
    if all(answers.values()):
        return YES
    if not any(answers.values()):
        return NO
    note = ", ".join(case.replace("_", " ") for case, answer in answers.items() if answer)
    if note not in notes:
        notes.append(note)
    return YES + NOTE_MARKS[notes.index(note)]


def visibility_table(place: SimpleNamespace) -> Table:
    """Who sees which row."""
    rows = {}
    for label, (row, house) in visible_rows(place).items():
        people = place.house_people if house else place.people
        seen = {role: type(row).objects.visible_to(user).filter(pk=row.pk).exists() for role, user in people.items()}
        rows[label] = {role: YES if yes else NO for role, yes in seen.items()}
    return Table(rows, [])


def visible_rows(place: SimpleNamespace) -> dict[str, tuple[Any, bool]]:
    """{what it is: (a row, whether it is the fund manager's)}."""
    return {
        label: (row, house)
        for house, found in ((False, firm_rows(place)), (True, house_rows(place)))
        for label, row in found
    }


def claim_rows(place: SimpleNamespace) -> Iterator[tuple[str, Any]]:
    yield "source, internal", at(place.source, "internal")
    yield "claim with an internal source", place.claim
    yield "claim, internal", claim(visibility="internal")
    yield "article that was read, proposed claim", place.reading


def report_rows(place: SimpleNamespace) -> Iterator[tuple[str, Any]]:
    yield "report template", place.brief_template
    yield "report, draft, for everybody", reporting.report(place.brief_template, place.scope, visibility="public")
    yield "report, issued, internal", reporting.issued(place.brief_template, place.scope)
    yield (
        "report, issued, for signed-in users",
        reporting.issued(place.brief_template, place.scope, visibility="community"),
    )


def firm_rows(place: SimpleNamespace) -> Iterator[tuple[str, Any]]:
    """Rows of the firm, or of nobody."""
    firm, hidden = place.firm, hidden_firm(place)
    yield "organisation, public", firm
    yield "organisation, community", at(factories.organization(), "community")
    yield "organisation, internal", hidden
    yield "its public parts (such as a product)", create(Product(organization=hidden, name="甲"), actor=None)
    yield "contact", place.contact
    yield "membership", firm.memberships.first()
    yield from claim_rows(place)
    yield from report_rows(place)
    yield "quarterly return", place.filed_return
    yield "published totals of a quarter", published_totals()
    yield "model, internal", at(place.model, "internal")
    yield "filing, granted, internal", at(place.filing, "internal")
    yield "filing, not yet granted", place.draft
    yield "round, internal", at(place.round, "internal")
    yield "voucher, internal", at(place.voucher, "internal")
    yield "voucher of an internal offer", create(Voucher(offer=at(place.offer, "internal"), percent=50), actor=None)
    yield "bid, draft, of a partner", place.joint_bid
    yield "bid, sealed", place.bid
    yield "bid, opened", place.opened_bid
    yield "part in a sealed bid", place.bid.parties.first()
    yield "offer, internal", at(place.offer, "internal")
    yield "scenario, draft", place.scenarios["draft"]
    yield "what a scenario needs beside a firm", place.supply
    yield "scenario, published, internal", at(place.scenario, "internal")
    yield "appraisal of a scenario", appraisal(place)
    yield "shortlist of a scenario, not shared", place.unshared
    yield "shortlist of a scenario, shared with its owner", place.shortlist
    yield "shortlist of a firm", place.own_list
    yield "judgement on a candidate of a shared shortlist", place.judgement
    yield "label", place.label
    yield "invitation, for the owner of the scenario", place.invitation
    yield "invitation, for the invited firm", place.asked
    yield from challenge_rows(place)
    yield "expert, and what one declares", place.expert
    yield "panel, its items, seats, conflicts and reviews", place.panel
    yield "item of a panel", place.item
    yield "review of an item", place.review
    yield "request for a recusal", place.recusal


def published_totals() -> QuarterTotals:
    made = QuarterTotals(year=2025, quarter=1, day=date(2025, 5, 7), firms=3, visibility="community")
    return create(made, actor=None)


def challenge_rows(place: SimpleNamespace) -> Iterator[tuple[str, Any]]:
    """Rows of lists on which the firm has a challenge."""
    yield "list of challenges, draft", place.draft_board
    yield "challenge, on a draft", place.draft_entry
    yield "challenge, published, internal", at(place.entry, "internal")
    yield "need", place.need
    yield "appraisal of a need", place.asked_expert
    yield "question, not yet answered", place.question
    yield "formal check of a bid, not decided", place.formal_check
    yield "formal check of a bid, decided", place.closed_check
    yield "proposed award", place.award
    yield "public notice", place.notice
    yield "objection", place.objection
    yield "who objected", place.objection.objector
    yield "contract, for the contractor", place.contract
    yield "contract, for the issuer", place.issued
    yield "milestone of a contract", place.milestone
    yield "payment of a contract", place.payment
    yield "bad record", place.bad_record
    yield from race_rows(place)


def race_rows(place: SimpleNamespace) -> Iterator[tuple[str, Any]]:
    """Rows of races in which the firm runs, or that it asks for."""
    yield "race, draft", place.draft_race
    yield "race, published, internal, to whoever asks for it", at(place.asked_race, "internal")
    yield "lane of an internal race", place.invited_lane if at(place.invited_lane.race, "internal") else None
    yield "route of a lane", place.lane.route
    yield "comparison of routes", place.route_check
    yield "gate report, being decided", place.draft_report
    yield "gate report, before the public", place.report
    yield "decision of a gate, not yet told", place.merge


def appraisal(place: SimpleNamespace) -> Any:
    """One as staff write it."""
    staff = place.people["staff"]
    return appraise(place.scenarios["in_appraisal"], actor=staff, day=grounds.DAY, verdict="fit", notes="可发布")


def hidden_firm(place: SimpleNamespace) -> Any:
    """An internal organisation with the firm's own people."""
    hidden = factories.organization(visibility="internal")
    for role in ("viewer", "editor", "owner"):
        factories.membership(place.people[role], hidden, role)
    return hidden


def house_rows(place: SimpleNamespace) -> Iterator[tuple[str, Any]]:
    """Rows of the organisation that manages the fund."""
    yield "fund, internal", at(place.fund, "internal")
    yield "commitment to an internal fund", place.commitment


def at(row: Any, level: str) -> Any:
    return change(row, actor=None, values={"visibility": level})


# --- the page -------------------------------------------------------------------------------------------------------


def written(name: str, text: str) -> tuple[dict[str, list[str]], list[str]]:
    """({row: its further columns}, notes) of the table of that name in the page."""
    part = between(name, text)
    lines = [[column.strip() for column in line.strip("|\n ").split("|")] for line in part.splitlines() if "|" in line]
    rows = {columns[0].strip("`"): columns[1:] for columns in lines[2:]}
    return rows, re.findall(rf"(?m)^[{NOTE_MARKS}] (.+?)(?:  )?$", part)


def between(name: str, text: str) -> str:
    found = re.search(marks(name), text)
    return found[2] if found else ""


def marks(name: str) -> str:
    return rf"(?s)(<!-- {name} -->\n)(.*?)(<!-- /{name} -->)"


def as_markdown(heading: str, table: Table, words: Mapping[str, str], *, code: bool) -> str:
    """The table, with a column of words where there are any."""
    titles = [heading, *(["what it covers"] if code else []), *COLUMNS.values()]
    lines = [titles, ["---"] * (2 if code else 1) + [":-:"] * len(COLUMNS)]
    for name, cells in table.rows.items():
        first = [f"`{name}`", words.get(name, "")] if code else [name]
        lines.append([*first, *(cells[role] for role in COLUMNS)])
    text = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    notes = "  \n".join(f"{NOTE_MARKS[place]} {note}" for place, note in enumerate(table.notes))
    return f"{text}\n" + (f"\n{notes}\n" if notes else "")


def tables(place: SimpleNamespace) -> dict[str, tuple[str, Table]]:
    """{name: (heading of the first column, table)}."""
    return {
        "permissions": ("permission", permission_table(place)),
        "visibility": ("row", visibility_table(place)),
    }


def updated(text: str, place: SimpleNamespace) -> str:
    """The page with its tables as the program has them."""
    for name, (heading, table) in tables(place).items():
        words = {row: columns[0] for row, columns in written(name, text)[0].items()}
        body = as_markdown(heading, table, words, code=name == "permissions")
        text = re.sub(marks(name), lambda found, body=body: found[1] + body + found[3], text)
    return text
