"""Scorers that mean harm: each ends in a clear verdict, and an honest run after it is unharmed."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from qunxing.races.sandbox import Kind
from tests.races.sandbox.places import HONEST, QUICK, is_unharmed, run

SHORT = replace(QUICK, seconds=0.6)
CLOSING = "for n in (*range(3, 60), 0, 1, 2):\n try: os.close(n)\n except OSError: pass\n"

PROCESSES = {
    "fork bomb": "import os\nwhile True: os.fork()",
    "fork bomb that catches": "import os\nwhile True:\n    try: os.fork()\n    except BaseException: pass",
    "program": "import subprocess\nsubprocess.run(['/bin/sh', '-c', 'id'])",
    "exec": "import os\nos.execv('/bin/sh', ['sh'])",
    "thread": "import threading\nthreading.Thread(target=print).start()",
    "kill parent": "import os\nos.kill(os.getppid(), 15)",
    "kill all": "import os\nos.kill(-1, 9)",
    "trace parent": "import ctypes, os\nctypes.CDLL(None).ptrace(16, os.getppid(), 0, 0)",
    "read parent": "import ctypes, os\nctypes.CDLL(None).process_vm_readv(os.getppid(), 0, 0, 0, 0, 0)",
    "signal by pipe": "import fcntl, os\nfcntl.fcntl(0, 10, 9)\nfcntl.fcntl(0, 8, os.getppid())",
    "owner by pipe": "import fcntl, os\nfcntl.fcntl(0, 8, os.getppid())",
    "limits of parent": "import resource, os\nresource.prlimit(os.getppid(), resource.RLIMIT_NOFILE, (0, 0))",
    "new session": "import os\nos.setsid()",
}
NETWORK = {
    "socket": "import socket\nsocket.create_connection(('127.0.0.1', {port}), 1)",
    "datagram": "import socket\nsocket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
    "unix socket": "import socket\nsocket.socket(socket.AF_UNIX)",
    "pair": "import socket\nsocket.socketpair()",
    "by native code": "import ctypes\nctypes.CDLL(None).socket(2, 1, 0)",
    "by number": "import ctypes\nctypes.CDLL(None).syscall(425, 1, 0)",  # io_uring_setup
    "name": "import socket\nsocket.getaddrinfo('localhost', 80)",
}
MACHINE = {
    "other namespace": "import ctypes\nctypes.CDLL(None).unshare(0x10000000)",
    "mount": "import ctypes\nctypes.CDLL(None).mount(0, 0, 0, 0, 0)",
    "become root": "import os\nos.setuid(0)",
    "clock": "import time\ntime.clock_settime(time.CLOCK_REALTIME, 0)",
    "take the alarm off": "import signal\nsignal.signal(signal.SIGSYS, signal.SIG_IGN)\nimport socket\nsocket.socket()",
    "change root": "import os\nos.chroot('.')",
    "shared memory": "import ctypes\nctypes.CDLL(None).shmget(1, 4096, 0o1666)",
}


@pytest.mark.parametrize("name", [*PROCESSES, *NETWORK, *MACHINE])
def test_ways_to_others_are_forbidden(name: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        text = {**PROCESSES, **NETWORK, **MACHINE}[name].replace("{port}", str(server.getsockname()[1]))
        found = run(text)
        with pytest.raises(BlockingIOError):
            server.accept()
    assert (found.kind, "forbidden call" in found.words) == (Kind.FORBIDDEN, True)
    assert is_unharmed()


def test_a_forbidden_call_is_told_with_the_scorers_line() -> None:
    found = run("import socket\n\ndef score_item(a, t):\n    return socket.socket()")
    assert found.words == "scorer.py, line 4: a forbidden call in __init__ (socket.py)"


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A key on the disk, as anybody on the machine could read it."""
    path = tmp_path / "key.csv"
    path.write_text("item,truth\na,1\n", encoding="utf-8")
    path.chmod(0o644)
    tmp_path.chmod(0o777)
    return path


