"""Every kind of bad file and bad row, on the command line and by upload: a clear answer, and the rest is not lost."""

import csv
import io
import json
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from qunxing.accounts.models import Kind
from qunxing.cli import app
from qunxing.directory.models import Organization
from qunxing.intake.models import Batch, StaffRow
from qunxing.ledger.jobs import run_job
from qunxing.ledger.models import Job, LogEntry
from qunxing.registry.models import AIModel, Filing
from tests import factories as people
from tests.intake.files import lines, saved, with_sheet, workbook
from tests.intake.made import ALGORITHMS, FILED, OWNER, REGISTERED, algorithm, algorithms, filed, registered, sheet

pytestmark = pytest.mark.django_db
GENAI, ALGORITHM = "genai-filings", "algorithm-filings"
LONG = "长" * 5_000
HTML = "<script>alert(1)</script>"
FORMULA = '=HYPERLINK("http://example.org","点我")'


def xml_rows(*rows):
    """Rows as a workbook holds them, whatever stands in them."""
    cell = '<c t="inlineStr"><is><t>{}</t></is></c>'.format
    return "".join(f"<row>{''.join(map(cell, row))}</row>" for row in rows)


def bomb():
    """A workbook of a few kilobytes that unpacks to half a gigabyte."""
    out = io.BytesIO(workbook([FILED, filed(1)]))
    with ZipFile(out, "a", ZIP_DEFLATED) as archive, archive.open("xl/worksheets/sheet2.xml", "w") as part:
        for _block in range(512):
            part.write(b" " * 1024 * 1024)
    return out.getvalue()


# By name: the list, the content, what is said of it.
REFUSED = {
    "empty": (GENAI, b"", "The file is empty."),
    "spaces": (GENAI, b" \r\n\r\n", "The file holds no text."),
    "wrong columns": (GENAI, b"a,b,c\r\n1,2,3\r\n", "No row has the expected headings."),
    "a column missing": (
        GENAI,
        sheet(["1", "上海市", "模型", OWNER, "2024/1/1"], head=[*FILED[:4], FILED[5]]),
        "Headings are missing: 备案号.",
    ),
    "the other list": (GENAI, algorithms(algorithm(1)), "Import it as that."),
    "pdf": (GENAI, b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "This is a PDF, not a table."),
    "zero bytes": (GENAI, sheet(filed(1, title="模型\0一")), "bytes that no text has"),
    "zip bomb": (GENAI, bomb(), "unpack"),
    "picture named csv": (ALGORITHM, b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "This is a picture, not a table."),
    "header alone": (GENAI, sheet(), None),
}


def command(tmp_path, capsys, code, content, *options):
    """(exit status, standard output, standard error) of an import."""
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    status = app.run(["import", code, str(path), *options])
    told = capsys.readouterr()
    return status, told.out, told.err


def upload(client, code, content, name="list.csv"):
    """The import as far as its preview."""
    file = SimpleUploadedFile(name, content)
    answer = client.post(reverse("intake:import-create"), {"list_code": code, "file": file, "day": "2025-06-01"})
    if answer.status_code != 302:
        return answer
    run_job.func(Job.objects.latest("pk").pk)
    return Batch.objects.latest("pk")


def apply(client, batch):
    client.post(reverse("intake:import-apply", args=[batch.ref]))
    run_job.func(Job.objects.latest("pk").pk)
    batch.refresh_from_db()
    return batch


@pytest.fixture
def clerk(client):
    client.force_login(people.user(Kind.STAFF))
    client.cookies["language"] = "en"
    return client


@pytest.mark.parametrize("name", [name for name, case in REFUSED.items() if case[2]])
def test_file_that_is_no_such_list_is_refused(tmp_path, capsys, clerk, name):
    code, content, said = REFUSED[name]
    entries = LogEntry.objects.count()
    status, out, err = command(tmp_path, capsys, code, content, "--json")
    assert (status, out, said in err) == (2, "", True), err
    if content:
        batch = upload(clerk, code, content)
        assert (batch.state, said in batch.problem) == ("refused", True)
        page = clerk.get(batch.get_absolute_url()).content.decode()
        assert said in page
    else:
        answer = upload(clerk, code, content)
        assert answer.status_code == 422
    assert (LogEntry.objects.count(), Filing.objects.count()) == (entries, 0)


def test_list_without_rows_is_done_with_nothing(tmp_path, capsys):
    status, out, _err = command(tmp_path, capsys, GENAI, sheet(), "--json")
    assert (status, json.loads(out)["rows"]) == (0, 0)


