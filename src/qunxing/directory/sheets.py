"""The directory as tables that staff keep: organisations with their names, stays, people and products."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunxing.core.chunks import chunks
from qunxing.core.divisions import DIVISIONS, division_name
from qunxing.core.regions import PROVINCES
from qunxing.core.sheets import (
    Beside,
    Found,
    Parts,
    SheetColumn,
    SheetSpec,
    Value,
    Written,
    as_it_is,
    found_by,
    words,
)
from qunxing.core.text import tidy
from qunxing.directory.models import (
    Contact,
    Organization,
    OrganizationName,
    Product,
    Residency,
    Role,
    TechnicalField,
)
from qunxing.directory.naming import Renaming, behind_names, key_of, names_after
from qunxing.directory.rules import Permission
from qunxing.directory.validators import clean_uscc
from qunxing.ledger.models import Visibility

VISIBILITY = SheetColumn(
    "visibility",
    words("可见范围、可见性、公开范围"),
    note=_("Everybody, where it is left empty."),
    options=lambda: {code: (label,) for code, label in Visibility.choices},
)
ROLES = {
    Role.FIRM: ("企业", "公司", "初创企业"),
    Role.FUND_MANAGER: ("投资机构", "基金公司", "基金管理机构"),
    Role.DEMAND_OWNER: ("需求方", "发榜方", "场景方"),
    Role.COMPUTE_PROVIDER: ("算力方", "算力供应商", "算力服务商"),
    Role.AUTHORITY: ("政府部门", "主管部门", "机关"),
    Role.UNIVERSITY: ("高校", "大学", "科研院所", "研究院"),
}


def role_words() -> dict[str, tuple[Any, ...]]:
    return {code: (label, *ROLES.get(Role(code), ())) for code, label in Role.choices}


def field_words() -> dict[str, tuple[Any, ...]]:
    """Every technical field by its names and synonyms, in one query."""
    return {
        one.code: (str(one), one.name_zh, one.name_en, *filter(None, one.synonyms.splitlines()))
        for one in TechnicalField.objects.all()
    }


def division_words() -> dict[str, tuple[str, ...]]:
    """Provinces and the districts of Shanghai, as they are written: 上海市徐汇区, 上海-徐汇区, 徐汇区, 北京."""
    short = {one.division: one.name for one in PROVINCES}
    found: dict[str, tuple[str, ...]] = {}
    for code, (chinese, english) in DIVISIONS.items():
        district = chinese.removeprefix("上海市") if code.startswith("31") and code != "310000" else ""
        others = (district, f"上海{district}") if district else (short.get(code, ""),)
        found[code] = (division_name(code), chinese, english, *filter(None, others))
    return found


def code_key(text: str) -> str:
    """The unified social credit code in its one form; "" for what is none."""
    try:
        return clean_uscc(text)
    except ValidationError:
        return ""


by_own_names = found_by(ref=as_it_is, uscc=code_key, name_key=key_of)


def find_organizations(rows: QuerySet[Any], texts: Iterable[str]) -> Found:
    """By code or registered name, else by a name that it has or had and that everybody may see."""
    asked = list(dict.fromkeys(texts))
    found = dict(by_own_names(rows, asked))
    rest = {text: key_of(text) for text in asked if text not in found and key_of(text)}
    keys = keys_of_names(rows, sorted(set(rest.values())))
    found |= {text: keys[key] for text, key in rest.items() if key in keys}
    open_texts = [text for text in asked if text not in found]
    return found | dict(found_by(short_name=tidy)(rows, open_texts))


def keys_of_names(rows: QuerySet[Any], keys: Sequence[str]) -> dict[str, tuple[int, ...]]:
    found: dict[str, set[int]] = {}
    for some in chunks(keys):
        names = OrganizationName.objects.filter(visibility=Visibility.PUBLIC, organization__in=rows)
        pairs = names.filter(name_key__in=some).order_by()
        for key, organization in pairs.values_list("name_key", "organization_id"):
            found.setdefault(key, set()).add(organization)
    return {key: tuple(sorted(organizations)) for key, organizations in found.items()}


def names_kept(written: Sequence[Written]) -> Beside:
    """The name that a renamed organisation bore until the day before, and the one it bears from the day on."""
    renamed = [one for one in written if not one.added and one.old.get("name", one.record.name) != one.record.name]
    added, ended = names_after([Renaming(one.record, one.old["name"], one.record.name, one.day) for one in renamed])
    keys = {one.record.pk for one in renamed}
    named = [one.record for one in written if one.record.pk in keys or "aliases" in one.listed]
    return Beside(added, [(ended, ("to_day",)), (behind_names(named, added), ("search_key",))])


def found_by_names(written: Sequence[Written]) -> Beside:
    """The organisations of the names, which are found by them."""
    keys = {key for one in written for key in (one.record.organization_id, one.old.get("organization_id")) if key}
    organizations = list(Organization.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
    return Beside(changed=[(behind_names(organizations), ("search_key",))])


def organization_column(**more: Any) -> SheetColumn:
    """The organisation that the row's record hangs on."""
    return SheetColumn(
        "organization",
        words(
            "单位、单位名称、企业、企业名称、公司、公司名称、机构、机构名称、所属单位、工商名称、"
            "统一社会信用代码、company、organization、organisation"
        ),
        heading=_("organisation"),
        required=True,
        note=_("Its unified social credit code or its full registered name."),
        example="上海示例智能科技有限公司",
        **more,
    )


