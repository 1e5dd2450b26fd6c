"""One whole contest in the browser: from a scenario to the list, bids, panel, objection, award, work and archive."""

import re
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from qunxing.challenges.models import (
    Bid,
    Challenge,
    ChallengeList,
    Contract,
    Notice,
    Objection,
    Payment,
    ReviewRound,
)
from qunxing.challenges.states.bid import BidState
from qunxing.core.calendars import work_calendar
from qunxing.directory.models import Link, Organization
from qunxing.ledger.actions import create
from qunxing.panels import actions as panels
from qunxing.panels.models import Panel
from qunxing.panels.states import PanelState
from tests.challenges import bidders, factories
from tests.e2e.conftest import PageMaker
from tests.e2e.contest import Clock, Stage, account_of, cast, choose, fill_bid, score_rest, seats_of, state_is
from tests.e2e.contest_work import accept, archive, pay, sign, work
from tests.e2e.steps import confirm, faults_of, save
from tests.scenarios import factories as scenarios


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
def stage(new_page: PageMaker, live_server: Any, clock: Clock) -> Stage:
    return Stage(new_page, live_server.url, clock)


# --- the list -------------------------------------------------------------------------------------------------------


def publish(stage: Stage, firms: dict[str, Organization]) -> Challenge:
    """Staff make a list, put the scenario on it with one click, complete the entry and publish."""
    rules = factories.rule_set(bidding={"open_days": 5}, funding={"tranches": [25, 25, 25, 25]})
    days = {"starts_on": stage.clock.today + timedelta(days=60), "ends_on": stage.clock.today + timedelta(days=420)}
    scenario = scenarios.scenario("published", organization=firms["issuer"], **days)
    wanted = stage.clock.today + timedelta(days=20)
    deadline = f"{work_calendar().roll(wanted).day}T17:00"
    staff = stage.as_("staff")
    staff.goto("/challenges/lists/new/")
    save(staff, title="演示榜单", publisher=firms["issuer"].name, rule_set=rules.ref, deadline=deadline)
    stage.open("staff", scenario)
    staff.locator("#challenges button", has_text="Put on a list").click()
    entry = Challenge.objects.get()
    assert [entry.title, entry.issuer, entry.money] == [scenario.title, scenario.organization, scenario.budget_high]
    assert [str(row) for row in entry.targets.all()] == [str(row) for row in scenario.core_indicators.all()]
    stage.open("staff", entry.board)
    confirm(staff, "Publish")
    state_is(staff, "open for bids")
    public = stage.open("", ChallengeList.objects.get())
    expect(public.locator("#entries")).to_contain_text(scenario.title)
    return Challenge.objects.select_related("board").get()


# --- bids -----------------------------------------------------------------------------------------------------------


def begin_bid(stage: Stage, who: str, challenge: Challenge) -> Page:
    page = stage.as_(who)
    page.goto(f"/challenges/bids/for/{challenge.ref}/")
    page.locator("main form .btn-primary").click()
    page.wait_for_url("**/edit/")
    return page


def submit(page: Page) -> None:
    """From whichever page of the bid."""
    page.goto(re.sub(r"(edit|submit)/$", "", page.url))
    page.get_by_role("button", name="Submit, sealed").click()


def bid_together(stage: Stage, challenge: Challenge, firms: dict[str, Organization]) -> None:
    """A consortium: it cannot submit before its partner has confirmed on its own phone."""
    page = begin_bid(stage, "lead", challenge)
    fill_bid(page, challenge, "97", firms["partner"])
    submit(page)
    expect(page.locator(".note-bad")).to_contain_text("cannot be submitted yet")
    partner = stage.as_("partner")
    partner.goto("/desk/")
    partner.get_by_role("link", name="Confirm your part in the bid").click()
    confirm(partner, "Confirm our part")
    expect(partner.locator("main")).to_contain_text("has confirmed its part")
    assert faults_of(partner) == []
    submit(page)
    expect(page.locator("main")).to_contain_text("What the receipt proves")


def bid_alone(stage: Stage, challenge: Challenge) -> None:
    page = begin_bid(stage, "single", challenge)
    fill_bid(page, challenge, "96", None)
    submit(page)
    expect(page.locator("main")).to_contain_text("What the receipt proves")
    sealed = Bid.objects.filter(state=BidState.SUBMITTED).order_by("pk").last()
    staff = stage.open("staff", sealed)
    expect(staff.locator("main")).to_contain_text("Database, log and staff know neither whose it is")


