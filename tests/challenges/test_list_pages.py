"""The pages of lists, challenges, needs and calls, over HTTP."""

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from docx import Document

from qunxing.challenges.actions import boards, publishing
from qunxing.challenges.models import Challenge, ChallengeList, Need, Question
from qunxing.challenges.publishing.content import digest_of
from qunxing.challenges.readiness import rolled
from qunxing.core.calendars import work_calendar
from qunxing.ledger.actions import change, create, remove
from qunxing.ledger.forms import raw_values
from qunxing.scenarios.models import Appraisal
from tests import factories as people
from tests.challenges import factories
from tests.scenarios import factories as scenarios

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script>{{ 7*7 }}{% load x %}\"'&=1+1\u202e\u0000😀"
CLEAN = HOSTILE.replace("\u0000", "")


def address(name: str, row: Any = None) -> str:
    return reverse(f"challenges:{name}", args=[row.ref] if row is not None else [])


@pytest.fixture
def staff(client: Client) -> Any:
    user = people.user("staff")
    client.force_login(user)
    return user


def soon(days: int = 45) -> datetime:
    """Five in the afternoon of a day that is worked, so many days ahead."""
    moment = timezone.localtime() + timedelta(days=days)
    return rolled(moment.replace(hour=17, minute=0, second=0, microsecond=0), work_calendar())


def typed(moment: datetime) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


@pytest.fixture
def draft() -> ChallengeList:
    """A list that lacks nothing, open as long as the rules ask."""
    publisher = people.organization(name="示例区科学技术委员会")
    board = factories.board(publisher=publisher, deadline=soon())
    days = {"starts_on": soon(90).date(), "ends_on": soon(400).date()}
    factories.challenge(board, payer=publisher, **days)
    return board


@pytest.fixture
def published(draft: ChallengeList) -> ChallengeList:
    return publishing.publish(draft, actor=None, at=timezone.now())


def opened(client: Client, url: str) -> dict[str, Any]:
    """What a browser would post of the form at this address, as it stands."""
    form = client.get(url).context["form"]
    data: dict[str, Any] = {name: raw_values(form, name) for name in form.fields}
    data["revision"] = [str(form.initial.get("revision") or "")]
    return {name: values for name, values in data.items() if values}


def said(answer: Any) -> str:
    content: bytes = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode()


# --- lists -----------------------------------------------------------------------------------------------------------


def test_staff_write_a_list(client: Client, staff: Any) -> None:
    rules = factories.rule_set()
    data = {"title": "2026年榜单", "rule_set": rules.ref, "deadline": typed(soon()), "visibility": "public"}
    answer = client.post(address("list-create"), data)
    made = ChallengeList.objects.get()
    assert (answer.status_code, made.title, made.deadline, made.rule_set) == (302, "2026年榜单", soon(), rules)
    assert made.history.get().history_user == staff


@pytest.mark.parametrize(
    "deadline",
    [
        pytest.param("2020-03-02T17:00", id="in the past"),
        pytest.param("2031-10-04T17:00", id="on a Saturday"),
        pytest.param("2026-10-01T17:00", id="on a holiday"),
        pytest.param("morgen", id="no moment"),
        pytest.param("9999999-01-01T00:00", id="after the end of days"),
        pytest.param("", id="none"),
    ],
)
@pytest.mark.usefixtures("staff")
def test_a_deadline_that_cannot_be_is_refused_by_the_form(client: Client, deadline: str) -> None:
    rules = factories.rule_set()
    data = {"title": "榜单", "rule_set": rules.ref, "deadline": deadline, "visibility": "public"}
    answer = client.post(address("list-create"), data)
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {"deadline"})
    assert ("榜单" in said(answer), ChallengeList.objects.count()) == (True, 0)


@pytest.mark.usefixtures("staff")
def test_a_list_that_lacks_something_says_what(client: Client) -> None:
    board = factories.board(deadline=soon(5))
    answer = client.post(address("list-publish", board))
    assert (answer.status_code, len(answer.context["missing"])) == (422, 3)
    assert client.get(board.get_absolute_url()).context["refused"] is False


@pytest.mark.usefixtures("staff")
def test_a_list_is_published_with_a_click(client: Client, draft: ChallengeList) -> None:
    assert client.post(address("list-publish", draft)).status_code == 302
    draft.refresh_from_db()
    assert (draft.state, draft.number) == ("published", f"BD-{timezone.localdate().year}-001")
    assert client.post(address("list-publish", draft)).status_code == 409


