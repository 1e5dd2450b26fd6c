"""Made-up bids: written, confirmed by partners, submitted; the bids of past lists opened by two."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from qunxing.challenges.actions import attaching, bidding, opening, publishing, submitting
from qunxing.challenges.content import Answer, BidContent, BudgetRow, Party, Person
from qunxing.challenges.models import Bid, Challenge, ChallengeList, Target
from qunxing.challenges.queries.bids import read_draft
from qunxing.demo.desk import Desk, dice
from qunxing.demo.made.contests.lists import at, challenge_of
from qunxing.demo.made.organizations import SURNAMES
from qunxing.demo.tables import Row, codes_of, path_of, read_table
from qunxing.directory.models import Organization
from qunxing.scenarios.goals import Operator

SHARE_OF_PARTNER = 30
STAMPED = "盖章申报书（演示）.pdf"


def add_bids(desk: Desk) -> None:
    stamped = path_of("stamped.pdf").read_bytes()
    for row in read_table("bids.tsv"):
        add_bid(desk, row, challenge_of(desk, row["entry"]), stamped)


def add_bid(desk: Desk, row: Row, challenge: Challenge, stamped: bytes) -> Bid:
    """Written, and unless it stays a draft confirmed by its partners and submitted."""
    moment = moment_of(desk, challenge, row)
    bid = write(desk, row, challenge, moment)
    if row["state"] == "draft":
        return bid
    firms = partners_of(desk, row)
    for kind in ("stamped", "agreement")[: 2 if firms else 1]:
        attaching.attach(bid, actor=None, at=moment, data=stamped, name=STAMPED, kind=kind)
    for firm in firms:
        bidding.answer_part(bid, "confirm", actor=None, organization=firm, at=moment)
    submitting.submit(bid, actor=None, at=moment)
    return bid


def moment_of(desk: Desk, challenge: Challenge, row: Row) -> datetime:
    """Some hours before the deadline; for a list that is open, in the last days."""
    chance = dice(f"bid/{row['entry']}/{row['key']}")
    if challenge.board.deadline.date() < desk.day:
        return challenge.board.deadline - timedelta(minutes=chance.randint(30, 4_000))
    return at(desk.ago(chance.randint(1, 5)), chance.randint(9, 17))


def partners_of(desk: Desk, row: Row) -> list[Organization]:
    return [desk.find(Organization, key) for key in codes_of(row["partners"])]


def write(desk: Desk, row: Row, challenge: Challenge, moment: datetime) -> Bid:
    """A draft of the bid; one that stays a draft still lacks its budget."""
    lead = desk.find(Organization, row["lead"])
    bid = bidding.create_bid(challenge, actor=None, organization=lead, at=moment)
    known = read_draft(bid).content
    content = content_of(row, challenge, lead, partners_of(desk, row))
    whole = row["state"] != "draft"
    values: dict[str, Any] = {**vars(content), "facts": known.facts, "facts_confirmed": whole}
    if not whole:
        values |= {"budget": (), "total": 0, "grant": 0, "joint_plan": ""}
    bidding.save_draft(bid, actor=None, content=BidContent(**values), at=moment)
    return bid


def content_of(row: Row, challenge: Challenge, lead: Organization, partners: list[Organization]) -> BidContent:
    chance = dice(f"bid/{row['entry']}/{row['key']}")
    rest = 100 - SHARE_OF_PARTNER * len(partners)
    grant = (challenge.money or 1_000_000) * chance.randint(80, 98) // 1_000_000 * 10_000
    return BidContent(
        lead=Party(lead.ref, lead.name, "总体技术路线、系统研制与交付", rest),
        partners=tuple(Party(one.ref, one.name, "专项数据与联合验证", SHARE_OF_PARTNER) for one in partners),
        leader=Person(f"{chance.choice(SURNAMES)}演示", "首席科学家", lead.ref, "000-0000-0000", "lead@demo.example"),
        team=tuple(
            Person(f"{chance.choice(SURNAMES)}演{number}", "工程师", lead.ref, part=part)
            for number, part in ((1, "算法"), (2, "数据与评测"), (3, "部署与运维"))
        ),
        summary=row["title"],
        background="国内外已有通用方案，在本场景的口径、数据条件与响应时间上尚无可直接采用的产品。",
        route=f"{row['title']}分三个阶段推进：两个月内完成数据对接与基线，随后完成核心研制，最后在现场并行试运行。",
        basis=f"{lead.short_name or lead.name}：{lead.description}已有两个同类项目投入使用。",
        joint_plan="发榜方提供数据与现场，双方每两周联合评审一次，试运行期间派驻两名工程师。",
        answers=tuple(answer_to(target, int(row["quality"])) for target in challenge.targets.all()),
        budget=budget_of(grant),
        total=2 * grant,
        grant=grant,
    )


def answer_to(target: Target, quality: int) -> Answer:
    """Better than asked for, the more so the better the bid."""
    better = Decimal(quality - 60) / 400
    value = target.target
    if target.operator in {Operator.AT_LEAST, Operator.OVER}:
        value = value + (100 - value) * better if target.unit == "%" and value < 100 else value * (1 + better)
    elif target.operator in {Operator.AT_MOST, Operator.UNDER}:
        value = value * (1 - better)
    elif target.target_high is not None:
        value = (value + target.target_high) / 2
    return Answer(target.ref, f"{round(value, 1).normalize():f}", target.unit, "同类项目验收报告", "12")


def budget_of(grant: int) -> tuple[BudgetRow, ...]:
    """Twice the grant, half of it the bidders' own."""
    labour, equipment = grant // 2, grant // 4
    rest = grant - labour - equipment
    return (
        BudgetRow("equipment", 1, equipment, equipment),
        BudgetRow("labour", 1, labour - labour // 2, labour - labour // 2),
        BudgetRow("labour", 2, labour // 2, labour // 2),
        BudgetRow("testing", 2, rest, rest),
    )


def open_past(desk: Desk) -> None:
    """The lists whose deadline is long past: opened by one of staff and an officer."""
    for row in read_table("contest-lists.tsv"):
        board = desk.find(ChallengeList, row["key"])
        if board.deadline.date() < desk.day:
            publishing.close(board, actor=None, at=board.deadline + timedelta(minutes=5))
        if row["opened"]:
            moment = at(desk.ago(int(row["opened"])), 10)
            opening.open_bids(board, first=desk.clerk, second=desk.user("officer"), at=moment)