# By name: the content, and the reason with which its bad row goes to staff.
LEFT = {
    "number of no shape": (sheet(filed(1), filed(2, record="沪备2024-01")), "does not have the shape"),
    "algorithm number of no shape": (
        algorithms(algorithm(1), [*algorithm(2)[:5], "网信算备31010412345号", ""]),
        "It has 11 digits.",
    ),
    "same number, other name": (
        sheet(filed(1), filed(2, record=filed(1)[4], owner="上海乙智能科技有限公司")),
        "has the same number, but there it is",
    ),
    "name of 5,000 characters": (sheet(filed(1), filed(2, title=LONG)), "模型名称 has 5000 characters"),
    "firm of 5,000 characters": (sheet(filed(1), filed(2, owner=LONG)), "备案单位 has 5000 characters"),
    "day that is none": (sheet(filed(1), filed(2, day="2023-02-30")), "there is no day 30 in month 2 of 2023"),
    "no name": (sheet(filed(1), [2, "上海市", "", OWNER, "Shanghai-MoXing2-20240101", ""]), "模型名称 is empty."),
    "no firm": (sheet(filed(1), [2, "上海市", "模型2", "—", "Shanghai-MoXing2-20240101", ""]), "备案单位 is empty."),
    "short row": (sheet(filed(1), [2, "上海市", "模型2"]), "is empty."),
}


@pytest.mark.parametrize("name", LEFT)
def test_row_that_cannot_be_placed_goes_to_staff_and_the_rest_is_taken_in(tmp_path, capsys, clerk, name):
    content, reason = LEFT[name]
    code = ALGORITHM if name.startswith("algorithm") else GENAI
    status, out, _err = command(tmp_path, capsys, code, content, "--json", "--dry-run")
    report = json.loads(out)
    assert (status, report["rows"], report["added"]) == (1, 2, 1)
    assert [(left["row"], reason in left["reason"]) for left in report["for_staff"]] == [(3, True)]
    batch = apply(clerk, upload(clerk, code, content))
    assert (batch.state, Filing.objects.count(), StaffRow.objects.count()) == ("applied", 1, 1)
    row = StaffRow.objects.get()
    assert reason in str(row.reason)
    page = clerk.get(row.get_absolute_url()).content.decode()
    assert clerk.get(batch.get_absolute_url()).status_code == 200
    assert row.cells["序号" if code == GENAI else "备案编号"] in page


def test_whole_of_a_row_is_kept_for_staff(clerk):
    apply(clerk, upload(clerk, GENAI, sheet(filed(1, title=LONG))))
    assert StaffRow.objects.get().cells["模型名称"] == LONG


# By name: the content, and the names of the filings in it.
READ = {
    "gbk": (lines(FILED, filed(1)).encode("gbk"), ["模型1"]),
    "utf-16 with its mark": (lines(FILED, filed(1)).encode("utf-16"), ["模型1"]),
    "utf-16 without": (lines(FILED, filed(1)).encode("utf-16-le"), ["模型1"]),
    "utf-8 with its mark": (lines(FILED, filed(1)).encode("utf-8-sig"), ["模型1"]),
    "tabs": (lines(FILED, filed(1), delimiter="\t").encode(), ["模型1"]),
    "title and merged cells": (
        workbook([["上海市生成式人工智能服务已备案信息"], [], FILED, filed(1)], merged=["A1:F1"]),
        ["模型1"],
    ),
    "region merged over rows": (
        workbook([FILED, filed(1), [2, None, *filed(2)[2:]]], merged=["B2:B3"]),
        ["模型1", "模型2"],
    ),
    "second header": (lines(FILED, filed(1), REGISTERED, registered(1)).encode(), ["模型1", "应用1"]),
    "late entry": (sheet(filed(1, day="2026/5/1（补登）")), ["模型1"]),
    "misspelt prefix": (sheet(filed(1, record="Shinghai-MoXing1-20240101")), ["模型1"]),
    "letter for a digit": (sheet(filed(1, record="Shanghai-MoXing1-2O240101")), ["模型1"]),
    "hyphens in the middle": (sheet(filed(1, record="Shanghai-MT-WorkGpt-20240424")), ["模型1"]),
    "central enterprise": (sheet(filed(1, region="国资委", record="ZhongYangQiYe-X-20240101")), ["模型1"]),
    "numbers anew and blank rows": (
        lines(FILED, filed(1), [], ["合计", 1], filed(1, record="Shanghai-B-20240101")).encode(),
        ["模型1", "模型1"],
    ),
    "zero byte in a cell": (with_sheet(xml_rows(FILED, filed(1, title="模型_x0000_一"))), ["模型一"]),
}


@pytest.mark.parametrize("name", READ)
def test_what_only_looks_odd_is_read(tmp_path, capsys, clerk, name):
    content, titles = READ[name]
    status, out, err = command(tmp_path, capsys, GENAI, content, "--json")
    assert (status, json.loads(out)["added"]) == (0, len(titles)), err + out
    assert list(Filing.objects.order_by("pk").values_list("name", flat=True)) == titles
    batch = apply(clerk, upload(clerk, GENAI, content))
    assert batch.counts["unchanged"] == len(titles)


def test_late_entry_keeps_its_remark(tmp_path, capsys):
    command(tmp_path, capsys, GENAI, READ["late entry"][0])
    filing = Filing.objects.get()
    assert (filing.granted_on.isoformat(), filing.granted_note) == ("2026-05-01", "补登")


