"""Where indexes lie: one folder each under ``search`` in the data folder, and a file that names the one in use.

Another index is put in its place by one renaming, so that there is no moment without one.
"""

import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from pathlib import Path
from typing import Any

import tantivy
from django.conf import settings

from qunxing.search.analysis import analyzer
from qunxing.search.schema import CUT, VERSION, schema

CURRENT = "current"
MARK = "schema.json"
META = "meta.json"
FAULTY = "faulty"
READY, BUILDING = "index-", "building-"


class State(StrEnum):
    READY = "ready"
    MISSING = "missing"
    OUTDATED = "outdated"
    BROKEN = "broken"


class BrokenIndex(Exception):
    """The index cannot be read or written; what it holds can be made again from the ledgers."""


class Busy(Exception):
    """Another process does the same work already."""


@contextmanager
def guarded() -> Iterator[None]:
    """Every way in which the index library fails, as BrokenIndex: it panics on files that are cut short."""
    try:
        yield
    except (ValueError, OSError) as error:
        raise BrokenIndex(str(error)) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise BrokenIndex(str(error)) from error


def root() -> Path:
    return Path(settings.SEARCH_DIR)


def current() -> Path | None:
    """The folder of the index in use; None where there is none."""
    try:
        name = (root() / CURRENT).read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return None
    folder = root() / name
    usable = name.startswith(READY) and (folder / META).is_file() and not (folder / FAULTY).exists()
    return folder if usable else None


def condemn(folder: Path) -> None:
    """Let nobody use the index any more: a reader found it broken, and who follows the log makes another."""
    with suppress(OSError):
        if folder == current():
            (folder / FAULTY).touch()


def state_of(folder: Path | None) -> State:
    """Whether the index can be used by this program, as far as its marks tell."""
    if folder is None:
        return State.MISSING
    try:
        with guarded():
            marks = json.loads((folder / MARK).read_text(encoding="ascii"))
            fits = isinstance(marks, dict) and marks.get("version") == VERSION
            return State.READY if fits and tantivy.Index.is_compatible(str(folder)) else State.OUTDATED
    except BrokenIndex:
        return State.BROKEN


def open_index(folder: Path) -> Any:
    """The index in the folder, which reads again when it is told to."""
    with guarded():
        index = tantivy.Index.open(str(folder))
        return prepared(index)


def make_index(folder: Path) -> Any:
    """A new index in the folder."""
    with guarded():
        folder.mkdir(parents=True)
        (folder / MARK).write_text(json.dumps({"version": VERSION}), encoding="ascii")
        return prepared(tantivy.Index(schema(), path=str(folder), reuse=False))


def prepared(index: Any) -> Any:
    index.register_tokenizer(CUT, analyzer())
    index.config_reader("Manual")
    index.reload()
    return index


def new_folder() -> Path:
    return root() / f"{BUILDING}{secrets.token_hex(6)}"


def put_in_use(folder: Path) -> Path:
    """Let everybody read the index that was built in the folder; it gets its lasting name."""
    with guarded():
        lasting = folder.with_name(folder.name.replace(BUILDING, READY, 1))
        folder.rename(lasting)
        draft = root() / f"{CURRENT}.{os.getpid()}"
        draft.write_text(lasting.name, encoding="ascii")
        draft.replace(root() / CURRENT)
    return lasting


def sweep() -> None:
    """Remove what is not in use; call it under the lock of rebuilding. Whoever still reads one keeps its files."""
    used = current()
    for folder in root().iterdir():
        if folder.name.startswith((READY, BUILDING)) and folder != used:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def alone(what: str) -> Iterator[None]:
    """Be the only process that does this; Busy when another one is."""
    with guarded():
        root().mkdir(parents=True, exist_ok=True)
        file = (root() / f"{what}.lock").open("w")
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Busy(what) from error
        yield


def is_taken(what: str) -> bool:
    """Whether some process does this now."""
    try:
        with (root() / f"{what}.lock").open() as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def size_of(folder: Path) -> int:
    """Bytes on the disk."""
    total = 0
    for path in folder.iterdir():
        try:
            total += path.stat().st_size
        except OSError:  # merged away meanwhile
            continue
    return total
