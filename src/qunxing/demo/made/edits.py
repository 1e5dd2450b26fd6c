"""What people did with the ledgers since: corrections, disputes and their settlement, and what each keeps."""

from datetime import date
from decimal import Decimal

from qunxing.accounts.actions import save_view
from qunxing.core.models import CalendarDay
from qunxing.demo.desk import Desk
from qunxing.directory.actions import rename
from qunxing.directory.models import Organization, Residency
from qunxing.funds.models import Fund, Round
from qunxing.ledger.actions import cite, follow
from qunxing.ledger.recording import Entry, note
from qunxing.registry.models import AIModel
from qunxing.resources.models import Offer
from qunxing.scenarios.actions import change_scenario
from qunxing.scenarios.models import Scenario

NEW_YEAR = ((date(2027, 1, 1), False, "演示：元旦假期"), (date(2027, 1, 2), False, "演示：元旦假期"))


def correct_organizations(desk: Desk) -> None:
    """A firm writes about itself, staff correct it, one is renamed."""
    firm = desk.find(Organization, "xinghe")
    text = "做企业办公与客服智能体，服务二十余家社区企业。"
    firm = desk.change(firm, "xinghe", {"description": text}, by=desk.user("editor"), reason="更新企业介绍")
    text = "做企业办公与客服智能体，从流程梳理到上线运维一并承担；已服务二十余家企业。"
    firm = desk.change(firm, "xinghe", {"description": text}, by=desk.user("owner"), reason="措辞调整")
    values = {"address": "演示路 1 号 5 层", "size_class": "medium"}
    annual = desk.source("made-annual")
    desk.change(firm, "xinghe", values, reason="据年度报告更新", source=annual, place="第 7 页")
    desk.change(desk.find(Residency, "xinghe"), "xinghe", {"space": "5 层 01 室、02 室"}, reason="扩租一间")
    old = desk.find(Organization, "shipin")
    new = "演示·视界理解智能科技有限公司"
    desk.keep(rename(old, actor=desk.clerk, name=new, from_day=desk.ago(120), reason="工商变更登记"), "shipin")


def dispute_values(desk: Desk) -> None:
    """Two sources disagree: once staff have chosen, once they still have to."""
    settled = desk.find(Organization, "renxing")
    values = {"founded_on": date(2021, 3, 15)}
    evidence = cite(settled, actor=desk.clerk, source=desk.source("made-annual"), values=values, place="第 31 页")
    reason = "年度报告附有营业执照影印件，以其为准"
    desk.keep(follow(settled, evidence, "founded_on", actor=desk.clerk, reason=reason), "renxing")
    open_case = desk.find(Organization, "duomo")
    capital = {"registered_capital": (open_case.registered_capital or 0) + 12_000_000}
    cite(open_case, actor=desk.clerk, source=desk.source("made-annual"), values=capital, place="第 12 页")
    cite(open_case, actor=desk.clerk, source=desk.source("made-word"), values=capital, place="电话记录")


def correct_figures(desk: Desk) -> None:
    model = desk.find(AIModel, "xinglan")
    desk.change(model, "xinglan", {"parameters": Decimal(36)}, by=desk.user("owner"), reason="2.0 版参数量")
    fund = desk.find(Fund, "seed")
    desk.change(fund, "seed", {"ticket_low": 1_500_000}, by=desk.user("manager"), reason="单笔下限上调")
    news = desk.source("made-news")
    found = desk.find(Round, "suanyu-prea")
    desk.change(
        found,
        "suanyu-prea",
        {"amount_high": None, "amount_low_open": True},
        reason="新闻稿称超 1500 万元",
        source=news,
        place="第 3 条",
    )
    offer = desk.find(Offer, "hours")
    offer = desk.change(offer, "hours", {"quantity": Decimal(260_000)}, reason="新到两组机柜")
    desk.change(offer, "hours", {"price_terms": "每卡时 11 元起，包月八折"}, reason="季度调价")


def change_scenarios(desk: Desk) -> None:
    """After publication every change names its reason."""
    flood = desk.find(Scenario, "flood")
    values = {"apply_by": desk.ago(-18)}
    change_scenario(flood, actor=desk.clerk, values=values, reason="应报名单位请求，延长十日")
    record = desk.find(Scenario, "record")
    text = "四千份去标识门诊录音与对应病历。"
    change_scenario(record, actor=desk.user("demand"), values={"data_available": text}, reason="补充一个科室的数据")


def keep_views(desk: Desk) -> None:
    save_view(
        actor=desk.clerk,
        list_code="organizations",
        name="演示·在驻群星企业",
        query="tier=star&stage=resident",
        shared=True,
    )
    save_view(
        actor=desk.user("officer"),
        list_code="filings",
        name="演示·上海备案",
        query="kind=filed&region=31",
        shared=False,
    )
    save_view(
        actor=desk.user("manager"), list_code="rounds", name="演示·金额未披露", query="told=undisclosed", shared=False
    )


def set_calendar(_desk: Desk) -> None:
    """The next new year's days, which the published calendar does not reach."""
    for day, working, words in NEW_YEAR:
        _row, made = CalendarDay.objects.get_or_create(day=day, defaults={"working": working, "note": words})
        if made:
            note(Entry("calendar.set", "core.calendarday", str(day), {"working": working, "note": words}))
