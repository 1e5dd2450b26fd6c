"""Every ledger of the demonstration goes out as a sheet and comes back: nothing would change."""

from datetime import date
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.utils.translation import override

from qunxing.accounts.models import Kind
from qunxing.core.exports import write_csv
from qunxing.core.sheets import sheets
from qunxing.intake.models import Batch
from qunxing.intake.sheets import actions, out
from qunxing.intake.sheets.headings import from_json
from qunxing.ledger.actions import change
from tests import factories as people

CODES = [
    "organizations", "organization-names", "residencies", "contacts", "products", "models", "model-versions",
    "filings", "funds", "commitments", "rounds", "investments", "offers", "scenarios",
]  # fmt: skip


def test_every_sheet_is_tried():
    assert set(CODES) == set(sheets())


def exported(spec, rows, user, form):
    file, columns = BytesIO(), out.columns_for(spec, user)
    if form == "csv":
        return b"".join(write_csv(out.headings(spec, columns), out.told_rows(spec, columns, rows, user=user)))
    out.workbook(spec, rows, file, user=user)
    return file.getvalue()


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("way", ["zh-hans xlsx", "en csv"])
def test_exported_ledger_comes_back_unchanged(demonstration, code, way):
    language, form = way.split()
    user, spec = people.user(Kind.STAFF), sheets()[code]
    rows = spec.model.objects.visible_to(user).order_by("pk")
    with override(language):
        content = ContentFile(exported(spec, rows, user, form), f"sheet.{form}")
        batch = actions.upload(spec, actor=user, name=f"sheet.{form}", content=content, day=date(2026, 11, 20))
        actions.preview(batch, actor=user)
    told = [(row.name, row.changes, row.problems) for row in batch.rows.exclude(outcome="unchanged")]
    assert (told, batch.counts) == ([], {"unchanged": rows.count(), "rows": rows.count()})


def test_thirty_changed_cells_and_five_of_the_ledger_are_told_apart(demonstration):
    """Of 30 cells changed in the workbook all are shown, 5 as conflicts: the ledger has changed them, too."""
    user, spec = people.user(Kind.STAFF), sheets()["organizations"]
    rows = spec.model.objects.visible_to(user).order_by("pk")
    columns = out.columns_for(spec, user)
    place = [column.name for column in columns].index("address")
    told = list(out.told_rows(spec, columns, rows, user=user))
    for row in told[:30]:
        row[place] = f"{row[place] or ''} 新址"
    for record in rows[25:30]:
        change(record, actor=user, values={"address": "程序里改的地址"}, reason="核对")
    content = b"".join(write_csv(out.headings(spec, columns), told))
    batch = actions.upload(spec, actor=user, name="sheet.csv", content=ContentFile(content), day=date(2026, 11, 20))
    actions.preview(batch, actor=user)
    shown = [(row.outcome, list(row.changes)) for row in batch.rows.exclude(outcome="unchanged")]
    assert shown == [("changed", ["address"])] * 25 + [("conflict", ["address"])] * 5


def test_a_table_of_visits_waits_to_be_looked_through(demonstration):
    batch = Batch.objects.get(kind=Batch.Kind.SHEET)
    outcomes = {"conflict": 1, "duplicate": 1, "error": 3, "new": 2, "changed": 4, "unchanged": 4}
    assert (batch.state, batch.counts) == (Batch.State.PREVIEWED, outcomes | {"rows": sum(outcomes.values())})
    assert batch.summary["alike"] == 1
    assert not [one for table in from_json(batch.mapping) for one in table.unknown]