def test_merged_region_is_that_of_every_row(tmp_path, capsys):
    command(tmp_path, capsys, GENAI, READ["region merged over rows"][0])
    assert set(Filing.objects.values_list("region", flat=True)) == {"31"}


def test_misspelt_prefix_is_told_of(tmp_path, clerk):
    batch = upload(clerk, GENAI, READ["misspelt prefix"][0])
    assert "“Shinghai” is not how a province is written" in clerk.get(batch.get_absolute_url()).content.decode()


def test_reason_is_read_in_the_readers_language(clerk):
    batch = apply(clerk, upload(clerk, GENAI, sheet(filed(1, day="2023-02-30"))))
    clerk.cookies["language"] = "zh-hans"
    for url in (batch.get_absolute_url(), reverse("intake:staff-rows"), StaffRow.objects.get().get_absolute_url()):
        assert "“2023-02-30”有误" in clerk.get(url).content.decode()


def quoted(rows):
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def test_html_and_formulas_are_shown_as_text_and_exported_as_text(clerk):
    rows = [FILED, filed(1, title=HTML, owner=f"{FORMULA}公司"), filed(2, title=FORMULA, record=HTML)]
    batch = apply(clerk, upload(clerk, GENAI, quoted(rows)))
    pages = [batch.get_absolute_url(), reverse("intake:staff-rows")]
    pages += [row.get_absolute_url() for row in StaffRow.objects.all()]
    pages += [record.get_absolute_url() for kind in (Filing, Organization, AIModel) for record in kind.objects.all()]
    for url in pages:
        assert HTML not in clerk.get(url).content.decode()
    text = b"".join(clerk.get(reverse("intake:staff-rows"), {"format": "csv", "col": ["row", "cells"]}))
    assert HTML in text.decode("utf-8-sig")


def test_export_does_not_run_what_a_cell_held(clerk):
    apply(clerk, upload(clerk, GENAI, sheet(filed(1, record="+1+cmd|' /C calc'!A0", title="=1+1"))))
    query = {"format": "csv", "col": ["reason", "cells"]}
    text = b"".join(clerk.get(reverse("intake:staff-rows"), query)).decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    file = clerk.get(reverse("registry:filing-list"), {"format": "xlsx"})
    book = load_workbook(io.BytesIO(b"".join(file)))
    assert all(cell.data_type != "f" for row in book.active.iter_rows() for cell in row)


HOSTILE = [
    "../../etc/passwd",
    "<b>x</b>.csv",
    "a\r\nSet-Cookie: x=1.csv",
    "\u202evsc.exe",
    "名" * 300 + ".csv",
    ".csv",
    "x\0y.csv",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file_name_does_no_harm(clerk, settings, tmp_path, name):
    settings.MEDIA_ROOT = tmp_path / "files"
    batch = upload(clerk, GENAI, sheet(filed(1)), name=name)
    if isinstance(batch, Batch):
        assert [path.parent.parent for path in settings.MEDIA_ROOT.rglob("*.list")] == [settings.MEDIA_ROOT / "imports"]
        page = clerk.get(batch.get_absolute_url()).content.decode()
        assert ("<b>x</b>" in page, "\u202e" in page) == (False, False)
        answer = clerk.get(reverse("intake:import-file", args=[batch.ref]))
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert (answer.headers["Content-Type"], b"".join(answer)) == ("application/octet-stream", sheet(filed(1)))
    else:
        assert batch.status_code == 422


def test_file_over_the_limit_is_refused_before_it_is_read(clerk, settings):
    settings.UPLOAD_LIMIT = 1024
    answer = upload(clerk, GENAI, sheet(*(filed(number) for number in range(3_000))))
    assert (answer.status_code, Batch.objects.count()) == (413, 0)
    assert "The file has more than" in answer.content.decode()


def test_file_a_little_over_the_limit_is_refused_by_the_form(clerk, settings):
    settings.UPLOAD_LIMIT = 1024
    answer = upload(clerk, GENAI, b"x" * 2_000)
    assert (answer.status_code, Batch.objects.count()) == (422, 0)


@pytest.mark.slow
def test_40_000_rows_are_taken_in(tmp_path, capsys):
    """Loosely bounded: it must end, in one piece, every row counted; of CPU time, for a busy machine is no fault."""
    import time

    book = Workbook(write_only=True)
    page = book.create_sheet()
    page.append(ALGORITHMS)
    for number in range(40_000):
        row = algorithm(1, owner=f"上海演示{number // 4}号科技有限公司", entity=f"{number // 4:07}")
        row[5] = f"网信算备310104{number // 4:07}0124{number % 1000:03}{number % 10}号"
        page.append(row)
    begin = time.process_time()
    status, out, err = command(tmp_path, capsys, ALGORITHM, saved(book), "--json")
    report = json.loads(out)
    assert (status, report["rows"], report["added"]) == (0, 40_000, 40_000), err
    assert Organization.objects.count() == 10_000
    assert time.process_time() - begin < 400