ORGANIZATIONS = SheetSpec(
    code="organizations",
    label=_("Organisations"),
    model=Organization,
    icon="building",
    keys=(("uscc",), ("name",)),
    find=find_organizations,
    add=Permission.CREATE,
    change=Permission.CHANGE,
    beside=names_kept,
    columns=(
        SheetColumn(
            "name",
            words(
                "工商名称、注册名称、名称、单位名称、企业名称、公司名称、机构名称、单位、企业、公司、公司全称、"
                "企业全称、全称、主体名称、入驻企业、企业名、公司名、company、company name"
            ),
            required=True,
            note=_("In full, as it is registered."),
            example="上海示例智能科技有限公司",
        ),
        SheetColumn(
            "uscc",
            words(
                "统一社会信用代码、社会信用代码、信用代码、统一代码、统一信用代码、组织机构代码、税号、"
                "纳税人识别号、uscc、credit code"
            ),
            value=Value.CODE,
            note=_("18 characters; give the column the format Text."),
            example="91350100M000100Y43",
        ),
        SheetColumn(
            "short_name",
            words("简称、企业简称、公司简称、单位简称、品牌名、品牌、产品名称/简称、short name、brand"),
            example="示例智能",
        ),
        SheetColumn(
            "english_name", words("英文名称、英文名、外文名称、english name"), example="Shanghai Sample Intelligence"
        ),
        SheetColumn(
            "aliases",
            words("别名、其他名称、其他简称、又名、aliases、other names"),
            heading=_("other short names"),
            parts=Parts(OrganizationName, "organization", "text", {"kind": OrganizationName.Kind.SHORT}),
            note=_("Several with 、 between them."),
            example="示例、示例AI",
        ),
        SheetColumn("roles", words("角色、单位类型、机构类型、类型、性质、role"), options=role_words, example="企业"),
        SheetColumn(
            "industry",
            words("行业、行业门类、国民经济行业、所属行业、industry"),
            note=_("The section, A to T."),
            example="I",
        ),
        SheetColumn(
            "fields",
            words("技术领域、领域、赛道、技术方向、细分领域、子行业、field、fields"),
            options=field_words,
            note=_("Several with 、 between them."),
        ),
        SheetColumn("size_class", words("企业规模、规模、规模类型、size"), example="small"),
        SheetColumn(
            "founded_on",
            words("成立时间、成立日期、注册时间、注册日期、设立时间、founded"),
            precision="founded_precision",
            note=_("A day, a month or a year."),
            example="2021-03-18",
        ),
        SheetColumn(
            "registered_capital",
            words("注册资本、注册资金、注册资本金、registered capital"),
            value=Value.YUAN,
            note=_("In yuan, or with 万 or 亿, or with the unit in the heading."),
            example="500万元",
        ),
        SheetColumn(
            "division",
            words("行政区划、区划、区划代码、行政区划代码、所属区、注册区、地区、所在地、地点、division、region"),
            options=division_words,
            example="上海市徐汇区",
        ),
        SheetColumn(
            "address",
            words("地址、注册地址、详细地址、办公地址、经营地址、通讯地址、住所、address"),
            example="上海市徐汇区示例路1号",
        ),
        SheetColumn("website", words("网址、官网、公司网址、网站、链接、website、url"), example="https://example.com"),
        SheetColumn("description", words("简介、公司简介、企业简介、单位简介、介绍、主营业务、经营范围、description")),
        SheetColumn(
            "entity_key",
            words("算法备案主体码、备案主体码、主体码、entity key"),
            value=Value.CODE,
        ),
        VISIBILITY,
    ),
)

