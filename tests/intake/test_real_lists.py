"""The published lists themselves, where they are at hand: every row accounted for, counted again with csv alone."""

import csv
import json
from collections import Counter

import pytest

from qunxing.cli import app
from qunxing.core.regions import PROVINCES
from qunxing.directory.models import Organization
from qunxing.intake.models import Proposal
from qunxing.ledger.audit import audit_database
from qunxing.ledger.models import Evidence, Source
from qunxing.registry.models import Filing
from tests.intake.made import DATA, traces

pytestmark = pytest.mark.django_db
GENAI, ALGORITHM = DATA / "genai_filings.csv", DATA / "algorithm_filings.csv"
CODES = {province.full_name: province.code for province in PROVINCES}


def rows_of(path):
    if not path.exists():
        pytest.skip(f"{path} is not there")
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def command(capsys):
    def run(code, path):
        rows_of(path)
        status = app.run(["import", code, str(path), "--json"])
        return status, json.loads(capsys.readouterr().out)

    return run


def check_account(status, report, rows):
    """Each row counts once, whatever became of it."""
    assert report["rows"] == len(rows)
    assert report["rows"] == sum(report[name] for name in ("added", "updated", "unchanged")) + len(report["for_staff"])
    assert status == (1 if report["for_staff"] else 0)


def test_generative_services_agree_with_a_plain_count(command):
    rows = rows_of(GENAI)
    status, report = command("genai-filings", GENAI)
    check_account(status, report, rows)
    assert report["added"] == len({row["编号"].upper() for row in rows})
    assert report["by_kind"] == Counter("registered" if row["类型"] == "登记" else "filed" for row in rows)
    assert report["by_region"] == Counter(CODES.get(row["属地"], "00") for row in rows)
    assert Counter(Filing.objects.values_list("kind", flat=True)) == report["by_kind"]
    assert Counter(Filing.objects.values_list("region", flat=True)) == report["by_region"]


def test_algorithms_agree_with_a_plain_count(command):
    rows = rows_of(ALGORITHM)
    status, report = command("algorithm-filings", ALGORITHM)
    check_account(status, report, rows)
    numbers = {row["recordNumber"] for row in rows}
    assert (report["added"], report["unchanged"]) == (len(numbers), len(rows) - len(numbers))
    assert report["by_kind"] == {"algorithm": len(rows)}
    assert report["by_region"] == Counter(row["recordNumber"].removeprefix("网信算备")[:2] for row in rows)
    assert set(Filing.objects.values_list("number", flat=True)) == numbers
    cancelled = {row["recordNumber"] for row in rows if row["remark"].strip() in {"已注销", "已取消", "该算法已注销"}}
    assert cancelled <= set(Filing.objects.filter(state="withdrawn").values_list("number", flat=True))


def test_every_filing_has_its_row_as_its_place(command):
    rows = rows_of(ALGORITHM)
    command("algorithm-filings", ALGORITHM)
    source = Source.objects.get()
    places = dict(
        Evidence.objects.filter(source=source, record_kind="registry.filing").values_list("values__number", "place")
    )
    assert len(places) == Filing.objects.count()
    for number, place in places.items():
        sheet, row = place.split("!")
        assert (sheet, rows[int(row) - 2]["recordNumber"]) == ("algorithm_filings", number)


def test_renames_in_remarks_are_proposed_and_none_is_carried_out(command):
    rows = rows_of(ALGORITHM)
    _status, report = command("algorithm-filings", ALGORITHM)
    told = {row["remark"] for row in rows if "主体名称" in row["remark"] and "变更为" in row["remark"]}
    proposed = [(one["old"], one["new"]) for one in report["proposals"] if one["kind"] == "renamed"]
    assert len(proposed) == len(set(proposed)) > 40
    assert [remark for remark in told if not any(old in remark and new in remark for old, new in proposed)] == []
    names = {row["entityName"] for row in rows}
    assert set(Organization.objects.values_list("name", flat=True)) <= names
    assert set(Proposal.objects.values_list("state", flat=True)) == {"open"}


@pytest.mark.parametrize(("code", "path"), [("genai-filings", GENAI), ("algorithm-filings", ALGORITHM)])
def test_second_run_changes_nothing_and_the_log_holds(command, code, path):
    _status, first = command(code, path)
    before = traces(), Proposal.objects.count(), Organization.objects.count()
    _status, second = command(code, path)
    assert (second["added"], second["updated"], second["unchanged"]) == (0, 0, first["rows"] - len(first["for_staff"]))
    assert (second["proposals"], second["by_kind"], second["by_region"]) == ([], first["by_kind"], first["by_region"])
    assert (traces(), Proposal.objects.count(), Organization.objects.count()) == before
    assert audit_database().ok
