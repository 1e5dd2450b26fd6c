"""Scenarios as a table that staff keep; the steps of their life are taken in the program."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from qunxing.core.sheets import SheetColumn, SheetSpec, Value, as_it_is, found_by, words
from qunxing.core.text import tidy
from qunxing.directory.models import Task
from qunxing.directory.sheets import VISIBILITY, division_words, field_words
from qunxing.scenarios.models import Mechanism, Scenario, SecurityLevel
from qunxing.scenarios.rules import Permission

MECHANISMS = {
    Mechanism.CHALLENGE: ("揭榜", "揭榜挂帅"),
    Mechanism.RACE: ("赛马",),
    Mechanism.DIRECT: ("直接对接", "对接", "洽谈"),
}
LEVELS = {
    SecurityLevel.NONE: ("无", "无要求"),
    SecurityLevel.TWO: ("二级", "等保二级"),
    SecurityLevel.THREE: ("三级", "等保三级"),
}


def mechanism_words() -> dict[str, tuple[Any, ...]]:
    return {code: (label, *MECHANISMS[Mechanism(code)]) for code, label in Mechanism.choices}


def level_words() -> dict[str, tuple[Any, ...]]:
    return {code: (label, *LEVELS[SecurityLevel(code)]) for code, label in SecurityLevel.choices}


def task_words() -> dict[str, tuple[Any, ...]]:
    return {code: (label,) for code, label in Task.choices}


SCENARIOS = SheetSpec(
    code="scenarios",
    label=_("Scenarios"),
    model=Scenario,
    icon="bulb",
    keys=(("organization", "title"),),
    find=found_by(ref=as_it_is, number=as_it_is, title=tidy),
    add=Permission.CREATE,
    change=Permission.CHANGE,
    see=Permission.SEE_CONTACT,
    joins=("organization",),
    columns=(
        SheetColumn(
            "organization",
            words(
                "需求单位、需求方、发榜方、发榜单位、场景方、场景单位、单位、单位名称、企业名称、"
                "owner of the need、organization"
            ),
            required=True,
            note=_("Its unified social credit code or its full registered name."),
            example="上海示例智能科技有限公司",
        ),
        SheetColumn(
            "title",
            words("场景名称、应用场景、场景、需求名称、需求标题、项目名称、名称、标题、title"),
            required=True,
            example="门诊病历自动生成",
        ),
        SheetColumn("problem", words("问题、需求描述、场景描述、痛点、主要问题、需求内容、描述、problem")),
        SheetColumn("fields", words("技术领域、领域、技术方向、fields"), options=field_words),
        SheetColumn("tasks", words("任务、任务类型、所需能力、tasks"), options=task_words, example="dialogue"),
        SheetColumn(
            "mechanism", words("对接方式、组织方式、机制、mechanism"), options=mechanism_words, example="direct"
        ),
        SheetColumn("data_available", words("可提供数据、数据情况、数据基础、data available")),
        SheetColumn("data_terms", words("数据使用条件、数据条款、数据要求、data terms")),
        SheetColumn("on_site", words("现场部署、本地部署、须本地部署、on site"), example="是"),
        SheetColumn("domestic_chips", words("国产芯片、国产化、须国产芯片、domestic chips"), example="否"),
        SheetColumn(
            "security_level", words("等保要求、安全等级、等级保护、security level"), options=level_words, example="2"
        ),
        SheetColumn(
            "serves_public_generated", words("面向公众、面向公众提供生成内容、serves the public"), example="否"
        ),
        SheetColumn(
            "budget",
            words("预算、预算金额、经费预算、投入预算、budget"),
            heading=_("budget"),
            value=Value.MONEY,
            note=_("An amount or a range in yuan, such as 500万-1000万元, or 未披露."),
            example="500万-800万元",
        ),
        SheetColumn("apply_by", words("报名截止、截止日期、申报截止、截止时间、apply by"), example="2025-09-30"),
        SheetColumn("starts_on", words("开始日期、启动时间、计划开始、starts"), example="2025-10-15"),
        SheetColumn("ends_on", words("结束日期、完成时间、计划完成、ends"), example="2026-04-30"),
        SheetColumn(
            "division", words("区划、行政区划、所在区、区域、division"), options=division_words, example="上海市徐汇区"
        ),
        SheetColumn("location", words("地点、实施地点、地址、location"), example="上海市徐汇区示例路2号"),
        SheetColumn("contact_name", words("联系人、联系人姓名、contact"), personal=True, example="李示例"),
        SheetColumn(
            "contact_phone",
            words("联系电话、电话、手机、联系方式、phone"),
            value=Value.CODE,
            personal=True,
            example="13900000000",
        ),
        SheetColumn("contact_email", words("邮箱、电子邮箱、email"), personal=True, example="li@example.com"),
        VISIBILITY,
    ),
)

SHEETS = (SCENARIOS,)