@pytest.mark.usefixtures("staff")
def test_a_list_that_is_gone_meanwhile_is_not_found(client: Client, draft: ChallengeList) -> None:
    entry = draft.challenges.get()
    addresses = [address("list-edit", draft), address("challenge-edit", entry)]
    assert client.post(address("list-remove", draft), {"reason": "重来"}).status_code == 302
    assert [client.post(url, {"title": "甲"}).status_code for url in addresses] == [404, 404]
    assert (ChallengeList.objects.count(), Challenge.objects.count()) == (0, 0)


def test_a_form_without_its_token_is_refused(draft: ChallengeList) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(people.user("staff"))
    assert client.post(address("list-publish", draft)).status_code == 403
    draft.refresh_from_db()
    assert draft.state == "draft"


# --- challenges ------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("staff")
def test_a_challenge_is_written_with_its_targets(client: Client, draft: ChallengeList) -> None:
    issuer = people.organization(name="发榜医院")
    data = {
        "title": "病理判读", "issuer": "发榜医院", "kind": "enterprise", "purpose": "breakthrough",
        "mechanism": "single", "problem": "慢", "ownership": "shared", "money": "500万元", "visibility": "public",
        "core_new1_name": "敏感度", "core_new1_target": "95", "core_new1_unit": "%",
        "core_new2_name": "单例耗时", "core_new2_operator": "between", "core_new2_target": "1",
        "core_new2_target_high": "2", "core_new2_unit": "秒",
    }  # fmt: skip
    assert client.post(address("challenge-create", draft), data).status_code == 302
    made = Challenge.objects.get(title="病理判读")
    assert (made.issuer, made.money, made.position) == (issuer, 5_000_000, 2)
    assert [str(row) for row in made.targets.all()] == ["敏感度 ≥ 95 %", "单例耗时 1–2 秒"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("money", "-5万元"),
        ("money", "数千万美元"),
        ("money", "100万-200万元"),
        ("issuer", "查无此单位"),
        ("ends_on", "2020-01-01"),
        ("core_new1_target", "viel"),
        ("contact_email", "nobody"),
        ("mechanism", "lottery"),
    ],
)
@pytest.mark.usefixtures("staff")
def test_a_wrong_value_is_named_and_nothing_typed_is_lost(
    client: Client, draft: ChallengeList, field: str, value: str
) -> None:
    url = address("challenge-edit", draft.challenges.get())
    data = opened(client, url) | {"core_new1_name": "敏感度", "core_new1_target": "95", field: value}
    answer = client.post(url, data)
    assert (answer.status_code, value in said(answer)) == (422, True)
    assert len(answer.context["form"].errors) == 1


@pytest.mark.usefixtures("staff")
def test_a_challenge_that_is_opened_and_saved_is_as_it_was(client: Client, draft: ChallengeList) -> None:
    entry = draft.challenges.get()
    url = address("challenge-edit", entry)
    assert client.post(url, opened(client, url)).status_code == 302
    after = Challenge.objects.get()
    assert (after.revision, [row.revision for row in after.targets.all()]) == (entry.revision, [1])


@pytest.mark.usefixtures("staff")
def test_a_conflict_shows_both(client: Client, draft: ChallengeList) -> None:
    entry = draft.challenges.get()
    url = address("challenge-edit", entry)
    data = opened(client, url) | {"title": "我的题目"}
    change(entry, actor=None, values={"title": "别人的题目"})
    answer = client.post(url, data)
    assert answer.status_code == 409
    assert ("我的题目" in said(answer), "别人的题目" in said(answer)) == (True, True)


@pytest.mark.usefixtures("staff")
def test_one_click_puts_a_scenario_on_a_list(client: Client, draft: ChallengeList) -> None:
    scenario = scenarios.scenario("published")
    page = said(client.get(scenario.get_absolute_url()))
    assert address("from-scenario", scenario) in page
    answer = client.post(address("from-scenario", scenario), {"board": draft.ref})
    entry = Challenge.objects.get(scenario=scenario)
    assert (answer.status_code, entry.board) == (302, draft)
    assert entry.get_absolute_url() in said(client.get(scenario.get_absolute_url()))
    other = scenarios.scenario("published")
    client.post(address("from-scenario", other))
    assert Challenge.objects.get(scenario=other).board.title == other.title


@pytest.mark.usefixtures("staff")
def test_without_a_rule_set_a_click_says_what_to_do(client: Client) -> None:
    answer = client.post(address("from-scenario", scenarios.scenario("published")))
    assert (answer.status_code, ChallengeList.objects.count()) == (409, 0)


