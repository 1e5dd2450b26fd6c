"""The filter of system calls: what computing needs is let through, the ways out end the process.

Needs no rights, holds for native code as for Python, and cannot be taken off. A forbidden way raises SIGSYS, at which
the process writes where it stood and dies; what is merely odd fails with an error.
"""

import ctypes
import errno
import os
import struct
import sys

from qunxing.races.sandbox.calls import COMPUTING, NETWORK, PROCESSES, SYSTEM
from qunxing.races.sandbox.kernel import PR_SET_SECCOMP, CallFailed, prctl

MACHINES = {  # column of the tables, name in the filter
    "x86_64": (0, 0xC000003E),
    "aarch64": (1, 0xC00000B7),
    "riscv64": (1, 0xC00000F3),
    "loongarch64": (1, 0xC0000102),
}
ALLOW, TRAP, KILL, ERRNO = 0x7FFF0000, 0x00030000, 0x80000000, 0x00050000
LOAD, EQUAL, AT_LEAST, RETURN, SET = 0x20, 0x15, 0x35, 0x06, 0x45
NUMBER, MACHINE, ARGUMENTS = 0, 4, 16
X32 = 0x40000000
NEWEST = 451  # calls above may be new needs of the C library, which does without where they are unknown
SIGSYS = 31
TERMINAL = (0x5401, 0x5413, 0x5421, 0x5450, 0x5451, 0x541B)  # ioctl: is it a terminal, its size, flags of a file
BY_PATH = frozenset({"open", "openat", "unlink", "unlinkat", "rename", "renameat", "renameat2"})
# fcntl: copies, flags, locks, sizes of pipes; never who is sent a signal when something can be read.
OF_FILES = (0, 1, 2, 3, 4, 5, 6, 7, 36, 37, 38, 1030, 1031, 1032)
NAMING = (15, 0x53564D41)  # prctl: the name of a thread, of a piece of memory
Step = tuple[int, int, int, int]


def available() -> bool:
    """Whether the filter is written for this machine."""
    return sys.platform == "linux" and sys.byteorder == "little" and os.uname().machine in MACHINES


def install(*, files: bool) -> None:
    """Filter this process from now on; without `files` it opens, renames and removes none. CallFailed if it cannot."""
    if not available():
        raise CallFailed(errno.ENOSYS, "unknown machine")
    steps = program(os.uname().machine, os.getpid(), files=files)
    code = b"".join(struct.pack("<HBBI", *step) for step in steps)
    buffer = ctypes.create_string_buffer(code, len(code))
    filter_ = struct.pack("<HxxxxxxQ", len(steps), ctypes.addressof(buffer))
    held = ctypes.create_string_buffer(filter_, len(filter_))
    prctl(PR_SET_SECCOMP, 2, ctypes.addressof(held))


def program(machine: str, pid: int, *, files: bool) -> list[Step]:
    """The filter for a process of this number, in the kernel's small language."""
    column, name = MACHINES[machine]
    steps = [load(MACHINE), (EQUAL, 1, 0, name), answer(KILL), load(NUMBER), (AT_LEAST, 0, 1, X32), answer(KILL)]
    for table in (NETWORK, PROCESSES, SYSTEM):
        for numbers in table.values():
            steps += when(numbers[column], [answer(TRAP)])
    for call, numbers in COMPUTING.items():
        steps += when(numbers[column], treatment(call, pid, files=files))
    return [*steps, (AT_LEAST, 0, 1, NEWEST + 1), answer(ERRNO | errno.ENOSYS), answer(ERRNO | errno.EPERM)]


def treatment(call: str, pid: int, *, files: bool) -> list[Step]:
    """What becomes of a call that computing needs: some only with certain arguments."""
    if call in BY_PATH and not files:
        return [answer(ERRNO | errno.EACCES)]
    if call == "rt_sigaction":
        return [load_argument(0), (EQUAL, 0, 1, SIGSYS), answer(KILL), answer(ALLOW)]
    limited = {
        "kill": (0, (pid,), TRAP),
        "tgkill": (0, (pid,), TRAP),
        "tkill": (0, (pid,), TRAP),
        "prlimit64": (0, (0, pid), TRAP),
        "fcntl": (1, OF_FILES, TRAP),
        "ioctl": (1, TERMINAL, ERRNO | errno.ENOTTY),
        "prctl": (0, NAMING, ERRNO | errno.EPERM),
    }
    return only(*limited[call]) if call in limited else [answer(ALLOW)]


def when(number: int | None, steps: list[Step]) -> list[Step]:
    """The steps for the call of this number; `steps` end in an answer."""
    return [] if number is None else [(EQUAL, 0, len(steps), number), *steps]


def only(place: int, allowed: tuple[int, ...], otherwise: int) -> list[Step]:
    """Allow where the argument is one of these; its upper half is nothing to the kernel, which reads ints there."""
    tests: list[Step] = [(EQUAL, len(allowed) - number, 0, value) for number, value in enumerate(allowed)]
    return [load_argument(place), *tests, answer(otherwise), answer(ALLOW)]


def load(offset: int) -> Step:
    return (LOAD, 0, 0, offset)


def load_argument(place: int) -> Step:
    return load(ARGUMENTS + 8 * place)


def answer(action: int) -> Step:
    return (RETURN, 0, 0, action)
