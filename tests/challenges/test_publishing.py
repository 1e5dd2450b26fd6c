"""From a scenario to a published list: questions, amendments, closing, withdrawal."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from qunxing.accounts.models import Kind
from qunxing.challenges.actions import amendments, boards, publishing, questions
from qunxing.challenges.actions.amendments import Wanted
from qunxing.challenges.models import ChallengeList, Question
from qunxing.challenges.publishing.changes import marked
from qunxing.challenges.publishing.content import digest_of
from qunxing.challenges.readiness import NotReady
from qunxing.challenges.rulewords import whole
from qunxing.challenges.terms import Terms
from qunxing.core.errors import IllegalTransition, Refused
from qunxing.ledger.models import LogEntry
from qunxing.matching.alerts.models import Notice
from tests import factories as people
from tests.challenges import factories
from tests.scenarios import factories as scenarios

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # Monday, 10:00 in Shanghai
DEADLINE = factories.DEADLINE


def logged(kind: str) -> dict[str, Any]:
    """The newest entry of that kind."""
    bodies = [json.loads(body) for body in LogEntry.objects.order_by("index").values_list("body", flat=True)]
    found: dict[str, Any] = [body for body in bodies if body["kind"] == kind][-1]
    return found


@pytest.fixture
def staff() -> Any:
    return people.user(Kind.STAFF)


@pytest.fixture
def draft() -> ChallengeList:
    """A list that lacks nothing, with one challenge made of a scenario."""
    board = factories.board(publisher=people.organization(name="示例区科学技术委员会"))
    boards.add_from_scenario(board, scenarios.scenario("published"), actor=None)
    return board


@pytest.fixture
def published(draft: ChallengeList) -> ChallengeList:
    return publishing.publish(draft, actor=None, at=AT)


def test_a_scenario_becomes_a_challenge_with_every_field_and_all_its_core_indicators() -> None:
    scenario = scenarios.scenario("published", mechanism="race", on_site=True, data_terms="不出院")
    entry = boards.add_from_scenario(factories.board(), scenario, actor=None)
    copied = ("title", "problem", "fields", "starts_on", "ends_on", "contact_name", "contact_phone", "contact_email")
    assert [getattr(entry, name) for name in copied] == [getattr(scenario, name) for name in copied]
    assert (entry.scenario, entry.issuer, entry.payer) == (scenario, scenario.organization, scenario.organization)
    assert (entry.money, entry.mechanism) == (scenario.budget_high, "race")
    assert entry.conditions == "数据使用要求：不出院\n须在发榜方现场部署，数据与计算不出本单位。"
    assert [str(row) for row in entry.targets.all()] == [str(row) for row in scenario.core_indicators.all()]
    assert [row.tested_how for row in entry.targets.all()] == ["抽检1000例"]
    with pytest.raises(Refused):
        boards.add_from_scenario(entry.board, scenario, actor=None)


def test_a_published_list_has_its_number_its_copy_of_the_rules_and_its_key(draft: ChallengeList) -> None:
    rules = Terms.read(whole(draft.rule_set.rules))
    board = publishing.publish(draft, actor=None, at=AT)
    entry = board.challenges.get()
    assert (board.number, entry.number, board.published_on) == ("BD-2026-001", "BD-2026-001-01", AT.date())
    assert (board.rules, board.terms_digest) == (rules, rules.digest())
    assert (board.state, entry.state) == ("published", "open")
    told = logged("list.published")["facts"]
    assert told["key"] == board.key_digest
    assert told["content"] == board.content_digest == digest_of(board.content)
    assert told["rules"] == rules.digest()


def test_a_list_that_lacks_something_is_not_published(draft: ChallengeList) -> None:
    entry = draft.challenges.get()
    boards.change_challenge(entry, actor=None, values={"contact_phone": "", "contact_email": ""}, rows=[])
    ChallengeList.objects.filter(pk=draft.pk).update(publisher=None)
    with pytest.raises(NotReady) as refused:
        publishing.publish(draft, actor=None, at=AT)
    assert [gap.challenge for gap in refused.value.gaps] == [None, entry, entry]
    draft.refresh_from_db()
    assert (draft.state, draft.number) == ("draft", None)


@pytest.mark.parametrize(
    ("deadline", "faults"),
    [
        pytest.param(AT - timedelta(days=3), 1, id="past"),
        pytest.param(AT + timedelta(days=29), 1, id="too near"),
        pytest.param(datetime(2026, 4, 6, 9, 0, tzinfo=UTC), 1, id="on a holiday"),
        pytest.param(datetime(2026, 4, 11, 9, 0, tzinfo=UTC), 1, id="on a Saturday"),
        pytest.param(DEADLINE, 0, id="good"),
        pytest.param(datetime(2026, 5, 9, 9, 0, tzinfo=UTC), 0, id="on an adjusted Saturday"),
    ],
)
def test_a_deadline_is_late_enough_and_on_a_day_that_is_worked(
    draft: ChallengeList, deadline: datetime, faults: int
) -> None:
    ChallengeList.objects.filter(pk=draft.pk).update(deadline=deadline)
    try:
        publishing.publish(draft, actor=None, at=AT)
        found = 0
    except NotReady as refused:
        found = len(refused.gaps)
    assert found == faults


def test_an_amendment_says_field_by_field_what_changed_and_tells_the_followers(
    published: ChallengeList, staff: Any
) -> None:
    reader = people.user()
    questions.ask(published, actor=reader, at=AT, text="数据规模多大？")
    entry = published.challenges.get()
    before = published.content_digest
    wanted = Wanted(entry=entry, values={"money": 6_000_000, "title": "新题目"})
    made = amendments.amend(published, wanted, actor=staff, at=AT, why="追加资金")
    published.refresh_from_db()
    assert [(row["entry"], row["field"], row["before"]["en"], row["after"]["en"]) for row in made.changes] == [
        ("BD-2026-001-01", "title", entry.title, "新题目"),
        ("BD-2026-001-01", "money", "5,000,000", "6,000,000"),
    ]
    assert (made.number, made.moved, made.digest) == (1, False, published.content_digest)
    assert published.content_digest != before
    assert logged("list.amended")["facts"]["content"] == published.content_digest
    assert Notice.objects.get(digest__user=reader).keys == [["challenge-lists", [published.pk]]]


@pytest.mark.parametrize(
    ("left", "due"),
    [
        pytest.param(timedelta(days=8), DEADLINE, id="in good time"),
        pytest.param(timedelta(days=7), DEADLINE, id="just in time"),
        pytest.param(timedelta(days=7) - timedelta(seconds=1), datetime(2026, 4, 13, 9, 0, tzinfo=UTC), id="late"),
        pytest.param(timedelta(hours=1), datetime(2026, 4, 17, 9, 0, tzinfo=UTC), id="an hour before"),
    ],
)
def test_a_late_amendment_moves_the_deadline(
    published: ChallengeList, staff: Any, left: timedelta, due: datetime
) -> None:
    wanted = Wanted(values={"preface": "更正"})
    made = amendments.amend(published, wanted, actor=staff, at=DEADLINE - left, why="更正")
    published.refresh_from_db()
    assert (published.deadline, made.deadline_after, made.extended) == (due, due, due > DEADLINE)
    assert datetime.fromisoformat(published.content["deadline"]) == due


@pytest.mark.parametrize(
    "wanted",
    [
        pytest.param(Wanted(), id="nothing"),
        pytest.param(Wanted(deadline=DEADLINE - timedelta(days=1)), id="a nearer deadline"),
        pytest.param(Wanted(deadline=datetime(2026, 4, 12, 9, 0, tzinfo=UTC)), id="a deadline on a Sunday"),
    ],
)
def test_an_amendment_that_cannot_be_is_refused(published: ChallengeList, staff: Any, wanted: Wanted) -> None:
    with pytest.raises(Refused):
        amendments.amend(published, wanted, actor=staff, at=AT, why="改")
    assert not published.amendments.exists()


def test_nobody_is_told_who_asked(published: ChallengeList, staff: Any) -> None:
    asker = people.user(username="curious-bidder")
    question = questions.ask(published, actor=asker, at=AT, text="是否提供算力？")
    version = Question.history.get(id=question.pk)
    assert (version.history_user, logged("record.created")["actor"]) == (None, "")
    assert not [name for name, value in vars(question).items() if value in {asker.pk, asker.username, asker}]
    questions.answer(question, actor=staff, at=AT, text="提供。")
    assert (question.state, question.answer) == ("answered", "提供。")


def test_questions_end_before_the_bids_do(published: ChallengeList) -> None:
    last = questions.questions_until(published)
    assert last == DEADLINE - timedelta(days=5)
    questions.ask(published, actor=people.user(), at=last, text="来得及吗？")
    with pytest.raises(Refused):
        questions.ask(published, actor=people.user(), at=last + timedelta(seconds=1), text="迟了")


def test_bidding_closes_after_the_deadline_and_may_be_opened_again(published: ChallengeList, staff: Any) -> None:
    with pytest.raises(Refused):
        publishing.close(published, actor=staff, at=DEADLINE)
    assert publishing.close_due(DEADLINE + timedelta(seconds=1)) == [published]
    assert [published.challenges.get().state, ChallengeList.objects.get().state] == ["closed", "closed"]
    later = datetime(2026, 4, 24, 9, 0, tzinfo=UTC)
    at = DEADLINE + timedelta(days=1)
    made = amendments.reopen(published, actor=staff, at=at, deadline=later, reason="无人揭榜")
    assert (published.state, published.deadline, made.moved, made.extended) == ("published", later, True, False)
    assert published.challenges.get().state == "open"


def test_a_list_is_withdrawn_with_a_reason_that_everybody_reads(published: ChallengeList, staff: Any) -> None:
    with pytest.raises(Refused):
        publishing.withdraw(published, actor=staff, at=AT, reason=" ")
    publishing.withdraw(published, actor=staff, at=AT, reason="需求已由他方解决")
    entry = published.challenges.get()
    assert (published.state, published.ending, published.ended_on) == ("withdrawn", "需求已由他方解决", AT.date())
    assert (entry.state, entry.outcome, entry.ending) == ("withdrawn", "withdrawn", "需求已由他方解决")
    with pytest.raises(IllegalTransition):
        publishing.withdraw(published, actor=staff, at=AT, reason="再撤")


def test_a_list_with_an_award_in_notice_is_not_withdrawn(staff: Any) -> None:
    entry = factories.challenge(factories.board("opened"), "notice")
    with pytest.raises(Refused):
        publishing.withdraw(entry.board, actor=staff, at=AT, reason="撤")


def test_numbers_of_lists_run_through_the_year() -> None:
    numbers = []
    for _index in range(2):
        board = factories.board(publisher=people.organization())
        boards.add_from_scenario(board, scenarios.scenario("published"), actor=None)
        numbers.append(publishing.publish(board, actor=None, at=AT).number)
    assert numbers == ["BD-2026-001", "BD-2026-002"]
    assert timezone.localdate(AT).year == 2026


def test_only_the_words_that_an_amendment_changed_are_marked() -> None:
    before, after = marked("准确率 ≥ 95 %，每月一次", "准确率 ≥ 97.5 %，每月一次")
    assert [text for text, differs in before if differs] == ["95"]
    assert [text for text, differs in after if differs] == ["97.5"]
    assert "".join(text for text, _differs in after) == "准确率 ≥ 97.5 %，每月一次"
    assert marked("", "新增") == ([], [("新增", True)])
