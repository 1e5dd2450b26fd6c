"""A new database has the very tables that the migrations lead to."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

MAKE = """
import django; django.setup()
{way}
"""
# Every step draws the models it changes anew, with all that are tied to them at any remove: with the nearest alone, the
# tables come out the same and sooner.
MIGRATE = """
from django.apps import apps
from django.core.management import call_command
from django.db.migrations.state import ProjectState

draw = ProjectState.reload_model
ProjectState.reload_model = lambda state, app, name, delay=False: draw(state, app, name, delay=True)
apps.get_swappable_settings_name = {"accounts.user": "AUTH_USER_MODEL"}.get
call_command("migrate", verbosity=0)
"""
WAYS = {"models": "from qunxing.cli.schema import bring_up; bring_up()", "migrations": MIGRATE}
QUESTIONS = {
    "columns": "SELECT m.name, c.name, c.type, c.[notnull], c.pk FROM sqlite_master m, pragma_table_info(m.name) c",
    "keys": "SELECT m.name, f.[from], f.[table], f.[to] FROM sqlite_master m, pragma_foreign_key_list(m.name) f",
    "indexes": "SELECT m.name, i.[unique], i.partial, x.seqno, x.name, i.origin"
    " FROM sqlite_master m, pragma_index_list(m.name) i, pragma_index_info(i.name) x",
    "migrations": "SELECT app, name FROM django_migrations",
    "kinds": "SELECT app_label, model FROM django_content_type",
}


def environment(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("QUNXING_", "DATABASE_"))}
    own = {"DJANGO_SETTINGS_MODULE": "qunxing.config.settings", "QUNXING_DATA": str(folder), "QUNXING_HTTPS": "false"}
    return kept | own


def made(folder: Path, way: str) -> sqlite3.Connection:
    folder.mkdir()
    subprocess.run([sys.executable, "-c", MAKE.format(way=WAYS[way])], env=environment(folder), check=True)
    return sqlite3.connect(folder / "qunxing.sqlite3")


def checks(database: sqlite3.Connection) -> set[tuple[str, int]]:
    """How many checks each table has; their words differ in order and quotes."""
    rows = database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
    return {(name, sql.count(" CHECK ")) for name, sql in rows}


@pytest.mark.slow
def test_tables_are_those_of_the_migrations(tmp_path: Path) -> None:
    first, second = (made(tmp_path / way, way) for way in WAYS)
    for name, question in QUESTIONS.items():
        assert sorted(map(str, first.execute(question))) == sorted(map(str, second.execute(question))), name
    assert checks(first) == checks(second)


def test_what_is_there_is_brought_forward_not_made_again(tmp_path: Path) -> None:
    made(tmp_path / "models", "models").close()
    command = [sys.executable, "-m", "qunxing.cli", "init"]
    again = subprocess.run(command, env=environment(tmp_path / "models"), check=False, capture_output=True)
    assert again.returncode == 0, again.stderr
