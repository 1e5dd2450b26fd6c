"""`qunxing report` on the command line."""

import json
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from django.utils.translation import override
from docx import Document
from openpyxl import load_workbook

from qunxing.cli.app import run
from qunxing.directory.models import Scope
from qunxing.indicators.models import Every, Report, ReportContent
from qunxing.ledger.actions import change
from qunxing.ledger.canonical import digest
from tests import factories
from tests.indicators import reporting

pytestmark = pytest.mark.django_db
DAY = "2025-05-07"


@pytest.fixture
def scope() -> Scope:
    return factories.scope()


@pytest.fixture
def told(capsysbinary: Any) -> Any:
    """(exit status, standard output, standard error) of a call."""

    def call(*arguments: str) -> tuple[int, bytes, str]:
        status = run(["report", *arguments])
        out, err = capsysbinary.readouterr()
        return status, out, err.decode()

    return call


def figures(out: bytes) -> dict[str, Any]:
    return {one["code"]: one for one in json.loads(out)["indicators"]}


def test_json_follows_its_contract(scope: Scope, told: Any) -> None:
    stay = reporting.stay(scope)
    status, out, _err = told("--as-of", DAY, "--format", "json")
    found = json.loads(out)
    assert status == 0
    assert list(found) == ["as_of", "known_at", "scope", "digest", "indicators"]
    assert (found["as_of"], found["known_at"], found["scope"]) == (DAY, None, "space")
    assert {tuple(one) for one in found["indicators"]} == {("code", "name", "value", "unit", "rows")}
    assert figures(out)["resident_firms"]["rows"] == [stay.ref]
    rest = {name: value for name, value in found.items() if name != "digest"}
    assert found["digest"] == digest(rest)


def test_the_same_call_gives_the_same_bytes_on_a_later_day_in_any_language(
    scope: Scope, told: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    reporting.stay(scope)
    first = told("--as-of", DAY, "--format", "json")
    monkeypatch.setattr(timezone, "now", lambda: datetime(2031, 1, 1, tzinfo=UTC))
    with override("en"):
        assert told("--as-of", DAY, "--format", "json") == first


def test_known_at_is_told_and_later_knowledge_is_not(scope: Scope, told: Any) -> None:
    reporting.stay(scope)
    status, out, err = told("--as-of", DAY, "--known-at", "2025-06-01", "--format", "json")
    assert (status, json.loads(out)["known_at"]) == (0, "2025-06-01")
    assert (figures(out)["resident_firms"]["value"], bool(err)) == (0, True)


def test_names_are_in_the_language_that_is_asked_for(scope: Scope, told: Any) -> None:
    _status, out, _err = told("--as-of", DAY, "--format", "json", "--language", "en")
    assert figures(out)["resident_firms"]["name"] == "Firms in residence"


def test_a_template_tells_its_own_figures(scope: Scope, told: Any) -> None:
    reporting.template(code="brief", body="# A\n{{resident_firms}}、{{resident_firms@city}}")
    factories.scope(scope.community, Scope.Code.CITY)
    reporting.stay(scope)
    _status, out, _err = told("--as-of", DAY, "--format", "json", "--template", "brief")
    assert {code: one["value"] for code, one in figures(out).items()} == {
        "resident_firms": 1, "resident_firms@city": 1,
    }  # fmt: skip
    _status, text, _err = told("--as-of", DAY, "--template", "brief")
    assert "1家、1家" in text.decode()


def test_the_audience_counts_what_it_may_see(scope: Scope, told: Any) -> None:
    reporting.stay(scope, firm=factories.organization(visibility="internal"))
    _status, out, _err = told("--as-of", DAY, "--format", "json", "--audience", "public")
    assert figures(out)["resident_firms"]["value"] == 0


def test_files_are_written_and_are_what_they_say(scope: Scope, told: Any, tmp_path: Path) -> None:
    reporting.stay(scope)
    for form in ("docx", "xlsx"):
        target = tmp_path / f"report.{form}"
        assert told("--as-of", DAY, "--format", form, "--output", str(target))[:2] == (0, b"")
        again = told("--as-of", DAY, "--format", form)[1]
        assert target.read_bytes() == again
    assert Document(tmp_path / "report.docx").paragraphs
    assert load_workbook(BytesIO(again)).sheetnames


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--as-of", "2099-01-01"], "最晚可查"),
        (["--as-of", "someday"], "someday"),
        (["--known-at", DAY], "--as-of"),
        (["--as-of", DAY, "--known-at", "2099-01-01"], "最晚可查"),
        (["--as-of", DAY, "--scope", "moon"], "moon"),
        (["--as-of", DAY, "--template", "nothing"], "nothing"),
        (["--as-of", DAY, "--language", "fr"], "fr"),
        (["--as-of", DAY, "--format", "pdf"], "pdf"),
        (["--verify", "RP-1"], "RP-1"),
        (["draft"], "--due"),
    ],
    ids=["future", "no-day", "no-as-of", "known-future", "scope", "template", "language", "format", "verify", "draft"],
)
def test_what_cannot_be_told_is_refused(scope: Scope, told: Any, arguments: list[str], word: str) -> None:
    status, out, err = told(*arguments)
    assert (status, out, word in err) == (2, b"", True)


def test_without_any_community_every_figure_is_told(told: Any) -> None:
    status, out, err = told("--as-of", DAY, "--format", "json")
    assert (status, json.loads(out)["scope"], bool(err)) == (0, None, True)
    assert {one["value"] for one in json.loads(out)["indicators"]} <= {0, None}


def test_verify_tells_what_was_changed(scope: Scope, told: Any) -> None:
    row = reporting.issued(scope=scope)
    for name in (row.number, row.ref):
        status, out, _err = told("--verify", name)
        assert (status, row.digest in out.decode()) == (0, True)
    ReportContent.objects.update(kept=b"harmed")
    assert told("--verify", row.number)[0] == 1


def test_due_drafts_are_made_once(scope: Scope, told: Any) -> None:
    template = reporting.template(period=Every.MONTH)
    status, out, _err = told("draft", "--due", "--day", "2025-06-02", "--json")
    [made] = json.loads(out)["drafts"]
    assert (status, made["template"], made["as_of"]) == (0, template.code, "2025-05-31")
    assert json.loads(told("draft", "--due", "--day", "2025-06-02", "--json")[1]) == {"drafts": []}
    assert Report.objects.get().as_of == date(2025, 5, 31)


def test_a_correction_changes_the_answer_and_not_what_was_issued(scope: Scope, told: Any) -> None:
    stay = reporting.stay(scope)
    row = reporting.issued(scope=scope)
    change(stay, actor=None, values={"stage": "left", "left_on": date(2025, 3, 31)}, reason="更正")
    _status, out, _err = told("--as-of", DAY, "--format", "json")
    assert figures(out)["resident_firms"]["value"] == 0
    assert told("--verify", row.number)[0] == 0
