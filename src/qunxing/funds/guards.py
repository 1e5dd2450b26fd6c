"""What the database itself refuses: a circle of parent funds, however it is written.

The triggers are put in place after every migration, since SQLite forgets them when it rebuilds a table.
"""

from typing import Any

from django.db import connections

LINE = """
    WITH RECURSIVE line(id) AS (
        SELECT NEW.parent_id
        UNION
        SELECT fund.parent_id FROM funds_fund fund JOIN line ON fund.id = line.id WHERE fund.parent_id IS NOT NULL
    )
    SELECT {found} FROM line WHERE id = NEW.id"""
REFUSAL = "a fund stands above itself"

SQLITE = [
    f"""
CREATE TRIGGER IF NOT EXISTS no_circle_of_funds_{event.lower()} AFTER {event} {columns} ON funds_fund
WHEN NEW.parent_id IS NOT NULL
BEGIN {LINE.format(found=f"RAISE(ABORT, '{REFUSAL}')")}; END"""
    for event, columns in (("INSERT", ""), ("UPDATE", "OF parent_id"))
]
# The lock lets one transaction at a time set parents, so that two cannot close a circle between them.
POSTGRESQL = [
    f"""
CREATE OR REPLACE FUNCTION no_circle_of_funds() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('no_circle_of_funds'));
    IF EXISTS ({LINE.format(found="1")}) THEN
        RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$""",
    """
CREATE OR REPLACE TRIGGER no_circle_of_funds AFTER INSERT OR UPDATE OF parent_id ON funds_fund
FOR EACH ROW WHEN (NEW.parent_id IS NOT NULL) EXECUTE FUNCTION no_circle_of_funds()""",
]
STATEMENTS = {"sqlite": SQLITE, "postgresql": POSTGRESQL}


def install(using: str = "default", **_signal: Any) -> None:
    """Put the triggers in place; a no-op while the table is not there."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if "funds_fund" not in connection.introspection.table_names(cursor):
            return
        for statement in STATEMENTS[connection.vendor]:
            cursor.execute(statement)