@pytest.mark.usefixtures("staff")
def test_a_published_challenge_changes_by_amendment_only(client: Client, published: ChallengeList) -> None:
    entry = published.challenges.get()
    assert client.get(address("challenge-edit", entry)).status_code == 403
    url = address("challenge-amend", entry)
    data = opened(client, url) | {"money": "600万元"}
    assert client.post(url, data).status_code == 422  # a reason is wanted
    assert client.post(url, data | {"reason": "追加资金"}).status_code == 302
    made = published.amendments.get()
    assert [(row["field"], row["after"]["zh-hans"]) for row in made.changes] == [("money", "6,000,000")]
    page = said(client.get(published.get_absolute_url()))
    assert ("追加资金" in page, "6,000,000" in page) == (True, True)


@pytest.mark.usefixtures("staff")
def test_a_deadline_is_moved_by_amendment_and_never_nearer(client: Client, published: ChallengeList) -> None:
    url, before = address("list-amend", published), published.deadline
    data = opened(client, url) | {"reason": "应询问人请求"}
    assert client.post(url, data | {"deadline": typed(soon(10))}).status_code == 422
    assert client.post(url, data | {"deadline": typed(soon(70))}).status_code == 302
    published.refresh_from_db()
    assert (published.deadline, published.deadline > before) == (soon(70), True)


# --- as published ----------------------------------------------------------------------------------------------------


