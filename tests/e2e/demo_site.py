"""The demonstration, served for the tests of a worker: loaded once a run, copied for each worker, stopped at last."""

import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PROGRAM = Path(sys.executable).with_name("qunxing")
START_SECONDS = 120


@dataclass
class DemoSite:
    """A running demonstration; `cookies` remember who has signed in already."""

    address: str
    folder: Path
    passwords: dict[str, str]
    cookies: dict[str, list[Any]] = field(default_factory=dict)

    def run(self, *words: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
        """The program on the command line, on this data folder or another."""
        environment = environment_of(folder or self.folder)
        return subprocess.run([PROGRAM, *words], env=environment, capture_output=True, text=True, check=False)


def environment_of(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("QUNXING_", "DJANGO_"))}
    kept.pop("DATABASE_URL", None)
    return kept | {"QUNXING_DATA": str(folder), "QUNXING_HTTPS": "false"}


def loaded(shared: Path) -> Path:
    """The folder with the demonstration; the first worker to ask makes it, the others wait."""
    folder = shared / "demonstration"
    with (shared / "demonstration.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / "demonstration.json").exists():
            command = [PROGRAM, "demo", "--json"]
            said = subprocess.run(command, env=environment_of(folder), check=True, capture_output=True, text=True)
            (shared / "demonstration.json").write_text(said.stdout, encoding="utf-8")
    return folder


@contextmanager
def demo_site(shared: Path, own: Path) -> Iterator[DemoSite]:
    """A copy of the demonstration of one's own, served."""
    folder = own / "site"
    shutil.copytree(loaded(shared), folder)
    accounts = json.loads((shared / "demonstration.json").read_text(encoding="utf-8"))["accounts"]
    passwords = {account["username"]: account["password"] for account in accounts}
    with served(folder) as address:
        yield DemoSite(address, folder, passwords)


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of the program as long as the block lasts."""
    port = free_port()
    command = [PROGRAM, "serve", "--port", str(port), "--workers", "1"]
    with (folder / "serve.log").open("w") as log:
        server = subprocess.Popen(command, env=environment_of(folder), stdout=log, stderr=log)
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for(address, server)
            yield address
        finally:
            stop(server)


def stop(server: subprocess.Popen[bytes]) -> None:
    server.send_signal(signal.SIGTERM)
    try:
        server.wait(timeout=20)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert server.poll() is None, "the server ended"
        try:
            urllib.request.urlopen(f"{address}/accounts/login/", timeout=5).close()
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
        else:
            return
    raise AssertionError("the server did not answer")
