"""Whatever is changed behind the program's back is found and named."""

import pytest
from django.db import connection

from qunxing.directory.models import Organization
from qunxing.ledger.actions import add_many, change, remove
from qunxing.ledger.audit import audit_database, kinds_in_use
from qunxing.ledger.exporting import exported_log, proof_of
from qunxing.ledger.models import Checkpoint, LogEntry
from qunxing.ledger.proofs import verify_bundle, verify_export
from qunxing.ledger.recording import recording
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def firms():
    """Three organisations with four versions among them, and an account; entries 0 to 4."""
    actor = factories.user("staff")
    with recording(actor=actor, reason="三家"):
        made = add_many([derived(f"审计{number}有限公司") for number in range(3)])
    change(made[0], actor=actor, values={"short_name": "甲"})
    return made


def derived(name):
    firm = Organization(name=name)
    firm.derive()
    return firm


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def named(audit):
    return (audit.ok, audit.first_bad)


def test_untouched_database_is_in_order(firms):
    remove(firms[2], actor=None, reason="重复")
    audit = audit_database()
    assert (audit.ok, audit.entries, audit.first_bad, audit.findings) == (True, 6, None, ())


def test_record_changed_by_sql_is_named_by_the_entry_of_its_latest_version(firms):
    sql("UPDATE directory_organization SET name = 'x' WHERE id = %s", firms[1].pk)
    audit = audit_database()
    assert named(audit) == (False, 2)
    assert firms[1].ref in audit.findings[0].subject


def test_record_deleted_by_sql_is_named(firms):
    sql("DELETE FROM directory_organization WHERE id = %s", firms[0].pk)
    assert named(audit_database()) == (False, 4)


def test_kind_without_a_row_or_version_left_is_looked_at(firms):
    sql("DELETE FROM directory_organization")
    sql("DELETE FROM directory_historicalorganization")
    assert len(audit_database().findings) == 4


def test_kind_that_the_log_knows_nothing_of_is_looked_at(firms):
    factories.organization()
    sql("DELETE FROM ledger_logentry")
    assert "directory.organization" in kinds_in_use()


def test_version_changed_by_sql_is_named(firms):
    first = firms[0].history.earliest("history_id")
    sql("UPDATE directory_historicalorganization SET short_name = 'x' WHERE history_id = %s", first.history_id)
    assert named(audit_database()) == (False, 1)


def test_version_deleted_by_sql_is_named(firms):
    first = firms[0].history.earliest("history_id")
    sql("DELETE FROM directory_historicalorganization WHERE history_id = %s", first.history_id)
    assert named(audit_database()) == (False, 1)


def test_version_slipped_in_by_sql_is_found(firms):
    Organization.history.model.objects.filter(id=firms[0].pk).latest("history_id")
    copy = firms[0].history.latest("history_id")
    copy.pk = None
    copy.save(force_insert=True)
    audit = audit_database()
    assert not audit.ok
    assert firms[0].ref in audit.findings[0].subject


@pytest.mark.parametrize("index", range(5))
def test_entry_changed_by_sql_is_named(firms, index):
    sql('UPDATE ledger_logentry SET body = replace(body, \'"actor"\', \'"actar"\') WHERE "index" = %s', index)
    assert named(audit_database()) == (False, index)


@pytest.mark.parametrize("index", range(5))
def test_entry_dropped_by_sql_is_named(firms, index):
    LogEntry.objects.filter(index=index).delete()
    assert named(audit_database()) == (False, index)


def test_entries_swapped_by_sql_are_named(firms):
    first, second = LogEntry.objects.get(index=1), LogEntry.objects.get(index=2)
    first.body, second.body, first.leaf, second.leaf = second.body, first.body, second.leaf, first.leaf
    LogEntry.objects.bulk_update([first, second], ["body", "leaf"])
    assert named(audit_database()) == (False, 1)


def test_finding_columns_changed_by_sql_are_named(firms):
    sql("UPDATE ledger_logentry SET subject_ref = 'x' WHERE \"index\" = 3")
    assert named(audit_database()) == (False, 3)


def test_checkpoint_changed_by_sql_is_found(firms):
    sql("UPDATE ledger_checkpoint SET note = replace(note, 'qunxing', 'xingqun') WHERE size = %s", 5)
    assert Checkpoint.objects.count() > 1
    assert not audit_database().ok


def test_export_is_checked_without_a_database(firms, django_assert_num_queries):
    lines = list(exported_log())
    with django_assert_num_queries(0):
        assert verify_export(lines).ok
        at = next(place for place, line in enumerate(lines) if '"index":1' in line)
        swapped = [*lines[:at], lines[at + 1], lines[at], *lines[at + 2 :]]
        assert verify_export(swapped).first_bad == 1


@pytest.mark.parametrize("index", range(5))
def test_proof_of_one_entry_is_checked_without_a_database(firms, index, django_assert_num_queries):
    bundle = proof_of(index)
    with django_assert_num_queries(0):
        assert verify_bundle(bundle).ok
        assert not verify_bundle(bundle | {"index": index + 1}).ok
