"""Lists: written, published, asked about, amended, closed, opened again, withdrawn."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from qunxing.challenges.actions import amendments, boards, publishing, questions, rulesets
from qunxing.challenges.models import Challenge, ChallengeList, Need
from qunxing.challenges.readiness import rolled
from qunxing.challenges.rehearsal.acts.rulebook import rules
from qunxing.challenges.rehearsal.cast import writer_of
from qunxing.challenges.rehearsal.stage import Stage, Words, fresh
from qunxing.core.calendars import work_calendar
from qunxing.ledger.actions import create
from qunxing.scenarios.actions import IndicatorRow

OPEN_DAYS = 45
INDICATORS = (
    {"name": "判读准确率", "operator": "ge", "target": Decimal(95), "unit": "%", "tested_how": "第三方盲测"},
    {"name": "单例耗时", "operator": "le", "target": Decimal(3), "unit": "s", "tested_how": "现场计时"},
    {"name": "温区", "operator": "between", "target": Decimal(2), "target_high": Decimal(8), "unit": "℃"},
)


def write(stage: Stage, challenges: int, needs: list[Need]) -> ChallengeList:
    """A list with so many challenges, the first of them from a need if there is one left."""
    made = stage.do("rules.create", rule_set, stage)
    board: ChallengeList = stage.do("list.create", lambda: create(board_from(stage, made), actor=stage.staff))
    if needs:
        entry = stage.do("list.add_need", boards.add_from_need, board, needs.pop(), actor=stage.staff)
        rows = rows_of(stage)
        stage.do("challenge.fill", boards.change_challenge, entry, actor=stage.staff, values=words_of(stage), rows=rows)
    while fresh(board).challenges.count() < challenges:
        stage.do("list.add", add, stage, board)
    return board


def rule_set(stage: Stage) -> Any:
    name = f"规则{stage.dice.hexes(3)}"
    return rulesets.create_rules(actor=stage.staff, name=name, basis="示例办法", terms=rules(stage.dice))


def board_from(stage: Stage, made: Any) -> ChallengeList:
    deadline = rolled(stage.clock.at + timedelta(days=OPEN_DAYS), work_calendar())
    publisher = stage.firm(stage.cast.issuers[0])
    return ChallengeList(title="揭榜挂帅榜单", rule_set=made, deadline=deadline, publisher=publisher, preface="示例")


def words_of(stage: Stage) -> dict[str, Any]:
    starts = stage.clock.day + timedelta(days=stage.dice.choice([90, 200]))
    return {
        "money": stage.dice.choice([1_000_003, 1_999_999, 5_000_000]),
        "payer": stage.firm(stage.dice.choice(stage.cast.issuers)),
        "starts_on": starts,
        "ends_on": starts + timedelta(days=365),
        "contact_name": "李明华",
        "contact_phone": "13812345678",
        "mechanism": "race" if stage.dice.happens(0.15) else "single",
    }


def rows_of(stage: Stage) -> list[IndicatorRow]:
    return [IndicatorRow(dict(row)) for row in INDICATORS[: stage.dice.choice([1, 2, 3])]]


def add(stage: Stage, board: ChallengeList) -> Challenge:
    entry = Challenge(
        board=fresh(board),
        issuer=stage.firm(stage.dice.choice(stage.cast.issuers)),
        kind="government",
        title=f"示例攻关{stage.dice.hexes(2)}",
        problem="人工判读慢，基层缺少医生。",
        **words_of(stage),
    )
    return boards.add_challenge(entry, actor=stage.staff, rows=rows_of(stage))


def publish(stage: Stage, board: ChallengeList) -> None:
    """Not by a firm, not with a deadline that is too near; then by staff."""
    outsider = writer_of(stage.cast.firms[0])
    stage.refused("list.publish_by_a_firm", publishing.publish, board, actor=outsider, at=stage.clock.at)
    late = stage.clock.at + timedelta(days=OPEN_DAYS - 2)
    stage.refused("list.publish_too_late", publishing.publish, board, actor=stage.staff, at=late)
    stage.do("list.publish", publishing.publish, board, actor=stage.staff, at=stage.clock.at, once=True)


# --- while bids come in ---------------------------------------------------------------------------------------------


def ask(stage: Stage, board: ChallengeList) -> None:
    """A question in public, answered or declined, a declined one answered after all."""
    asker = writer_of(stage.dice.choice(stage.cast.firms))
    words: Words = {"actor": stage.staff, "at": stage.clock.at}
    question = stage.do("question.ask", questions.ask, board, actor=asker, at=stage.clock.at, text="数据能否出院？")
    for step in stage.dice.choice([("answer",), ("decline",), ("decline", "answer")]):
        if step == "answer":
            stage.do("question.answer", questions.answer, question, text="不能。", once=True, **words)
        else:
            stage.do("question.decline", questions.decline, question, reason="已答过", once=True, **words)


def amend(stage: Stage, board: ChallengeList) -> None:
    """Another text of a challenge, perhaps a later deadline; a nearer one is refused."""
    stored = fresh(board)
    nearer = amendments.Wanted(deadline=stored.deadline - timedelta(days=1))
    words: Words = {"actor": stage.staff, "at": stage.clock.at, "why": "更正"}
    stage.refused("list.deadline_nearer", amendments.amend, board, nearer, **words)
    holiday = amendments.Wanted(deadline=next_holiday(stored.deadline))
    stage.refused("list.deadline_on_a_holiday", amendments.amend, board, holiday, **words)
    entry = stage.dice.choice(list(stored.challenges.filter(state="open").order_by("pk")))
    later = rolled(stored.deadline + timedelta(days=4), work_calendar()) if stage.dice.happens(0.4) else None
    values = {"problem": f"补充说明{stage.dice.hexes(2)}"}
    wanted = amendments.Wanted(entry=entry, values=values, deadline=later)
    stage.do("list.amend", amendments.amend, board, wanted, **words)


def next_holiday(deadline: datetime) -> datetime:
    """The same hour on the next day that is not worked."""
    calendar, moved = work_calendar(), deadline + timedelta(days=1)
    while calendar.is_working_day(moved.date()):
        moved += timedelta(days=1)
    return moved


def close(stage: Stage, board: ChallengeList) -> None:
    """Not before the deadline; by the program or by staff after it."""
    deadline = fresh(board).deadline
    stage.refused("list.close_early", publishing.close, board, actor=stage.staff, at=deadline)
    stage.clock.to(deadline + timedelta(seconds=1))
    if stage.dice.happens(0.5):
        stage.do("list.close_due", publishing.close_due, stage.clock.at)
    else:
        stage.do("list.close", publishing.close, board, actor=stage.staff, at=stage.clock.at, once=True)


def reopen(stage: Stage, board: ChallengeList) -> None:
    """Open the bidding again for some days."""
    until = rolled(max(fresh(board).deadline, stage.clock.at) + timedelta(days=6), work_calendar())
    words: Words = {"actor": stage.staff, "at": stage.clock.at, "deadline": until, "reason": "系统故障"}
    stage.do("list.reopen", amendments.reopen, board, once=True, **words)


def withdraw(stage: Stage, board: ChallengeList) -> None:
    """Take the whole list back, with a reason."""
    words: Words = {"actor": stage.staff, "at": stage.clock.at}
    stage.refused("list.withdraw_without_reason", publishing.withdraw, board, reason=" ", **words)
    stage.do("list.withdraw", publishing.withdraw, board, reason="政策调整", once=True, **words)


def withdraw_challenge(stage: Stage, entry: Challenge) -> None:
    words: Words = {"actor": stage.staff, "at": stage.clock.at, "reason": "发榜方撤回需求"}
    stage.do("challenge.withdraw", publishing.withdraw_challenge, entry, once=True, **words)