NAMES = SheetSpec(
    code="organization-names",
    label=_("Names of organisations"),
    model=OrganizationName,
    icon="id",
    keys=(("organization", "kind", "text"),),
    find=found_by(ref=as_it_is),
    add=Permission.RENAME,
    change=Permission.RENAME,
    beside=found_by_names,
    joins=("organization",),
    columns=(
        organization_column(),
        SheetColumn("kind", words("名称类型、类型、kind"), example="brand"),
        SheetColumn("text", words("名称、曾用名、别名、简称、品牌、name"), required=True, example="示例智能"),
        SheetColumn("from_day", words("启用日期、起始日期、开始日期、自、from"), example="2021-03-18"),
        SheetColumn("to_day", words("停用日期、截止日期、结束日期、至、until"), example="2023-06-30"),
        VISIBILITY,
    ),
)

RESIDENCIES = SheetSpec(
    code="residencies",
    label=_("Residencies"),
    model=Residency,
    icon="home",
    keys=(("organization", "scope", "entered_on"), ("organization", "scope")),
    find=found_by(ref=as_it_is),
    add=Permission.CHANGE_RESIDENCY,
    change=Permission.CHANGE_RESIDENCY,
    joins=("organization", "scope"),
    columns=(
        organization_column(),
        SheetColumn(
            "scope",
            words("范围、空间、社区、入驻空间、入驻地、园区、孵化器、scope"),
            required=True,
            note=_("The circle in which it is counted, by its name."),
        ),
        SheetColumn("tier", words("层级、梯队、级别、tier"), example="star"),
        SheetColumn("stage", words("状态、入驻状态、在驻状态、阶段、stage、status"), example="resident"),
        SheetColumn(
            "entered_on", words("入驻时间、入驻日期、入园时间、入园日期、entered、moved in"), example="2023-09-28"
        ),
        SheetColumn(
            "left_on",
            words("离开时间、退出时间、退出日期、毕业时间、离园时间、迁出时间、left"),
            note=_("Empty while it is in residence."),
        ),
        SheetColumn("space", words("房间、房号、工位、门牌、楼层、rooms、room"), example="A座301"),
    ),
)

CONTACTS = SheetSpec(
    code="contacts",
    label=_("Contacts"),
    model=Contact,
    icon="address-book",
    keys=(("organization", "name"),),
    find=found_by(ref=as_it_is),
    add=Permission.CHANGE_CONTACT,
    change=Permission.CHANGE_CONTACT,
    see=Permission.SEE_CONTACT,
    joins=("organization",),
    columns=(
        organization_column(),
        SheetColumn(
            "name",
            words("姓名、联系人、联系人姓名、负责人、name、contact"),
            required=True,
            personal=True,
            example="张示例",
        ),
        SheetColumn("title", words("职务、职位、岗位、title、position"), personal=True, example="总经理"),
        SheetColumn(
            "phone",
            words("电话、手机、手机号、联系电话、联系方式、手机号码、phone、mobile"),
            value=Value.CODE,
            personal=True,
            example="13800000000",
        ),
        SheetColumn(
            "email", words("邮箱、电子邮箱、电子邮件、email、e-mail、mail"), personal=True, example="zhang@example.com"
        ),
        SheetColumn("wechat", words("微信、微信号、wechat"), value=Value.CODE, personal=True, example="zhangshili"),
        SheetColumn(
            "consent_on",
            words("同意公开日期、授权日期、同意日期、consent"),
            note=_("The day the person agreed to be shown."),
        ),
    ),
)

PRODUCTS = SheetSpec(
    code="products",
    label=pgettext_lazy("sheet", "Products"),
    model=Product,
    icon="package",
    keys=(("organization", "name"),),
    find=found_by(ref=as_it_is, name=as_it_is),
    add=Permission.CHANGE_PRODUCT,
    change=Permission.CHANGE_PRODUCT,
    joins=("organization",),
    columns=(
        organization_column(),
        SheetColumn("name", words("产品、产品名称、产品名、名称、product、name"), required=True, example="示例助手"),
        SheetColumn("category", words("类别、产品类别、分类、category"), example="智能终端"),
        SheetColumn("fields", words("技术领域、领域、fields"), options=field_words),
        SheetColumn("description", words("简介、产品简介、介绍、说明、description")),
        SheetColumn("website", words("网址、链接、产品网址、website、url"), example="https://example.com/app"),
        SheetColumn("shown_from", words("上架日期、展示开始、展出时间、shown from"), example="2024-05-01"),
        SheetColumn("shown_until", words("下架日期、展示结束、撤展时间、shown until")),
        SheetColumn("place", words("展位、位置、陈列位置、place"), example="B12"),
        VISIBILITY,
    ),
)

SCOPE_NAMES = found_by(ref=as_it_is, name_zh=tidy, name_en=tidy, code=as_it_is)

SHEETS = (ORGANIZATIONS, NAMES, RESIDENCIES, CONTACTS, PRODUCTS)
