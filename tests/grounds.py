"""A ground to stand on for tests that go through the whole house: one of each record, and one person of each role."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.files.base import ContentFile
from django.utils import timezone

from qunxing.accounts.models import ApiToken, Kind, SavedView
from qunxing.challenges.queries.bids import read_draft
from qunxing.core.models import CalendarDay
from qunxing.core.reasons import because
from qunxing.directory.models import Contact, Link, OrganizationName, Product, Residency, TechnicalField
from qunxing.indicators.figures.catalogue import declare
from qunxing.intake.models import Batch, Paper, Proposal, SheetRow, StaffRow
from qunxing.intake.sheets.headings import Found, Heading, TableMapping, to_json
from qunxing.ledger.actions import change, cite, create
from qunxing.ledger.models import Job
from qunxing.matching.alerts.actions import open_feed
from qunxing.matching.models import (
    Candidate,
    Digest,
    Invitation,
    Judgement,
    Label,
    Plan,
    RatingPair,
    Shortlist,
    Supply,
    Watch,
)
from qunxing.panels import actions as panels
from qunxing.panels.models import Expert, Stake
from qunxing.panels.models import Seat as PanelSeat
from qunxing.portal.desk.calendar import open_calendar
from qunxing.races.actions.testsets import keep_scorer
from qunxing.races.models import Flag, GateReport, LaneDecision, RaceArchive, Route, RouteCheck
from qunxing.races.uploading import receive
from qunxing.resources.models import Voucher
from tests import factories as people
from tests.challenges import bidders
from tests.challenges import factories as challenges
from tests.challenges import rows as deciding
from tests.funds import factories as funds
from tests.indicators import factories as indicators
from tests.indicators import reporting
from tests.indicators.returning import return_of
from tests.intake.papers.writing import word
from tests.panels import factories as panelling
from tests.races import entrants
from tests.registry import factories as registry
from tests.resources import factories as resources
from tests.scenarios import factories as scenarios

DAY = date(2025, 5, 7)


def ground() -> SimpleNamespace:
    """One record of each kind, all of them `firm`'s or, for funds, `house`'s."""
    firm = people.organization(name="群星智能科技有限公司")
    house = people.organization(name="群星基金管理有限公司", roles=("fund_manager",))
    place = SimpleNamespace(firm=firm, house=house, other=people.organization(), source=filed_source())
    for lay in LAYS:
        lay(place)
    return place


def filed_source(**values: Any) -> Any:
    return people.source(file=ContentFile(b"list", name="list.csv"), **values)


def lay_directory(place: SimpleNamespace) -> None:
    firm = place.firm
    place.scope = people.scope()
    place.community = place.scope.community
    place.field = create(TechnicalField(code="language", name_zh="语言", name_en="Language"), actor=None)
    place.name = create(OrganizationName(organization=firm, kind="brand", text="群星"), actor=None)
    place.product = create(Product(organization=firm, name="星图"), actor=None)
    place.contact = create(Contact(organization=firm, name="李明华", phone="13812345678"), actor=None)
    place.residency = create(Residency(organization=firm, scope=place.scope), actor=None)
    place.link = create(Link(from_organization=firm, to_organization=place.other, kind="partners"), actor=None)


def lay_ledger(place: SimpleNamespace) -> None:
    starter = people.user(Kind.STAFF)
    place.account = people.user(Kind.VISITOR)
    place.evidence = cite(place.firm, actor=None, source=place.source, values={"short_name": "群星"}, day=DAY)
    place.job = Job.objects.create(kind="test", title="工作", owner=starter)
    place.token = ApiToken.objects.create(user=starter, name="令牌", digest="0" * 64)
    place.view = SavedView.objects.create(user=starter, list_code="sources", name="视图")
    place.day = CalendarDay.objects.create(day=date(2031, 1, 1), working=False)


def lay_registry(place: SimpleNamespace) -> None:
    place.model = registry.model(place.firm)
    place.version = registry.version(place.model)
    place.ownership = place.model.ownerships.get()
    place.filing = registry.filing(organization=place.firm)
    place.draft = registry.filing("preparing", organization=place.firm)
    place.coverage = registry.coverage(place.filing, place.model)
    place.step = registry.step(place.filing, "granted")


def lay_funds(place: SimpleNamespace) -> None:
    place.stage = funds.stage()
    place.fund = funds.fund(manager=place.house)
    place.commitment = funds.commitment(place.fund)
    place.round = funds.round_of(place.firm)
    place.investment = funds.investment(place.round)


def lay_intake(place: SimpleNamespace) -> None:
    reason = because("The file has no table in it.").to_json()
    batch = Batch(list_code="genai-filings", file_name="名单.csv", title="名单", day=DAY, state=Batch.State.PREVIEWED)
    batch.file.save("ground.list", ContentFile("序号,单位\n".encode()), save=True)
    place.batch = batch
    place.sheet_batch = sheet_batch()
    place.applied = Batch.objects.create(
        list_code="genai-filings", title="名单", day=DAY, state=Batch.State.APPLIED, recorded_at=timezone.now(),
        counts={"for_staff": 0}, source=place.source,
    )  # fmt: skip
    place.left = StaffRow.objects.create(batch=batch, key="0" * 64, row=2, reason_data=reason, cells={"单位": "某"})
    names = {"old_name": "甲公司", "new_name": "乙公司", "old_key": "甲公司", "new_key": "乙公司"}
    letter = ContentFile(word("{{ record.name }}"), "letter.docx")
    place.paper = create(
        Paper(name="申请表", sheet_code="organizations", file=letter, visibility="internal"), actor=None
    )
    place.proposal = Proposal.objects.create(batch=batch, kind=Proposal.Kind.RENAMED, **names)


def sheet_batch() -> Batch:
    """A sheet of one new organisation, previewed."""
    words = {"kind": Batch.Kind.SHEET, "list_code": "organizations", "state": Batch.State.PREVIEWED, "day": DAY}
    heading = Heading(0, "登记名称", "name", Found.SYNONYM, samples=("某公司",), filled=1)
    mapping = to_json([TableMapping("名单", 1, (heading,))])
    batch = Batch(**words, file_name="单位.csv", title="单位", mapping=mapping, counts={"rows": 1, "new": 1})
    batch.file.save("ground.sheet", ContentFile("登记名称\n某公司\n".encode()), save=True)
    cells = {"cells": {"0": "某公司"}, "values": {"name": "某公司"}}
    SheetRow.objects.create(batch=batch, number=1, row=2, outcome=SheetRow.Outcome.NEW, name="某公司", **cells)
    return batch


def lay_rest(place: SimpleNamespace) -> None:
    place.offer = resources.offer(provider=place.firm)
    place.scenario = scenarios.scenario("published", organization=place.firm)
    place.claim = indicators.claim(origin=place.source)
    place.reading = indicators.reading()
    place.proposed = place.reading.proposals.get()
    declare(actor=None)
    place.brief_template = reporting.template()
    place.brief_draft = reporting.report(place.brief_template, place.scope)
    place.brief = reporting.issued(place.brief_template, place.scope, visibility="public")
    place.filed_return = return_of(place.firm)
    place.begun_return = return_of(place.firm, "draft", year=2024, quarter=4)
    place.returns = {"draft": place.begun_return, "submitted": place.filed_return}


def lay_matching(place: SimpleNamespace) -> None:
    """Shortlists of the firm's scenario, unshared and shared, one of the firm; the firm invites and is invited."""
    place.unshared = shortlist(place, scenario=place.scenario)
    place.shortlist = shortlist(place, scenario=place.scenario, shared_on=DAY)
    place.own_list = shortlist(place, organization=place.firm)
    pair = {"scenario": place.scenario, "organization": place.other}
    place.invitation = create(Invitation(**pair, invited_on=DAY), actor=None)
    place.judgement = create(Judgement(**pair, verdict="accepted", reason="有案例", day=DAY), actor=None)
    place.label = create(Label(**pair, grade=3, origin="accepted", day=DAY), actor=None)
    asked = Invitation(scenario=scenarios.scenario("published"), organization=place.firm, invited_on=DAY)
    place.asked = create(asked, actor=None)


