"""A large made-up community, the same on every machine: organisations, stays, filings, models, versions, evidence."""

import random
import sys
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import cache
from typing import Any

from stdnum.cn import uscc

from qunxing.accounts.models import Kind, User
from qunxing.directory.models import (
    Community,
    Industry,
    Membership,
    Organization,
    OrganizationName,
    Residency,
    Role,
    Scope,
    SizeClass,
    TechnicalField,
)
from qunxing.ledger.actions import add_many, change, change_many, cite_many, create
from qunxing.ledger.models import Source, Visibility
from qunxing.ledger.recording import recording
from qunxing.registry.models import AIModel, Coverage, Filing, FilingKind, FilingStep, Modality, Ownership
from qunxing.registry.states import State

CHUNK = 5_000
VERSIONS = 200
HEROES = 4
FIRST_DAY = date(2023, 8, 31)
PLACES = ("上海", "北京", "深圳市", "杭州", "广州", "苏州", "成都", "合肥", "南京", "武汉")
SYLLABLES = (
    "星辰云海智慧天元启明光华瑞博思远弘毅承泽嘉禾新锐朗信恒达科睿微澜深蓝格物言澈知行墨衡青鸟灵犀森林川流百川长河"
    "观潮听风锦绣山水曦月丰年安泰同和立德正心问道明理致用求真务实"
)
TRADES = ("智能科技", "信息技术", "网络科技", "数据服务", "人工智能", "医疗科技", "机器人", "软件", "半导体")
FORMS = ("有限公司", "股份有限公司", "有限责任公司")
PRODUCTS = ("大模型", "合成算法", "推荐算法", "问答助手", "写作助手", "检索算法", "图像生成", "语音合成", "审核算法")
FIELD_ROOTS = ("language", "vision", "speech", "robotics", "chips", "data", "security", "science")
REGIONS = ("11", "31", "33", "44", "32", "51", "34", "42")
LEVELS = (Visibility.PUBLIC,) * 8 + (Visibility.COMMUNITY, Visibility.INTERNAL)
CLASSES = ("synthesis", "push", "ranking", "retrieval", "filtering", "scheduling")


