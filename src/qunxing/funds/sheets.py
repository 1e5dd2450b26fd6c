"""Capital as tables that staff keep: funds and what was promised to them, rounds and who invested in them."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from qunxing.core.divisions import DIVISIONS
from qunxing.core.sheets import Found, SheetColumn, SheetSpec, Value, as_it_is, found_by, words
from qunxing.core.text import fold_name
from qunxing.directory.sheets import VISIBILITY, division_words, field_words, find_organizations, organization_column
from qunxing.funds.models import Commitment, Fund, FundKind, Investment, Round, Stage
from qunxing.funds.models.funds import NAME_LENGTH
from qunxing.funds.rules import Permission

# How else the stages of a new installation are written.
STAGE_WORDS = {
    "seed": ("种子", "种子期"),
    "angel": ("天使", "天使+轮"),
    "e": ("E轮", "E+轮", "F轮", "G轮", "H轮"),
    "neeq": ("新三板", "新三板上市", "NEEQ"),
    "ipo": ("IPO上市", "上市"),
    "post_ipo": ("IPO上市后", "Post-IPO"),
    "placement": ("定增", "新三板定增"),
    "merger": ("收购", "M&A"),
    "strategic": ("战略融资",),
    "unknown": ("未披露", "未透露", "不明确"),
}
KIND_WORDS = {FundKind.FUND_OF_FUNDS: ("母基金", "FOF"), FundKind.EQUITY: ("股权投资",), FundKind.DEBT: ("债权投资",)}
BETWEEN = " · "


def stage_words() -> dict[str, tuple[Any, ...]]:
    """Every stage by its names, in one query."""
    return {
        one.code: (str(one), one.name_zh, one.name_en, *STAGE_WORDS.get(one.code, ())) for one in Stage.objects.all()
    }


def kind_words() -> dict[str, tuple[Any, ...]]:
    return {code: (label, *KIND_WORDS.get(FundKind(code), ())) for code, label in FundKind.choices}


def region_words() -> dict[str, tuple[Any, ...]]:
    words = division_words()
    return {code: words[code] for code in DIVISIONS}


def fund_key(text: str) -> str:
    return fold_name(text)[:NAME_LENGTH]


find_funds = found_by(ref=as_it_is, name_key=fund_key)


def told_round(one: Round) -> str:
    """The organisation, the stage and as much of the day as is known."""
    day = one.closed_on.isoformat()[: {"day": 10, "month": 7, "year": 4}[one.closed_precision]] if one.closed_on else ""
    return BETWEEN.join(filter(None, (str(one.organization), str(one.stage), day)))


def find_rounds(rows: QuerySet[Any], texts: Iterable[str]) -> Found:
    """By reference, or by organisation and stage, told as `told_round` does; a day decides between several."""
    found = dict(found_by(ref=as_it_is)(rows, texts))
    asked = {text: text.split(BETWEEN) for text in texts if text not in found and BETWEEN in text}
    organizations = find_organizations(
        rows.model._meta.get_field("organization").related_model.objects.filter(rounds__in=rows).distinct(),
        {parts[0] for parts in asked.values()},
    )
    keys = {key for several in organizations.values() for key in several}
    of_one: dict[int, list[Round]] = {}
    for one in rows.filter(organization__in=keys).select_related("organization", "stage"):
        of_one.setdefault(one.organization_id, []).append(one)
    for text, parts in asked.items():
        rounds = [one for key in organizations.get(parts[0], ()) for one in of_one.get(key, ())]
        if named := tuple(one.pk for one in rounds if _is_told(one, parts)):
            found[text] = named
    return found


def _is_told(one: Round, parts: list[str]) -> bool:
    words = {fold_name(word) for word in (one.stage.code, one.stage.name_zh, one.stage.name_en)}
    day = told_round(one).split(BETWEEN)[-1] if one.closed_on else ""
    return fold_name(parts[1]) in words and (len(parts) < 3 or parts[2] == day)


def investor_columns() -> tuple[SheetColumn, ...]:
    """Who puts the money in: on the ledger, or a name."""
    return (
        SheetColumn(
            "investor",
            words("投资方、投资机构、投资人、投资者、出资方、出资人、股东、investor"),
            otherwise="investor_name",
            note=_("An organisation by its code or name; a name that is on no ledger is kept as it is."),
            example="示例创业投资管理有限公司",
        ),
        SheetColumn(
            "investor_fund",
            words("投资基金、出资基金、母基金、investing fund"),
            note=_("Where a fund of the ledger invests, by its name; give one of the two."),
        ),
    )


def amount_column(*synonyms: str) -> SheetColumn:
    return SheetColumn(
        "amount",
        synonyms,
        heading=_("amount"),
        value=Value.MONEY,
        note=_("An amount or a range with its currency, such as 630万元, 数千万美元 or 未披露."),
        example="3000万元",
    )


NOTE = SheetColumn("note", words("备注、说明、note、remark"))

FUNDS = SheetSpec(
    code="funds",
    label=_("Funds"),
    model=Fund,
    icon="coins",
    keys=(("name",),),
    find=find_funds,
    add=Permission.CREATE_FUND,
    change=Permission.CHANGE_FUND,
    joins=("manager", "parent"),
    columns=(
        SheetColumn(
            "name",
            words("基金名称、基金、名称、基金全称、fund、fund name、name"),
            required=True,
            example="示例人工智能基金",
        ),
        SheetColumn("short_name", words("基金简称、简称、short name"), example="示例基金"),
        SheetColumn("english_name", words("英文名称、英文名、english name")),
        SheetColumn("level", words("层级、级别、基金级别、level"), example="market"),
        SheetColumn("status", words("状态、基金状态、status"), example="investing"),
        SheetColumn("parent", words("母基金、上级基金、parent fund"), note=_("Another fund, by its name.")),
        SheetColumn(
            "manager",
            words("管理人、基金管理人、管理机构、管理公司、GP、manager"),
            note=_("Its unified social credit code or its full registered name."),
        ),
        SheetColumn(
            "size",
            words("规模、基金规模、目标规模、认缴规模、总规模、size"),
            heading=_("size"),
            value=Value.MONEY,
            note=_("An amount or a range with its currency, such as 225亿元."),
            example="225亿元",
        ),
        SheetColumn("vintage", words("成立年份、首关年份、设立年份、年份、vintage"), example="2024"),
        SheetColumn("kinds", words("投资方式、基金类型、类型、kinds"), options=kind_words, example="equity"),
        SheetColumn("stages", words("投资阶段、阶段、轮次、stages"), options=stage_words),
        SheetColumn("fields", words("投资领域、技术领域、领域、方向、投资方向、fields"), options=field_words),
        SheetColumn("regions", words("投资区域、区域、地域、regions"), options=region_words, example="上海市徐汇区"),
        SheetColumn(
            "ticket_low",
            words("单笔下限、最小单笔、单笔投资下限、ticket from"),
            value=Value.YUAN,
            note=_("In whole units of the fund's currency."),
            example="500万",
        ),
        SheetColumn(
            "ticket_high", words("单笔上限、最大单笔、单笔投资上限、ticket to"), value=Value.YUAN, example="3000万"
        ),
        SheetColumn("website", words("网址、官网、链接、website"), example="https://example.com/fund"),
        SheetColumn("description", words("简介、说明、基金简介、备注、description")),
        VISIBILITY,
    ),
)

COMMITMENTS = SheetSpec(
    code="commitments",
    label=_("Commitments"),
    model=Commitment,
    icon="file-certificate",
    keys=(("fund", "investor_fund", "committed_on"), ("fund", "investor", "committed_on")),
    find=found_by(ref=as_it_is),
    add=Permission.CHANGE_COMMITMENT,
    change=Permission.CHANGE_COMMITMENT,
    joins=("fund", "investor", "investor_fund"),
    columns=(
        SheetColumn("fund", words("基金、基金名称、子基金、fund"), required=True, example="示例人工智能基金"),
        *investor_columns(),
        amount_column("金额", "认缴金额", "出资额", "认缴出资额", "承诺金额", "amount"),
        SheetColumn("committed_on", words("日期、认缴日期、承诺日期、签约日期、date"), example="2024-06-30"),
        NOTE,
    ),
)

ROUNDS = SheetSpec(
    code="rounds",
    label=_("Rounds of financing"),
    model=Round,
    icon="chart-bar",
    keys=(("organization", "stage", "closed_on"), ("organization", "stage")),
    find=find_rounds,
    add=Permission.CREATE_ROUND,
    change=Permission.CHANGE_ROUND,
    told=told_round,
    joins=("organization", "stage"),
    columns=(
        organization_column(),
        SheetColumn(
            "stage",
            words("轮次、融资轮次、阶段、融资阶段、round、stage"),
            required=True,
            value=Value.CHOICE,
            options=stage_words,
        ),
        SheetColumn(
            "closed_on",
            words("融资时间、融资日期、日期、时间、完成时间、交割日期、披露时间、closed、date"),
            precision="closed_precision",
            note=_("A day, a month or a year."),
            example="2023年8月",
        ),
        amount_column("融资金额", "金额", "融资额", "本轮金额", "募集金额", "amount"),
        NOTE,
        VISIBILITY,
    ),
)

INVESTMENTS = SheetSpec(
    code="investments",
    label=_("Investments"),
    model=Investment,
    icon="cash",
    keys=(("round", "investor"), ("round", "investor_fund")),
    find=found_by(ref=as_it_is),
    add=Permission.CHANGE_INVESTMENT,
    change=Permission.CHANGE_INVESTMENT,
    joins=("round__organization", "round__stage", "investor", "investor_fund"),
    columns=(
        SheetColumn(
            "round",
            words("融资轮次、轮次、融资事件、round"),
            required=True,
            note=_("The organisation, the stage and the day, such as 示例公司 · A轮 · 2023-08."),
        ),
        *investor_columns(),
        amount_column("投资金额", "金额", "出资金额", "出资额", "amount"),
        SheetColumn("lead", words("领投、是否领投、领投方、lead"), example="是"),
        NOTE,
        VISIBILITY,
    ),
)

SHEETS = (FUNDS, COMMITMENTS, ROUNDS, INVESTMENTS)
