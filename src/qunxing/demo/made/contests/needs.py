"""A made-up call for needs, and needs on their way to a list."""

from qunxing.challenges.actions import calls
from qunxing.challenges.models import Call, Need
from qunxing.demo.desk import Desk
from qunxing.demo.made.funds import money
from qunxing.demo.tables import Row, codes_of, read_table, steps_of
from qunxing.directory.models import Organization

TEXT = "征集医疗、交通、政务与口岸领域可量化、可验收的技术需求；需求单位须能提供数据与现场，并指派专人对接。"


def add_call(desk: Desk) -> None:
    call = Call(title="演示·下一批揭榜挂帅需求征集", text=TEXT, opens_on=desk.ago(20), closes_on=desk.ago(-25))
    calls.move_call(desk.add(call, "next", reason="拟定征集"), "open", actor=desk.clerk)


def add_needs(desk: Desk) -> None:
    for row in read_table("needs.tsv"):
        need = desk.add(need_of(desk, row), row["key"], reason="需求单位填报")
        for name, days, _words in steps_of(row["steps"]):
            take_step(desk, need, name, days)


def need_of(desk: Desk, row: Row) -> Need:
    return Need(
        call=desk.find(Call, "next"),
        organization=desk.find(Organization, row["owner"]),
        fields=codes_of(row["fields"]),
        money=money(row["money"]).high,
        **{name: row[name] for name in ("title", "problem", "state_of_art", "goals")},
    )


def take_step(desk: Desk, need: Need, name: str, days: int) -> None:
    if name == "ask":
        due = desk.ago(days - 14)
        calls.ask_experts(need, [desk.user("expert")], actor=desk.clerk, day=desk.ago(days), due_on=due)
        return
    calls.move_need(need, name, actor=desk.clerk, day=desk.ago(days))