def lay_together(place: SimpleNamespace) -> None:
    """What is computed over all scenarios, a pair to be rated, and what somebody else watches."""
    place.voucher = create(Voucher(offer=place.offer, percent=30, cap=500_000), actor=None)
    place.supply = create(Supply(scenario=scenarios.scenario("published", organization=place.firm)), actor=None)
    place.plan = Plan.objects.create(kind="bundles", day=DAY, summary={"scenarios": 1, "compared": 1, "firms": 1})
    place.pair = RatingPair.objects.create(scenario=place.asked.scenario, organization=place.other, drawn_on=DAY)
    place.watch = Watch.objects.create(user=place.account, kind="list", name="订阅", target="offers", looked_on=DAY)
    place.digest = Digest.objects.create(user=place.account, day=DAY)
    place.desk_secret = open_calendar(actor=place.account)
    place.feed, place.secret = open_feed(actor=place.account, name="阅读器", watch=place.watch)


def lay_panels(place: SimpleNamespace) -> None:
    """A panel that scores an item of the firm's, with a conflict elsewhere and a request; and one that is planned."""
    place.expert, *_others = panelling.experts(7)
    place.tie = panels.declare(Stake(expert=place.expert, organization_name="某公司"), actor=None)
    place.panel = panelling.panel(items=0)
    parties = [panels.PartySpec(organization=place.firm)]
    place.item = panels.add_item(place.panel, actor=None, code="A1", title="方案", parties=parties)
    barred = panelling.expert(employer=place.firm)
    place.seat = panelling.seated(place.panel)[0]
    place.review = panelling.scoring(place.panel)[0]
    place.conflict = barred.conflicts.get()
    words = {"organization": place.firm, "person": "陈国强", "grounds": "正在诉讼"}
    place.recusal = panels.request_recusal(place.item, actor=None, **words)
    place.planned = panelling.panel(items=1)