def bid_late(stage: Stage, challenge: Challenge) -> None:
    """Written in time, handed in one second after the deadline."""
    page = begin_bid(stage, "late", challenge)
    fill_bid(page, challenge, "99", None)
    page.goto(page.url.removesuffix("edit/"))
    stage.clock.go_to(challenge.board.deadline + timedelta(seconds=1))
    stage.as_("late")
    page.get_by_role("button", name="Submit, sealed").click()
    expect(page.locator("main")).to_contain_text("Too late")
    assert not Bid.objects.filter(state=BidState.DRAFT, version__gt=0).exists()


def bid_related(challenge: Challenge, firms: dict[str, Organization]) -> None:
    """A firm that the issuer holds bids as well; the rules find it later."""
    link = {"from_organization": firms["issuer"], "to_organization": firms["related"], "kind": Link.Kind.HOLDS}
    create(Link(**link, share=Decimal(60), from_day=timezone.localdate() - timedelta(days=99)), actor=None)
    bid = bidders.bidding.create_bid(challenge, actor=None, organization=firms["related"], at=timezone.now())
    known = bidders.read_draft(bid).content.facts
    content = bidders.whole(challenge, firms["related"], facts=known)
    bidders.bidding.save_draft(bid, actor=None, content=content, at=timezone.now())
    words: dict[str, Any] = {"at": timezone.now(), "data": bidders.PDF, "name": "盖章.pdf", "kind": "stamped"}
    bidders.attaching.attach(bid, actor=None, **words)
    bidders.submitting.submit(bid, actor=None, at=timezone.now())


def open_bids(stage: Stage, challenge: Challenge) -> None:
    """The first confirms, the desk of the second says so, the second opens."""
    staff = stage.open("staff", challenge.board, "opening/")
    confirm(staff, "Confirm as the first")
    expect(staff.locator("main")).to_contain_text("The other role has to confirm now")
    ChallengeList.objects.get()
    officer = stage.as_("officer")
    officer.goto(f"{challenge.board.get_absolute_url()}opening/")
    confirm(officer, "Confirm and open the bids")
    expect(officer.locator("main")).to_contain_text("verified")
    assert Bid.objects.filter(state=BidState.OPENED).count() == 3
    assert Bid.objects.get(state=BidState.EXPIRED).version == 0


# --- check and panel ------------------------------------------------------------------------------------------------


def check(stage: Stage, challenge: Challenge, firms: dict[str, Organization]) -> None:
    """The program names the firm that the issuer holds; it is refused, the others are admitted."""
    staff = stage.as_("staff")
    staff.goto(f"{challenge.get_absolute_url()}check/")
    staff.get_by_role("button", name="Check all bids").click()
    related = Bid.objects.get(organization=firms["related"])
    staff.goto(f"{related.get_absolute_url()}check/")
    expect(staff.locator("main")).to_contain_text(firms["issuer"].name)
    confirm(staff, "Refuse", reason="与发榜方存在控股关系")
    for bid in Bid.objects.filter(state=BidState.OPENED):
        staff.goto(f"{bid.get_absolute_url()}check/")
        for code in [point["code"] for point in bid.formal_check.points if point["state"] != "pass"]:
            row = staff.locator("tr", has=staff.locator(f'[name=code][value="{code}"]'))
            row.locator("summary").click()
            row.locator("[name=state]").select_option("pass")
            row.locator("[name=detail]").fill("已核实")
            row.locator("form button").click()
        confirm(staff, "Admit")
    assert Bid.objects.filter(state=BidState.ADMITTED).count() == 2


def seat_panel(stage: Stage, challenge: Challenge) -> Panel:
    """Drawn by a logged seed; one accepts on the desk, one recuses, a reserve follows."""
    staff = stage.as_("staff")
    staff.goto(f"{challenge.get_absolute_url()}check/")
    confirm(staff, "Begin the panel review")
    panel = ReviewRound.objects.get().panel
    stage.open("staff", panel)
    confirm(staff, "Commit to a draw")
    expect(staff.locator("main")).to_contain_text("digest")
    confirm(staff, "Draw")
    drawn = seats_of(panel)
    assert len(drawn) == 5
    member = stage.as_(account_of(stage, drawn[0].expert))
    member.goto("/reviews/")
    confirm(member, "Accept the seat")
    panels.accept_many(drawn[1:], actor=None)
    leaver = stage.as_(account_of(stage, drawn[1].expert))
    leaver.goto("/reviews/")
    confirm(leaver, "Recuse myself", reason="与挂帅人共同署名")
    stage.open("staff", panel)
    confirm(staff, "follow", reason="按抽取次序递补")
    follower = next(seat for seat in seats_of(panel) if seat.replaces_id == drawn[1].pk)
    panels.accept(follower, actor=None)
    return panel


