"""One whole race in the browser: from the awarded challenge through two gates to the archive."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from qunxing.accounts.models import Kind
from qunxing.challenges.actions import contracting
from qunxing.challenges.models import Objection, Payment
from qunxing.races.models import Entry, Race, RouteCheck
from tests import factories as people
from tests.challenges import deciders
from tests.e2e.conftest import PageMaker
from tests.e2e.contest import Clock, Stage, choose, state_is
from tests.e2e.contest_work import accept, pay, verify
from tests.e2e.race import (
    TASK,
    TEAMS,
    Course,
    award,
    confirm_gate,
    decisions,
    enter,
    enter_badly,
    give_notice,
    house,
    newest,
    score,
    sealed_of,
    table,
)
from tests.e2e.steps import confirm, faults_of, fill, save

BEGIN = deciders.moment(deciders.DAY + timedelta(days=20))


@pytest.fixture
def stage(new_page: PageMaker, live_server: Any, monkeypatch: pytest.MonkeyPatch) -> Stage:
    clock = Clock(monkeypatch)
    clock.ahead = BEGIN - clock.real()
    made = Stage(new_page, live_server.url, clock)
    made.accounts = {"staff": people.user(Kind.STAFF), "officer": people.user(Kind.OFFICER)}
    return made


# --- from the challenge to the start --------------------------------------------------------------------------------


def make_race(stage: Stage) -> Course:
    """The button of the challenge makes its awarded bids lanes."""
    challenge = award(stage)
    staff = stage.open("staff", challenge)
    staff.get_by_role("link", name="Make it a race").click()
    save(staff, first=(stage.clock.today + timedelta(days=2)).isoformat())
    course = Course(stage, Race.objects.select_related("challenge").get())
    expect(staff.locator("#lanes tbody tr")).to_have_count(3)
    for number in (1, 2, 3):
        stage.accounts[course.account(number)] = people.member_of(course.lane(number).organization)
    return course


def plan(course: Course) -> None:
    """The gates ask for answers; the first is open to see, the second blind."""
    for order, mode in ((1, "open"), (2, "blind")):
        staff = course.stage.as_("staff")
        staff.goto(f"/races/stages/{course.part(order).ref}/edit/")
        staff.check('[name="entries__takes"][value="answers"]')
        staff.uncheck('[name="entries__takes"][value="table"]')
        save(staff, metrics="accuracy", expert__weight="0", board__mode=mode, appeal__days="3")
    assert [row.gate.metrics[0].name for row in course.race.stages.order_by("order")] == ["accuracy", "accuracy"]


def publish(course: Course) -> None:
    """Routes that read alike need staff's word; then everything is frozen and the contracts are signed."""
    for number, (name, route) in TEAMS.items():
        save(course.stage.open(course.account(number), course.lane(number), "edit/"), name=name, route=route)
    staff = course.stage.open("staff", course.race)
    confirm(staff, "Publish")
    expect(staff.locator("main")).to_contain_text("alike")
    staff = course.stage.open("staff", course.race, "routes/")
    staff.locator("tr", has_text="too much alike").get_by_role("link", name="Read and judge").click()
    save(staff, differ="yes", word="一队在云端训练，一队在院内边缘设备训练")
    assert RouteCheck.objects.filter(alike=True, differ=True).count() == 1
    staff = course.stage.open("staff", course.race)
    confirm(staff, "Publish")
    state_is(staff, "published")
    course.race.refresh_from_db()
    assert course.race.plan_digest
    for number in (1, 2, 3):
        for side in (contracting.CONTRACTOR, contracting.ISSUER):
            words = {"day": course.stage.clock.today, "side": side, "pledge": "确保完成"}
            contracting.sign(course.lane(number).contract, actor=None, **words)


def register(course: Course, order: int) -> None:
    """Staff register the sealed answers of the stage."""
    staff = course.stage.as_("staff")
    staff.goto(f"/races/stages/{course.part(order).ref}/bench/")
    staff.get_by_role("link", name="Register a test set").click()
    file = {"name": "key.csv", "mimeType": "text/csv", "buffer": table(TASK.truth(), "truth")}
    staff.set_input_files('[name="file"]', file)
    save(staff, name="演示测试集", labels="良性,恶性")
    expect(staff.locator("#tests")).to_contain_text("600")