def lay_challenges(place: SimpleNamespace) -> None:
    """Lists in their states with a challenge of the firm's, a need of its, a question, an expert who was asked."""
    later, before = timezone.now() + timedelta(days=60), timezone.now() - timedelta(days=1)
    place.rules = challenges.rule_set()
    words: dict[str, Any] = {"rule_set": place.rules, "deadline": later}
    place.draft_board = challenges.board(**words)
    place.draft_entry = challenges.challenge(place.draft_board, issuer=place.firm)
    place.board = challenges.board("published", **words)
    place.entry = challenges.challenge(place.board, issuer=place.firm)
    place.over_board = challenges.board("published", rule_set=place.rules, deadline=before)
    place.closed_board = challenges.board("closed", rule_set=place.rules, deadline=before)
    place.call = challenges.call()
    place.need = challenges.need(organization=place.firm)
    place.recommended = challenges.need("recommended", organization=place.firm)
    appraised = challenges.need("in_appraisal", organization=place.firm)
    place.asked_expert = challenges.appraisal(appraised, people.user(Kind.EXPERT))
    place.appraised = appraised
    place.question = challenges.question(place.board, challenge=place.entry)


def lay_deciding(place: SimpleNamespace) -> None:
    """What follows an opening: the firm bids for `checked`, was awarded `contract`, and issues what `issued` is for."""
    day = timezone.localdate()
    place.checked = deciding.challenge("checking")
    place.opened_bid = deciding.bid(place.checked, organization=place.firm)
    place.formal_check = deciding.check(place.opened_bid)
    place.closed_check = deciding.check(deciding.bid(place.checked, organization=place.firm, state="admitted"))
    change(place.closed_check, actor=None, values={"verdict": "admit"})
    place.award = deciding.proposal()
    place.notice = deciding.notice(first_day=day, last_day=day + timedelta(days=9))
    place.objection = deciding.objection(place.notice)
    place.contract = deciding.contract(organization=place.firm)
    place.issued = deciding.contract(deciding.challenge("delivering", issuer=place.firm))
    place.unsigned = deciding.contract(deciding.challenge("awarded"), "draft", organization=place.firm)
    place.milestone = place.contract.milestones.first()
    place.reported = place.issued.milestones.first()
    place.payment = deciding.payment(of=place.contract)
    place.proof = deciding.proof(place.contract)
    place.change = deciding.change(of=place.issued)
    place.own_change = deciding.change(of=place.contract)
    place.acceptance = deciding.acceptance(of=place.contract)
    place.word = deciding.acceptance(of=place.issued)
    place.rectified = deciding.acceptance("rectify", rectify_by=DAY)
    place.termination = deciding.termination(of=place.contract)
    place.bad_record = deciding.bad_record(organization=place.firm)
    place.over = deciding.challenge("no_award", outcome="no_award")
    place.archived = deciding.challenge("archived", outcome="no_award")


def lay_bids(place: SimpleNamespace) -> None:
    """Bids that are sealed: one of the firm's, one that it is asked to take part in."""
    place.bid_board = bidders.open_board(deadline=timezone.now() + timedelta(days=60))
    place.bid_entry = bidders.open_challenge(place.bid_board)
    place.bid = bidders.submitted(place.bid_entry, place.firm)
    place.joint_bid = bidders.draft(bidders.open_challenge(place.bid_board), people.organization(), place.firm)
    place.bid_file = read_draft(place.bid).content.attachments[0].upload


