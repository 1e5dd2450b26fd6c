"""What passes between a job and its page while it works: small files, for its own work may hold the database's lock."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings


@dataclass(frozen=True)
class Told:
    """How far a job is; `stage` is a msgid, `total` 0 where nobody knows."""

    stage: str = ""
    done: int = 0
    total: int = 0


class Desk:
    """The files of one job: what it tells, the wish that it stop, and a lock that the system frees when it dies."""

    def __init__(self, ref: str) -> None:
        folder: Path = settings.ENV.data_dir / "jobs"
        self.telling, self.stop, self.lock = (folder / f"{ref}.{end}" for end in ("json", "stop", "lock"))

    def tell(self, told: Told) -> None:
        draft = self.telling.with_suffix(".draft")
        draft.write_text(json.dumps(asdict(told)), encoding="utf-8")
        draft.replace(self.telling)

    def told(self) -> Told:
        """What the job told last; nothing where it has told nothing that can be read."""
        try:
            return Told(**json.loads(self.telling.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return Told()

    def ask_to_stop(self) -> None:
        self.stop.parent.mkdir(parents=True, exist_ok=True)
        self.stop.touch()

    @property
    def asked_to_stop(self) -> bool:
        return self.stop.exists()

    @contextmanager
    def occupied(self) -> Iterator[None]:
        """Hold the lock while working; the files go at the end."""
        self.lock.parent.mkdir(parents=True, exist_ok=True)
        with self.lock.open("w", encoding="ascii") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                self.clear()

    @property
    def is_occupied(self) -> bool:
        """Whether a living process holds the lock."""
        try:
            handle = os.open(self.lock, os.O_RDONLY)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(handle)
        return False

    def clear(self) -> None:
        for path in (self.telling, self.stop, self.lock):
            path.unlink(missing_ok=True)
