"""Made-up bids, whole enough to be submitted, and lists with a key to bid on."""

from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from pypdf import PdfWriter
from pypdf.generic import NameObject

from qunxing.accounts.models import Kind
from qunxing.challenges.actions import attaching, bidding, opening, submitting
from qunxing.challenges.content import Answer, BidContent, BudgetRow, Party, Person
from qunxing.challenges.models import Bid, Challenge, ChallengeList, Opening
from qunxing.challenges.queries.bids import read_draft
from qunxing.challenges.sealing import make_key
from qunxing.directory.models import Organization
from qunxing.ledger.actions import change
from tests import factories as people
from tests.challenges import factories


def pdf(**extra: Any) -> bytes:
    """A PDF of one empty page; `extra` stands in its catalog."""
    writer, file = PdfWriter(), BytesIO()
    writer.add_blank_page(200, 200)
    for name, value in extra.items():
        writer.root_object[NameObject(f"/{name}")] = value
    writer.write(file)
    return file.getvalue()


def uploaded(name: str, data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


IN_TIME = factories.DEADLINE - timedelta(hours=1)
PDF = pdf()
AFTER = factories.DEADLINE + timedelta(minutes=5)
SECRET = "不可外传的技术路线甲乙丙"


def open_board(**values: Any) -> ChallengeList:
    """A list open for bids, with its key."""
    board = factories.board("published", **values)
    return change(board, actor=None, values={"key_digest": make_key(board)})


def open_challenge(board: ChallengeList | None = None, **values: Any) -> Challenge:
    return factories.challenge(board or open_board(), **values)


def whole(challenge: Challenge, lead: Organization, *partners: Organization, **values: Any) -> BidContent:
    """A content without gaps, but for partners who have not confirmed."""
    shares = [100 - 20 * len(partners), *(20 for _each in partners)]
    parties = [
        Party(one.ref, one.name, f"承担任务{number}", shares[number]) for number, one in enumerate((lead, *partners))
    ]
    base = BidContent(
        lead=parties[0],
        partners=tuple(parties[1:]),
        leader=Person(name="王小明", title="首席科学家", phone="13900001111"),
        team=(Person(name="赵一", part="算法"), Person(name="钱二", part="数据")),
        background="国内外现状",
        route=SECRET,
        basis="已有三项备案模型",
        joint_plan="与发榜方联合标注",
        answers=tuple(Answer(one.ref, "96.5", one.unit, "第三方检测报告", "12") for one in challenge.targets.all()),
        budget=(BudgetRow("equipment", 1, 1_000_000, 1_000_000), BudgetRow("labour", 2, 500_000, 700_000)),
        total=3_200_000,
        grant=1_500_000,
        facts_confirmed=True,
    )
    return replace(base, **values)


def draft(challenge: Challenge | None = None, lead: Organization | None = None, *partners: Organization) -> Bid:
    """A draft that lacks nothing, its partners confirmed."""
    challenge = challenge or open_challenge()
    lead = lead or people.organization()
    bid = bidding.create_bid(challenge, actor=None, organization=lead, at=IN_TIME)
    content = replace(whole(challenge, lead, *partners), facts=read_draft(bid).content.facts)
    bidding.save_draft(bid, actor=None, content=content, at=IN_TIME)
    for kind in ("stamped", "agreement")[: 2 if partners else 1]:
        attaching.attach(bid, actor=None, at=IN_TIME, data=PDF, name=f"{kind}.pdf", kind=kind)
    for partner in partners:
        bidding.answer_part(bid, "confirm", actor=None, organization=partner, at=IN_TIME)
    return bid


def submitted(challenge: Challenge | None = None, lead: Organization | None = None, *partners: Organization) -> Bid:
    bid = draft(challenge, lead, *partners)
    submitting.submit(bid, actor=None, at=IN_TIME)
    return bid


def open_all(board: ChallengeList, at: datetime = AFTER) -> Opening:
    """The opening by one of staff and an officer."""
    return opening.open_bids(board, first=people.user(Kind.STAFF), second=people.user(Kind.OFFICER), at=at)
