"""Collecting the static files, when there is something to collect."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

STAMP = ".collected"


def collect() -> bool:
    """Copy, hash and compress the static files; False, and nothing done, where they are as they were last time."""
    stamp = Path(settings.STATIC_ROOT) / STAMP
    state = state_of_sources()
    if stamp.is_file() and stamp.read_text(encoding="ascii") == state:
        return False
    call_command("collectstatic", verbosity=0, interactive=False)
    stamp.write_text(state, encoding="ascii")
    return True


def state_of_sources() -> str:
    """A digest over place, size and time of change of every static file, and over how they are stored."""
    digest = hashlib.sha256(repr(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for path, storage in sorted(finder.list([]), key=lambda found: found[0]):
            found = Path(storage.path(path)).stat()
            digest.update(f"{path}\0{found.st_size}\0{found.st_mtime_ns}\n".encode())
    return digest.hexdigest()
