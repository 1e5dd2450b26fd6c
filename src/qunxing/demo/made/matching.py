"""Made-up capabilities, shortlists computed over the demonstration, and invitations taken through their life."""

from typing import Any

from qunxing.demo.accounts import ACCOUNTS
from qunxing.demo.desk import Desk, ref_of
from qunxing.demo.tables import Row, codes_of, days_of, read_table, steps_of
from qunxing.directory.models import Capability, Organization
from qunxing.funds.models import Fund
from qunxing.ledger.actions import change
from qunxing.matching import actions, inviting
from qunxing.matching.computing import compute
from qunxing.matching.models import Invitation, Requirement, Shortlist
from qunxing.scenarios.models import Scenario

# Subjects of the shortlists that stand from the start: what they are for, how many days ago they were computed.
LISTED: tuple[tuple[type[Any], str, int], ...] = (
    (Scenario, "yard", 6),
    (Scenario, "track", 17),
    (Scenario, "flood", 21),
    (Scenario, "hotline", 9),
    (Scenario, "record", 10),
    (Organization, "xinghe", 4),
    (Fund, "seed", 4),
)
SHARED = ("record", "flood")
JUDGED = (
    ("record", "hanhai-med", "accepted", "院内环境与国产芯片均有依据，且有同类病历产品。"),
    ("record", "kangfu", "rejected", "与需求方为关联方，不宜承接。"),
    ("hotline", "zhengtong", "accepted", "两个区的热线经验与等保三级齐备。"),
)
ANSWERS = frozenset({"accept", "decline"})


def add_capabilities(desk: Desk) -> None:
    for number, row in enumerate(read_table("capabilities.tsv"), start=1):
        until = days_of(row["until"])
        made = Capability(
            organization=desk.find(Organization, row["organization"]),
            kind=row["kind"],
            held=bool(row["held"]),
            amount=days_of(row["amount"]),
            name=row["name"],
            number=row["number"],
            issued_by=row["issued"],
            valid_from=desk.ago(int(row["from"])),
            valid_until=desk.ago(until) if until is not None else None,
        )
        key = f"{row['organization']}/{row['kind']}"
        desk.add(made, key, reason="能力登记", source=desk.source("made-register"), place=f"附表第 {number} 行")


def set_requirements(desk: Desk) -> None:
    asked = Requirement(scenario=desk.find(Scenario, "hotline"), certificates="ISO 27001", places=codes_of("310000"))
    desk.add(asked, "hotline", reason="需求方补充")


def add_invitations(desk: Desk) -> None:
    """Each is written as of its days; the scenarios it belongs to have gone their own way already."""
    for row in read_table("invitations.tsv"):
        made = desk.add(
            Invitation(
                scenario=desk.find(Scenario, row["scenario"]),
                organization=desk.find(Organization, row["firm"]),
                message=row["message"],
                invited_on=desk.ago(int(row["invited"])),
            ),
            row["key"],
            reason="发出邀约",
        )
        for name, days, words in steps_of(row["steps"]):
            take_step(desk, made, row, name, days, words)


def take_step(desk: Desk, invitation: Invitation, row: Row, name: str, days: int, words: str) -> None:
    members = [account.username for account in ACCOUNTS if account.organization == row["firm"]]
    actor = desk.user(members[0]) if members and name in ANSWERS else desk.clerk
    inviting.move(invitation, name, actor=actor, day=desk.ago(days), reason=words)


def add_shortlists(desk: Desk) -> None:
    """Computed as the program computes them, over what the chapters before have loaded."""
    for kind, key, days in LISTED:
        subject, day = desk.find(kind, key), desk.ago(days)
        ref = ref_of(Shortlist, f"{kind.kind_code()}/{key}")
        made = actions.keep_shortlist(
            subject, compute(subject, day=day, closed=True), actor=desk.clerk, day=day, ref=ref
        )
        desk.keep(made, key)
        if key in SHARED:
            desk.keep(actions.share(made, actor=desk.clerk, day=day), key)
        for invitation in made.subject.invitations.all() if kind is Scenario else ():
            change(invitation, actor=desk.clerk, values={"shortlist": made}, reason="关联候选名单")


def judge_candidates(desk: Desk) -> None:
    for scenario, firm, verdict, reason in JUDGED:
        shortlist = desk.find(Shortlist, scenario)
        candidate = shortlist.candidates.filter(organization=desk.find(Organization, firm)).first()
        if candidate is not None:
            actions.judge(shortlist, candidate, verdict, actor=desk.clerk, day=desk.ago(5), reason=reason)


def order_by_hand(desk: Desk) -> None:
    """Staff put the second before the first where they know more than the ledgers."""
    shortlist = desk.find(Shortlist, "flood")
    refs = actions.proposed_refs(shortlist)
    wanted = [*refs[1:2], *refs[:1], *refs[2:]]
    reason = "防汛值守单位已与该企业试运行，数据接口已通"
    desk.keep(actions.order_by_hand(shortlist, wanted, actor=desk.clerk, day=desk.ago(19), reason=reason), "flood")
