"""A table that came back from visits to firms: exported, changed by hand, and waiting to be looked through."""

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any

from django.core.files.base import ContentFile

from qunxing.core.sheets import SheetColumn, sheets
from qunxing.demo.desk import Desk
from qunxing.directory.models import Organization
from qunxing.intake.sheets import actions, books, out
from qunxing.intake.sheets.headings import NOTE, propose, settle
from qunxing.intake.sheets.preview import tables_of

NAME = "企业走访登记表.xlsx"
VISIT = "走访记录"
# {key of a firm: what the visitor wrote over}; the first is changed in the ledger, too.
WRITTEN: dict[str, dict[str, object]] = {
    "lanqiao": {"address": "演示路 18 号 2 层", VISIT: "已签新约，月底搬"},
    "zhumeng": {"size_class": "中型", "website": "https://zhumeng-studio.demo.example/"},
    "qingluan": {"registered_capital": "3000万", VISIT: "增资，待工商变更"},
    "hanhai-med": {"short_name": "瀚澜"},
    "lingxi": {"english_name": "Lingxi Speech", "description": "做语音识别与合成，面向客服和车载两类场景。"},
    "mojing": {"founded_on": "去年夏天"},
    "tongqu": {"size_class": "小微企业一类"},
    "yunqin": {},
    "suanyu": {},
    "zhiheng": {},
    "dunjia": {},
}
MET: tuple[dict[str, object], ...] = (
    # It sounds like a firm that is there, and may be that.
    {"name": "演示·蓝乔语义科技有限公司", "short_name": "蓝乔", "website": "https://lanqiao.demo.example/"},
    {"name": "演示·溯源芯片设计有限公司", "founded_on": "2025年3月", "registered_capital": "500万"},
    # A spreadsheet has made a number of the code and lost its last digits.
    {"name": "演示·测云遥感科技有限公司", "uscc": 9.10000001122335e17},
)


def add_visit_table(desk: Desk) -> None:
    """Keep the table as a batch whose preview waits: rows new, changed, in conflict, in error and met twice."""
    spec = sheets()["organizations"]
    columns = out.columns_for(spec, desk.clerk)
    firms = [desk.find(Organization, key) for key in WRITTEN]
    told = out.told_rows(spec, columns, Organization.objects.filter(pk__in=[one.pk for one in firms]), user=desk.clerk)
    by_mark = {str(row[-1]).partition("#")[0]: row for row in told}
    headings = out.headings(spec, columns)
    file = BytesIO()
    rows = visited(columns, [by_mark[firm.ref] for firm in firms])
    books.write_rows(spec, columns, [*headings[:-1], VISIT, headings[-1]], rows, file)
    desk.change(firms[0], "lanqiao", {"address": "演示路 18 号 1 层"}, reason="企业来电更正")
    batch = actions.upload(
        spec,
        actor=desk.clerk,
        name=NAME,
        content=ContentFile(file.getvalue()),
        day=desk.ago(2),
        title="演示·企业走访登记表",
        origin="演示·企业服务专员",
        reason="走访后更新企业信息",
    )
    mapping = settle(spec, propose(spec, tables_of(batch)), {VISIT: NOTE})
    actions.remap(batch, mapping, actor=desk.clerk)
    actions.preview(batch, actor=desk.clerk)


def visited(columns: Sequence[SheetColumn], exported: Sequence[Sequence[Any]]) -> Iterator[list[object]]:
    """The rows as the visitor left them: written over, one of them copied, firms met on the way below."""
    names = [column.name for column in columns]
    for row, written in zip(exported, WRITTEN.values(), strict=True):
        cells = dict(zip(names, row, strict=False)) | written
        yield [*(cells[name] for name in names), written.get(VISIT, ""), row[-1]]
    last = exported[-1]
    yield [*last[:-1], "又记了一次", last[-1]]
    for met in MET:
        yield [*(met.get(name, "") for name in names), "新认识", ""]