def tell(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def is_made(firms: int, filings: int) -> bool:
    return Organization.objects.count() >= firms and Filing.objects.count() >= filings and User.objects.count() >= 2


def make_community(firms: int, filings: int) -> None:
    """Fill an empty database; the same numbers give the same rows, references apart."""
    if Organization.objects.exists():
        raise SystemExit("The folder holds another, or an unfinished, set of rows: remove it, or name another one.")
    chance = random.Random(20260)
    staff = User.objects.create_user("bench-staff", "bench-staff@example.org", kind=Kind.STAFF, name="Staff")
    member = User.objects.create_user("bench-member", "bench-member@example.org", kind=Kind.MEMBER, name="Member")
    source = create(Source(kind=Source.Kind.LIST, title="公开名单", publisher="测试", day=FIRST_DAY), actor=staff)
    scopes = make_scopes(staff)
    make_fields(staff)
    words = {"actor": staff, "reason": "批量录入", "source": source}
    for start in range(0, firms, CHUNK):
        with recording(**words):
            make_firms(chance, range(start, min(start + CHUNK, firms)), scopes, staff, source)
        tell(f"{min(start + CHUNK, firms):,} organisations")
    keys = list(Organization.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, filings, CHUNK):
        with recording(**words):
            make_filings(chance, range(start, min(start + CHUNK, filings)), keys, staff, source)
        tell(f"{min(start + CHUNK, filings):,} filings")
    make_heroes(staff, source)
    for key in keys[:3]:
        create(Membership(organization_id=key, user=member, role=Membership.Role.EDITOR), actor=staff)


def make_scopes(staff: User) -> list[Scope]:
    community = create(Community(name="测试社区", division="310104"), actor=staff)
    codes = list(Scope.Code)
    return [
        create(Scope(community=community, code=code, name_zh=str(code.label), width=width), actor=staff)
        for width, code in enumerate(codes, start=1)
    ]


def make_fields(staff: User) -> None:
    """A vocabulary of two levels, unless the installation brings its own."""
    if TechnicalField.objects.exists():
        return
    for position, root in enumerate(FIELD_ROOTS):
        parent = create(TechnicalField(code=root, name_zh=f"领域{root}", name_en=root, position=position), actor=staff)
        for index in range(5):
            name = f"{root}-{index}"
            child = TechnicalField(code=name, parent=parent, name_zh=f"方向{name}", name_en=name, position=position)
            create(child, actor=staff)


@cache
def field_codes() -> list[str]:
    return list(TechnicalField.objects.order_by("position", "code").values_list("code", flat=True))


def make_firms(chance: random.Random, numbers: range, scopes: list[Scope], staff: User, source: Source) -> None:
    firms = add_many([made_firm(chance, number) for number in numbers])
    add_many([made_stay(chance, firm, chance.choice(scopes)) for firm in firms])
    renamed = [firm for firm in firms if chance.random() < 0.05]
    add_many([former_name(chance, firm) for firm in renamed])
    moved = [firm for firm in firms if chance.random() < 0.1]
    for firm in moved:
        firm.address = f"测试路{chance.randrange(1, 2000)}号"
    change_many(moved, ["address"])
    cited = [(firm, {"name": firm.name, "uscc": firm.uscc}, str(n)) for n, firm in zip(numbers, firms, strict=True)]
    cite_many(cited, actor=staff, source=source)


def made_firm(chance: random.Random, number: int) -> Organization:
    short = "".join(chance.choices(SYLLABLES, k=4))
    firm = Organization(
        name=f"{chance.choice(PLACES)}{short}{chance.choice(TRADES)}{chance.choice(FORMS)}",
        short_name=short if number % 3 == 0 else "",
        uscc=code_of(number) if number % 5 else None,
        roles=sorted({"firm", *chance.choices(list(Role.values), weights=[40, 2, 3, 2, 1, 1])}),
        fields=sorted(set(chance.sample(field_codes(), k=chance.randrange(4)))),
        industry=chance.choice(list(Industry.values)),
        size_class=chance.choice([*SizeClass.values, ""]),
        founded_on=date(2005, 1, 1) + timedelta(days=chance.randrange(7_000)) if number % 10 else None,
        registered_capital=chance.randrange(10, 5_000) * 10_000,
        division="310104",
        website=f"https://firm{number}.example.org/" if number % 2 else "",
        visibility=chance.choice(LEVELS),
    )
    firm.derive()
    return firm


def code_of(number: int) -> str:
    body = f"91310104MA{number:07d}"
    return body + str(uscc.calc_check_digit(body))


def made_stay(chance: random.Random, firm: Organization, scope: Scope) -> Residency:
    entered = FIRST_DAY + timedelta(days=chance.randrange(900))
    stage = chance.choices(list(Residency.Stage.values), weights=[17, 1, 1, 1])[0]
    left = None if stage == Residency.Stage.RESIDENT else entered + timedelta(days=chance.randrange(30, 300))
    tier = Residency.Tier.CORE if chance.random() < 0.01 else Residency.Tier.STAR
    return Residency(organization=firm, scope=scope, tier=tier, stage=stage, entered_on=entered, left_on=left)


def former_name(chance: random.Random, firm: Organization) -> OrganizationName:
    name = OrganizationName(organization=firm, text=f"上海{''.join(chance.choices(SYLLABLES, k=4))}科技有限公司")
    name.derive()
    return name


def make_filings(chance: random.Random, numbers: range, firms: list[int], staff: User, source: Source) -> None:
    owners = Organization.objects.in_bulk([chance.choice(firms) for _number in numbers])
    keys = sorted(owners)
    filings = add_many([made_filing(chance, number, owners[chance.choice(keys)]) for number in numbers])
    granted = [filing for filing in filings if filing.granted_on]
    add_many([FilingStep(filing=one, state=State.GRANTED, day=one.granted_on) for one in granted[::4]])
    make_models(chance, [filing for filing in filings if filing.kind == FilingKind.FILED][::2])
    later = [filing for filing in filings if chance.random() < 0.1]
    for filing in later:
        filing.notes = "信息核对"
    change_many(later, ["notes"])
    cited = [(one, {"name": one.name, "number": one.number}, str(n)) for n, one in zip(numbers, filings, strict=True)]
    cite_many(cited, actor=staff, source=source)


def made_filing(chance: random.Random, number: int, owner: Organization) -> Filing:
    kind = chance.choices(list(FilingKind), weights=[25, 15, 60])[0]
    state = chance.choices(list(State), weights=[2, 2, 1, 85, 4, 3, 1, 2])[0]
    day = FIRST_DAY + timedelta(days=chance.randrange(900))
    granted = None if state in {State.PREPARING, State.SUBMITTED} else day
    filing = Filing(
        kind=kind,
        name=f"{''.join(chance.choices(SYLLABLES, k=3))}{chance.choice(PRODUCTS)}",
        organization=owner,
        state=state,
        number=number_of(kind, number, granted or FIRST_DAY),
        authority="provincial" if kind == FilingKind.REGISTERED else "national",
        region=chance.choice(REGIONS),
        granted_on=granted,
        algorithm_class=chance.choice(CLASSES) if kind == FilingKind.ALGORITHM else "",
        algorithm_role=chance.choice(["provider", "supporter"]) if kind == FilingKind.ALGORITHM else "",
        product=f"测试产品{number}",
        purpose="应用于对话生成场景，利用算法根据用户输入的文本生成相应的文本内容。",
        visibility=chance.choice(LEVELS),
    )
    filing.derive()
    return filing


def number_of(kind: str, number: int, day: date) -> str:
    if kind == FilingKind.ALGORITHM:
        return f"网信算备310104{number:07d}01{day:%y}{number % 1000:03d}1号"
    serial = "" if kind == FilingKind.FILED else f"S{number % 10_000:04d}"
    return f"ShangHai-CeShi{number}-{day:%Y%m%d}{serial}"


def make_models(chance: random.Random, filings: list[Filing]) -> None:
    modalities = list(Modality.values)
    models = [AIModel(name=one.name, visibility=one.visibility) for one in filings]
    for model in models:
        model.modalities = chance.sample(modalities, k=2)
        model.derive()
    add_many(models)
    pairs = list(zip(models, filings, strict=True))
    add_many([Ownership(model=model, organization=filing.organization) for model, filing in pairs])
    add_many([Coverage(filing=filing, model=model) for model, filing in pairs])


# --- records with a long history ------------------------------------------------------------------------------------


def heroes(kind: Any) -> Iterator[Any]:
    """The records with VERSIONS versions."""
    yield from kind.objects.filter(visibility=Visibility.PUBLIC, revision__gte=VERSIONS).select_related().order_by("pk")


def make_heroes(staff: User, source: Source) -> None:
    published = Filing.objects.filter(shown_to=Visibility.PUBLIC, visibility=Visibility.PUBLIC, kind=FilingKind.FILED)
    firms = Organization.objects.filter(visibility=Visibility.PUBLIC).order_by("pk")[:HEROES]
    for record in [*firms, *published.order_by("pk")[:HEROES]]:
        write_versions(record, staff, source)
    tell(f"{2 * HEROES} records of {VERSIONS} versions")


def write_versions(record: Any, staff: User, source: Source) -> None:
    """One write after the other, as people make them; every fifth rests on the source."""
    edits: dict[type, Callable[[int], dict[str, Any]]] = {
        Organization: lambda number: {"description": f"第{number}次修订。" * 4, "address": f"测试路{number}号"},
        Filing: lambda number: {"purpose": f"第{number}次修订。" * 4, "product": f"产品{number}"},
    }
    for number in range(record.revision + 1, VERSIONS + 1):
        values = edits[type(record)](number)
        record = change(record, actor=staff, values=values, reason="修订", source=None if number % 5 else source)
