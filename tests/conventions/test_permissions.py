"""docs/permissions.md says what the program does, cell by cell."""

from types import SimpleNamespace

import pytest
from rules.permissions import permissions

from tests import matrix

pytestmark = pytest.mark.django_db
TEXT = matrix.PAGE.read_text(encoding="utf-8")


@pytest.fixture
def place() -> SimpleNamespace:
    return matrix.prepare()


def test_permission_table_is_what_the_rules_say(place: SimpleNamespace) -> None:
    table = matrix.permission_table(place)
    rows, notes = matrix.written("permissions", TEXT)
    found = {name: dict(zip(matrix.COLUMNS, columns[1:], strict=True)) for name, columns in rows.items()}
    assert found == table.rows
    assert notes == table.notes


def test_visibility_table_is_what_visible_to_says(place: SimpleNamespace) -> None:
    rows, _notes = matrix.written("visibility", TEXT)
    found = {name: dict(zip(matrix.COLUMNS, columns, strict=True)) for name, columns in rows.items()}
    assert found == matrix.visibility_table(place).rows


def test_every_permission_is_explained() -> None:
    rows, _notes = matrix.written("permissions", TEXT)
    assert [name for name, columns in rows.items() if not columns[0]] == []


def test_every_permission_of_the_house_is_granted_in_rules() -> None:
    ours = {name for name in permissions if (matrix.ROOT / "src" / "qunxing" / name.split(".")[0]).is_dir()}
    assert set(matrix.granted()) == ours


# What everybody who is signed in may do, and where a contest takes two offices or the one above.
OFFICERS_DO = {
    "ledger.cancel_job": "✓¹",
    "panels.dissolve_panel": "✓",
    "challenges.appraise_need": "✓¹",
    "challenges.ask_question": "✓",
    "challenges.confirm_award": "✓",
    "challenges.decide_termination": "✓",
    "challenges.end_milestone": "✓",
    "challenges.follow_list": "✓",
    "challenges.object_to_notice": "✓",
    "challenges.open_bids": "✓",
    "challenges.restore_key": "✓",
    "challenges.withdraw_objection": "✓¹",
    "races.confirm_gate": "✓",
    "races.look_at_flag": "✓",
}


def test_officers_change_no_ledger(place: SimpleNamespace) -> None:
    reads = {"see", "save", "share", "use", "read"}
    rows = matrix.permission_table(place).rows
    changing = [name for name in rows if name.split(".")[1].split("_")[0] not in reads]
    held = {name: rows[name]["officer"] for name in changing if rows[name]["officer"] != matrix.NO}
    assert held == OFFICERS_DO
