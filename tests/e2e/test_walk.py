"""One whole walk: a need is written, published, matched, put in order, printed, and a firm accepts its invitation."""

import zipfile

from playwright.sync_api import Page, expect

from qunxing.directory.models import Organization
from tests.e2e.conftest import NARROW, PageMaker
from tests.e2e.steps import confirm, faults_of, ref, save
from tests.e2e.test_matching import CANDIDATES
from tests.e2e.test_scenarios import in_days, publish

TITLE = "住院服务客服智能体"
PROBLEM = "患者来电询问住院手续，客服座席重复作答。希望客服智能体先行应答，并把流程梳理后交给人工。"
REASON = "该企业已在本院试用办公智能体，对接成本最低"


def written(owner: Page) -> str:
    """The address of the scenario, which was written and handed in by its owner."""
    owner.goto("/scenarios/new/")
    owner.locator("label", has_text="智能体").first.click()
    table = owner.locator(".core-rows tbody tr").first
    for column, text in ((1, "一次解决率"), (3, "70"), (5, "%"), (6, "抽查五百通来电")):
        table.locator("td").nth(column).locator("input").fill(text)
    days = {"apply_by": in_days(30), "starts_on": in_days(60), "ends_on": in_days(240)}
    contact = {"contact_name": "王医生", "contact_phone": "021-00000000", "data_terms": "来电录音脱敏后提供。"}
    save(
        owner, organization="演示·云澜中心医院", title=TITLE, problem=PROBLEM, budget="80万-120万元", **days, **contact
    )
    confirm(owner, "提交")
    expect(owner.locator(".page-tags")).to_contain_text("已提交")
    return owner.url


def computed(staff: Page, address: str) -> None:
    """Staff have the shortlist computed and wait for it."""
    staff.goto(f"{address}matches/")
    staff.get_by_role("button", name="计算候选名单").click()
    staff.locator("main a", has_text="查看").or_(staff.locator(CANDIDATES).first).first.wait_for(timeout=60_000)
    staff.goto(f"{address}matches/")
    expect(staff.locator(CANDIDATES).first).to_be_visible()


def first_by_hand(staff: Page, firm: str) -> None:
    """Staff put the firm before all others and say why."""
    staff.locator("#by-hand summary").click()
    staff.locator(f"#place-{firm}").fill("1")
    for place in staff.locator(f".order-place:not(#place-{firm})").all():
        place.fill(f"{int(place.input_value()) + 1}")
    staff.locator("#by-hand [name=reason]").fill(REASON)
    staff.locator("#by-hand .btn-primary").click()
    expect(staff.locator(".page-tags")).to_contain_text("人工排序")
    expect(staff.locator(CANDIDATES).first).to_have_id(f"candidate-{firm}")


def printed(staff: Page) -> str:
    """The text of the annex in Word."""
    with staff.expect_download() as waiting:
        staff.get_by_role("link", name="附件（Word）").click()
    with zipfile.ZipFile(waiting.value.path()) as document:
        return document.read("word/document.xml").decode()


def test_need_finds_its_firm_from_the_first_word_to_the_accepted_invitation(visit: PageMaker) -> None:
    owner, staff, firm = visit("demand"), visit("staff"), visit("owner", size=NARROW)
    xinghe = ref(Organization, "xinghe")
    address = written(owner)
    publish(staff, address)
    computed(staff, address)
    wanted = staff.locator(f"#candidate-{xinghe}")
    wanted.locator(".why summary").click()
    expect(wanted.locator(".why")).to_contain_text("得分构成")
    expect(wanted.locator(".terms")).to_contain_text("客服")
    first_by_hand(staff, xinghe)
    said = printed(staff)
    assert [text in said for text in (TITLE, REASON, "演示·星河智联科技有限公司")] == [True, True, True]
    staff.locator(f"#candidate-{xinghe}").get_by_role("link", name="邀请").click()
    save(staff, message="请看看这个场景。")
    expect(staff.locator(".page-tags")).to_contain_text("已邀请")
    firm.goto("/")
    firm.get_by_role("link", name=TITLE).first.click()
    assert faults_of(firm) == []
    confirm(firm, "我们有意", reason="可派两人驻场")
    expect(firm.locator(".page-tags")).to_contain_text("有意")
    staff.goto(f"{address}matches/")
    expect(staff.locator(f"#candidate-{xinghe}")).to_contain_text("有意")
