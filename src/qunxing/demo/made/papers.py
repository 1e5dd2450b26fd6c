"""Two samples of Word templates: a form for one filing, a directory for a list of firms."""

from pathlib import Path

from django.core.files.base import ContentFile

from qunxing.core.uploads import check_upload
from qunxing.demo.desk import Desk
from qunxing.intake.models import Paper
from qunxing.ledger.models import Visibility

DATA = Path(__file__).parents[1] / "data"


def add_papers(desk: Desk) -> None:
    note = "样表：条件、材料与时间以当年申报通知为准。"
    add(desk, "filing-reward", "备案（登记）奖励申请表", "filings", note=note)
    add(desk, "firm-directory", "企业名录", "organizations", together=True)


def add(desk: Desk, key: str, name: str, sheet: str, **more: object) -> Paper:
    file = ContentFile((DATA / f"{key}.docx").read_bytes(), f"{key}.docx")
    digest = check_upload(file)
    paper = Paper(name=name, sheet_code=sheet, file=file, digest=digest, visibility=Visibility.COMMUNITY, **more)
    return desk.add(paper, key, reason="收录样表")