def score(stage: Stage, panel: Panel, quality: dict[str, float]) -> None:
    """Assigned, then one scores in the browser, blind to the others, who follow; both orders show side by side."""
    staff = stage.open("staff", panel, "assignment/")
    if Panel.objects.get(pk=panel.pk).state == PanelState.SEATED:
        confirm(staff, "Assign what is open")
        stage.open("staff", panel)
        confirm(staff, "Open the scoring")
    member = stage.as_(account_of(stage, seats_of(panel)[0].expert))
    member.goto("/reviews/")
    for address in [link.get_attribute("href") for link in member.locator("main tbody a").all()]:
        member.goto(str(address))
        expect(member.locator("main")).to_contain_text("What others gave is shown when")
        for mark in member.locator("[name^=mark_]").all():
            mark.fill(str(float(mark.get_attribute("max") or 0) * 0.75))
        member.get_by_role("button", name="Hand in").click()
    score_rest(panel, quality)
    stage.open("staff", panel)
    confirm(staff, "Close the scoring")
    stage.open("staff", panel, "standings/")
    expect(staff.locator("main")).to_contain_text("Raw and calibrated, side by side")
    assert staff.locator("svg.interval").count() == 2
    member.goto("/reviews/")
    member.get_by_role("button", name="Sign the report").click()


# --- deciding -------------------------------------------------------------------------------------------------------


def give_notice(stage: Stage, challenge: Challenge, winner: Organization) -> Notice:
    staff = stage.open("staff", challenge, "review/")
    staff.get_by_role("link", name="Propose the award").click()
    save(staff)
    stage.open("staff", challenge, "award/")
    staff.get_by_role("link", name="Give public notice").click()
    save(staff)
    public = stage.open("", Notice.objects.order_by("pk").last())
    expect(public.locator("main table").first).to_contain_text(winner.name)
    assert "王小明" not in public.content()
    found: Notice = Notice.objects.get(state="running")
    return found


def object_to(stage: Stage, notice: Notice) -> None:
    """Nameless it is refused; by real name it is taken, and upheld it suspends the notice."""
    public = stage.open("", notice)
    public.get_by_role("link", name="Object to this notice").click()
    words = {"employer": "演示同舟公司", "email": "liu@example.org", "grounds": "所列业绩与验收报告不一致。"}
    save(public, name="匿名", **words)
    expect(public.locator("main")).to_contain_text("real name")
    save(public, name="柳如是", **words)
    expect(public.locator("main")).to_contain_text("The objection is received")
    objection = Objection.objects.get()
    officer = stage.open("officer", objection)
    assert "柳如是" not in officer.content()
    staff = stage.open("staff", objection, "answer/")
    choose(staff, "upheld")
    save(staff, reply="经核查，业绩证明与报告不符，重新评审。")
    expect(stage.open("", notice).locator(".page-tags")).to_contain_text("suspended")


def review_again(stage: Stage, challenge: Challenge) -> Panel:
    """The same panel scores anew."""
    staff = stage.open("staff", challenge, "review/again/")
    staff.locator("[name=new_panel]").uncheck()
    save(staff, reason="异议成立，重新评审")
    state_is(staff, "panel review")
    return ReviewRound.objects.get(superseded=False).panel


def award(stage: Stage, challenge: Challenge, notice: Notice) -> Contract:
    """Not before the notice has passed; then by an officer."""
    officer = stage.open("officer", challenge, "award/")
    assert not officer.locator("summary", has_text="Confirm the award").count()
    stage.clock.go_to_day(notice.last_day + timedelta(days=1))
    officer = stage.as_("officer")
    officer.goto("/desk/")
    officer.get_by_role("link", name="Confirm the award").click()
    confirm(officer, "Confirm the award")
    found: Contract = Contract.objects.get()
    return found


def test_contest_from_the_scenario_to_the_verified_archive(stage: Stage, faults: list[str], tmp_path: Path) -> None:
    firms = cast(stage)
    challenge = publish(stage, firms)
    bid_related(challenge, firms)
    bid_together(stage, challenge, firms)
    bid_alone(stage, challenge)
    bid_late(stage, challenge)
    open_bids(stage, challenge)
    check(stage, challenge, firms)
    panel = seat_panel(stage, challenge)
    score(stage, panel, {firms["lead"].name: 0.7, firms["single"].name: 0.85})
    notice = give_notice(stage, challenge, firms["single"])
    object_to(stage, notice)
    score(stage, review_again(stage, challenge), {firms["lead"].name: 0.9, firms["single"].name: 0.6})
    contract = award(stage, challenge, give_notice(stage, challenge, firms["lead"]))
    sign(stage, contract)
    work(stage, contract)
    accept(stage, contract, "1", "rejects", "to be rectified")
    accept(stage, contract, "98", "accepts", "passed")
    pay(stage, contract)
    assert sum(row.amount for row in Payment.objects.filter(state="paid")) == contract.grant
    archive(stage, challenge, tmp_path)
    faults[:] = [fault for fault in faults if "409" not in fault and "422" not in fault]
