"""Signing in and out, languages, figures, the log, and what is said when something is not as expected."""

import json
import re
from pathlib import Path

from playwright.sync_api import Page, expect

from qunxing.ledger.proofs import verify_bundle, verify_file
from tests.e2e.conftest import ENGLISH, PageMaker
from tests.e2e.demo_site import DemoSite
from tests.e2e.steps import firm_page, sign_in


def test_signing_in_and_out_leads_home(visit: PageMaker, demo: DemoSite) -> None:
    page = visit()
    sign_in(page, "visitor", demo.passwords["visitor"])
    expect(page.locator(".topbar")).to_contain_text("白一帆")
    page.locator(".topbar details summary").click()
    page.get_by_role("link", name="退出").or_(page.get_by_role("button", name="退出")).first.click()
    leave = page.locator("main form button, .entrance form button").filter(has_text="退出")
    if leave.count():
        leave.first.click()
    page.goto("/")
    expect(page.locator(".topbar")).to_contain_text("登录")


def test_wrong_password_says_so_and_keeps_the_name(visit: PageMaker, faults: list[str]) -> None:
    page = visit(language=ENGLISH)
    page.goto("/accounts/login/")
    page.fill("input[name=login]", "staff")
    page.fill("input[name=password]", "wrong")
    page.press("input[name=password]", "Enter")
    expect(page.locator(".error-summary")).to_be_visible()
    expect(page.locator("input[name=login]")).to_have_value("staff")
    faults.clear()


def test_language_changes_where_one_is(visit: PageMaker) -> None:
    page = visit("staff")
    page.goto("/filings/?kind=filed")
    page.locator(".language button").click()
    expect(page.locator("h1")).to_have_text("Filings")
    assert page.url.endswith("/filings/?kind=filed")
    page.locator(".language button").click()
    expect(page.locator("h1")).to_have_text("备案登记")


def test_language_changes_without_javascript(visit: PageMaker) -> None:
    page = visit(javascript=False)
    page.goto("/")
    page.locator(".language button").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_public_home_tells_figures_with_source_and_day(visit: PageMaker) -> None:
    page = visit()
    page.goto("/")
    figure = page.locator(".hero-figure", has_text="近400")
    expect(figure).to_contain_text("模速空间及周边")
    expect(figure).to_contain_text("2025年5月")
    expect(figure).to_contain_text("徐汇报")
    expect(page.locator(".hero-firms a")).to_have_count(7)
    figure.click()
    expect(page.locator("main")).to_contain_text("模速空间及周边便汇聚了近400家大模型企业")


def test_funds_are_not_added_up_across_levels(visit: PageMaker) -> None:
    page = visit()
    page.goto("/funds/")
    expect(page.locator("#totals")).to_contain_text("各层级不相加")
    expect(page.locator("#totals")).to_contain_text("不同币种不相加")


def test_claims_of_different_scopes_stand_beside_each_other(visit: PageMaker) -> None:
    page = visit()
    page.goto("/claims/?as_of=&as_of=2025-12-31")  # other tests read articles of later days
    expect(page.locator(".list-total")).to_have_text(re.compile(r"共 \d\d 条"))
    for text in ("<400家", ">100家", "43个", "61%"):
        expect(page.locator("#list")).to_contain_text(text)


def test_log_and_proof_are_checked_without_the_program(visit: PageMaker, demo: DemoSite, tmp_path: Path) -> None:
    page = visit("staff")
    page.goto("/log/")
    with page.expect_download() as waiting:
        page.locator("tbody a", has_text="证明").first.click()
    proof = json.loads(Path(waiting.value.path()).read_text(encoding="utf-8"))
    assert verify_bundle(proof).ok
    with page.expect_download() as waiting:
        page.locator(".page-actions a").click()
    waiting.value.save_as(tmp_path / "log.jsonl")
    assert verify_file(tmp_path / "log.jsonl").ok
    said = json.loads(demo.run("log", "verify", "--json").stdout)
    assert (said["ok"], said["first_bad"]) == (True, None)


def test_expired_form_offers_to_send_again(visit: PageMaker, faults: list[str]) -> None:
    page = visit("staff")
    page.goto(firm_page("lingxi", "edit/"))
    page.fill("[name=address]", "演示路 66 号")
    page.context.clear_cookies(name="csrftoken")
    page.locator(".form-foot .btn-primary").click()
    expect(page.locator("h1")).to_have_text("表单已过期")
    expect(page.locator("main")).to_contain_text("演示路 66 号")
    page.locator("main form .btn-primary").click()
    expect(page.locator("dl.facts").first).to_contain_text("演示路 66 号")
    faults.clear()


def problem_page(page: Page, path: str) -> None:
    page.goto(path)
    expect(page.locator(".problem h1")).to_be_visible()
    expect(page.locator(".problem a.btn").first).to_be_visible()


def test_missing_and_forbidden_pages_show_a_way_out(visit: PageMaker, faults: list[str]) -> None:
    for page in (visit("owner"), visit("owner", language=ENGLISH, javascript=False)):
        problem_page(page, "/organizations/nobodyhere22/")
        problem_page(page, "/no-such-page/")
        problem_page(page, "/users/")
    faults.clear()
