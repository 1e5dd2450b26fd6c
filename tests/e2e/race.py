"""Who plays in the browser's walk through a race, and the steps that its gates repeat."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from playwright.sync_api import Page, expect

from qunxing.challenges.actions import awarding, noticing
from qunxing.challenges.models import Challenge
from qunxing.demo.made.races.answers import Sheet, Task, table
from qunxing.races.models import Entry, GateReport, Lane, LaneDecision, Race, ScoreRun
from qunxing.races.models import Stage as RaceStage
from qunxing.races.working import work_through
from tests import factories as people
from tests.challenges import deciders
from tests.e2e.contest import Stage
from tests.e2e.steps import confirm, save

TASK = Task("walk", ("良性", "恶性"), 600)
TUNED = "在脱敏影像报告上微调专用分类网络，先判断器官与征象，再判断危急程度，罕见征象以合成样本补足。"
SEARCHED = "不训练大模型：建立历史报告向量库，检索最相近的五十份，由医生标注过的结论加权表决，新征象当场补录。"
TEAMS = {
    1: ("演示甲队", TUNED),
    2: ("演示乙队", f"{TUNED}部署在院内。"),
    3: ("演示丙队", SEARCHED),
}
FIRMS = ("演示甲科技", "演示乙科技", "演示丙科技")


@dataclass
class Course:
    """The race as the walk goes on, with its lanes by their numbers."""

    stage: Stage
    race: Race

    def lane(self, number: int) -> Lane:
        found: Lane = Lane.objects.select_related("contract", "organization").get(race=self.race, number=number)
        return found

    def part(self, order: int) -> RaceStage:
        found: RaceStage = self.race.stages.get(order=order)
        return found

    def account(self, number: int) -> str:
        """Who writes for the lane; the first is the lead of what is delivered later."""
        return "lead" if number == 1 else f"team{number}"

    @property
    def report(self) -> GateReport:
        """The newest report."""
        found: GateReport = GateReport.objects.select_related("notice", "stage").order_by("pk").last()
        return found

    def board(self, who: str, rest: str = "") -> Page:
        return self.stage.open(who, self.race, f"board/{rest}")


def award(stage: Stage) -> Challenge:
    """A challenge that is a race, awarded to three bids whose contracts are drafted."""
    firms = [people.organization(name=name) for name in FIRMS]
    made = deciders.reviewed(3, firms=firms, mechanism="race")
    awarding.propose(made, actor=deciders.staff(), day=deciders.DAY, winners=3)
    notice = noticing.give_notice(made, actor=deciders.staff(), day=deciders.DAY)
    awarding.confirm_award(made, actor=deciders.staff(), day=notice.last_day + timedelta(days=1))
    stage.accounts |= {"issuer": people.member_of(made.issuer)}
    return made


def upload(page: Page, data: bytes, name: str = "answers.csv") -> None:
    """Hand the file in on the page that is open for it."""
    page.set_input_files('[name="file"]', {"name": name, "mimeType": "text/csv", "buffer": data})
    page.locator("main form .form-foot .btn-primary").click()


def enter(course: Course, number: int, order: int, sheet: Sheet) -> Entry:
    """The team hands in through its page; the entry that came of it."""
    where = f"stages/{course.part(order).ref}/enter/"
    page = course.stage.open(course.account(number), course.lane(number), where)
    upload(page, table(sheet))
    expect(page.locator("main")).to_contain_text("It waits to be scored")
    return newest(course.lane(number))


def newest(lane: Lane) -> Entry:
    found: Entry = Entry.objects.filter(lane=lane).order_by("pk").last()
    return found


def enter_badly(course: Course, number: int, order: int) -> None:
    """A file with a wrong label, an item twice and one that is missing: told by row and column, and not counted."""
    rows = table(TASK.answers("bad", 0.5)).decode().splitlines()
    rows[4] = rows[4].rsplit(",", 1)[0] + ",不确定"
    rows[7] = rows[6]
    page = course.stage.open(course.account(number), course.lane(number), f"stages/{course.part(order).ref}/enter/")
    upload(page, "\n".join(rows).encode())
    expect(page.locator("main")).to_contain_text("does not count")
    faults = page.locator("#faults tbody tr")
    expect(faults.filter(has_text="不确定").locator("td").first).to_have_text("5")
    expect(faults.filter(has_text="不确定").locator("td").nth(1)).to_have_text("answer")
    expect(page.locator("#faults")).to_contain_text(TASK.names[6])
    assert newest(course.lane(number)).state == "refused"


def score(course: Course, order: int, waiting: int) -> None:
    """Staff see the queue; the worker empties it."""
    bench = f"/races/stages/{course.part(order).ref}/bench/"
    staff = course.stage.as_("staff")
    staff.goto(bench)
    expect(staff.locator(".stats")).to_contain_text("waits to be scored")
    assert work_through() == waiting
    staff.goto(bench)
    expect(staff.locator(".stats")).not_to_contain_text("waits to be scored")


def sealed_of(order: RaceStage) -> list[str]:
    """The scores of the sealed part, as a page would tell them."""
    runs = ScoreRun.objects.filter(entry__stage=order, overall_sealed__isnull=False)
    return [f"{run.overall_sealed:.4f}" for run in runs]


def give_notice(course: Course, reasons: str) -> None:
    """Reasons are written, and the report goes before the public."""
    staff = course.stage.open("staff", course.report)
    staff.get_by_role("link", name="Reasons and dissent").click()
    save(staff, reasons=reasons)
    staff.get_by_role("link", name="Give public notice").click()
    save(staff)
    expect(staff.locator(".page-tags")).to_contain_text("before the public")


def confirm_gate(course: Course) -> None:
    """An officer, the day after the notice."""
    notice = course.report.notice
    assert notice is not None
    officer = course.stage.open("officer", course.report)
    assert not officer.locator("summary", has_text="Confirm").count()
    course.stage.clock.go_to_day(notice.last_day + timedelta(days=1))
    officer = course.stage.open("officer", course.report)
    confirm(officer, "Confirm")
    course.race.refresh_from_db()


def decisions(course: Course) -> dict[int, Any]:
    """{number of the lane: (passes by the rule, what follows)} in the newest report."""
    rows = LaneDecision.objects.filter(report=course.report)
    return {row.lane.number: (row.passes, row.follows) for row in rows.select_related("lane")}


@contextmanager
def house(text: str) -> Iterator[str]:
    """The address of a page of somebody else's, as long as the block lasts."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/" else 204)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(text.encode() if self.path == "/" else b"")

        def log_message(self, *_words: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
