"""Made-up models and filings, each filing taken through its steps."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from qunxing.demo.desk import Desk
from qunxing.demo.tables import Row, codes_of, days_of, read_table, steps_of
from qunxing.directory.models import Organization
from qunxing.ledger.actions import cite
from qunxing.registry import actions
from qunxing.registry.models import AIModel, Authority, Coverage, Filing, FilingKind, ModelVersion, Ownership

VERSIONS = ("1.0", "1.5", "2.0")
SERVICE_DAYS = {"live": "went_live_on", "shown": "shown_since", "altered": "altered_on", "ended": "ended_on"}


def add_models(desk: Desk) -> None:
    rows = read_table("models.tsv")
    for row in rows:
        desk.add(model_of(row), row["key"], reason="模型登记", source=desk.source("made-register"))
    for place, row in enumerate(rows):
        add_owners(desk, row)
        add_versions(desk, row, count=1 + place % len(VERSIONS))


def model_of(row: Row) -> AIModel:
    plain = {name: row[name] for name in ("name", "english_name", "description", "openness")}
    codes = {name: codes_of(row[name]) for name in ("modalities", "tasks")}
    return AIModel(**plain, **codes, parameters=Decimal(row["parameters"]))


def add_owners(desk: Desk, row: Row) -> None:
    model = desk.find(AIModel, row["key"])
    for place, owner in enumerate(row["owners"].split(",")):
        role = Ownership.Role.CO_OWNER if place else Ownership.Role.OWNER
        desk.add(
            Ownership(model=model, organization=desk.find(Organization, owner), role=role), f"{row['key']}/{owner}"
        )


def add_versions(desk: Desk, row: Row, *, count: int) -> None:
    model = desk.find(AIModel, row["key"])
    for place, version in enumerate(VERSIONS[:count]):
        released = desk.ago(110 * (count - place))
        desk.add(ModelVersion(model=model, version=version, released_on=released), f"{row['key']}/{version}")


def name_bases(desk: Desk) -> None:
    """After all models are there: which of them were made from which."""
    for row in read_table("models.tsv"):
        if row["base"]:
            base = desk.find(AIModel, row["base"])
            desk.change(desk.find(AIModel, row["key"]), row["key"], {"base_model": base}, reason="补记基座模型")


# --- filings --------------------------------------------------------------------------------------------------------


def add_filings(desk: Desk) -> None:
    for row in read_table("made-filings.tsv"):
        filing = begin(desk, row)
        for name, days, words in steps_of(row["steps"])[1:]:
            take_step(desk, filing, row, name, days, words)
        values = dict(service_days(desk, row))
        if values:
            actions.change_filing(filing, actor=desk.clerk, values=values, reason="登记服务日期")
        desk.keep(filing, row["key"])


def begin(desk: Desk, row: Row) -> Filing:
    _create, days, _words = steps_of(row["steps"])[0]
    filing = Filing(
        kind=row["kind"],
        name=row["name"],
        organization=desk.find(Organization, row["organization"]),
        relies_on=desk.find(Filing, row["relies_on"]) if row["relies_on"] else None,
        algorithm_class=row["class"],
        product=row["product"],
    )
    words = {"reason": "开始准备", "source": desk.source("made-register")}
    made = actions.create_filing(desk.mark(filing, row["key"]), actor=desk.clerk, day=desk.ago(days), **words)
    desk.keep(made, row["key"])
    for model in filter(None, row["models"].split(",")):
        desk.add(Coverage(filing=made, model=desk.find(AIModel, model)), f"{row['key']}/{model}")
    return made


def take_step(desk: Desk, filing: Filing, row: Row, name: str, days: int, words: str) -> None:
    day = desk.ago(days)
    values = granted_values(row, day) if name == "grant" else {}
    actions.move(filing, name, actor=desk.clerk, day=day, note=words, values=values, reason=words)
    if values:
        told = {**values, "name": filing.name, "granted_on": day}
        cite(filing, actor=desk.clerk, source=desk.source("made-list"), values=told, place=values["number"])


def granted_values(row: Row, day: date) -> dict[str, Any]:
    number = row["number"].format(day=f"{day:%Y%m%d}", year=f"{day:%y}")
    authority = Authority.PROVINCIAL if row["kind"] == FilingKind.REGISTERED else Authority.NATIONAL
    return {"number": number, "authority": authority, "region": "31", "region_text": "上海市"}


def service_days(desk: Desk, row: Row) -> Iterator[tuple[str, date]]:
    for column, field in SERVICE_DAYS.items():
        days = days_of(row[column])
        if days is not None:
            yield field, desk.ago(days)
