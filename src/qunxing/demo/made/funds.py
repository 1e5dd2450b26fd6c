"""Made-up funds with their parents and promises, and rounds whose amounts are exact, a range or not disclosed."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from qunxing.core.money import MoneyRange, parse_money
from qunxing.demo.desk import Desk
from qunxing.demo.tables import Row, codes_of, days_of, read_table
from qunxing.directory.models import Organization
from qunxing.funds.models import Commitment, Fund, Investment, Round, Stage

CODES = ("kinds", "stages", "fields", "regions")
UNDISCLOSED = "未透露"


def money(text: str) -> MoneyRange:
    found = parse_money(text)
    return found if found is not None else MoneyRange(None, None)


def add_funds(desk: Desk) -> None:
    for place, row in enumerate(read_table("funds.tsv"), start=1):
        fund = fund_of(desk, row)
        desk.add(fund, row["key"], reason="基金登记", source=desk.source("made-funds"), place=f"第 {place} 行")


def fund_of(desk: Desk, row: Row) -> Fund:
    fund = Fund(
        **{name: row[name] for name in ("name", "short_name", "level", "status")},
        **{name: codes_of(row[name]) for name in CODES},
        parent=desk.find(Fund, row["parent"]) if row["parent"] else None,
        manager=desk.find(Organization, row["manager"]) if row["manager"] else None,
        vintage=days_of(row["vintage"]),
    )
    if row["ticket"]:
        ticket = money(row["ticket"])
        fund.ticket_low, fund.ticket_high = ticket.low, ticket.high
    fund.size = money(row["size"])
    return fund


def add_commitments(desk: Desk) -> None:
    for row in read_table("commitments.tsv"):
        commitment = Commitment(
            fund=desk.find(Fund, row["fund"]),
            investor_fund=desk.find(Fund, row["investor_fund"]) if row["investor_fund"] else None,
            investor=desk.find(Organization, row["investor"]) if row["investor"] else None,
            investor_name=row["investor_name"],
            committed_on=desk.ago(int(row["days"])),
        )
        commitment.amount = money(row["amount"])
        desk.add(commitment, row["key"], reason="认缴登记", source=desk.source("made-funds"))


# --- rounds ---------------------------------------------------------------------------------------------------------


def add_rounds(desk: Desk) -> None:
    stages = {stage.code: stage for stage in Stage.objects.all()}
    for row in read_table("rounds.tsv"):
        made = Round(
            organization=desk.find(Organization, row["organization"]),
            stage=stages[row["stage"]],
            closed_on=desk.ago(int(row["days"])),
            closed_precision=row["precision"],
            note=row["note"],
        )
        made.amount = money(row["amount"])
        desk.add(made, row["key"], reason="融资登记", source=desk.source("made-news"), place=row["amount"])
        add_investments(desk, made, row)


def add_investments(desk: Desk, made: Round, row: Row) -> None:
    for told in investors_of(row["investors"]):
        investment = Investment(round=made, lead=told.lead, **told.who(desk))
        investment.amount = money(told.amount)
        desk.add(investment, f"{row['key']}/{told.key}", reason="融资登记", source=desk.source("made-news"))


@dataclass(frozen=True)
class Told:
    """One investor of a round: a fund by its key, an organisation with @, a bare name with #; a lead with *."""

    key: str
    amount: str
    lead: bool

    def who(self, desk: Desk) -> dict[str, Any]:
        if self.key.startswith("#"):
            return {"investor_name": self.key[1:]}
        if self.key.startswith("@"):
            return {"investor": desk.find(Organization, self.key[1:])}
        return {"investor_fund": desk.find(Fund, self.key)}


def investors_of(text: str) -> Iterator[Told]:
    for piece in filter(None, text.split(",")):
        key, _mark, amount = piece.removeprefix("*").partition("=")
        yield Told(key, amount or UNDISCLOSED, piece.startswith("*"))
