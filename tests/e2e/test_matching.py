"""From a scenario to an accepted invitation, in the browsers of everybody who takes part."""

from playwright.sync_api import expect

from qunxing.directory.models import Organization
from qunxing.matching.models import Shortlist
from qunxing.scenarios.models import Scenario
from tests.e2e.conftest import ENGLISH, NARROW, PageMaker
from tests.e2e.steps import confirm, ref, save

# A scenario that nobody was matched with yet; the firm's account is `owner`.
CANDIDATES = "#pool-organization .candidate"


def matches(key: str) -> str:
    return f"/scenarios/{ref(Scenario, key)}/matches/"


def test_shortlist_is_read_shared_and_answered(visit: PageMaker, faults: list[str]) -> None:
    staff, owner, firm = visit("staff"), visit("demand"), visit("owner", size=NARROW)
    staff.goto(matches("hotline"))
    expect(staff.locator(CANDIDATES).first).to_contain_text("条件全部满足")
    staff.locator(f"{CANDIDATES} .why summary").first.click()
    expect(staff.locator(f"{CANDIDATES} .why").first).to_contain_text("得分构成")
    confirm(staff, "共享给需求方")
    expect(staff.locator(".page-tags")).to_contain_text("已共享给需求方")
    owner.goto(matches("hotline"))
    expect(owner.locator(".problem")).to_be_visible()
    faults.clear()
    firm.goto("/")
    firm.get_by_role("link", name="热线工单智能分拨").first.click()
    confirm(firm, "我们有意", reason="可派团队驻场")
    expect(firm.locator(".page-tags")).to_contain_text("有意")
    staff.reload()
    expect(staff.locator(f"#candidate-{ref(Organization, 'xinghe')}")).to_contain_text("有意")


def test_owner_orders_by_hand_and_invites(visit: PageMaker) -> None:
    owner = visit("demand", language=ENGLISH)
    owner.goto(matches("record"))
    first = owner.locator(f"{CANDIDATES} h3").first.inner_text()
    owner.locator("#by-hand summary").click()
    owner.locator(".order-place").nth(0).fill("2")
    owner.locator(".order-place").nth(1).fill("1")
    owner.locator("#by-hand [name=reason]").fill("we know the second from a trial")
    owner.locator("#by-hand .btn-primary").click()
    expect(owner.locator(".page-tags")).to_contain_text("manual order")
    expect(owner.locator(f"{CANDIDATES} h3").nth(1)).to_have_text(first)
    owner.locator(CANDIDATES).first.get_by_role("link", name="Invite").click()
    save(owner, message="Please come and see us.")
    expect(owner.locator(".page-tags")).to_contain_text("invited")


def test_shortlist_works_without_javascript(visit: PageMaker) -> None:
    staff = visit("staff", javascript=False)
    staff.goto(matches("flood"))
    staff.select_option("[name=spread]", "place")
    staff.locator(".spread-form button").click()
    expect(staff.locator(CANDIDATES).first).to_be_visible()
    expect(staff.locator("#funnel table, #funnel [data-chart]").first).to_be_attached()


def test_stored_shortlist_has_its_address(visit: PageMaker) -> None:
    staff = visit("staff")
    staff.goto(f"/shortlists/{ref(Shortlist, 'scenarios.scenario/track')}/")
    expect(staff.locator("h1")).to_have_text("谁能承接")