def test_open_data_holds_the_list_and_its_digest(client: Client, published: ChallengeList) -> None:
    data = json.loads(said(client.get(address("list-json", published))))
    assert digest_of(data["list"]) == data["digest"] == published.content_digest
    assert (data["whole"], data["state"], data["rules_digest"]) == (True, "published", published.terms_digest)
    assert [entry["number"] for entry in data["list"]["challenges"]] == [f"{published.number}-01"]
    heading, row = said(client.get(address("list-csv", published))).splitlines()
    assert heading.removeprefix("\ufeff").startswith("list,number,title,kind")
    assert row.startswith(f"{published.number},{published.number}-01,")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_word_file_says_what_the_page_says(client: Client, draft: ChallengeList, language: str) -> None:
    change(draft.challenges.get(), actor=None, values={"problem": "第一段。\n\n第二段。", "fields": ("medical",)})
    published = publishing.publish(draft, actor=None, at=timezone.now())
    client.cookies["language"] = language
    page = client.get(address("list-page", published))
    document = Document(BytesIO(client.get(address("list-word", published)).content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    text = "\n".join([paragraph.text for paragraph in document.paragraphs] + cells)
    words = page.context["document"]
    shown = [words["title"], words["number"], words["publisher"], words["day"], words["digest"]]
    shown += [line for fact in words["entries"][0]["facts"] for line in fact["lines"]]
    shown += [rule["text"] for rule in words["rules"]] + [words["entries"][0]["targets"][0]["goal"]]
    assert [part for part in shown if part not in text or part not in said_plain(page)] == []


def said_plain(page: Any) -> str:
    return unescape(said(page))


@pytest.mark.usefixtures("staff")
def test_hostile_text_stays_text_wherever_it_is_shown(client: Client, draft: ChallengeList) -> None:
    entry = draft.challenges.get()
    values = {"title": CLEAN[:200], "problem": CLEAN, "conditions": CLEAN, "contact_name": CLEAN[:60]}
    change(entry, actor=None, values=values)
    change(draft, actor=None, values={"title": CLEAN, "preface": CLEAN})
    published = publishing.publish(draft, actor=None, at=timezone.now())
    question = {"text": HOSTILE.replace("\u0000", "")}
    assert client.post(address("question-create", published), question).status_code == 302
    pages = [published.get_absolute_url(), entry.get_absolute_url(), address("list-page", published)]
    pages += [address("overview"), address("list-list"), address("challenge-list"), address("list-rules", published)]
    for url in pages:
        page = said(client.get(url))
        assert ("<script>alert(1)" in page, "49" in page.split("{{ 7*7 }}")[0][-3:]) == (False, False), url
    document = Document(BytesIO(client.get(address("list-word", published)).content))
    assert "{{ 7*7 }}" in "\n".join(paragraph.text for paragraph in document.paragraphs)
    json.loads(said(client.get(address("list-json", published))))
    cells = said(client.get(address("list-csv", published))).split(",")
    assert [cell for cell in cells if cell.startswith(("=", "+", "@"))] == []


@pytest.mark.usefixtures("staff")
@pytest.mark.parametrize("text", ["", " ", "甲" * 2001, "甲\u0000乙"])
def test_a_question_that_cannot_be_is_refused(client: Client, published: ChallengeList, text: str) -> None:
    answer = client.post(address("question-create", published), {"text": text})
    assert (answer.status_code, Question.objects.count()) == (422, 0)


@pytest.mark.usefixtures("staff")
def test_a_question_is_answered_once_for_all(client: Client, published: ChallengeList) -> None:
    question = factories.question(published, text="可以联合吗？")
    url = reverse("challenges:question-answer", args=[published.ref, question.ref])
    assert client.post(url, {"text": " "}).status_code == 422
    assert client.post(url, {"text": "可以。"}).status_code == 302
    assert "可以。" in said(Client().get(published.get_absolute_url()))
    assert client.post(url, {"text": "再答"}).status_code == 409


# --- needs -----------------------------------------------------------------------------------------------------------


def test_a_member_hands_in_a_need_for_an_own_organisation_only(client: Client) -> None:
    firm, other = people.organization(), people.organization()
    client.force_login(people.member_of(firm, "editor"))
    data = {"title": "需求", "problem": "慢", "goals": "快", "money": "200万元"}
    assert client.post(address("need-create"), data | {"organization": other.ref}).status_code == 422
    assert client.post(address("need-create"), data | {"organization": firm.ref}).status_code == 302
    made = Need.objects.get()
    assert (made.organization, made.money, made.state) == (firm, 2_000_000, "draft")
    assert client.post(reverse("challenges:need-move", args=[made.ref, "submit"])).status_code == 302
    assert client.post(reverse("challenges:need-move", args=[made.ref, "recommend"])).status_code == 403
    assert client.post(reverse("challenges:need-move", args=[made.ref, "dance"])).status_code == 409


@pytest.mark.usefixtures("staff")
def test_a_recommended_need_goes_on_a_list_and_is_listed_with_it(client: Client, draft: ChallengeList) -> None:
    need = factories.need("recommended")
    assert client.post(address("from-need", need), {"board": draft.ref}).status_code == 302
    assert client.post(address("from-need", need), {"board": draft.ref}).status_code == 409
    entry = need.challenges.get()
    factories.target(entry)
    days = {"starts_on": soon(90).date(), "ends_on": soon(400).date()}
    change(entry, actor=None, values={"contact_name": "李", "contact_phone": "138", **days})
    publishing.publish(draft, actor=None, at=timezone.now())
    need.refresh_from_db()
    assert need.state == "listed"


# --- how much is asked of the database -------------------------------------------------------------------------------


def queries(client: Client, url: str) -> int:
    """How many the page takes once totals are remembered."""
    client.get(url)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(url).status_code == 200
    return len(caught)


MAKERS: dict[str, Callable[[], Any]] = {
    "list-list": lambda: factories.challenge(factories.board("published", publisher=people.organization())),
    "challenge-list": lambda: factories.challenge(factories.board("published")),
    "need-list": lambda: factories.need(call=factories.call()),
    "call-list": factories.call,
    "ruleset-list": factories.rule_set,
    "overview": lambda: (
        factories.challenge(factories.board("published", deadline=soon(), publisher=people.organization())),
        factories.challenge(factories.board("concluded"), outcome="no_award"),
        factories.call(closes_on=date(2100, 1, 1)),
    ),
}


@pytest.mark.usefixtures("staff")
@pytest.mark.parametrize("name", MAKERS)
def test_more_rows_take_no_more_queries(client: Client, name: str) -> None:
    MAKERS[name]()
    MAKERS[name]()
    two = queries(client, address(name))
    MAKERS[name]()
    MAKERS[name]()
    assert queries(client, address(name)) <= two


@pytest.mark.usefixtures("staff")
def test_a_list_with_three_of_everything_takes_no_more_queries_than_with_one(
    client: Client, published: ChallengeList
) -> None:
    def more() -> None:
        entry = factories.challenge(published, number=None)
        factories.target(entry)
        factories.question(published, challenge=entry, state="answered", answer="答", answered_on=factories.DAY)

    more()
    url = published.get_absolute_url()
    one = queries(client, url)
    more()
    more()
    assert queries(client, url) <= one


def test_a_removed_challenge_leaves_its_versions(draft: ChallengeList) -> None:
    entry = draft.challenges.get()
    for target in entry.targets.all():
        remove(target, actor=None, reason="")
    remove(entry, actor=None, reason="撤下")
    assert Challenge.history.filter(ref=entry.ref).count() == 2


def test_staff_are_told_that_a_scenario_on_a_draft_was_not_appraised(client: Client, staff: Any) -> None:
    entry = boards.add_from_scenario(factories.board(), scenarios.scenario("submitted"), actor=staff)
    assert client.get(entry.get_absolute_url()).context["unappraised"] is True
    create(Appraisal(scenario=entry.scenario, by=staff, verdict="fit", day=scenarios.DAY), actor=staff)
    assert client.get(entry.get_absolute_url()).context["unappraised"] is False
