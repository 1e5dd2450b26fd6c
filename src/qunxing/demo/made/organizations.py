"""Made-up organisations, where they live, whom to call, what they show and how they hang together."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from stdnum.cn import uscc

from qunxing.demo.desk import Desk, dice
from qunxing.demo.tables import Row, codes_of, days_of, read_table
from qunxing.directory.models import Contact, Link, Organization, Product, Residency, Role, Scope
from qunxing.ledger.actions import change
from qunxing.ledger.models import Source, Visibility

TABLE = "organizations.tsv"
UNVEILED = date(2023, 9, 28)
CAPITALS = (1_000_000, 3_000_000, 5_000_000, 10_000_000, 20_000_000, 50_000_000)
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何"
TITLES = ("总经理", "行政主管", "市场负责人", "技术负责人", "财务负责人")
HIDDEN = {"haixing": Visibility.INTERNAL, "naoji": Visibility.COMMUNITY, "duozhi": Visibility.COMMUNITY}
END_REASONS = {
    Residency.Stage.GRADUATED: "达到毕业条件：完成千万元以上融资",
    Residency.Stage.LEFT: "租约到期未续",
    Residency.Stage.MOVED: "迁往外区扩大试飞场地",
}


def add_sources(desk: Desk) -> None:
    for row in read_table("made-sources.tsv"):
        plain = {name: row[name] for name in ("kind", "title", "publisher", "note")}
        desk.add(Source(**plain, day=desk.ago(int(row["days"]))), row["key"], reason="演示资料")


def add_organizations(desk: Desk) -> None:
    for number, row in enumerate(read_table(TABLE), start=1):
        words: dict[str, Any] = {"source": desk.source("made-register"), "place": f"第 {number} 行"}
        desk.add(organization_of(row, number), row["key"], reason="入驻登记", **words)


def organization_of(row: Row, number: int) -> Organization:
    plain = ("name", "short_name", "english_name", "industry", "size_class", "description")
    made = Organization(**{name: row[name] for name in plain}, visibility=HIDDEN.get(row["key"], Visibility.PUBLIC))
    made.roles, made.fields = codes_of(row["roles"]), codes_of(row["fields"])
    made.uscc = made_up_code(number)
    made.division = "310104" if row["scope"] != "city" else "310115"
    made.address = f"演示路 {number} 号"
    made.website = f"https://{row['key']}.demo.example/"
    if Role.FIRM in made.roles:
        chance = dice(row["key"])
        made.founded_on = date(chance.randint(2016, 2024), chance.randint(1, 12), chance.randint(1, 28))
        made.registered_capital = chance.choice(CAPITALS)
    return made


def made_up_code(number: int) -> str:
    """A code that passes the check and can belong to nobody: there is no region 000000."""
    body = f"91000000DEM{number:06d}"
    return f"{body}{uscc.calc_check_digit(body)}"


# --- residencies ----------------------------------------------------------------------------------------------------


def add_residencies(desk: Desk) -> None:
    for row in read_table(TABLE):
        if row["scope"]:
            stay = settle(desk, row)
            if row["stage"] != Residency.Stage.RESIDENT:
                leave(desk, stay, row["stage"], dice(f"{row['key']}/left").randint(20, 120))


def settle(desk: Desk, row: Row) -> Residency:
    chance = dice(f"{row['key']}/stay")
    organization = desk.find(Organization, row["key"])
    stay = Residency(
        organization=organization,
        scope=desk.find(Scope, f"mosu-{row['scope']}"),
        entered_on=day_of_entry(desk, chance, after=organization.founded_on),
        space=f"{chance.randint(2, 12)} 层 {chance.randint(1, 30):02d} 室" if row["scope"] == "space" else "",
    )
    return desk.add(stay, row["key"], reason="入驻登记", source=desk.source("made-register"))


def day_of_entry(desk: Desk, chance: Random, *, after: date | None) -> date:
    """Some day since the community was unveiled (and the firm founded), half a year ago at the latest."""
    first = max(UNVEILED, after or UNVEILED)
    last = max(desk.ago(180), first)
    return first + timedelta(days=chance.randint(0, (last - first).days))


def leave(desk: Desk, stay: Residency, stage: str, days: int) -> None:
    values = {"stage": stage, "left_on": max(desk.ago(days), stay.entered_on or desk.ago(days))}
    change(stay, actor=desk.clerk, values=values, reason=END_REASONS[Residency.Stage(stage)])


# --- people, products, links ----------------------------------------------------------------------------------------


def add_contacts(desk: Desk) -> None:
    for number, row in enumerate(read_table(TABLE), start=1):
        chance = dice(f"{row['key']}/contact")
        contact = Contact(
            organization=desk.find(Organization, row["key"]),
            name=f"{chance.choice(SURNAMES)}演示",
            title=chance.choice(TITLES),
            phone=f"000-0000-{number:04d}",
            email=f"{row['key']}@demo.example",
            consent_on=desk.ago(chance.randint(30, 300)) if chance.random() < 0.4 else None,
        )
        desk.add(contact, row["key"], reason="联络人登记")


def add_products(desk: Desk) -> None:
    for row in read_table("products.tsv"):
        until = days_of(row["until"])
        product = Product(
            organization=desk.find(Organization, row["organization"]),
            fields=codes_of(row["fields"]),
            shown_from=desk.ago(int(row["from"])),
            shown_until=desk.ago(until) if until is not None else None,
            **{name: row[name] for name in ("name", "category", "place", "description")},
        )
        desk.add(product, row["key"], reason="体验店上架")


def add_links(desk: Desk) -> None:
    for row in read_table("links.tsv"):
        link = Link(
            from_organization=desk.find(Organization, row["from"]),
            to_organization=desk.find(Organization, row["to"]),
            kind=row["kind"],
            share=Decimal(row["share"]) if row["share"] else None,
            from_day=desk.ago(int(row["days"])),
            note=row["note"],
        )
        desk.add(link, row["key"], reason="关系登记", source=desk.source("made-register"))
