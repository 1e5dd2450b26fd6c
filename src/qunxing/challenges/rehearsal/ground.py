"""What a rehearsal is played on: a database and a data folder of its own, which can be read to the last byte."""

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.utils.translation import gettext_lazy as _

from qunxing.challenges.sealing import cached_key
from qunxing.core.errors import Refused
from qunxing.ledger.checkpoints import SigningKey, write_secret
from qunxing.ledger.models import LogHead
from qunxing.ledger.writing import loaded_key, ready_log

FOLDERS = ("archives", "bids", "keys", "keys-backup", "files", "races", "jobs")
KEYS = ("keys", "keys-backup")
DATABASE_FILES = ("", "-wal", "-journal", "-shm")


def need_nothing() -> None:
    """Refused on a database that holds any table: a rehearsal is never played on somebody's ledger."""
    if connection.vendor != "sqlite" or connection.introspection.table_names():
        raise Refused(
            _("A rehearsal is played on an empty database of its own."), _("Leave the database of the ledger alone.")
        )


def make_tables() -> None:
    """Tables from the models, quicker than through every migration, and the log with a key that everybody knows."""
    settings.MIGRATION_MODULES = {app.label: None for app in apps.get_app_configs()}
    call_command("migrate", run_syncdb=True, verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    known = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"rehearsal").digest())
    write_secret(Path(settings.LOG_KEY), SigningKey(settings.LOG_ORIGIN, known).to_pem())
    ready_log()


def need_fresh() -> None:
    """Refused where the log has entries already."""
    if (LogHead.objects.values_list("size", flat=True).first() or 0) > 0:
        raise Refused(_("A rehearsal is played on an empty database of its own."))


class Ground:
    """The database file and data folder of the process; kept as they are, and brought back for the next seed."""

    def __init__(self, kept: Path) -> None:
        self.kept, self.folder = kept, Path(settings.ENV.data_dir)
        self.database = Path(str(connection.settings_dict["NAME"]))

    def keep(self) -> None:
        """Remember how everything stands."""
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connections.close_all()
        self.kept.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(self.database, self.kept / "database")
        for name in FOLDERS:
            if (self.folder / name).exists():
                shutil.copytree(self.folder / name, self.kept / name, dirs_exist_ok=True)

    def bring_back(self) -> None:
        """Let everything stand as it was remembered."""
        connections.close_all()
        for ending in DATABASE_FILES:
            Path(f"{self.database}{ending}").unlink(missing_ok=True)
        shutil.copyfile(self.kept / "database", self.database)
        for name in FOLDERS:
            shutil.rmtree(self.folder / name, ignore_errors=True)
            if (self.kept / name).exists():
                shutil.copytree(self.kept / name, self.folder / name)
        cached_key.cache_clear()
        loaded_key.cache_clear()
        quicken()


def quicken() -> None:
    """Nobody needs this database after a crash of the machine."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=OFF")


# --- reading all of it ----------------------------------------------------------------------------------------------


def database_bytes() -> bytes:
    """The database to the last byte, with what was deleted and not yet written over."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        raw: Any = connection.connection
        return bytes(raw.serialize())
    return "\n".join(rows_as_text()).encode()


def rows_as_text() -> Iterator[str]:
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 - its own names
            yield from (repr([bytes(v) if isinstance(v, memoryview) else v for v in row]) for row in cursor)


def files_of(folder: Path) -> Iterator[Path]:
    """Every file of the data folder but those of the database."""
    names = {f"qunxing.sqlite3{ending}" for ending in DATABASE_FILES}
    if folder.exists():
        yield from (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name not in names)


def footprint() -> str:
    """A digest of all rows and all names of files: the same before and after what left nothing behind.

    Keys are left out: one that was made for a list that was not published yet is kept for it, and says nothing.
    """
    digest, folder = hashlib.sha256(database_bytes()), Path(settings.ENV.data_dir)
    for path in files_of(folder):
        if path.relative_to(folder).parts[0] not in KEYS:
            digest.update(f"{path} {path.stat().st_size}\n".encode())
    return digest.hexdigest()
