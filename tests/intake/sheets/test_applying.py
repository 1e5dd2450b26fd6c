"""What applying a sheet writes, and that it writes all of it or nothing."""

import pytest

from qunxing.directory.models import Organization
from qunxing.intake.models import Batch
from qunxing.ledger.models import Evidence, LogEntry
from tests.intake.sheets.made import applied, outcomes, previewed

pytestmark = pytest.mark.django_db
HEADINGS = ["企业名称", "简称", "注册资本（万元）", "成立日期"]


def test_sheet_becomes_records_with_versions_evidence_and_log():
    rows = [HEADINGS, ["上海甲智能科技有限公司", "甲智能", 100, "2023-05-06"], ["上海乙智能科技有限公司", "", "", ""]]
    before = LogEntry.objects.filter(kind="record.created").count()
    batch = applied("organizations", rows)
    first, second = Organization.objects.order_by("pk")
    version = first.history.get()
    evidence = Evidence.objects.get(record_id=first.pk)
    assert (first.short_name, first.registered_capital, str(first.founded_on)) == ("甲智能", 1_000_000, "2023-05-06")
    assert (second.name, second.registered_capital) == ("上海乙智能科技有限公司", None)
    assert (version.history_date, version.source) == (batch.recorded_at, batch.source)
    assert (version.history_user, version.history_change_reason) == (batch.owner, f"Import of “{batch.title}”")
    assert evidence.place == "名单!A2,B2,C2,D2"
    assert evidence.values["registered_capital"] == 1_000_000
    assert LogEntry.objects.filter(kind="record.created").count() == before + 3  # two firms, one source
    assert (batch.state, batch.counts) == (Batch.State.APPLIED, {"new": 2, "rows": 2})


def test_sheet_taken_over_once_more_changes_nothing():
    rows = [HEADINGS, ["上海甲智能科技有限公司", "甲智能", 100, "2023-05-06"]]
    applied("organizations", rows)
    assert outcomes(previewed("organizations", rows)) == ["unchanged"]
