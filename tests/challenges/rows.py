"""Rows of what follows the opening, put in place in whatever state a test asks for."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from django.core.files.base import ContentFile

from qunxing.challenges.models import (
    Acceptance,
    BadRecord,
    Bid,
    BidParty,
    BidVersion,
    Challenge,
    Commitment,
    Contract,
    ContractChange,
    FormalCheck,
    Milestone,
    Notice,
    Objection,
    Objector,
    Payment,
    Place,
    Proof,
    Proposal,
    ReviewItem,
    ReviewRound,
    Termination,
)
from qunxing.challenges.terms import Notice as Rule
from qunxing.ledger.actions import create
from qunxing.panels import actions as panels
from qunxing.panels.terms import PanelTerms, ScoringTerms
from tests import factories as people
from tests.challenges import bidders, factories

DAY = date(2026, 4, 13)
END = date(2027, 5, 31)
numbers = count(1)
RULE = Rule()
CLOCK = {"days": RULE.days, "mode": RULE.mode, "include_start": RULE.include_start, "roll": RULE.roll, "reply_days": 7}


def challenge(state: str = "checking", **values: Any) -> Challenge:
    return factories.challenge(values.pop("board", None) or factories.board("opened"), state=state, **values)


def bid(of: Challenge | None = None, state: str = "opened", **values: Any) -> Bid:
    """An opened bid with its content, led by an organisation of its own unless told."""
    of = of or challenge()
    lead = values.pop("organization", None) or people.organization()
    at = bidders.AFTER
    number = f"{of.number}-{of.bids.count() + 1:02d}"
    words = {"version": 1, "submitted_at": bidders.IN_TIME, "opened_at": at, "number": number, "digest": "0" * 64}
    made = create(Bid(challenge=of, state=state, organization=lead, **words | values), actor=None)
    content = bidders.whole(of, lead).as_json()
    BidVersion.objects.create(
        bid=made, number=1, submitted_at=bidders.IN_TIME, digest="0" * 64, sealed=b"sealed", content=content
    )
    tag = f"{next(numbers):064d}"
    create(BidParty(bid=made, tag=tag, role="lead", state="confirmed", organization=lead), actor=None)
    return made


def check(of: Bid | None = None, **values: Any) -> FormalCheck:
    points = [{"code": "whole", "state": "unknown", "told": [], "detail": "", "by_hand": False}]
    return create(FormalCheck(bid=of or bid(), **{"points": points} | values), actor=None)


def round_of(of: Challenge, *bids: Bid) -> ReviewRound:
    """A round of review with its panel and an item for each of the bids."""
    panel = panels.create_panel(actor=None, title="评审组", terms=PanelTerms(), scoring=ScoringTerms(), day=DAY)
    number = of.rounds.count() + 1
    made = create(ReviewRound(challenge=of, panel=panel, number=number, began_on=DAY), actor=None)
    for place, one in enumerate(bids, start=1):
        parties = [panels.PartySpec(organization=one.organization)]
        item = panels.add_item(panel, actor=None, code=f"{place:03d}", title="方案", parties=parties)
        create(ReviewItem(round=made, bid=one, item=item), actor=None)
    return made


def proposal(of: Challenge | None = None, *bids: Bid, **values: Any) -> Proposal:
    """A proposal of the bids in their order, the first of them proposed."""
    of = of or challenge("proposed")
    bids = bids or (bid(of, "proposed"),)
    words = {"number": of.proposals.count() + 1, "decides": "raw", "made_on": DAY} | values
    made = create(Proposal(challenge=of, round=round_of(of, *bids), **words), actor=None)
    for number, one in enumerate(bids, start=1):
        standing = "winner" if number == 1 else "reserve"
        raw = 90.0 - number
        row = Place(proposal=made, bid=one, place=number, standing=standing, money=1_500_000, raw=raw, raw_rank=number)
        create(row, actor=None)
    return made


def notice(of: Challenge | None = None, **values: Any) -> Notice:
    of = of or challenge("notice")
    words = {
        "number": f"GS-2026-{next(numbers):03d}",
        "title": f"拟中榜公示{next(numbers)}",
        "lines": [{"place": 1, "organization": "甲公司", "partners": [], "leader": "王**", "money": 1, "bid": "1"}],
        "clock": CLOCK,
        "first_day": DAY,
        "last_day": DAY + timedelta(days=4),
    } | values
    return create(Notice(challenge=of, **words), actor=None)


def objection(of: Notice | None = None, *, user: Any = None, name: str = "赵钱孙", **values: Any) -> Objection:
    at = bidders.AFTER
    words = {
        "number": f"YY-2026-{next(numbers):03d}",
        "grounds": "评审专家应当回避",
        "received_at": at,
        "reply_by": DAY + timedelta(days=9),
    } | values
    made = create(Objection(notice=of or notice(), **words), actor=None)
    create(Objector(objection=made, name=name, employer="某某大学", phone="021", user=user), actor=None)
    return made


def contract(of: Challenge | None = None, state: str = "in_force", **values: Any) -> Contract:
    """A contract with a committed target, a mid-term check, an acceptance, and a tranche on each."""
    of = of or challenge("delivering")
    words = {
        "organization": values.get("organization") or people.organization(),
        "payer": of.payer or of.issuer,
        "number": f"HT-2026-{next(numbers):03d}",
        "leader": "王小明",
        "cost": 3_200_000,
        "grant": 1_500_000,
        "pay_days": 30,
        "starts_on": DAY,
        "ends_on": END,
        "first_end": END,
        "sign_by": DAY + timedelta(days=30),
    } | values
    if state != "draft":
        words = {"bidder_signed_on": DAY, "issuer_signed_on": DAY, "pledge": "确保完成"} | words
    made = create(Contract(challenge=of, state=state, **words), actor=None)
    goal = {"name": "判读准确率", "operator": "ge", "target": Decimal("96.5"), "unit": "%", "asked": "≥ 95 %"}
    create(Commitment(contract=made, **goal), actor=None)
    for place, kind in enumerate(("mid", "final"), start=1):
        stop = milestone(made, kind=kind, position=place, name=f"节点{place}", due_on=DAY + timedelta(days=180 * place))
        create(Payment(contract=made, position=place, milestone=stop, amount=750_000), actor=None)
    return made


def milestone(of: Contract, **values: Any) -> Milestone:
    return create(Milestone(contract=of, **values), actor=None)


def first_milestone() -> Milestone:
    found: Milestone = contract().milestones.first()
    return found


def payment(state: str = "due", of: Contract | None = None, **values: Any) -> Payment:
    """The first tranche of a contract in that state."""
    row = (of or contract()).payments.first()
    days = {} if state == "planned" else {"due_on": DAY, "pay_by": DAY + timedelta(days=30)}
    for name, value in ({"state": state} | days | values).items():
        setattr(row, name, value)
    row.save()
    return row


def proof(of: Contract) -> Proof:
    words = {"title": "检测报告", "digest": "0" * 64, "size": 4, "kept_on": DAY}
    return create(Proof(contract=of, file=ContentFile(b"%PDF", name="report.pdf"), **words), actor=None)


def acceptance(state: str = "asked", of: Contract | None = None, **values: Any) -> Acceptance:
    words = {"asked_on": END, "report": "完成"} | values
    return create(Acceptance(contract=of or contract(), state=state, **words), actor=None)


def change(state: str = "asked", of: Contract | None = None, **values: Any) -> ContractChange:
    words = {
        "kind": "leader",
        "new_leader": "李四",
        "grounds": "离职",
        "asked_on": DAY,
        "bidder_agreed_on": DAY,
    } | values
    return create(ContractChange(contract=of or contract(), state=state, **words), actor=None)


def termination(state: str = "asked", of: Contract | None = None, **values: Any) -> Termination:
    words = {"side": "contractor", "grounds": "数据无法取得", "asked_on": DAY} | values
    return create(Termination(contract=of or contract(), state=state, **words), actor=None)


def bad_record(**values: Any) -> BadRecord:
    words = {"organization": people.organization(), "kind": "false", "since": DAY, "reason": "虚假数据"} | values
    return create(BadRecord(**words), actor=None)
