"""Pages and files of reports: who gets what, what is in them, bad input."""

from hashlib import sha256
from html import unescape
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook

from qunxing.directory.models import Scope
from qunxing.indicators.models import Report, ReportContent, ReportTemplate
from qunxing.indicators.queries import reports as queries
from qunxing.indicators.reports.docx import word_file
from qunxing.indicators.reports.keeping import plain
from qunxing.indicators.reports.paper import Paper
from qunxing.indicators.reports.plaintext import text_file
from qunxing.indicators.reports.xlsx import workbook_file
from qunxing.ledger.actions import change, create
from tests import factories
from tests.indicators import reporting
from tests.indicators.reporting import AT, BODY, DAY

pytestmark = pytest.mark.django_db
SECRET = "隐秘科技有限公司"
FORMS = ("", "report.json", "report.docx", "report.xlsx")


def client(kind: str = "") -> Client:
    """Of a user of that kind; of nobody for none."""
    made = Client()
    if kind:
        made.force_login(factories.user(kind))
    return made


@pytest.fixture
def scope() -> Scope:
    return factories.scope()


def url(report: Report, end: str = "") -> str:
    return f"{report.get_absolute_url()}{end}"


def text_in(content: bytes) -> str:
    """Everything that a file says; the parts of a zip unpacked."""
    if not content.startswith(b"PK"):
        return content.decode()
    with ZipFile(BytesIO(content)) as file:
        return unescape("".join(file.read(name).decode(errors="ignore") for name in file.namelist()))


# --- who gets what --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", ["public", "community", "internal"])
@pytest.mark.parametrize("end", FORMS, ids=["page", "json", "docx", "xlsx"])
def test_an_issued_report_opens_to_its_audience(scope: Scope, level: str, end: str) -> None:
    row = reporting.issued(scope=scope, visibility=level)
    opened = {
        kind: client(kind).get(url(row, end)).status_code for kind in ("", "visitor", "member", "officer", "staff")
    }
    outside, inside = level == "public", level != "internal"
    answers = {"": outside, "visitor": inside, "member": inside, "officer": True, "staff": True}
    assert opened == {kind: 200 if may else 404 for kind, may in answers.items()}


@pytest.mark.parametrize("end", FORMS, ids=["page", "json", "docx", "xlsx"])
def test_a_draft_is_between_staff_and_officers(scope: Scope, end: str) -> None:
    row = reporting.report(scope=scope, visibility="public")
    opened = [client(kind).get(url(row, end)).status_code for kind in ("", "member", "officer", "staff")]
    assert opened == [404, 404, 200, 200]


@pytest.mark.parametrize("end", [*FORMS, "figures/1/", "differences/", "kept.json"], ids=str)
def test_a_hidden_row_is_in_no_form_of_a_public_report(scope: Scope, end: str) -> None:
    hidden = reporting.stay(scope, firm=factories.organization(name=SECRET, visibility="internal"))
    reporting.stay(scope, name="公开科技有限公司")
    row = reporting.issued(scope=scope, visibility="public")
    for kind in ("", "visitor", "staff"):
        found = text_in(client(kind).get(url(row, end)).content)
        assert [word for word in (SECRET, hidden.ref, "2家") if word in found] == []


@pytest.mark.parametrize("end", [*FORMS, "figures/1/"], ids=str)
def test_a_row_that_was_closed_since_is_no_longer_named(scope: Scope, end: str) -> None:
    stay = reporting.stay(scope, name=SECRET)
    row = reporting.issued(scope=scope, visibility="public")
    assert SECRET in text_in(client().get(url(row, end)).content) or end == "report.json"
    change(stay.organization, actor=None, values={"visibility": "internal"})
    found = text_in(client("visitor").get(url(row, end)).content)
    assert [word for word in (SECRET, stay.ref) if word in found] == []
    said = client().get(f"/api/v1/reports/{row.ref}").json()["indicators"]
    assert {one["code"]: (one["value"], one["rows"]) for one in said}["resident_firms"] == (1, [])
    kept = client("officer").get(url(row, "report.json")).json()["indicators"]
    assert {one["code"]: one["rows"] for one in kept}["resident_firms"] == [stay.ref]


