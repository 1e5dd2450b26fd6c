"""Challenges brought step by step through what follows the opening, the way the program brings them there."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from qunxing.accounts.models import Kind
from qunxing.challenges.actions import accepting, awarding, checking, contracting, delivering, noticing, reviewing
from qunxing.challenges.models import Acceptance, Bid, Challenge, Contract, Milestone, Notice, Proposal
from qunxing.challenges.states.bid import BidState
from qunxing.directory.models import Membership, Organization
from qunxing.panels import actions as panels
from qunxing.panels.models import Panel
from tests import factories as people
from tests.challenges import bidders
from tests.panels import factories as seats

DAY = date(2026, 4, 13)  # a Monday after the opening
SHARES = (0.9, 0.6, 0.8, 0.7, 0.75)


def moment(day: date, hour: int = 10) -> datetime:
    """An hour of that day in Shanghai."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo("Asia/Shanghai"))


def staff() -> Any:
    return people.user(Kind.STAFF)


def opened(bids: int = 2, *, firms: list[Organization] | None = None, **values: Any) -> Challenge:
    """A challenge whose bids were opened; `terms` are parts of its rules."""
    terms = {"opening": {"roles": ["staff", "officer"]}} | values.pop("terms", {})
    challenge = bidders.open_challenge(bidders.open_board(terms=terms), **values)
    for number in range(bids):
        bidders.submitted(challenge, firms[number] if firms else None)
    bidders.open_all(challenge.board)
    challenge.refresh_from_db()
    return challenge


def checked(bids: int = 2, **values: Any) -> Challenge:
    """Every bid admitted."""
    challenge, actor = opened(bids, **values), staff()
    for bid in challenge.bids.filter(state=BidState.OPENED):
        admit(bid, actor)
    return challenge


def admit(bid: Bid, actor: Any) -> None:
    check = checking.check(bid, actor=actor, day=DAY)
    for point in check.points:
        if point["state"] == "unknown":
            check = checking.judge(check, actor=actor, code=point["code"], state="pass", detail="已核实")
    checking.decide_check(check, actor=actor, day=DAY, verdict="admit")


def in_review(bids: int = 2, **values: Any) -> Challenge:
    challenge = checked(bids, **values)
    reviewing.begin_review(challenge, actor=staff(), day=DAY)
    return challenge


def scored(challenge: Challenge, shares: tuple[float, ...] = SHARES) -> Panel:
    """The current panel drawn, seated, scored and closed."""
    panel = reviewing.panel_of(challenge)
    seats.experts(8)
    if panel.state == "planned":
        seats.seated(panel)
        seats.scoring(panel)
    seats.score_all(panel, shares)
    panels.close(panel, actor=None)
    panel.refresh_from_db()
    return panel


def reviewed(bids: int = 2, **values: Any) -> Challenge:
    challenge = in_review(bids, **values)
    scored(challenge)
    return challenge


def proposed(bids: int = 2, **values: Any) -> tuple[Challenge, Proposal]:
    challenge = reviewed(bids, **values)
    return challenge, awarding.propose(challenge, actor=staff(), day=DAY)


def noticed(bids: int = 2, **values: Any) -> tuple[Challenge, Notice]:
    challenge, _proposal = proposed(bids, **values)
    return challenge, noticing.give_notice(challenge, actor=staff(), day=DAY)


def awarded(bids: int = 2, **values: Any) -> tuple[Challenge, Contract]:
    challenge, notice = noticed(bids, **values)
    awarding.confirm_award(challenge, actor=staff(), day=notice.last_day + timedelta(days=1))
    return challenge, challenge.contracts.get()


def signers(contract: Contract) -> tuple[Any, Any]:
    """(somebody of the contractor, somebody of the issuer)."""
    return (
        people.member_of(contract.organization, Membership.Role.OWNER),
        people.member_of(contract.challenge.issuer, Membership.Role.OWNER),
    )


def signed(bids: int = 2, **values: Any) -> Contract:
    """A contract in force."""
    _challenge, contract = awarded(bids, **values)
    contractor, issuer = signers(contract)
    contracting.sign(contract, actor=contractor, day=DAY + timedelta(days=10), pledge="确保完成全部指标")
    contracting.sign(contract, actor=issuer, day=DAY + timedelta(days=10))
    return contract


def worked(contract: Contract, day: date | None = None) -> Contract:
    """Every milestone before the acceptance passed."""
    for row in contract.milestones.exclude(kind=Milestone.Kind.FINAL):
        delivering.report_milestone(row, actor=None, day=day or row.due_on, report="已完成")
        delivering.check_milestone(row, actor=None, day=day or row.due_on, passed=True)
    return contract


def asked(contract: Contract | None = None, *, value: str = "97", word: str = "accepts") -> Acceptance:
    """An acceptance asked for, measured, with the user's word."""
    found = contract or worked(signed())
    made = accepting.ask_acceptance(found, actor=None, day=found.ends_on, report="全部完成")
    for row in found.commitments.all():
        accepting.measure(
            made, row, actor=None, value=Decimal(value), measured_by="第三方检测", how="盲测集", day=found.ends_on
        )
    if word:
        accepting.give_word(made, actor=None, day=found.ends_on, word=word, text="已试用三个月")
    return made