def start(course: Course) -> None:
    register(course, 1)
    staff = course.stage.open("staff", course.race)
    confirm(staff, "Start the race")
    state_is(staff, "running")
    expect(course.stage.open("", course.race).locator("#lanes")).to_contain_text("演示丙队")


# --- the first gate -------------------------------------------------------------------------------------------------


def run_first(course: Course) -> None:
    opens = course.part(1).opens_at
    assert opens is not None
    course.stage.clock.go_to(opens + timedelta(hours=1))
    enter_badly(course, 1, 1)
    for number, skill in ((1, 0.95), (2, 0.6), (3, 0.74)):
        enter(course, number, 1, TASK.answers(f"team{number}", skill))
    score(course, 1, 3)
    course.stage.clock.go_to(opens + timedelta(days=13))
    enter(course, 2, 1, TASK.answers("team2", 0.87))
    score(course, 1, 1)


def look_at_board(course: Course) -> None:
    """Everybody sees the public part; the sealed scores are nowhere, whatever is asked for; staff see them."""
    hidden = sealed_of(course.part(1))
    public = course.board("")
    expect(public.locator("#rows tbody tr")).to_have_count(3)
    expect(public.locator("#rows tbody tr").first).to_contain_text("甲")
    assert faults_of(public) == []
    for rest in ("", "?part=sealed", "?part=final", "wall/", "embed/"):
        text = course.board("", rest).content()
        assert [score for score in hidden if score in text] == []
        assert "Sealed part" not in text
    told = public.request.get(f"{course.race.get_absolute_url()}board.csv?part=sealed").text()
    assert [score for score in hidden if score in told] == []
    staff = course.board("staff", "?part=sealed")
    assert sum(score in staff.content() for score in hidden) >= 3


def show_elsewhere(course: Course) -> None:
    """The wall fills a screen; the board stands in a frame of somebody else's page."""
    wall = course.board("", "wall/")
    expect(wall.locator("main")).to_contain_text("演示丙队")
    assert faults_of(wall) == []
    address = f"{course.stage.address}{course.race.get_absolute_url()}board/embed/"
    with house(f'<title>news</title><iframe src="{address}" width="800" height="400" title="board"></iframe>') as news:
        wall.goto(news)
        frame = wall.frame_locator("iframe").locator("main")
        expect(frame).to_contain_text("演示丙队")
        assert not frame.locator("button, form").count()


def decide_first(course: Course) -> None:
    """Notice, an appeal that is upheld, the entry disqualified, decided anew: the other goes on, and one merges."""
    closes = course.part(1).closes_at
    assert closes is not None
    course.stage.clock.go_to(closes + timedelta(hours=2))
    make_report(course)
    assert decisions(course) == {1: (True, "same"), 2: (True, "same"), 3: (False, "stop")}
    give_notice(course, "依考核规则，前两名进入下一赛段")
    appeal(course)
    disqualify(course)
    staff = course.stage.open("staff", course.report, "again/")
    save(staff, reason="异议成立，该次提交不计")
    course.stage.open("staff", course.report)
    assert decisions(course) == {1: (True, "same"), 2: (False, "stop"), 3: (True, "same")}
    merge(course)
    give_notice(course, "重新排定；两队方法互补，合并为一队")
    confirm_gate(course)


def make_report(course: Course) -> None:
    staff = course.stage.open("staff", course.race)
    staff.get_by_role("button", name="Decide the gate").click()
    expect(staff.locator("#standing")).to_contain_text("passes")


def appeal(course: Course) -> None:
    """By real name on the public notice; upheld it suspends the notice."""
    notice = course.report.notice
    public = course.stage.open("", notice)
    expect(public.locator("main table").first).to_contain_text("演示丙队")
    public.get_by_role("link", name="Object to this notice").click()
    words = {"employer": "演示丙科技", "email": "liu@example.org", "grounds": "第二队末次提交经人工改判。"}
    save(public, name="柳如是", **words)
    expect(public.locator("main")).to_contain_text("The objection is received")
    staff = course.stage.open("staff", Objection.objects.get(), "answer/")
    choose(staff, "upheld")
    save(staff, reply="经核查属实，该次提交不计，重新评定。")
    expect(course.stage.open("", notice).locator(".page-tags")).to_contain_text("suspended")


