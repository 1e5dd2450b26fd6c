"""A record: its past, its sources, changing it, two people at once."""

from datetime import datetime, timedelta, timezone
from urllib.parse import quote

from playwright.sync_api import Page, expect

from tests.e2e.conftest import ENGLISH, PageMaker
from tests.e2e.steps import confirm, firm_page, save, seek

SHANGHAI = timezone(timedelta(hours=8))
CONFLICT = "409"


def entry(page: Page, text: str) -> None:
    expect(page.locator("#timeline li").filter(has_text=text).first).to_be_visible()


def test_timeline_shows_before_and_after(visit: PageMaker) -> None:
    page = visit("staff")
    page.goto(firm_page("xinghe"))
    told = page.locator("#timeline li").filter(has_text="措辞调整")
    told.locator("summary").click()
    expect(told.locator("del")).to_contain_text("服务二十余家社区企业")
    expect(told.locator("ins")).to_contain_text("从流程梳理到上线运维")
    expect(told).to_contain_text("许星河")


def test_record_is_shown_as_it_was_known(visit: PageMaker) -> None:
    page = visit("staff")
    page.goto(firm_page("lanqiao", "edit/"))
    before = quote(datetime.now(SHANGHAI).isoformat(timespec="milliseconds"))
    save(page, address="演示路 88 号", reason="迁址")
    expect(page.locator("dl.facts").first).to_contain_text("演示路 88 号")
    page.goto(f"{firm_page('lanqiao')}?known_at={before}")
    expect(page.locator("main > .note-warn")).to_be_visible()
    expect(page.locator("dl.facts").first).not_to_contain_text("演示路 88 号")
    page.locator("main > .note-warn a").click()
    expect(page.locator("dl.facts").first).to_contain_text("演示路 88 号")


def test_record_of_a_day_is_asked_for_without_javascript(visit: PageMaker) -> None:
    page = visit("staff", javascript=False)
    page.goto(firm_page("qingluan"))
    page.locator("#timeline summary", has_text="查看当时").click()
    page.fill("#known-at", f"{datetime.now(SHANGHAI):%Y-%m-%d}")
    page.locator("#timeline form button").click()
    expect(page.locator("main > .note-warn")).to_be_visible()


def test_before_it_was_kept_there_is_no_record(visit: PageMaker, faults: list[str]) -> None:
    page = visit("staff", language=ENGLISH)
    page.goto(f"{firm_page('qingluan')}?known_at=2020-01-01")
    expect(page.locator("h1")).to_have_text("This record was not yet kept at that moment.")
    faults.clear()


def test_disputed_value_is_followed_with_a_reason(visit: PageMaker) -> None:
    page = visit("staff")
    page.goto(firm_page("duomo"))
    evidence = page.locator("#evidence")
    expect(evidence.locator("tbody").first).to_contain_text("来源不一致")
    row = evidence.locator("tr", has_text="企业年度报告").first
    confirm(page, "采用此值", within=row, reason="年度报告经过审计")
    expect(page.locator("#messages")).to_contain_text("已改为采用")
    entry(page, "年度报告经过审计")
    facts = page.locator("dl.facts > div", has_text="注册资本")
    expect(facts.locator("sup")).to_have_count(1)


def test_evidence_is_added_beside_the_value(visit: PageMaker) -> None:
    page = visit("staff")
    page.goto(firm_page("mojing"))
    page.get_by_role("link", name="添加依据").click()
    page.locator("[name=source]").select_option(index=1)
    save(page, field="english_name", value="Mojing Optics", place="第 3 页")
    expect(page.locator("#evidence tbody").first).to_contain_text("Mojing Optics")
    expect(page.locator("#evidence tbody").first).to_contain_text("来源不一致")


def test_edit_is_kept_with_its_reason(visit: PageMaker) -> None:
    page = visit("editor")
    page.goto(firm_page("xinghe"))
    page.get_by_role("link", name="编辑").first.click()
    save(page, website="https://xinghe-new.demo.example/", reason="换了网址")
    expect(page.locator("#messages .note-good")).to_be_visible()
    expect(page.locator("dl.facts").first).to_contain_text("xinghe-new")
    entry(page, "换了网址")


def test_wrong_code_is_refused_and_nothing_typed_is_lost(visit: PageMaker, faults: list[str]) -> None:
    page = visit("staff")
    page.goto(firm_page("tongqu", "edit/"))
    save(page, uscc="91350100M000100Y4Z", address="演示路 77 号")
    expect(page.locator(".error-summary")).to_be_visible()
    expect(page.locator("[name=address]")).to_have_value("演示路 77 号")
    expect(page.locator("[name=uscc]")).to_have_attribute("aria-invalid", "true")
    faults.clear()


def test_second_of_two_sees_both_and_loses_nothing(visit: PageMaker, faults: list[str]) -> None:
    one, other = visit("staff"), visit("officer")
    other = visit("staff", language=ENGLISH)
    for page in (one, other):
        page.goto(firm_page("suanyu", "edit/"))
    save(one, short_name="算语甲", address="演示路 1 号")
    expect(one.locator("#messages .note-good")).to_be_visible()
    save(other, short_name="算语乙", website="https://second.demo.example/")
    expect(other.locator("main")).to_contain_text("算语甲")
    expect(other.locator("main")).to_contain_text("算语乙")
    faults[:] = [fault for fault in faults if CONFLICT not in fault]
    other.locator("main form [type=radio][value=mine]").first.check()
    other.locator("main form .btn-primary").click()
    expect(other.locator("dl.facts").first).to_contain_text("算语乙")
    expect(other.locator("dl.facts").first).to_contain_text("second.demo.example")
    expect(other.locator("dl.facts").first).to_contain_text("演示路 1 号")


def test_new_name_keeps_the_old_one(visit: PageMaker) -> None:
    page = visit("staff")
    page.goto(firm_page("yunqin"))
    page.get_by_role("link", name="更名").click()
    save(page, name="演示·云琴音乐科技有限公司", from_day="2026-01-01", reason="工商变更")
    expect(page.locator("h1")).to_have_text("演示·云琴音乐科技有限公司")
    expect(page.locator("#names")).to_contain_text("演示·云琴乐器科技有限公司")
    seek(page, "云琴乐器", "云琴音乐科技")


def test_residency_is_added(visit: PageMaker) -> None:
    page = visit("staff")
    page.goto(firm_page("bank", "residencies/new/"))
    page.locator("[name=scope]").select_option(label="徐汇区")
    save(page, entered_on="2026-05-01", space="江畔楼 3 层")
    expect(page.locator("#residencies")).to_contain_text("江畔楼 3 层")


def test_contact_in_full_leaves_a_trace(visit: PageMaker) -> None:
    page = visit("staff")
    page.goto(firm_page("zhumeng"))
    contacts = page.locator("#contacts")
    expect(contacts).to_contain_text("*")
    contacts.get_by_role("button", name="显示完整信息").click()
    expect(contacts).not_to_contain_text("*")
    page.goto(f"/log/?subject={firm_page('zhumeng').split('/')[2]}")
    expect(page.locator("main tbody tr").first).to_contain_text("contacts.shown")


def test_contact_of_others_stays_masked(visit: PageMaker) -> None:
    page = visit("manager")
    page.goto(firm_page("zhumeng"))
    expect(page.locator("#contacts")).to_contain_text("*")
    expect(page.get_by_role("button", name="显示完整信息")).to_have_count(0)
