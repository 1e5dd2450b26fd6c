"""The pages of races: each kind of reader sees what is theirs, each step is taken, bad input is told."""

import json
from datetime import timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from docx import Document

from qunxing.accounts.models import Kind
from qunxing.cli import app
from qunxing.directory.models import Membership
from qunxing.ledger.actions import change
from qunxing.ledger.packs import verify_pack
from qunxing.races.actions import archiving, gates, lanes, publishing, routes
from qunxing.races.models import GateReport, Race, Stage
from tests import factories as people
from tests.races import runners

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The day on which the races of these tests are made."""
    monkeypatch.setattr("qunxing.challenges.clock.now", lambda: runners.NOW)


def at(monkeypatch: pytest.MonkeyPatch, moment: Any) -> None:
    monkeypatch.setattr("qunxing.challenges.clock.now", lambda: moment)


def as_user(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def staff() -> Client:
    return as_user(runners.staff())


def page(client: Client, door: str, *refs: str, status: int = 200) -> str:
    response = client.get(reverse(f"races:{door}", args=refs))
    assert response.status_code == status
    return str(response.content.decode(errors="replace"))


def post(client: Client, door: str, *refs: str, status: int = 302, **data: Any) -> Any:
    response = client.post(reverse(f"races:{door}", args=refs), data)
    assert response.status_code == status
    return response


def plan_words(**words: Any) -> dict[str, Any]:
    """The form of a gate as it is sent."""
    opens = timezone.localtime(runners.NOW + timedelta(days=3))
    base = {
        "title": "中期考核", "task": "", "opens": opens.strftime("%Y-%m-%dT%H:%M"),
        "closes": (opens + timedelta(days=7)).strftime("%Y-%m-%dT%H:%M"), "metrics": "accuracy | higher | 1 | 0 | 1",
        "vetoes": "accuracy < 0.3", "scorer": "", "expert__weight": "0", "entries__takes": ["answers"],
        "entries__counts": "last", "entries__a_day": "3", "entries__in_all": "20", "entries__dry_runs_a_day": "10",
        "entries__megabytes": "200", "rule__kind": "top", "rule__top": "2", "rule__threshold": "0",
        "rule__tied": "go_on", "rule__tie_break": "earlier, draw", "rule__draw_seed": "7", "release": "30万元",
        "board__mode": "frozen", "board__hours": "24", "public__percent": "30", "public__seed": "1",
        "counting__method": "bootstrap", "counting__draws": "2000", "counting__seed": "1", "counting__level": "0.95",
        "counting__missing": "zero", "counting__items": "100", "counting__shares": "", "appeal__days": "5",
        "appeal__mode": "working", "appeal__reply_days": "7",
    }  # fmt: skip
    return base | words


def test_race_is_made_from_a_preset_on_the_page(staff: Client) -> None:
    firm = people.organization(name="示例出题单位")
    words = {
        "title": "病理赛马", "kind": "invited", "preset": "shenzhen", "organization": firm.name, "payer": "",
        "first": (timezone.localdate() + timedelta(days=30)).isoformat(), "start_money": "", "lanes_most": "3",
        "ends_on": (timezone.localdate() + timedelta(days=400)).isoformat(), "text": "", "visibility": "public",
    }  # fmt: skip
    post(staff, "race-create", **words)
    race = Race.objects.get()
    assert (race.kind, race.stages.count(), race.start_money) == ("invited", 2, 300_000)
    again = post(staff, "race-create", status=422, **words | {"first": "2020-01-01"})
    assert "id_first_error" in again.content.decode()
    post(staff, "race-create", status=422, **words | {"kind": "open"})


def test_stage_form_reads_what_it_shows_and_keeps_errors_at_their_fields(staff: Client) -> None:
    race = runners.race()
    post(staff, "stage-create", race.ref, **plan_words())
    made = race.stages.get(order=3)
    assert (made.gate.rule.tie_break, made.gate.release, made.gate.vetoes[0].bound) == (
        ("earlier", "draw"),
        300_000,
        0.3,
    )
    wrong = plan_words(metrics="accuracy | sideways", vetoes="slow", rule__top="0", counting__shares="肺")
    text = post(staff, "stage-create", race.ref, status=422, **wrong).content.decode()
    for field in ("metrics", "vetoes", "rule__top", "counting__shares"):
        assert f'id="id_{field}_error"' in text or f"id_{field}" in text
    unknown = post(staff, "stage-create", race.ref, status=422, **plan_words(vetoes="latency > 2"))
    assert "latency" in unknown.content.decode()


def test_two_people_editing_a_stage_lose_nothing(staff: Client) -> None:
    stage = runners.stage(runners.race())
    post(staff, "stage-edit", stage.ref, **plan_words(title="甲改的", revision=stage.revision))
    response = post(staff, "stage-edit", stage.ref, status=409, **plan_words(title="乙改的", revision=stage.revision))
    assert "乙改的" in response.content.decode()
    stage.refresh_from_db()
    assert stage.title == "甲改的"
    post(staff, "stage-edit", stage.ref, **plan_words(title="乙改的", revision=stage.revision))


def test_race_goes_from_invitation_to_confirmed_gate_over_the_pages(
    staff: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    race = runners.race(start_money=0, stages=runners.two_gates((0, 0)))
    assert "两条" in page(staff, "race-detail", race.ref) or "2" in page(staff, "race-detail", race.ref)
    firms = [people.organization(name=f"参赛企业{number}") for number in range(3)]
    for number, firm in enumerate(firms):
        words = {"organization": firm.name, "name": f"队{number}", "route": runners.ROUTES[number]}
        post(staff, "lane-invite", race.ref, **words)
    post(staff, "lane-invite", race.ref, status=422, organization=firms[0].name)
    post(staff, "race-publish", race.ref)
    for lane in race.lanes.all():
        owner = as_user(people.member_of(lane.organization, Membership.Role.OWNER))
        post(owner, "lane-answer", lane.ref, "yes")
        post(owner, "lane-answer", lane.ref, "yes", status=409)
    post(staff, "race-start", race.ref)
    stage = runners.scored(race, (0.9, 0.7, 0.5))
    post(staff, "report-make", stage.ref, status=409)
    at(monkeypatch, runners.after(stage))
    post(staff, "report-make", stage.ref)
    report = GateReport.objects.get()
    assert "L1" in page(staff, "report-detail", report.ref)
    decision = report.decisions.get(lane__number=3)
    told = {"follows": "same", "money": "", "into": "", "expected": decision.revision}
    post(staff, "decision-edit", decision.ref, status=422, **told)
    post(staff, "decision-edit", decision.ref, **told | {"reason": "差距来自标注错误"})
    post(staff, "decision-edit", decision.ref, status=409, **told | {"reason": "同时改"})
    post(staff, "report-words", report.ref, reasons="按规则", dissent="", expected=report.revision)
    post(staff, "report-notice", report.ref, text="")
    report.refresh_from_db()
    post(staff, "report-confirm", report.ref, status=409)
    at(monkeypatch, runners.NOW + (report.notice.last_day - runners.DAY) + timedelta(days=1))
    post(as_user(runners.officer()), "report-confirm", report.ref)
    post(as_user(runners.officer()), "report-confirm", report.ref, status=409)
    race.refresh_from_db()
    assert (race.state, race.lanes.filter(state="running").count()) == ("running", 3)


@pytest.mark.parametrize(
    ("kind", "status"), [("public", 404), (Kind.MEMBER, 404), (Kind.STAFF, 200), (Kind.OFFICER, 200)]
)
def test_draft_of_a_report_is_for_staff_and_officers(kind: str, status: int) -> None:
    report = runners.reported(runners.running(2), (0.9, 0.7))
    client = Client() if kind == "public" else as_user(people.user(kind))
    text = page(client, "race-detail", report.race.ref)
    assert ("0.900" in text) == (status == 200)
    page(client, "report-detail", report.ref, status=status)
    page(client, "report-word", report.ref, status=status)


def test_report_is_open_once_notice_is_given_and_its_word_says_the_same() -> None:
    report = runners.noticed(runners.reported(runners.running(2), (0.9, 0.7)))
    client = Client()
    text = page(client, "report-detail", report.ref)
    assert report.standing_digest in text
    paper = Document(BytesIO(client.get(reverse("races:report-word", args=[report.ref])).content))
    cells = " ".join(cell.text for table in paper.tables for row in table.rows for cell in row.cells)
    assert "0.9000" in cells
    notice = client.get(report.notice.get_absolute_url())
    assert (notice.status_code, "第1队" in notice.content.decode()) == (200, True)


def test_route_is_between_the_team_and_those_who_run_the_race() -> None:
    race = runners.running(2)
    lane = runners.lane(race, 1)
    words = runners.ROUTES[0][:12]
    asker = people.member_of(race.organization, Membership.Role.VIEWER)
    own = people.member_of(lane.organization, Membership.Role.VIEWER)
    rival = people.member_of(runners.lane(race, 2).organization, Membership.Role.OWNER)
    seen = [words in page(as_user(user), "lane-detail", lane.ref) for user in (own, asker, runners.staff(), rival)]
    assert seen == [True, True, True, False]
    assert words not in page(Client(), "lane-detail", lane.ref)


def test_merged_lane_s_history_stands_on_the_page_of_the_other() -> None:
    race = runners.running(3)
    report = runners.reported(race, (0.9, 0.7, 0.5))
    first, third = runners.lane(race, 1), runners.lane(race, 3)
    decision = gates.decide(
        report.decisions.get(lane=third), actor=runners.staff(), follows="merge", money=0, into=first, reason="互补"
    )
    owner = as_user(runners.writer(third))
    assert reverse("races:decision-agree", args=[decision.ref]) in page(owner, "lane-detail", third.ref)
    post(owner, "decision-agree", decision.ref)
    post(as_user(runners.writer(first)), "decision-agree", decision.ref)
    post(as_user(people.user(Kind.MEMBER)), "decision-agree", decision.ref, status=404)
    runners.confirmed(runners.noticed(report))
    text = page(Client(), "lane-detail", first.ref)
    assert ("L3 第3队" in text, "0.5000" in text) == (True, True)
    assert "L1" in page(Client(), "lane-detail", third.ref)


def test_lane_edited_by_two_at_once_keeps_the_first_and_shows_the_second() -> None:
    race = runners.published(2)
    lane = runners.lane(race, 1)
    owner = as_user(runners.writer(lane))
    words = {"name": "新名", "approach": "", "leader": "李雷", "members": "", "route": "路线一", "tags": "云，边"}
    revisions = {"lane_revision": lane.revision, "route_revision": lane.route.revision}
    post(owner, "lane-edit", lane.ref, **words | revisions)
    text = post(owner, "lane-edit", lane.ref, status=409, **words | revisions | {"name": "另名"}).content.decode()
    lane.refresh_from_db()
    assert (lane.name, "另名" in text, lane.route.tags) == ("新名", True, ["云", "边"])


def test_race_that_is_over_is_archived_and_its_zip_verified(
    staff: Client, tmp_path: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    race = runners.running(2)
    report = runners.decided(race, (0.3, 0.2))
    post(staff, "archive-make", race.ref, status=409)
    post(staff, "race-stop", race.ref, reason="经费调整")
    post(staff, "archive-make", race.ref)
    response = staff.get(reverse("races:archive-file", args=[race.ref]))
    path = tmp_path / "race.zip"
    path.write_bytes(b"".join(response.streaming_content))
    verdict = verify_pack(path)
    assert (verdict.ok, verdict.problems) == (True, ())
    names = set(ZipFile(path).namelist())
    assert {"gates/1-1-1/scores.csv", "gates/1-1-1/report.docx", "plans/1-1.json", "index.html"} <= names
    assert archiving.archived_file(race, actor=None, day=runners.DAY).exists()
    scores = ZipFile(path).extract("gates/1-1-1/scores.csv", tmp_path)
    capsys.readouterr()
    assert app.run(["race", "standing", scores, "--gate", "top:2", "--json"]) == 0
    again = [(row["contestant"], row["rank"], row["score"]) for row in json.loads(capsys.readouterr().out)["standing"]]
    assert again == [(place["lane"], place["rank"], place["score"]) for place in report.standing["places"]]


def test_list_of_races_asks_the_same_for_one_and_for_three(staff: Client, django_assert_max_num_queries: Any) -> None:
    runners.running(2)
    with django_assert_max_num_queries(60) as first:
        page(staff, "race-list")
    for _each in range(2):
        runners.running(3)
    with django_assert_max_num_queries(len(first.captured_queries)):
        page(staff, "race-list")


def test_race_page_asks_the_same_for_two_lanes_and_for_five(django_assert_max_num_queries: Any) -> None:
    client = Client()  # without the timeline, whose pieces hang on its length
    small, large = runners.running(2), runners.running(5)
    runners.decided(small, (0.9, 0.7))
    runners.decided(large, (0.9, 0.7, 0.6, 0.5, 0.4))
    page(client, "race-detail", small.ref)
    with django_assert_max_num_queries(100) as first:
        page(client, "race-detail", small.ref)
    with django_assert_max_num_queries(len(first.captured_queries)):
        page(client, "race-detail", large.ref)


def test_routes_page_shows_pairs_and_takes_a_word(staff: Client) -> None:
    race = runners.published(2)
    check = race.route_checks.get()
    assert "L1" in page(staff, "route-list", race.ref)
    post(staff, "route-judge", check.ref, status=422, differ="yes", word="")
    post(staff, "route-judge", check.ref, differ="yes", word="一云一边", expected=check.revision)
    check.refresh_from_db()
    assert (check.differ, check.word) == (True, "一云一边")


def test_gate_is_replaced_with_a_reason(staff: Client) -> None:
    race = runners.running(2)
    stage = runners.stage(race)
    post(staff, "stage-replace", stage.ref, status=422, **plan_words())
    post(staff, "stage-replace", stage.ref, **plan_words(reason="测试集有误"))
    post(staff, "stage-replace", stage.ref, status=409, **plan_words(reason="再来"))
    assert list(Stage.objects.filter(race=race, order=1).values_list("state", flat=True)) == ["replaced", "running"]


def test_gate_that_was_overtaken_says_what_to_do(staff: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    race = runners.running(2)
    assert "先替换后面的节点" not in page(staff, "race-detail", race.ref)
    at(monkeypatch, runners.stage(race, 2).opens_at + timedelta(days=1))
    text = page(staff, "race-detail", race.ref)
    assert text.count("先替换后面的节点") == 2  # nothing was entered to the first, the second cannot begin yet
    assert "先替换后面的节点" not in page(as_user(runners.officer()), "race-detail", race.ref)


def test_bench_is_on_the_page_of_whoever_may_look_at_it() -> None:
    race = runners.running(2)
    bench = reverse("races:bench", args=[runners.stage(race).ref])
    assert bench in page(as_user(runners.officer()), "race-detail", race.ref)
    assert bench not in page(as_user(runners.writer(runners.lane(race, 1))), "race-detail", race.ref)


def test_report_and_pages_name_no_hidden_team() -> None:
    race = runners.running(3)
    report = runners.reported(race, (0.9, 0.7, 0.5))
    hidden, into = runners.lane(race, 3), runners.lane(race, 1)
    words = {"actor": runners.staff(), "follows": "merge", "money": 0, "into": hidden, "reason": "互补"}
    gates.decide(report.decisions.get(lane=runners.lane(race, 2)), **words)
    change(report, actor=None, values={"told": True})
    hidden = change(hidden, actor=None, values={"visibility": "internal", "name": "不公开队"})
    text = page(Client(), "report-detail", report.ref)
    assert (into.name in text, hidden.name in text) == (True, False)
    word = Client().get(reverse("races:report-word", args=[report.ref])).content
    said = "\n".join(cell.text for table in Document(BytesIO(word)).tables for row in table.rows for cell in row.cells)
    assert (into.name in said, hidden.name in said) == (True, False)
    assert hidden.name in page(as_user(runners.officer()), "report-detail", report.ref)
    lane = runners.lane(race, 2)
    change(lane, actor=None, values={"state": "merged", "merged_into": hidden, "ending": "并入不公开队"})
    for place in (page(Client(), "race-detail", race.ref), page(Client(), "lane-detail", lane.ref)):
        assert hidden.name not in place


def test_two_people_judging_the_same_routes_lose_nothing(staff: Client) -> None:
    race = runners.race()
    for place in (0, 1):
        lanes.invite(race, runners.team(place), actor=runners.staff(), day=runners.DAY)
    (check,) = routes.compare_routes(race, actor=None)
    sent = {"differ": "yes", "word": "骨干网络不同", "expected": check.revision}
    post(staff, "route-judge", check.ref, **sent)
    again = post(staff, "route-judge", check.ref, status=409, **sent | {"differ": "no", "word": "思路相同"})
    check.refresh_from_db()
    assert (check.differ, "思路相同" in again.content.decode()) == (True, True)


def test_list_counts_the_gates_that_count(staff: Client) -> None:
    race = runners.running(2)
    spec = runners.StageSpec("中期考核", runners.plan(20, 5, release=300_000))
    publishing.replace_stage(runners.stage(race), spec, actor=runners.staff(), at=runners.NOW, reason="重测")
    (row,) = staff.get(reverse("api-1:races")).json()["rows"]
    assert row["gates"] == 2


def test_stage_form_takes_the_options_of_metrics_and_tells_what_makes_no_score(staff: Client) -> None:
    race = runners.race()
    lines = "auc | higher | 1 | 0 | 1 | positive=恶性\nexact_match | higher | 2 | 0 | 1 | plain=是"
    post(staff, "stage-create", race.ref, **plan_words(metrics=lines, vetoes=""))
    made = race.stages.get(order=3)
    assert [dict(one.options) for one in made.gate.metrics] == [{"positive": "恶性"}, {"plain": True}]
    text = page(staff, "stage-edit", made.ref)
    assert ("positive=恶性" in text, "plain=yes" in text, "<code>rouge_l</code>" in text) == (True, True, True)
    for wrong in (
        "auc | higher", "mae | higher", "accuracy | higher | nan", "accuracy | higher | 1 | 0 | inf",
        "auc | higher | 1 | 0 | 1 | cut=3", "accuracy | higher | 1 | 0 | 1 | | 7",
    ):  # fmt: skip
        answer = post(staff, "stage-create", race.ref, status=422, **plan_words(metrics=wrong, vetoes=""))
        assert 'id="id_metrics_error"' in answer.content.decode(), wrong
    post(staff, "stage-create", race.ref, status=422, **plan_words(vetoes=f"accuracy < {'9' * 400}"))
    post(staff, "stage-create", race.ref, status=422, **plan_words(counting__shares="肺 | nan"))


def test_page_of_a_race_shows_the_newest_of_its_timeline(staff: Client) -> None:
    address = reverse("races:race-detail", args=[runners.running(3).ref])
    short, long = (staff.get(address + more).content.decode() for more in ("", "?timeline=20"))
    assert (short.count("<time "), "timeline=20" in short) == (6, True)
    assert long.count("<time ") > 6


def test_money_that_was_typed_is_not_the_preset_s(staff: Client) -> None:
    firm = people.organization(name="示例出题单位二")
    words = {
        "title": "病理赛马", "kind": "invited", "preset": "shenzhen", "organization": firm.name, "payer": "",
        "first": (timezone.localdate() + timedelta(days=30)).isoformat(), "start_money": "20万元", "lanes_most": "3",
        "ends_on": (timezone.localdate() + timedelta(days=400)).isoformat(), "text": "", "visibility": "public",
    }  # fmt: skip
    post(staff, "race-create", **words)
    post(staff, "race-create", **words | {"start_money": "0"})
    assert list(Race.objects.order_by("pk").values_list("start_money", flat=True)) == [200_000, 0]
