"""One run of a scorer over one entry, in a process of its own that can do no harm. No Django in here."""

import hashlib
import json
import os
import re
import shutil
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from qunxing.races.sandbox.judging import judged
from qunxing.races.sandbox.verdicts import Kind, Limits, Verdict
from qunxing.races.sandbox.watching import never, watched
from qunxing.races.scoring.values import Answers, Key

LIMITS = Limits()
SOURCE = Path(__file__).resolve().parents[3]
START = "import sys; sys.path.insert(0, sys.argv[3]); from qunxing.races.sandbox.child import main; main()"
SYSTEM = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/share/zoneinfo", "/etc/ld.so.cache", "/etc/localtime")
DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random")
# One thread, one language, one time zone, one order of hashes: what a scorer sees is the same everywhere.
ENVIRONMENT = {
    "LANG": "C.UTF-8",
    "LC_ALL": "C.UTF-8",
    "MALLOC_ARENA_MAX": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PATH": "",
    "PYTHONHASHSEED": "0",
    "TZ": "UTC",
}
IMPORT = re.compile(r"^[ \t]*(?:import|from)[ \t]+([A-Za-z_][\w., \t]{0,400})", re.MULTILINE)
Missing = Literal["zero", "own", "drop"]


def run(
    scorer: Path | bytes,
    answers: Answers,
    key: Key,
    limits: Limits = LIMITS,
    *,
    missing: Missing = "zero",
    without: Collection[str] = (),
    stop: Callable[[], bool] = never,
) -> Verdict:
    """Score the entry by the scorer. Of the key the scorer gets what belongs to items that were answered; items that
    were not have no score, and count in `overall` by the rule `missing`.

    Whatever the scorer does, a verdict comes back; on a machine that cannot confine it, it is refused. `without` leaves
    layers off, for tests. Once `stop` says so the scorer is ended.
    """
    if sys.platform != "linux":
        return Verdict(
            Kind.REFUSED, f"a scorer can be kept in on Linux alone, not on {sys.platform}", open=("network",)
        )
    began = time.perf_counter()
    text = source_of(scorer, limits)
    if isinstance(text, Verdict):
        return text
    items, job = job_for(text, answers, key)
    with folder() as place:
        end = watched(command(text, place, limits, tuple(without)), job, place, limits, environment(place), stop)
    found = judged(end, items, key.items, limits, zero=missing == "zero")
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Verdict(**{**vars(found), "seconds": time.perf_counter() - began, "scorer_digest": digest})


def source_of(scorer: Path | bytes, limits: Limits) -> str | Verdict:
    """The scorer's text; a verdict where it is none."""
    data = scorer.read_bytes() if isinstance(scorer, Path) else scorer
    if len(data) > limits.scorer_bytes:
        return Verdict(Kind.BAD_RESULT, f"the scorer has {len(data)} bytes, more than {limits.scorer_bytes}")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return Verdict(Kind.BAD_RESULT, "the scorer is not UTF-8")
    return Verdict(Kind.BAD_RESULT, "the scorer holds a NUL") if "\0" in text else text


def job_for(text: str, answers: Answers, key: Key) -> tuple[tuple[str, ...], bytes]:
    """(items that are judged, what the process is to read)."""
    given = set(answers.items)
    part = key.only([item for item in key.items if item in given])
    job = {
        "scorer": text,
        "items": part.items,
        "answers": {name: answers.column(name, part.items) for name in answers.columns},
        "truth": dict(part.columns),
    }
    return part.items, json.dumps(job).encode()


@contextmanager
def folder() -> Iterator[Path]:
    """A folder that is the scorer's own while it runs."""
    place = Path(tempfile.mkdtemp(prefix="scorer-")).resolve()
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def environment(place: Path) -> dict[str, str]:
    return {**ENVIRONMENT, "HOME": str(place), "TMPDIR": str(place)}


def packages() -> list[str]:
    """Folders that a scorer may import from, beside the language's own."""
    return list(dict.fromkeys(sysconfig.get_path(name) for name in ("purelib", "platlib")))


def readable() -> tuple[str, ...]:
    own = [sysconfig.get_path(name) for name in ("stdlib", "platstdlib")]
    shared = str(Path(sys.base_prefix) / "lib")
    return tuple(dict.fromkeys([*packages(), *own, shared, *SYSTEM, *DEVICES]))


def imports_of(text: str) -> list[str]:
    """Modules that the text seems to import, read off without parsing what a stranger wrote."""
    found = [name.split()[0] for line in IMPORT.findall(text) for name in line.split(",") if name.split()]
    return list(dict.fromkeys(found))[:100]


def command(text: str, place: Path, limits: Limits, without: tuple[str, ...]) -> Callable[[int], list[str]]:
    """The interpreter without anybody's settings, and its orders, for the pipe it is to tell through."""
    orders: dict[str, Any] = {
        "parent": os.getpid(),
        "folder": str(place),
        "readable": readable(),
        "cpu_seconds": limits.cpu_seconds,
        "memory_bytes": limits.memory_bytes,
        "file_bytes": limits.output_bytes,
        "without": without,
        "modules": imports_of(text),
    }
    # Not -I: it would leave the seed of hashes to chance. The environment is ours anyway.
    start = [sys.executable, "-s", "-S", "-P", "-X", "utf8", "-c", START]
    return lambda telling: [*start, str(telling), json.dumps(orders), str(SOURCE), *packages()]


def check(scorer: Path | bytes, answers: Answers, key: Key, limits: Limits = LIMITS) -> Verdict:
    """Two runs on the same entry: a scorer that does not give the same twice is refused as `BAD_RESULT`."""
    first, second = (run(scorer, answers, key, limits) for _turn in range(2))
    if first.good and first.digest != second.digest:
        return Verdict(Kind.BAD_RESULT, "two runs on the same answers gave two results", layers=first.layers)
    return first


def probe() -> Verdict:
    """What this machine can do to keep a scorer in: `layers`, `absent` and `open` of a run on nothing."""
    return run(b"def score(answers, truths): return {}", Answers((), {}), Key((), {}))
