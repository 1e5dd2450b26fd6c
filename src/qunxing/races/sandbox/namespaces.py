"""Namespaces of one's own: a network without any device, no other machine's names, rights over nobody."""

import os

from qunxing.races.sandbox.kernel import LIBC, called

USER, NET, IPC, UTS = 0x10000000, 0x40000000, 0x08000000, 0x04000000
NOBODY = 65534


def leave() -> None:
    """Go into new namespaces, known there as nobody. OSError where the kernel or its keeper forbids them."""
    user, group = os.geteuid(), os.getegid()
    called(LIBC.unshare, USER | NET | IPC | UTS)
    tell("setgroups", "deny")
    tell("uid_map", f"{NOBODY} {user} 1")
    tell("gid_map", f"{NOBODY} {group} 1")


def tell(file: str, text: str) -> None:
    """Tell the kernel something about this process."""
    held = os.open(f"/proc/self/{file}", os.O_WRONLY | os.O_CLOEXEC)
    try:
        os.write(held, text.encode())
    finally:
        os.close(held)
