"""Labels: two raters grade blind, see how they agree, and staff settle what is left."""

from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import ENGLISH, NARROW, PageMaker
from tests.e2e.steps import faults_of

LABELS = "/matching/labels/"
RATE = f"{LABELS}rate/"


def figure(page: Page, label: str) -> int:
    page.goto(LABELS)
    return int(page.locator(".stat", has_text=label).locator(".stat-value").inner_text())


def begin(page: Page) -> str:
    """The address of the first pair that waits for the rater."""
    page.goto(RATE)
    return pair_of(page)


def pair_of(page: Page) -> str:
    return (form(page).get_attribute("action") or "").removesuffix("grade/")


def form(page: Page) -> Locator:
    return page.locator("main form[action$='/grade/']")


def test_two_raters_grade_a_pair_blind(visit: PageMaker) -> None:
    staff, expert = visit("staff"), visit("expert", size=NARROW)
    twice = figure(staff, "已双人评定")
    pair = begin(expert)
    assert faults_of(expert) == []
    for given_away in ("得分", "名次", "排名"):
        expect(expert.locator("main")).not_to_contain_text(given_away)
    expert.keyboard.press("3")
    expect(form(expert)).not_to_have_attribute("action", f"{pair}grade/")
    staff.goto(pair)
    expect(staff.locator("[aria-pressed=true]")).to_have_count(0)
    staff.keyboard.press("4")
    expect(form(staff)).not_to_have_attribute("action", f"{pair}grade/")
    assert figure(staff, "已双人评定") == twice + 1
    expect(staff.locator("main")).to_contain_text("加权 Kappa")


def test_disputed_pair_is_settled_with_its_reason(visit: PageMaker) -> None:
    staff = visit("staff", language=ENGLISH)
    staff.goto(LABELS)
    waiting = staff.locator("#disputed tbody tr")
    before, first = waiting.count(), waiting.first
    first.locator("[name=grade]").select_option("2")
    first.locator("[name=reason]").fill("looked at together")
    first.get_by_role("button", name="Settle").click()
    expect(staff.locator("#disputed tbody tr")).to_have_count(before - 1)


def test_rater_passes_over_and_goes_back_without_javascript(visit: PageMaker) -> None:
    expert = visit("expert", javascript=False)
    passed = begin(expert)
    expert.locator("button[formaction]").click()
    graded = pair_of(expert)
    assert graded != passed
    expert.locator("[name=grade][value='1']").click()
    assert pair_of(expert) not in {passed, graded}
    expert.get_by_role("link", name="返回上一对").click()
    assert pair_of(expert) == graded
    expect(expert.locator("[aria-pressed=true]")).to_have_attribute("value", "1")


def test_labels_are_taken_along_as_files(visit: PageMaker) -> None:
    officer = visit("officer", size=NARROW)
    officer.goto(LABELS)
    assert faults_of(officer) == []
    with officer.expect_download() as waiting:
        officer.get_by_role("link", name="导出").click()
    assert waiting.value.suggested_filename.startswith("labels-")
