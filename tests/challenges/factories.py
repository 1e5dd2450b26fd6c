"""Made-up rule sets, lists and challenges with their targets, saved the way the program saves them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from qunxing.challenges.models import Call, Challenge, ChallengeList, Need, NeedAppraisal, Question, RuleSet, Target
from qunxing.challenges.terms import Terms
from qunxing.ledger.actions import create
from tests import factories as people

DAY = date(2026, 3, 2)
DEADLINE = datetime(2026, 4, 10, 9, 0, tzinfo=UTC)  # 17:00 in Shanghai, a Friday
numbers = count(1)


def rule_set(**terms: Any) -> RuleSet:
    """A rule set in force; `terms` are parts of the rules, the rest is as by default."""
    values = {"name": f"规则{next(numbers)}", "basis": "示例办法"}
    return create(RuleSet(**values, terms=Terms.read(terms).as_json()), actor=None)


def board(state: str = "draft", *, deadline: datetime = DEADLINE, **values: Any) -> ChallengeList:
    """A list in that state; once published it has its number, its day and its copy of the rules."""
    rules = values.pop("rule_set", None) or rule_set(**values.pop("terms", {}))
    values = {"title": f"示例榜单{next(numbers)}"} | values
    if state != "draft":
        values = {
            "number": f"BD-2025-{next(numbers):03d}",
            "published_on": DAY,
            "terms": rules.rules.as_json(),
            "terms_digest": rules.rules.digest(),
        } | values
    return create(ChallengeList(rule_set=rules, state=state, deadline=deadline, **values), actor=None)


def challenge(of: ChallengeList | None = None, state: str = "", **values: Any) -> Challenge:
    """An entry with one target; its state is its list's unless told."""
    of = of or board("published")
    position = of.challenges.count() + 1
    if of.number:
        values = {"number": f"{of.number}-{position:02d}"} | values
    state = state or {"published": "open", "opened": "checking", "concluded": "archived"}.get(of.state, of.state)
    values = {
        "issuer": values.get("issuer") or people.organization(name=f"示例发榜医院{next(numbers)}"),
        "kind": "government",
        "title": f"病理切片判读{next(numbers)}",
        "problem": "人工判读慢，基层医院缺少病理医生。",
        "conditions": "近三年无不良信用记录。",
        "money": 5_000_000,
        "starts_on": DAY + timedelta(days=90),
        "ends_on": DAY + timedelta(days=455),
        "contact_name": "李明华",
        "contact_phone": "13812345678",
        "contact_email": "li@example.org",
    } | values
    made = create(Challenge(board=of, position=position, state=state, **values), actor=None)
    target(made)
    return made


def target(of: Challenge, **values: Any) -> Target:
    """A core indicator of the challenge: at least 95 %."""
    values = {
        "position": of.targets.count() + 1,
        "name": "判读准确率",
        "operator": "ge",
        "target": Decimal(95),
        "unit": "%",
        "tested_how": "由第三方在盲测集上测",
    } | values
    return create(Target(challenge=of, **values), actor=None)


def call(state: str = "open", **values: Any) -> Call:
    """A call for needs, open in the year around DAY."""
    dates = {"opens_on": DAY - timedelta(days=30), "closes_on": DAY + timedelta(days=60)}
    values = {"title": f"需求征集{next(numbers)}", "text": "面向医疗领域。", "state": state} | dates | values
    return create(Call(**values), actor=None)


def need(state: str = "draft", **values: Any) -> Need:
    """A need in that state; one that was handed in has its number and its day."""
    if state != "draft":
        values = {"number": f"XQ-2025-{next(numbers):03d}", "submitted_on": DAY} | values
    values = {
        "organization": values.get("organization") or people.organization(name=f"示例需求医院{next(numbers)}"),
        "title": f"病理判读需求{next(numbers)}",
        "problem": "判读慢。",
        "goals": "准确率 ≥ 95 %",
        "money": 2_000_000,
    } | values
    return create(Need(state=state, **values), actor=None)


def appraisal(of: Need, by: Any, **values: Any) -> NeedAppraisal:
    """An appraisal that an expert was asked for, and gave where marks are told."""
    return create(NeedAppraisal(need=of, by=by, asked_on=DAY, **values), actor=None)


def question(of: ChallengeList, **values: Any) -> Question:
    values = {"text": f"问题{next(numbers)}？", "asked_on": DAY, "asker": "0" * 64} | values
    return create(Question(board=of, **values), actor=None)
