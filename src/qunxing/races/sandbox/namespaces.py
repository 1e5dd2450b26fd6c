"""Namespaces of one's own: a network without any device, no other machine's names, rights over nobody."""

import os
from pathlib import Path

from qunxing.races.sandbox.kernel import LIBC, called

USER, NET, IPC, UTS = 0x10000000, 0x40000000, 0x08000000, 0x04000000
NOBODY = 65534


def leave() -> None:
    """Go into new namespaces, known there as nobody. OSError where the kernel or its keeper forbids them."""
    user, group = os.geteuid(), os.getegid()
    called(LIBC.unshare, USER | NET | IPC | UTS)
    own = Path("/proc/self")
    (own / "setgroups").write_text("deny", encoding="ascii")
    (own / "uid_map").write_text(f"{NOBODY} {user} 1", encoding="ascii")
    (own / "gid_map").write_text(f"{NOBODY} {group} 1", encoding="ascii")