READS = {
    "plainly": "open({path!r}).read()",
    "by number": "import os\nos.read(os.open({path!r}, 0), 100)",
    "by way of its folder": "import os\nopen(os.path.relpath({path!r})).read()",
    "through a link": "import os\nos.symlink({path!r}, 'link')\nopen('link').read()",
    "through a hard link": "import os\nos.link({path!r}, 'link')\nopen('link').read()",
    "its folder": "import os\nos.listdir(os.path.dirname({path!r}))",
    "of the machine": "open('/etc/passwd').read()",
    "of its parent": "import os\nopen(f'/proc/{os.getppid()}/environ', 'rb').read()",
    "of itself": "open('/proc/self/mem', 'rb').read(1)",
    "of the program": "import qunxing\nopen(qunxing.__file__.replace('__init__', 'config/settings')).read()",
}


LAYERS = pytest.mark.parametrize("without", [(), ("landlock",)], ids=["", "without landlock"])


@LAYERS
@pytest.mark.parametrize("name", READS)
def test_files_of_others_are_not_read(name: str, without: tuple[str, ...], secret: Path) -> None:
    found = run(READS[name].replace("{path!r}", repr(str(secret))), without=without)
    assert (found.kind, "truth" in found.printed) == (Kind.FORBIDDEN, False)
    assert is_unharmed()


def state_of(path: Path) -> tuple[object, ...]:
    """The folder and the file as they stand."""
    found = path.stat()
    return sorted(path.parent.iterdir()), path.read_bytes(), found.st_mtime_ns, found.st_mode


WRITES = {
    "a new file": "open({folder!r} + '/new', 'w')",
    "over the key": "open({path!r}, 'w').write('a,2')",
    "out of its folder": "open('../new-from-a-scorer', 'w')",
    "a folder": "import os\nos.mkdir({folder!r} + '/new')",
    "away": "import os\nos.unlink({path!r})",
    "another name": "import os\nos.rename({path!r}, {path!r} + '.old')",
    "folders without end": "import os\nwhile True:\n    os.mkdir('d')\n    os.chdir('d')",
    "through a link": "import os\nos.symlink({folder!r}, 'out')\nopen('out/new', 'w')",
    "rights": "import os\nos.chmod({path!r}, 0o777)",
    "shared memory": "open('/dev/shm/new-from-a-scorer', 'w')",
    "cut short": "import os\nos.truncate({path!r}, 0)",
    "time stamps": "import os\nos.utime({path!r}, (0, 0))",
}


@LAYERS
@pytest.mark.parametrize("name", WRITES)
def test_nothing_is_written_outside(name: str, without: tuple[str, ...], secret: Path) -> None:
    before = state_of(secret)
    text = WRITES[name].replace("{path!r}", repr(str(secret))).replace("{folder!r}", repr(str(secret.parent)))
    found = run(text, without=without)
    assert found.kind is Kind.FORBIDDEN
    assert state_of(secret) == before
    assert not Path("/dev/shm/new-from-a-scorer").exists()
    assert is_unharmed()


def test_what_is_caught_by_the_scorer_is_forbidden_all_the_same(secret: Path) -> None:
    text = f"try: held = open({str(secret)!r}).read()\nexcept OSError: held = ''\nprint('held', held)\n{HONEST}"
    found = run(text)
    assert (found.kind, found.printed) == (Kind.OK, "held \n")


MEMORY = {
    "a hundred gigabytes": "bytearray(100 << 30)",
    "bit by bit": "held = []\nwhile True: held.append(bytearray(1 << 20))",
    "in one item": "def score_item(a, t): return len(bytearray(100 << 30))",
    "by map": "import mmap\nmmap.mmap(-1, 100 << 30)",
}


@pytest.mark.parametrize("name", MEMORY)
def test_memory_is_bounded(name: str) -> None:
    found = run(MEMORY[name])
    assert (found.kind, found.memory_bytes <= 320 << 20) == (Kind.MEMORY, True)
    assert is_unharmed()


