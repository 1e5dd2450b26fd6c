"""The follower as a process of its own: a change is found soon; killed, it catches up.

How soon is for a machine that does nothing else; what is held here is that it is found at all.
"""

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
PROGRAM = [sys.executable, "-m", "qunxing.cli"]
START_SECONDS = 60
WRITE_AND_SEEK = """
    import time, django
    django.setup()
    from django.contrib.auth.models import AnonymousUser
    from qunxing.directory.models import Organization
    from qunxing.ledger.actions import create
    from qunxing.search.finding import Wish, find
    from qunxing.search.wording import read

    def seconds(name):
        create(Organization(name=name), actor=None)
        began = time.monotonic()
        while time.monotonic() - began < {patience}:
            found = find(Wish(AnonymousUser(), read(name)))
            if found is not None and not found.near and found.total:
                return time.monotonic() - began
            time.sleep(0.01)
        return 99

    find(Wish(AnonymousUser(), read("先热身")))
    print(*[round(seconds(name), 3) for name in {names}])
"""


def environment(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("QUNXING_", "DJANGO_"))}
    kept.pop("DATABASE_URL", None)
    settings = {"QUNXING_DATA": str(folder), "QUNXING_HTTPS": "false"}
    return kept | settings | {"DJANGO_SETTINGS_MODULE": "qunxing.config.settings"}


def run(command: list[str], folder: Path) -> str:
    """What the command says; it must succeed."""
    said = subprocess.run(command, env=environment(folder), capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    return said.stdout


@contextmanager
def following(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A follower that has taken up its index."""
    process = subprocess.Popen([*PROGRAM, "index", "follow"], env=environment(folder))
    try:
        deadline = time.monotonic() + START_SECONDS
        while not (folder / "search" / "current").exists():
            assert process.poll() is None, "the follower ended"
            assert time.monotonic() < deadline, "the follower made no index"
            time.sleep(0.05)
        yield process
    finally:
        process.terminate()
        process.wait(timeout=20)


def seek(folder: Path, *names: str, patience: float) -> list[float]:
    """How many seconds after it was written each organisation is found; 99 for never."""
    script = textwrap.dedent(WRITE_AND_SEEK).format(names=names, patience=patience)
    return [float(word) for word in run([sys.executable, "-c", script], folder).split()]


def test_changes_are_found_soon_and_after_a_crash(tmp_path: Path) -> None:
    run([*PROGRAM, "init"], tmp_path)
    with following(tmp_path) as process:
        assert 99 not in seek(tmp_path, "群星甲", "群星乙", patience=20)
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=20)
        assert seek(tmp_path, "星河", patience=0.5) == [99]
    with following(tmp_path):
        assert 99 not in seek(tmp_path, "稀宇", patience=20)