def test_lists_show_a_reader_what_is_open(scope: Scope) -> None:
    rows = {level: reporting.issued(scope=scope, visibility=level) for level in ("public", "community", "internal")}
    draft = reporting.report(scope=scope, visibility="public")
    seen = {"": ["public"], "visitor": ["public", "community"], "officer": ["public", "community", "internal"]}
    for kind, levels in seen.items():
        found = client(kind).get(reverse("indicators:report-list")).content.decode()
        assert [level for level, row in rows.items() if row.ref in found] == levels
        assert (draft.ref in found) == (kind == "officer")
        export = b"".join(client(kind).get(reverse("indicators:report-list"), {"format": "csv"})).decode()
        assert [level for level, row in rows.items() if row.number in export] == levels


def test_the_api_shows_what_is_open_and_its_contract(scope: Scope) -> None:
    rows = {level: reporting.issued(scope=scope, visibility=level) for level in ("public", "internal")}
    listed = client().get("/api/v1/reports").content.decode()
    assert [level for level, row in rows.items() if row.number in listed] == ["public"]
    assert client().get(f"/api/v1/reports/{rows['internal'].ref}").status_code == 404
    found = client().get(f"/api/v1/reports/{rows['public'].ref}").json()
    assert (found["number"], found["digest"]) == (rows["public"].number, rows["public"].digest)


def test_who_issued_is_told_to_officers_and_staff(scope: Scope) -> None:
    clerk = factories.user("staff", name="王签发")
    row = reporting.report(scope=scope, visibility="public")
    answer = client_of(clerk).post(url(row, "issue/"), {"reason": "月度例行"}, follow=True)
    assert "RP-" in answer.content.decode()
    told = {kind: "王签发" in page(row, kind) for kind in ("", "member", "officer", "staff")}
    assert told == {"": False, "member": False, "officer": True, "staff": True}


def client_of(user: Any) -> Client:
    made = Client()
    made.force_login(user)
    return made


def page(row: Report, kind: str) -> str:
    return client(kind).get(url(row)).content.decode()


@pytest.mark.parametrize("step", ["issue", "drop", "reissue", "edit"])
def test_steps_are_for_staff(scope: Scope, step: str) -> None:
    row = reporting.issued(scope=scope, visibility="public") if step == "reissue" else reporting.report(scope=scope)
    data = {"reason": "核对无误"}
    refused = {kind: client(kind).post(url(row, f"{step}/"), data).status_code for kind in ("visitor", "officer")}
    assert set(refused.values()) <= {403, 404}
    assert client("staff").post(url(row, f"{step}/"), data).status_code in {302, 422}
    assert client("staff").get(url(row, f"{step}/")).status_code in {405, 200, 409}


# --- what is in them ------------------------------------------------------------------------------------------------


def test_the_page_opens_figures_and_rows_and_tells_the_proof(scope: Scope) -> None:
    stay = reporting.stay(scope, name="常驻科技有限公司")
    row = reporting.issued(scope=scope)
    found = page(row, "staff")
    assert all(
        word in found for word in ("常驻科技有限公司", row.digest, stay.get_absolute_url(), url(row, "figures/1/"))
    )
    figure = client("officer").get(url(row, "figures/1/")).content.decode()
    assert stay.get_absolute_url() in figure
    ReportContent.objects.update(kept=b"harmed")
    assert client("staff").get(url(row)).status_code == 500
    assert "损坏" in client("staff").get(url(row)).content.decode()
    for end in ("kept.json", "report.docx", "differences/"):
        assert client("staff").get(url(row, end)).status_code == 500
    told = client("staff").get(f"/api/v1/reports/{row.ref}")
    assert (told.status_code, "损坏" in told.json()["detail"]) == (500, True)


def test_what_is_kept_can_be_held_against_the_log(scope: Scope) -> None:

    row = reporting.issued(scope=scope, visibility="public")
    kept = client("officer").get(url(row, "kept.json")).content
    assert sha256(kept).hexdigest() == row.digest
    assert client("visitor").get(url(row, "kept.json")).status_code == 403
    assert client("staff").get(url(reporting.report(scope=scope), "kept.json")).status_code == 404


def test_differences_name_the_rows(scope: Scope) -> None:
    stay = reporting.stay(scope, name="早退科技有限公司")
    row = reporting.issued(scope=scope, visibility="public")
    change(stay, actor=None, values={"stage": "left", "left_on": "2025-03-31"}, reason="更正")
    found = client("staff").get(url(row, "differences/")).content.decode()
    assert all(word in found for word in ("1家", "0家", "早退科技有限公司", stay.get_absolute_url()))
    answer = client("staff").post(url(row, "reissue/"), follow=True)
    assert "早退科技有限公司" in answer.content.decode()
    assert client("visitor").get(url(row, "differences/")).status_code == 403


