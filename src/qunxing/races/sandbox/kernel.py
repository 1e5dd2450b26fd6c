"""Calls to the Linux kernel that Python has no names for."""

import ctypes
import os
from typing import Any

LIBC = ctypes.CDLL(None, use_errno=True)
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 1, 4, 22, 24, 38
CAPABILITIES = 64  # more than any kernel has
CAPABILITY_VERSION = 0x20080522


class CallFailed(OSError):
    """The kernel refused, or knows no such call."""


def called(function: Any, *arguments: Any) -> int:
    """What the call returned; CallFailed with its errno where it failed."""
    ctypes.set_errno(0)
    result = int(function(*arguments))
    if result < 0:
        code = ctypes.get_errno()
        raise CallFailed(code, os.strerror(code))
    return result


def prctl(option: int, *arguments: int) -> int:
    padded = (*arguments, 0, 0, 0, 0)[:4]
    return called(LIBC.prctl, ctypes.c_int(option), *(ctypes.c_ulong(value) for value in padded))


def syscall(number: int, *arguments: Any) -> int:
    return called(LIBC.syscall, ctypes.c_long(number), *arguments)


def no_new_privileges() -> None:
    """Nothing that is started from here on gains rights, whatever is marked on it."""
    prctl(PR_SET_NO_NEW_PRIVS, 1)


def die_with_parent(parent: int) -> None:
    """Be killed when the parent ends, however it does."""
    prctl(PR_SET_PDEATHSIG, 9)
    if os.getppid() != parent:
        os._exit(1)


def undumpable() -> None:
    """Nobody of the same user may look into this process."""
    prctl(PR_SET_DUMPABLE, 0)


class CapHeader(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


class CapData(ctypes.Structure):
    _fields_ = [("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32)]


def drop_capabilities() -> None:
    """Give up every right that root has over others, for good."""
    for number in range(CAPABILITIES):
        try:
            prctl(PR_CAPBSET_DROP, number)
        except CallFailed:
            break  # past the last one, or never had any
    header, nothing = CapHeader(CAPABILITY_VERSION, 0), (CapData * 2)()
    called(LIBC.capset, ctypes.byref(header), ctypes.byref(nothing))