def lay_races(place: SimpleNamespace) -> None:
    """Races in their states: the firm runs in one, asks for another, and is invited to a third."""
    place.race, place.draft_race = entrants.race(), entrants.race("draft", published_on=None, number=None)
    place.lane, place.other_lane = entrants.lane(place.race, organization=place.firm), entrants.lane(place.race)
    place.race_stage, place.draft_stage = entrants.stage(place.race), entrants.stage(place.draft_race)
    place.asked_race = entrants.race(organization=place.firm)
    place.published_race = entrants.race("published")
    place.published_lane = entrants.lane(place.published_race, state="entered", organization=place.firm)
    invited = entrants.race("published")
    place.invited_lane = entrants.lane(invited, state="invited", organization=place.firm)
    ahead = timezone.localdate() + timedelta(days=30)
    place.open_race = entrants.race("published", kind="open", enter_until=ahead)
    place.awarded_race, place.closed_race = entrants.race("awarded"), entrants.race("closed")
    create(RaceArchive(race=place.closed_race, made_on=DAY, digest="0" * 64, files=1), actor=None)
    for lane in (place.lane, place.other_lane, place.published_lane, place.invited_lane):
        create(Route(lane=lane, text="多模态大模型端到端判读", leader="王小明"), actor=None)
    words = {"first": place.lane, "second": place.other_lane, "likeness": 0.7, "alike": True}
    place.route_check = create(RouteCheck(race=place.race, **words), actor=None)
    lay_reports(place)
    place.raced = deciding.challenge("awarded", mechanism="race")
    for _each in range(2):
        deciding.contract(place.raced, "draft")


def lay_reports(place: SimpleNamespace) -> None:
    """A report before the public, and one that is being decided with a merge of the firm's lane in it."""
    place.report = create(GateReport(stage=entrants.stage(place.race), made_on=DAY, told=True), actor=None)
    place.draft_report = create(GateReport(stage=place.race_stage, made_on=DAY), actor=None)
    words = {"report": place.draft_report, "lane": place.lane}
    place.merge = create(LaneDecision(follows="merge", into=place.other_lane, **words), actor=None)
    place.over_stage = entrants.stage(place.race)


def lay_entries(place: SimpleNamespace) -> None:
    """A stage of the firm's race with its test set, an entry of the firm, a testing body, a scorer and a sign."""
    place.entry_stage = entrants.stage(place.race)
    questions = receive(place.race, b"q000", "questions.csv")
    entrants.answer_key(place.entry_stage, questions=questions)
    place.race_entry = entrants.entry(place.lane, place.entry_stage, entrants.answers())
    place.testing_body, _key = entrants.body(place.entry_stage)
    scorer = b"def score_item(answer, truth):\n    return answer == truth\n"
    place.race_scorer = keep_scorer(actor=None, day=DAY, name="自备评分", data=scorer)
    words = {"stage": place.entry_stage, "lane": place.lane, "sign": "gap", "figure": 0.2, "bar": 0.1}
    place.race_flag = create(Flag(raised_on=DAY, **words), actor=None)


# In this order, for what is laid later stands on what was laid before.
LAYS = (
    lay_directory, lay_ledger, lay_registry, lay_funds, lay_intake, lay_rest, lay_matching, lay_together, lay_panels,
    lay_challenges, lay_deciding, lay_bids, lay_races, lay_entries,
)  # fmt: skip


def own_expert(user: Any) -> Expert:
    """As if the user stood in the register."""
    return Expert(user_id=user.pk or 0)


def own_seat(user: Any) -> PanelSeat:
    return PanelSeat(expert=own_expert(user), state="serving")


def shortlist(place: SimpleNamespace, **values: Any) -> Shortlist:
    """One with the other organisation on it."""
    made = create(Shortlist(day=DAY, engine="test", weights="test", **values), actor=None)
    Candidate.objects.create(
        shortlist=made, pool="organization", standing="fit", place=1, organization=place.other, score=1.0
    )
    return made


# Who asks, by role; a member's organisation is the firm, or for funds the house that manages them.
ROLES: Mapping[str, Callable[[Any, Any], Any]] = {
    "public": lambda _firm, _house: AnonymousUser(),
    "visitor": lambda _firm, _house: people.user(Kind.VISITOR),
    "viewer": lambda firm, _house: people.member_of(firm, "viewer"),
    "editor": lambda firm, _house: people.member_of(firm, "editor"),
    "owner": lambda firm, _house: people.member_of(firm, "owner"),
    "elsewhere": lambda _firm, _house: people.member_of(people.organization(), "owner"),
    "manager": lambda _firm, house: people.member_of(house, "owner", Kind.MANAGER),
    "expert": lambda _firm, _house: people.user(Kind.EXPERT),
    "officer": lambda _firm, _house: people.user(Kind.OFFICER),
    "staff": lambda _firm, _house: people.user(Kind.STAFF),
}


def everybody(firm: Any, house: Any) -> dict[str, Any]:
    """{role: a person of that role}."""
    return {role: person(firm, house) for role, person in ROLES.items()}