def paper(content: dict[str, Any]) -> Paper:
    return Paper(plain(content), digest="d" * 64)


def content_with(name: str, scope: Scope) -> dict[str, Any]:
    reporting.stay(scope, name=name)
    body = f"{BODY}!trend resident_firms for 3 months\n{name}"
    return dict(queries.content_now(reporting.report(reporting.template(body=body), scope), all_names=True))


def test_word_and_workbook_say_what_the_page_says(scope: Scope) -> None:
    made = paper(content_with("常驻科技有限公司", scope))
    document = Document(BytesIO(word_file(made)))
    words = [line.text for line in document.paragraphs] + [
        cell.text for table in document.tables for row in table.rows for cell in row.cells
    ]
    assert any("在驻企业1家" in line for line in words)
    assert any(line.startswith("常驻科技有限公司") for line in words)
    assert "2025-05" in words
    book = load_workbook(BytesIO(workbook_file(made)))
    assert book.sheetnames == ["报告", "入驻", "数字背后的记录", "指标口径"]
    sheet = book["入驻"]
    numbers = [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "n" and cell.value is not None]
    assert (numbers[0].value, numbers[0].number_format, sheet.freeze_panes) == (1, '#,##0"家"', "A2")
    assert "在驻企业1家" in text_file(made)


def test_the_same_content_gives_the_same_bytes(scope: Scope, monkeypatch: pytest.MonkeyPatch) -> None:
    made = paper(content_with("常驻科技有限公司", scope))
    first = word_file(made), workbook_file(made)
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    assert (word_file(made), workbook_file(made)) == first


@pytest.mark.parametrize(
    "name", ["=1+1有限公司", "@SUM(A1)公司", "坏\x0b字符公司", "名" * 180], ids=["=", "@", "control", "long"]
)
def test_no_name_runs_or_breaks_a_file(scope: Scope, name: str) -> None:
    found = content_with("甲公司", scope)
    for row in found["rows"]["directory.residency"].values():
        row["name"] = name
    found["sections"][0]["heading"] = name
    found["title"] = name
    made = paper(found)
    book = load_workbook(BytesIO(workbook_file(made)))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert [cell.value for cell in cells if cell.data_type == "f"] == []
    assert Document(BytesIO(word_file(made))).paragraphs


def test_sheets_of_sections_with_the_same_heading_have_names_of_their_own(scope: Scope) -> None:
    content = content_with("甲公司", scope)
    content["sections"] *= 3
    book = load_workbook(BytesIO(workbook_file(paper(content))))
    assert book.sheetnames[1:4] == ["入驻", "入驻 (2)", "入驻 (3)"]


# --- forms ----------------------------------------------------------------------------------------------------------


def fields(of: ReportTemplate, within: Scope, **more: Any) -> dict[str, Any]:
    return {"template": of.ref, "scope": within.ref, "as_of": "2025-05-07", "visibility": "internal"} | more


def test_a_draft_is_made_by_hand(scope: Scope) -> None:
    template = reporting.template()
    opened = client("staff").get(reverse("indicators:report-create"), {"template": template.ref})
    assert f'value="{scope.ref}" selected' in opened.content.decode()
    answer = client("staff").post(reverse("indicators:report-create"), fields(template, scope))
    made = Report.objects.get()
    assert (answer.status_code, made.as_of, made.state) == (302, DAY, "draft")


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ({"as_of": "2099-01-01"}, "最晚可查"),
        ({"as_of": "1900-01-01"}, "as_of"),
        ({"as_of": "昨天"}, "as_of"),
        ({"known_at": "2099-01-01"}, "最晚可查"),
        ({"template": "nothing"}, "template"),
        ({"scope": ""}, "scope"),
        ({"visibility": "world"}, "visibility"),
    ],
    ids=["future", "early", "no-day", "known-future", "template", "scope", "audience"],
)
def test_a_draft_that_cannot_be_is_refused_by_name(scope: Scope, values: dict[str, str], word: str) -> None:
    data = fields(reporting.template(), scope, **values)
    answer = client("staff").post(reverse("indicators:report-create"), data)
    assert (answer.status_code, Report.objects.count()) == (422, 0)
    assert word in answer.content.decode()


def test_a_draft_opened_and_saved_is_the_same_and_an_issued_one_is_not_edited(scope: Scope) -> None:
    row = reporting.report(scope=scope)
    data = fields(row.template, scope, revision=row.revision)
    assert client("staff").post(url(row, "edit/"), data).status_code == 302
    row.refresh_from_db()
    assert row.revision == 1
    stale = client("staff").post(url(row, "edit/"), {**data, "as_of": "2025-05-06", "revision": 7})
    assert stale.status_code == 409
    done = reporting.issued(scope=scope)
    assert client("staff").post(url(done, "edit/"), data).status_code == 409


