"""Offers as a table that staff keep."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from qunxing.core.sheets import SheetColumn, SheetSpec, as_it_is, found_by, words
from qunxing.core.text import tidy
from qunxing.directory.sheets import VISIBILITY, division_words, field_words
from qunxing.resources.models import Kind, Offer, Unit
from qunxing.resources.rules import Permission

UNITS = {
    Unit.CARDS: ("张", "卡", "张卡"),
    Unit.CARD_HOURS: ("卡时", "小时"),
    Unit.PFLOPS: ("P",),
    Unit.EFLOPS: ("E",),
    Unit.ITEMS: ("条", "个", "项"),
    Unit.PEOPLE: ("人", "名"),
    Unit.SQUARE_METRES: ("平方米", "㎡", "平米"),
    Unit.DESKS: ("工位", "个工位"),
    Unit.YUAN: ("元",),
}
KINDS = {Kind.COMPUTE: ("算力资源",), Kind.CORPUS: ("数据", "数据集"), Kind.CAPITAL: ("资金",), Kind.IP: ("专利",)}


def unit_words() -> dict[str, tuple[Any, ...]]:
    return {code: (label, *UNITS.get(Unit(code), ())) for code, label in Unit.choices}


def kind_words() -> dict[str, tuple[Any, ...]]:
    return {code: (label, *KINDS.get(Kind(code), ())) for code, label in Kind.choices}


OFFERS = SheetSpec(
    code="offers",
    label=_("Offers"),
    model=Offer,
    icon="server",
    keys=(("provider", "title"),),
    find=found_by(ref=as_it_is, title=tidy),
    add=Permission.CREATE_OFFER,
    change=Permission.CHANGE_OFFER,
    joins=("provider",),
    columns=(
        SheetColumn(
            "title", words("资源名称、供给名称、名称、标题、title、name"), required=True, example="示例智算中心算力"
        ),
        SheetColumn(
            "kind", words("资源类型、类型、类别、kind、type"), required=True, options=kind_words, example="compute"
        ),
        SheetColumn(
            "provider",
            words("提供方、供给方、提供单位、供应商、单位、单位名称、企业名称、provider"),
            required=True,
            note=_("Its unified social credit code or its full registered name."),
            example="上海示例智能科技有限公司",
        ),
        SheetColumn("description", words("说明、描述、简介、资源描述、description")),
        SheetColumn("fields", words("技术领域、领域、适用领域、fields"), options=field_words),
        SheetColumn("quantity", words("数量、规模、总量、quantity"), example="1000"),
        SheetColumn("quantity_bound", words("数量性质、数量说明、the quantity is"), example="exact"),
        SheetColumn("unit", words("单位（计量）、计量单位、数量单位、unit"), options=unit_words, example="cards"),
        SheetColumn("number_format", words("精度、算力精度、precision"), example="fp16"),
        SheetColumn("region", words("地区、所在地、区域、region"), options=division_words, example="上海市徐汇区"),
        SheetColumn("domestic_chips", words("国产芯片、是否国产芯片、domestic chips"), example="是"),
        SheetColumn("price_terms", words("价格、价格与条件、收费标准、价格条款、price")),
        SheetColumn("valid_from", words("起始日期、有效期起、开始日期、valid from"), example="2025-01-01"),
        SheetColumn("valid_until", words("截止日期、有效期止、结束日期、有效期至、valid until"), example="2025-12-31"),
        VISIBILITY,
    ),
)

SHEETS = (OFFERS,)
