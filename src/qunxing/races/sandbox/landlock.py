"""Landlock: what may be read and written, path by path, set by the process on itself (Linux 5.13 and later)."""

import ctypes
import os
import stat
from collections.abc import Iterable

from qunxing.races.sandbox.kernel import CallFailed, syscall

CREATE, ADD, RESTRICT = 444, 445, 446
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR, REMOVE_DIR, REMOVE_FILE, MAKE_CHAR, MAKE_DIR, MAKE_REG = (
    1 << bit for bit in range(9)
)
READ = READ_FILE | READ_DIR
WRITE = WRITE_FILE | REMOVE_FILE | MAKE_REG | 1 << 14  # no folders: they could be made deeper than any path reaches
HANDLED = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1, 5: (1 << 16) - 1}
NETWORK = 0b11  # bind and connect of TCP, from version 4
SCOPED = 0b11  # abstract sockets and signals to others, from version 6
OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | 1 << 14 | 1 << 15


class Rules(ctypes.Structure):
    _fields_ = [("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scoped", ctypes.c_uint64)]


class Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = [("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32)]


def version() -> int:
    """The kernel's version of Landlock, 0 where there is none."""
    try:
        return syscall(CREATE, None, ctypes.c_size_t(0), ctypes.c_uint32(1))
    except (CallFailed, OSError):
        return 0


def restrict(read: Iterable[str], write: Iterable[str]) -> None:
    """Read only beneath these, write only beneath those, nothing elsewhere. CallFailed without Landlock."""
    known = version()
    handled = HANDLED[min(known, 5)] if known else 0
    size = 8 if known < 4 else 16 if known < 6 else 24
    rules = Rules(handled, NETWORK if known >= 4 else 0, SCOPED if known >= 6 else 0)
    held = syscall(CREATE, ctypes.byref(rules), ctypes.c_size_t(size), ctypes.c_uint32(0))
    try:
        for path in read:
            allow(held, path, READ & handled)
        for path in write:
            allow(held, path, (READ | WRITE) & handled)
        syscall(RESTRICT, ctypes.c_int(held), ctypes.c_uint32(0))
    finally:
        os.close(held)


def allow(held: int, path: str, rights: int) -> None:
    """Give rights beneath a path, if it is there."""
    try:
        parent = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        rights = rights if stat.S_ISDIR(os.fstat(parent).st_mode) else rights & OF_FILES
        beneath = Beneath(rights, parent)
        syscall(ADD, ctypes.c_int(held), ctypes.c_int(1), ctypes.byref(beneath), ctypes.c_uint32(0))
    finally:
        os.close(parent)