def disqualify(course: Course) -> None:
    """The last entry of the second team counts no more; the one before it does, and nothing is lost."""
    last = newest(course.lane(2))
    staff = course.stage.open("staff", last)
    confirm(staff, "Disqualify", reason="含人工改判，不是系统输出")
    expect(course.stage.open(course.account(2), last).locator("main")).to_contain_text("含人工改判")
    assert Entry.objects.filter(lane=course.lane(2)).count() == 2


def merge(course: Course) -> None:
    """Decided by staff with a reason; both teams give their word on their own pages."""
    decision = course.report.decisions.get(lane=course.lane(2))
    staff = course.stage.as_("staff")
    staff.goto(f"/races/decisions/{decision.ref}/")
    for name, value in (("follows", "merge"), ("into", course.lane(1).ref), ("reason", "检索与微调互补")):
        fill(staff.locator(f'main [name="{name}"]'), value)
    save(staff)
    expect(staff.locator("#standing")).to_contain_text("not agreed yet")
    for number in (2, 1):
        team = course.stage.open(course.account(number), course.lane(number))
        confirm(team, "Agree to the merge")
    assert faults_of(team) == []
    decision.refresh_from_db()
    assert decision.agreed


def check_first(course: Course) -> None:
    """Who goes on is paid, who merged is part of the other, with both histories kept."""
    lanes = {number: course.lane(number) for number in (1, 2, 3)}
    assert [lanes[number].state for number in (1, 2, 3)] == ["running", "merged", "running"]
    due = Payment.objects.get(contract=lanes[1].contract, milestone__kind="gate")
    assert (due.state, due.amount) == ("due", course.part(1).gate.release)
    assert lanes[2].contract.state == "terminated"
    page = course.stage.open("", lanes[1])
    expect(page.locator("#history")).to_contain_text(str(lanes[2]))
    public = course.board("", "?stage=1")
    expect(public.locator("#funnel")).to_contain_text("600")
    expect(public.locator("main")).to_contain_text("Sealed part")


# --- the second gate ------------------------------------------------------------------------------------------------


def run_second(course: Course) -> None:
    """A blind board; the last gate names the winner."""
    register(course, 2)
    opens, closes = course.part(2).opens_at, course.part(2).closes_at
    assert opens is not None
    assert closes is not None
    course.stage.clock.go_to(opens + timedelta(hours=1))
    for number, skill in ((1, 0.96), (3, 0.8)):
        enter(course, number, 2, TASK.answers(f"final{number}", skill))
    score(course, 2, 2)
    assert not course.board("").locator("#rows tbody tr").count()
    course.stage.clock.go_to(closes + timedelta(hours=2))
    make_report(course)
    give_notice(course, "第一名为优胜")
    confirm_gate(course)
    assert [course.lane(number).state for number in (1, 2, 3)] == ["winner", "merged", "stopped"]
    state_is(course.stage.open("", course.race), "awarded")


def finish(course: Course, folder: Path) -> None:
    """The award flows back to the challenge; accepted, paid, closed and archived."""
    contract = course.lane(1).contract
    accept(course.stage, contract, "98", "accepts", "passed")
    pay(course.stage, contract)
    staff = course.stage.open("staff", course.race)
    confirm(staff, "Close the race")
    confirm(staff, "Archive")
    with staff.expect_download() as waiting:
        staff.locator("#archive a[href$='archive.zip']").click()
    pack, damaged = folder / "race.zip", folder / "damaged.zip"
    waiting.value.save_as(pack)
    said = verify(pack, folder / "elsewhere")
    assert said.returncode == 0, said.stdout + said.stderr
    damaged.write_bytes(pack.read_bytes().replace(b"index.html", b"index.htmI", 1))
    assert verify(damaged, folder / "elsewhere").returncode != 0


def test_race_from_the_challenge_to_the_verified_archive(stage: Stage, faults: list[str], tmp_path: Path) -> None:
    course = make_race(stage)
    plan(course)
    publish(course)
    start(course)
    run_first(course)
    look_at_board(course)
    show_elsewhere(course)
    decide_first(course)
    check_first(course)
    run_second(course)
    finish(course, tmp_path)
    course.race.refresh_from_db()
    assert (course.race.state, course.race.challenge.state) == ("closed", "accepted")
    faults[:] = [fault for fault in faults if "409" not in fault and "422" not in fault]
