"""`qunxing import SHEET`: the same engine as the pages."""

import json

import pytest

from qunxing.accounts.models import Kind
from qunxing.cli import app
from qunxing.directory.models import Organization
from qunxing.intake.models import Batch, ForeignNumber, Headings, SheetRow
from qunxing.ledger.models import Source
from tests import factories as people
from tests.intake.files import lines, workbook

pytestmark = pytest.mark.django_db
FIRM = "上海甲智能科技有限公司"
ROWS = [["企业名称", "简称"], [FIRM, "甲智能"], ["上海乙智能科技有限公司", "乙"]]


@pytest.fixture
def command(tmp_path, capsys):
    """(exit status, standard output, standard error) of an import of these rows."""

    def run(code, rows, *options, name="sheet.xlsx"):
        path = tmp_path / name
        path.write_bytes(workbook(rows) if name.endswith("xlsx") else lines(*rows).encode())
        status = app.run(["import", code, str(path), *options])
        told = capsys.readouterr()
        return status, told.out, told.err

    return run


def test_dry_run_tells_what_would_change_and_keeps_nothing(command):
    people.organization(name=FIRM, short_name="甲")
    status, out, err = command("organizations", ROWS, "--dry-run", "--json")
    told = json.loads(out)
    assert (status, err) == (0, "")
    assert {name: told[name] for name in ("rows", "new", "changed", "unchanged", "error")} == {
        "rows": 2,
        "new": 1,
        "changed": 1,
        "unchanged": 0,
        "error": 0,
    }
    assert told["changes"] == [
        {"sheet": "名单", "row": 2, "name": FIRM, "column": "short_name", "old": "甲", "new": "甲智能"}
    ]
    assert (Batch.objects.count(), SheetRow.objects.count(), Source.objects.count()) == (0, 0, 0)
    assert Organization.objects.count() == 1


def test_new_row_that_may_be_on_the_ledger_says_so(command):
    firm = people.organization(name="上海星河数智科技有限公司")
    rows = [["企业名称"], ["上海星和数智科技有限公司"], ["北京远山材料有限公司"]]
    told = json.loads(command("organizations", rows, "--dry-run", "--json")[1])["alike"]
    assert [(one["row"], one["record"], one["ground"]) for one in told] == [(2, firm.ref, "near")]
    assert f"may be on the ledger already: {firm.name}" in command("organizations", rows, "--dry-run")[1]


def test_without_apply_nothing_is_written(command):
    assert "Nothing was changed (dry run)." in command("organizations", ROWS)[1]
    assert Organization.objects.count() == 0


def test_apply_writes_in_the_name_of_the_user(command):
    clerk = people.user(Kind.STAFF, username="clerk")
    options = ["--apply", "--title", "三月表", "--reason", "补录", "--user", "clerk", "--day", "2026-03-01"]
    assert command("organizations", ROWS, *options)[0] == 0
    batch, version = Batch.objects.get(), Organization.objects.get(name=FIRM).history.get()
    assert (batch.title, batch.reason, batch.owner, batch.state) == ("三月表", "补录", clerk, "applied")
    assert (version.history_user, version.history_change_reason, version.source) == (clerk, "补录", batch.source)


def test_headings_are_mapped_and_remembered_of_their_origin(command):
    rows = [["编号", "公司", "备忘"], ["7", FIRM, "老客户"]]
    first = command("organizations", rows, "--json", "--origin", "旧系统")
    assert (first[0], json.loads(first[1])["unknown_headings"]) == (1, ["编号", "备忘"])
    options = ["--origin", "旧系统", "--map", "编号=@number", "--map", "备忘=@note", "--apply"]
    assert command("organizations", rows, *options)[0] == 0
    assert ForeignNumber.objects.get().number == "7"
    assert Headings.objects.get().columns["备忘"] == "@note"
    again = command("organizations", rows, "--json", "--origin", "旧系统")
    assert (again[0], json.loads(again[1])["unchanged"]) == (0, 1)


def test_rows_with_problems_stop_the_sheet_unless_the_clean_part_is_asked_for(command):
    rows = [["企业名称", "成立日期"], [FIRM, "去年"], ["上海乙智能科技有限公司", "2024-01-02"]]
    status, _out, err = command("organizations", rows, "--apply")
    assert (status, Organization.objects.count(), Batch.objects.count()) == (2, 0, 0)
    assert "1 row cannot be taken over as it is." in err
    status, out, _err = command("organizations", rows, "--apply", "--clean", "--json")
    told = json.loads(out)
    assert (status, Organization.objects.count()) == (1, 1)
    assert [(one["row"], one["column"], one["outcome"]) for one in told["problems"]] == [(2, "founded_on", "error")]


def test_sheet_taken_over_twice_has_nothing_to_write(command):
    assert command("organizations", ROWS, "--apply")[0] == 0
    status, out, err = command("organizations", ROWS, "--apply")
    assert (status, "There was nothing to write." in out, err) == (0, True, "")
    assert Batch.objects.count() == 1


def test_problem_is_told_with_its_cell_and_what_stands_there(command):
    told = json.loads(command("organizations", [["简称", "企业名称", "成立日期"], ["甲", FIRM, "去年"]], "--json")[1])
    found = [(one["row"], one["cell"], one["found"]) for one in told["problems"]]
    assert (found, "去年" in told["problems"][0]["reason"]) == ([(2, "C2", "去年")], True)


def test_people_are_told_column_and_cell_of_a_problem(command):
    rows = [["企业名称", "成立日期"], [FIRM, "去年"], ["", "2024-01-02"]]
    out = command("organizations", rows)[1]
    assert f"名单!2 {FIRM} Founded on (B2): " in out
    assert "名单!3 Registered name (A3): This must not be empty in a new record." in out


def test_wrong_orders_are_refused(command):
    assert command("organizations", ROWS, "--map", "公司")[0] == 2
    assert command("organizations", ROWS, "--map", "企业名称=nothing")[0] == 2
    assert command("organizations", ROWS, "--apply", "--dry-run")[0] == 2
    assert command("planets", ROWS)[0] == 2
    assert Batch.objects.count() == 0


def test_file_without_a_table_is_refused(command):
    status, _out, err = command("organizations", [["x"]], name="sheet.csv")
    assert (status, Batch.objects.count()) == (2, 0)
    assert err
