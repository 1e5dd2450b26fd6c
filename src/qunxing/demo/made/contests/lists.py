"""Made-up lists and their challenges, published as long ago as their tables say."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from qunxing.challenges.actions import amendments, boards, publishing, questions, rulesets
from qunxing.challenges.models import Challenge, ChallengeList
from qunxing.challenges.models.boards import Kind, Mechanism, Ownership
from qunxing.challenges.readiness import rolled
from qunxing.core.calendars import work_calendar
from qunxing.demo.desk import Desk, ref_of
from qunxing.demo.made.funds import money
from qunxing.demo.made.scenarios import goal_of
from qunxing.demo.tables import Row, codes_of, read_table
from qunxing.directory.models import Contact, Organization
from qunxing.ledger.actions import change
from qunxing.scenarios.models import Scenario

HOUR_OF_PUBLICATION, HOUR_OF_DEADLINE = 10, 17
CONDITIONS = "在本市有固定研发场所；近三年无不良信用记录；牵头单位须有同类项目交付经历。"


def at(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))


def deadline_of(desk: Desk, row: Row) -> datetime:
    """At five in the afternoon of that day; on one that is not worked, of the next, or for the past the one before."""
    wanted, calendar = at(desk.ago(int(row["deadline"])), HOUR_OF_DEADLINE), work_calendar()
    if wanted.date() >= desk.day:
        return rolled(wanted, calendar)
    while not calendar.is_working_day(wanted.date()):
        wanted -= timedelta(days=1)
    return wanted


def add_lists(desk: Desk) -> None:
    for row in read_table("contest-lists.tsv"):
        add_list(desk, row, [one for one in read_table("contest-entries.tsv") if one["list"] == row["key"]])


def add_list(desk: Desk, row: Row, entries: Sequence[Row]) -> ChallengeList:
    """The list with its challenges, published."""
    made = ChallengeList(
        title=row["title"],
        preface=row["preface"],
        publisher=desk.find(Organization, "committee"),
        rule_set=rulesets.install("default", actor=desk.clerk),
        deadline=deadline_of(desk, row),
    )
    board = desk.add(made, row["key"], reason="拟定榜单")
    for entry in entries:
        add_entry(desk, board, entry)
    publishing.publish(board, actor=desk.clerk, at=at(desk.ago(int(row["published"])), HOUR_OF_PUBLICATION))
    return board


def add_entry(desk: Desk, board: ChallengeList, row: Row) -> None:
    days = {"starts_on": desk.ago(int(row["start"])), "ends_on": desk.ago(int(row["end"]))}
    values = {**days, "money": money(row["money"]).high, "ownership": Ownership.SHARED, "conditions": CONDITIONS}
    if row["scenario"]:
        made = boards.add_from_scenario(board, desk.find(Scenario, row["scenario"]), actor=desk.clerk)
        values["conditions"] = f"{CONDITIONS}\n{made.conditions}".strip()
        change(made, actor=desk.clerk, values={**values, "mechanism": Mechanism.SINGLE})
        return
    made = desk.mark(entry_of(desk, board, row, values), row["key"])
    goals = [goal_of(goal) for goal in read_table("core-indicators.tsv") if goal["scenario"] == row["goals"]]
    boards.add_challenge(made, actor=desk.clerk, rows=goals, reason="列入榜单")


def entry_of(desk: Desk, board: ChallengeList, row: Row, values: dict[str, Any]) -> Challenge:
    issuer, contact = desk.find(Organization, row["issuer"]), desk.find(Contact, row["issuer"])
    return Challenge(
        board=board,
        issuer=issuer,
        payer=issuer,
        kind=Kind.GOVERNMENT,
        title=row["title"],
        problem=row["problem"],
        fields=codes_of(row["fields"]),
        contact_name=contact.name,
        contact_phone=contact.phone,
        contact_email=contact.email,
        contact_open=contact.consent_on is not None,
        mechanism=row.get("mechanism") or Mechanism.SINGLE,
        **values,
    )


def add_dialogue(desk: Desk) -> None:
    """Questions to the list that is open, one of them answered, and an amendment that came of it."""
    board, entry = desk.find(ChallengeList, "winter"), challenge_of(desk, "record")
    asked, told = at(desk.ago(6), 11), at(desk.ago(4), 15)
    first = questions.ask(board, actor=desk.user("visitor"), at=asked, challenge=entry, text="录音样本是否含方言？")
    questions.answer(
        first, actor=desk.user("demand"), at=told, text="含沪语与普通话混用样本，约占三成，随数据说明提供。"
    )
    words = f"{entry.conditions}\n数据说明已补充：三成样本为沪语与普通话混用。"
    wanted = amendments.Wanted(entry=entry, values={"conditions": words})
    amendments.amend(board, wanted, actor=desk.clerk, at=told, why="回应提问，补充数据说明")
    later = at(desk.ago(1), 9)
    questions.ask(
        board, actor=desk.user("editor"), at=later, challenge=entry, text="病历系统的回写接口由哪一方负责开发？"
    )


def challenge_of(desk: Desk, key: str) -> Challenge:
    """The challenge with this key as it stands; those made of a scenario are found by it."""
    row = next(one for one in read_table("contest-entries.tsv") if one["key"] == key)
    if row["scenario"]:
        board, scenario = desk.find(ChallengeList, row["list"]), desk.find(Scenario, row["scenario"])
        found: Challenge = Challenge.objects.select_related("board").get(board=board, scenario=scenario)
        return found
    stored: Challenge = Challenge.objects.select_related("board").get(ref=ref_of(Challenge, key))
    return stored