def template_fields(**more: Any) -> dict[str, Any]:
    known = {
        "code": "brief", "name_zh": "简报", "name_en": "Brief", "period": "month", "due_days": "10", "scope": "space",
        "language": "zh-hans", "audience": "internal", "body": BODY,
    }  # fmt: skip
    return known | more


def test_a_template_is_written_and_shown() -> None:
    answer = client("staff").post(reverse("indicators:template-create"), template_fields(), follow=True)
    assert answer.status_code == 200
    assert "{{resident_firms}}" in answer.content.decode()
    assert ReportTemplate.objects.get().visibility == "internal"


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ("没有标题", "第 1 行"),
        ("# A\n{{unheard_of}}", "unheard_of"),
        ("# A\n!分解 resident_firms 按 颜色x", "第 2 行"),
        ("# A\n{{resident_firms@moon}}", "moon"),
        ("字" * 20_001, "20001"),
        ("", "body"),
    ],
    ids=["section", "indicator", "dimension", "scope", "long", "empty"],
)
def test_a_template_with_a_fault_is_not_kept(body: str, word: str) -> None:
    answer = client("staff").post(reverse("indicators:template-create"), template_fields(body=body))
    assert (answer.status_code, ReportTemplate.objects.count()) == (422, 0)
    assert word in answer.content.decode()


def test_ten_megabytes_are_refused() -> None:
    for name in ("template-create", "template-preview"):
        answer = client("staff").post(reverse(f"indicators:{name}"), template_fields(body="字" * 3_500_000))
        assert answer.status_code in {400, 413, 422}


def test_a_lost_update_of_a_template_is_shown() -> None:
    row = reporting.template()
    change(row, actor=None, values={"name_zh": "他人改的"})
    data = template_fields(name_zh="我改的", revision=1)
    answer = client("staff").post(reverse("indicators:template-edit", args=[row.ref]), data)
    assert answer.status_code == 409
    assert all(word in answer.content.decode() for word in ("他人改的", "我改的"))


def test_a_preview_keeps_nothing_and_names_faults(scope: Scope) -> None:
    reporting.stay(scope, name="常驻科技有限公司")
    asked = client("staff")
    good = asked.post(reverse("indicators:template-preview"), {"body": BODY, "scope": "space"})
    assert "常驻科技有限公司" in good.content.decode()
    bad = asked.post(reverse("indicators:template-preview"), {"body": "# A\n{{nobody}}"})
    assert (bad.status_code, "nobody" in bad.content.decode()) == (422, True)
    late = asked.post(reverse("indicators:template-preview"), {"body": BODY, "as_of": "2099-01-01"})
    assert late.status_code == 422
    assert ReportTemplate.objects.count() == 0


def test_an_expired_form_is_told(scope: Scope) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(factories.user("staff"))
    answer = strict.post(url(reporting.report(scope=scope), "issue/"), {"reason": "核对"})
    assert answer.status_code == 403
    assert Report.objects.get().state == "draft"


def test_unknown_files_and_figures_are_not_found(scope: Scope) -> None:
    row = reporting.issued(scope=scope)
    for end in ("report.pdf", "figures/0/", "figures/999/"):
        assert client("staff").get(url(row, end)).status_code == 404


def test_pages_ask_as_much_for_three_rows_as_for_one(scope: Scope, django_assert_num_queries: Any) -> None:

    asked = client("staff")

    def count(address: str) -> int:
        asked.get(address)
        with CaptureQueriesContext(connection) as questions:
            asked.get(address)
        return len(questions)

    template = reporting.template()
    reporting.stay(scope)
    first = reporting.issued(template, scope)
    once = count(reverse("indicators:report-list")), count(url(first))
    for _number in range(2):
        reporting.stay(scope)
        last = reporting.issued(template, scope, at=AT)
    assert (count(reverse("indicators:report-list")), count(url(last))) == once


def test_the_ledger_may_be_empty() -> None:
    asked = client("staff")
    assert asked.get(reverse("indicators:report-list")).status_code == 200
    assert asked.get(reverse("indicators:report-create")).status_code == 200
    assert asked.post(reverse("indicators:template-preview"), {"body": BODY}).status_code == 200
    assert create(ReportTemplate(code="x", name_zh="x", name_en="x", body="# A"), actor=None).title == "x"
