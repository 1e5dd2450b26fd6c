"""The process that a scorer runs in: confines itself, then reads what to do, then does it.

Started as an interpreter of its own without anybody's environment. It tells through one pipe: first a line with the
layers in force, then one with the result. Whoever reads takes nothing of it for granted.
"""

import errno
import faulthandler
import gc
import json
import os
import re
import sys
from typing import Any

from qunxing.races.sandbox import confining, scorers

SIGSYS = 31
KINDS_BY_ERROR = {
    errno.EACCES: "forbidden",
    errno.EPERM: "forbidden",
    errno.EFBIG: "output",
    errno.EMFILE: "output",
    errno.ENOMEM: "memory",
}


def main() -> None:
    """Arguments: the number of the pipe to tell through, the orders as JSON, folders of packages."""
    told, orders = int(sys.argv[1]), confining.Orders(**json.loads(sys.argv[2]))
    sys.dont_write_bytecode = True
    sys.path[:] = [path for path in sys.path if path != sys.argv[3]] + sys.argv[4:]
    os.chdir(orders.folder)
    # At a forbidden call: where the scorer stood, then the end.
    faulthandler.register(SIGSYS, chain=True)
    status = status_of_self()
    confined = confining.confine(orders)
    tell(told, {"layers": confined.layers, "absent": confined.absent, "open": confined.open})
    if confined.open:
        return
    result = outcome(json.loads(sys.stdin.buffer.read()))
    tell(told, {**result, "memory": peak(status)})
    # The interpreter would put signals back as they were, which the filter takes for an attempt to get round it.
    os._exit(0)


def status_of_self() -> int:
    """The file in which the kernel tells of this process; -1 where there is none."""
    try:
        return os.open("/proc/self/status", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return -1


def peak(status: int) -> int:
    """The most memory held, in bytes, by the file that was opened while it could be; 0 where it does not say."""
    try:
        found = re.search(rb"VmHWM:\s+(\d+) kB", os.pread(status, 10_000, 0))
    except OSError:
        return 0
    return int(found[1]) * 1024 if found else 0


def tell(told: int, message: dict[str, Any]) -> None:
    """One line of JSON; NaN stays as Python writes it, to be refused by name outside."""
    rest = memoryview(json.dumps(message).encode() + b"\n")
    while rest:
        rest = rest[os.write(told, rest) :]


def outcome(job: dict[str, Any]) -> dict[str, Any]:
    """The scorer's result, or how it failed."""
    try:
        result = {"kind": "ok", **scorers.scored(job)}
    except MemoryError as error:
        result = {"kind": "memory", "words": scorers.said(error)}
    except OSError as error:
        kind = KINDS_BY_ERROR.get(error.errno or 0, "crashed")
        result = {"kind": kind, "words": scorers.said(error)}
    except BaseException as error:  # noqa: BLE001 (exits, too: anything may come out of a stranger's code)
        result = {"kind": "crashed", "words": scorers.said(error)}
    gc.collect()
    scorers.flush()
    return result
