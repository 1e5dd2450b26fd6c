"""Alerts: saved searches and matches, the digest, feeds."""

from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from qunxing.directory.models import Organization
from tests.e2e.conftest import ENGLISH, NARROW, PageMaker
from tests.e2e.demo_site import DemoSite
from tests.e2e.steps import faults_of, ref, save

ALERTS, SEARCHES = "/alerts/", "/alerts/searches/"


def watched(page: Page, name: str) -> None:
    expect(page.locator("tbody th", has_text=name)).to_be_visible()
    assert faults_of(page) == []


def test_list_with_its_filters_is_watched_paused_and_removed(visit: PageMaker) -> None:
    visitor = visit("visitor")
    visitor.goto("/offers/?kind=compute")
    visitor.get_by_role("link", name="提醒我").first.click()
    expect(visitor.locator("main")).to_contain_text("算力")
    save(visitor, name="看算力", every="weekly")
    watched(visitor, "看算力")
    row = visitor.locator("tbody tr", has_text="看算力")
    expect(row).to_contain_text("每周")
    row.get_by_role("button", name="暂停").click()
    expect(row).to_contain_text("已暂停")
    row.get_by_role("button", name="移除").click()
    expect(visitor.locator("tbody th", has_text="看算力")).to_have_count(0)


def test_search_and_match_are_watched(visit: PageMaker) -> None:
    owner = visit("owner", size=NARROW, language=ENGLISH)
    owner.goto("/search/?q=智能体")
    owner.get_by_role("link", name="Alert me").first.click()
    save(owner)
    watched(owner, "智能体")
    owner.goto(f"/organizations/{ref(Organization, 'xinghe')}/matches/")
    owner.get_by_role("link", name="Alert me of scenarios").click()
    save(owner, name="Scenarios for us")
    watched(owner, "Scenarios for us")


def test_digest_is_read_and_counted_no_more(visit: PageMaker) -> None:
    manager = visit("manager")
    manager.goto(ALERTS)
    bell = manager.locator("header a[href='/alerts/']")
    expect(bell).to_contain_text("1")
    expect(manager.locator(".hits a").first).to_be_visible()
    manager.locator(".panel-head a").first.click()
    expect(manager.locator("h1")).to_contain_text("的新内容")
    manager.goto(ALERTS)
    expect(manager.locator(".panel-head .tag", has_text="未读")).to_have_count(0)


def test_what_is_new_is_told_once(visit: PageMaker, demo: DemoSite) -> None:
    editor, staff = visit("editor"), visit("staff")
    editor.goto("/offers/?kind=space")
    editor.get_by_role("link", name="提醒我").first.click()
    save(editor, name="新场地")
    staff.goto("/offers/new/")
    save(staff, provider="演示·星河智联科技有限公司", kind="space", title="演示·路演厅周末时段")
    for _run in range(2):
        assert demo.run("alerts", "send", "--day", "2027-03-01").returncode == 0
    editor.goto(ALERTS)
    expect(editor.locator("main .hits a", has_text="路演厅周末时段")).to_have_count(1)


def test_feed_shows_its_address_once(visit: PageMaker) -> None:
    officer = visit("officer", javascript=False)
    officer.goto("/alerts/feeds/")
    save(officer, name="给阅读器")
    address = officer.locator(".note code").first.inner_text()
    officer.goto("/alerts/feeds/")
    expect(officer.locator(".note code")).to_have_count(0)
    assert officer.request.get(urlsplit(address).path).status == 200
    officer.locator("tbody form button").click()
    assert officer.request.get(urlsplit(address).path).status == 404
