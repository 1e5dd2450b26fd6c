"""Makes the two samples of Word templates that staff can edit: run it after a change, and commit what it writes.

The application for the reward of a filed model, for one filing, and a directory of firms, for a list of them. Their
placeholders are those of docs/papers.md.
"""

from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm

from tools.annex import set_up, write

FOLDER = Path(__file__).resolve().parents[1] / "src" / "qunxing" / "demo" / "data"
APPLICANT = (
    ("单位名称", "{{ record.organization.name }}"),
    ("统一社会信用代码", "{{ record.organization.uscc }}"),
    ("成立日期", "{{ record.organization.founded_on }}"),
    ("注册资本", "{{ record.organization.registered_capital }}"),
    ("注册地址", "{{ record.organization.address }}"),
    ("网址", "{{ record.organization.website }}"),
)
SERVICE = (
    ("模型（服务）名称", "{{ record.name }}"),
    ("类别", "{{ record.kind }}"),
    ("备案（登记）编号", "{{ record.number }}"),
    ("通过日期", "{{ record.granted_on }}"),
    ("属地", "{{ record.region_text }}"),
    ("应用产品", "{{ record.product }}"),
    ("主要用途", "{{ record.purpose }}"),
)
ENCLOSED = ("营业执照复印件", "备案（登记）公告或通知复印件", "信用情况说明")


FIRMS = (
    ("企业", "{{ record.name }}"),
    ("统一社会信用代码", "{{ record.uscc }}"),
    ("技术领域", "{{ record.fields }}"),
    ("规模", "{{ record.size_class }}"),
    ("网址", "{{ record.website }}"),
)


def main() -> None:
    write(reward_form(), FOLDER / "filing-reward.docx")
    write(directory(), FOLDER / "firm-directory.docx")


def directory() -> Any:
    """A table with a row for each record."""
    document = Document()
    set_up(document)
    document.add_heading("企业名录", level=0).alignment = WD_ALIGN_PARAGRAPH.CENTER
    document.add_paragraph("共 {{ count }} 家，{{ today }} 由 {{ maker }} 导出。")
    table = document.add_table(rows=4, cols=len(FIRMS), style="Table Grid")
    table.rows[1].cells[0].text = "{%tr for record in records %}"
    table.rows[3].cells[0].text = "{%tr endfor %}"
    for column, (label, placeholder) in enumerate(FIRMS):
        table.rows[0].cells[column].text = label
        table.rows[2].cells[column].text = placeholder
    return document


def reward_form() -> Any:
    """The applicant, the filing, what is enclosed, and where to sign."""
    document = Document()
    set_up(document)
    title = document.add_heading("生成式人工智能服务备案（登记）奖励申请表", level=0)
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    document.add_paragraph("（样表：请按当年申报通知核对条件、材料与时间）").alignment = WD_ALIGN_PARAGRAPH.CENTER
    section(document, "一、申请单位", APPLICANT)
    contacts(document)
    section(document, "二、备案（登记）情况", SERVICE)
    document.add_heading("三、随附材料", level=2)
    for number, line in enumerate(ENCLOSED, start=1):
        document.add_paragraph(f"{number}. {line}")
    document.add_heading("四、承诺", level=2)
    document.add_paragraph("本单位承诺所填内容及所附材料真实、完整，并承担相应责任。")
    document.add_paragraph("申请单位（盖章）：　　　　　　　　　　法定代表人（签字）：")
    document.add_paragraph("填表日期：{{ today }}　　填表人：{{ maker }}")
    return document


def section(document: Any, heading: str, rows: tuple[tuple[str, str], ...]) -> None:
    document.add_heading(heading, level=2)
    table = document.add_table(rows=len(rows), cols=2, style="Table Grid")
    for line, (label, placeholder) in zip(table.rows, rows, strict=True):
        line.cells[0].text, line.cells[1].text = label, placeholder
        line.cells[0].width, line.cells[1].width = Cm(4.5), Cm(11.5)


def contacts(document: Any) -> None:
    """Each contact of the applicant, as far as who fills the form in may see them."""
    document.add_paragraph("{%p for person in record.organization.contacts %}")
    document.add_paragraph("联系人：{{ person.name }}　{{ person.title }}　{{ person.phone }}　{{ person.email }}")
    document.add_paragraph("{%p endfor %}")


if __name__ == "__main__":
    main()