TIME = {
    "loop": ("while True: pass", QUICK, "used the processor for 1 s"),
    "loop by the clock": ("while True: pass", SHORT, "not done after 0.6 s"),
    "sleep": ("import time\ntime.sleep(60)", SHORT, "not done after 0.6 s"),
    "deaf sleep": (
        "import signal, time\nfor n in (1, 2, 15): signal.signal(n, signal.SIG_IGN)\nwhile True: time.sleep(60)",
        SHORT,
        "not done after 0.6 s",
    ),
    "with every pipe closed": (f"import os, time\n{CLOSING}time.sleep(60)", SHORT, "not done after 0.6 s"),
    "raises its limit": (
        "from resource import *\ntry: setrlimit(RLIMIT_CPU, (60, 60))\nexcept ValueError: pass\nwhile True: pass",
        QUICK,
        "used the processor for 1 s",
    ),
}


@pytest.mark.parametrize("name", TIME)
def test_time_is_bounded(name: str) -> None:
    text, limits, words = TIME[name]
    found = run(text, limits=limits)
    assert (found.kind, found.words) == (Kind.TIMEOUT, words)
    assert is_unharmed()


OUTPUT = {
    "printed": "while True: print('x' * 1000)",
    "as errors": "import sys\nwhile True: sys.stderr.write('x' * 1000)",
    "as result": "import os, sys\nwhile True: os.write(int(sys.argv[1]), b'x' * 1000)",
    "one long score": "def score(a, t): return {'x' * (2 << 20): 1}",
    "one large file": "with open('large', 'wb') as file:\n    while True: file.write(b'x' * 100000)",
    "one file without a name": (
        "import os\nheld = open('own', 'wb', buffering=0)\nos.unlink('own')\n"
        "for n in range(64): held.write(b'x' * (1 << 19))\ndef score_item(a, t): return 1"
    ),
    "files without a name": (
        "import os\nheld = []\nwhile True:\n    held.append(open('own', 'wb'))\n    os.unlink('own')\n"
        "    held[-1].write(b'x' * (1 << 19))"
    ),
    "many files": "import itertools\nfor n in itertools.count(): open(f'n{n}', 'wb').write(b'x')",
}


@pytest.mark.parametrize("name", OUTPUT)
def test_output_is_bounded(name: str) -> None:
    found = run(OUTPUT[name])
    assert (found.kind, len(found.printed) <= 8_000) == (Kind.OUTPUT, True)
    assert is_unharmed()


def test_words_and_output_of_a_scorer_can_be_stored() -> None:
    text = r"""
import sys
def score_item(a, t):
    sys.stdout.buffer.write(b'\xff\0')
    raise ValueError('\ud800\0')
"""
    found = run(text)
    held = [found.words, found.printed, *found.faults.values()]
    assert (found.kind, [word for word in held if "\0" in word or "\ud800" in word]) == (Kind.CRASHED, [])
    assert len(found.digest) == 64


def test_no_process_and_no_folder_is_left(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    before = children()
    for text in (HONEST, "import os\nos.fork()", "import time\ntime.sleep(60)"):
        run(text, limits=SHORT)
    assert (list(tmp_path.iterdir()), children()) == ([], before)


def test_a_scorer_dies_with_whoever_started_it(tmp_path: Path) -> None:
    program = (
        "from tests.races.sandbox.places import run\nfrom qunxing.races.sandbox import Limits\n"
        "run('import time\\ntime.sleep(60)', limits=Limits(seconds=60))"
    )
    paths = os.pathsep.join(path for path in sys.path if path)
    worker = subprocess.Popen([sys.executable, "-c", program], env={"PYTHONPATH": paths, "TMPDIR": str(tmp_path)})
    try:
        scorer = wait_for(lambda: next(iter(children(worker.pid)), ""))
        wait_for(lambda: scorer in by_name("status", "Seccomp:\t2"))
    finally:
        worker.kill()
        worker.wait()
    assert wait_for(lambda: not Path(f"/proc/{scorer}").exists())


def wait_for(found: Callable[[], Any]) -> Any:
    """What comes before long."""
    until = time.monotonic() + 60
    while not (value := found()) and time.monotonic() < until:
        time.sleep(0.01)
    return value


def by_name(file: str, text: str) -> list[str]:
    """Processes whose file in /proc holds the text."""
    found = []
    for path in Path("/proc").glob(f"[0-9]*/{file}"):
        try:
            found += [path.parent.name] if text in path.read_text(encoding="ascii") else []
        except OSError:
            continue
    return found


def children(pid: int = os.getpid()) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
