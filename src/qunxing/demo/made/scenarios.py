"""Made-up scenarios, written by their owners and taken through their life."""

from decimal import Decimal
from typing import Any

from qunxing.accounts.models import User
from qunxing.demo.accounts import ACCOUNTS
from qunxing.demo.desk import Desk
from qunxing.demo.made.funds import money
from qunxing.demo.tables import Row, codes_of, days_of, read_table, steps_of
from qunxing.directory.models import Contact, Organization
from qunxing.scenarios import actions
from qunxing.scenarios.actions import IndicatorRow
from qunxing.scenarios.models import Scenario

PLACES = {"rail": "三座枢纽站与两个车辆段", "port": "二号堆场", "bureau": "区政务云", "bank": "行内机房"}
OWNERS_STEPS = frozenset({"submit"})


def add_scenarios(desk: Desk) -> None:
    goals = read_table("core-indicators.tsv")
    for row in read_table("scenarios.tsv"):
        rows = [goal_of(goal) for goal in goals if goal["scenario"] == row["key"]]
        scenario = desk.mark(scenario_of(desk, row), row["key"])
        actions.create_scenario(scenario, actor=author(desk, row), rows=rows, reason="需求方填写")
        desk.keep(scenario, row["key"])
        for name, days, words in steps_of(row["steps"]):
            take_step(desk, scenario, row, name, days, words)


def scenario_of(desk: Desk, row: Row) -> Scenario:
    plain = ("title", "problem", "mechanism")
    return Scenario(
        **{name: row[name] for name in plain},
        **{name: codes_of(row[name]) for name in ("fields", "tasks")},
        **budget_of(row["budget"]),
        organization=desk.find(Organization, row["owner"]),
        data_available=row["data"],
        data_terms=row["terms"],
        on_site=bool(row["site"]),
        domestic_chips=bool(row["chips"]),
        security_level=row["level"] or "none",
        serves_public_generated=bool(row["public"]),
        apply_by=coming(desk, row["apply"]),
        starts_on=coming(desk, row["start"]),
        ends_on=coming(desk, row["end"]),
        division="310104",
        location=PLACES.get(row["owner"], ""),
        contact=desk.find(Contact, row["owner"]),
    )


def coming(desk: Desk, text: str) -> Any:
    """The day so many days from now; a minus looks back."""
    days = days_of(text)
    return desk.ago(-days) if days is not None else None


def budget_of(text: str) -> dict[str, Any]:
    if not text:
        return {}
    found = money(text)
    return {"budget_low": found.low, "budget_high": found.high, "budget_undisclosed": found.undisclosed}


def goal_of(row: Row) -> IndicatorRow:
    values: dict[str, Any] = {name: row[name] for name in ("name", "operator", "unit", "tested_how")}
    values |= {"target": Decimal(row["target"]), "target_high": Decimal(row["high"]) if row["high"] else None}
    return IndicatorRow(values)


def author(desk: Desk, row: Row) -> User:
    """Who writes for the owner: its own account where it has one, else the clerk."""
    names = [account.username for account in ACCOUNTS if account.organization == row["owner"]]
    return desk.user(names[0]) if names else desk.clerk


def take_step(desk: Desk, scenario: Scenario, row: Row, name: str, days: int, words: str) -> None:
    day = desk.ago(days)
    if name == "appraise":
        verdict, _mark, notes = words.partition(":")
        actions.appraise(scenario, actor=desk.clerk, day=day, verdict=verdict, notes=notes)
        return
    actor = author(desk, row) if name in OWNERS_STEPS else desk.clerk
    actions.move(scenario, name, actor=actor, day=day, reason=words)
