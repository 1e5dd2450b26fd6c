"""Made-up lists and what is taken in of them."""

from datetime import date
from pathlib import Path
from typing import Any

from qunxing.intake import actions
from qunxing.intake.catalogue import known_list
from qunxing.ledger.models import Evidence, LogEntry
from tests.intake.files import lines

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
FILED = ["序号", "属地", "模型名称", "备案单位", "备案号", "备案时间"]
REGISTERED = ["序号", "属地", "应用/功能名称", "登记单位", "上线编号", "登记时间"]
ALGORITHMS = ["算法名称", "算法类别", "主体名称", "应用产品", "主要用途", "备案编号", "备注"]
OWNER = "上海甲智能科技有限公司"
DAY = date(2025, 6, 1)
LATER = date(2025, 7, 1)


def filed(number=1, *, title=None, owner=OWNER, record=None, day="2024/1/1", region="上海市"):
    return [number, region, title or f"模型{number}", owner, record or f"Shanghai-MoXing{number}-20240101", day]


def registered(number=1, *, title=None, owner=OWNER, record=None, day="2024/5/1", region="上海市"):
    return [number, region, title or f"应用{number}", owner, record or f"Shanghai-YingYong{number}-20240501S0001", day]


def algorithm(serial=1, *, title=None, owner=OWNER, product="甲助手（APP）", entity="1234567", remark=""):
    number = f"网信算备310104{entity}0124{serial:03}9号"
    return [title or f"算法{serial}", "深度合成类", owner, product, "应用于问答。", number, remark]


def sheet(*rows, head=FILED):
    return lines(head, *rows).encode()


def registrations(*rows):
    return sheet(*rows, head=REGISTERED)


def algorithms(*rows):
    return sheet(*rows, head=ALGORITHMS)


def take_in(tmp_path, content: bytes, *, code="genai-filings", day=DAY, actor=None, name="list.csv", **words: Any):
    """(batch, plan) of a list taken in the way the command line does it."""
    path = tmp_path / name
    path.write_bytes(content)
    words = {"title": "名单", "publisher": "网信办", **words}
    return actions.apply_file(path, name, known_list(code), actor=actor, day=day, **words)


def plan_of(tmp_path, content: bytes, *, code="genai-filings", day=DAY, name="list.csv"):
    path = tmp_path / name
    path.write_bytes(content)
    return actions.prepare_file(path, name, known_list(code), day=day).plan


def outcomes(plan) -> list[str]:
    return [str(row.outcome) for row in plan.rows]


def reasons(plan) -> list[str]:
    return [str(left.reason) for left in plan.for_staff]


def notes(plan) -> list[list[str]]:
    return [[str(note) for note in row.notes] for row in plan.rows]


def traces() -> tuple[int, int]:
    """What any write to the ledgers leaves: entries of the log, pieces of evidence."""
    return LogEntry.objects.count(), Evidence.objects.count()


def one(kind: Any, **filters: Any) -> Any:
    return kind.objects.get(**filters)
