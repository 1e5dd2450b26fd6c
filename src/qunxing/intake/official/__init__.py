"""The officially published lists as plain data: every row a filing, or for staff with reasons, or skipped and why."""

from qunxing.intake.official.listing import judge_tables, read_list
from qunxing.intake.official.remarks import PartKind, RemarkPart, read_remark
from qunxing.intake.official.rows import Family, ListKind, ListRow, OfficialList, Place, ReadTable, RejectedRow

__all__ = [
    "Family",
    "ListKind",
    "ListRow",
    "OfficialList",
    "PartKind",
    "Place",
    "ReadTable",
    "RejectedRow",
    "RemarkPart",
    "judge_tables",
    "read_list",
    "read_remark",
]
