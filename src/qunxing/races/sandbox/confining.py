"""The layers around a scorer, put on by its process before any of the scorer is read.

Each thing that must not be is kept off by at least one layer, most by two; what no layer can keep off on this machine
stops the run before it begins.
"""

import os
import resource
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib import import_module
from typing import Any, NamedTuple

from qunxing.races.sandbox import kernel, landlock, namespaces, seccomp


class Orders(NamedTuple):
    """What the process is told by whoever starts it; `without` names layers to leave off, `modules` what the
    scorer imports.
    """

    parent: int
    folder: str
    readable: tuple[str, ...]
    cpu_seconds: int
    memory_bytes: int
    file_bytes: int
    without: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()


class Confined(NamedTuple):
    """Layers in force, layers that are absent with the reason, and what nothing keeps off."""

    layers: tuple[str, ...]
    absent: dict[str, str]
    open: tuple[str, ...]


FILES_OPEN = 32  # as many files may be held that have no name any more, each within its bound
SCOPING = 6  # version of Landlock from which it keeps signals inside


def confine(orders: Orders) -> Confined:
    """Put on every layer that this machine has."""
    kernel.die_with_parent(orders.parent)
    in_force: list[str] = []
    absent: dict[str, str] = {}

    def put_on(name: str, layer: Callable[[], Any]) -> None:
        try:
            if name in orders.without:
                raise kernel.CallFailed(0, "left off")
            layer()
            in_force.append(name)
        except OSError as error:
            absent[name] = error.strerror or str(error)

    if "landlock" in orders.without or not landlock.version():
        preload(orders.modules)  # no file can be opened later
    unprivileged, scoped = os.geteuid() != 0, landlock.version() >= SCOPING
    put_on("limits", lambda: limit(orders))
    put_on("namespaces", namespaces.leave)
    put_on("privileges", give_up)
    kernel.die_with_parent(orders.parent)  # again: other namespaces, other rights
    put_on("landlock", lambda: landlock.restrict(orders.readable, [orders.folder]))
    put_on("seccomp", lambda: seccomp.install(files="landlock" in in_force))
    return Confined(tuple(in_force), absent, still_open(in_force, unprivileged=unprivileged, scoped=scoped))


def preload(modules: Sequence[str]) -> None:
    """Import what the scorer is going to; what is not there it will miss by itself."""
    for name in modules:
        with suppress(Exception):
            import_module(name)


def give_up() -> None:
    """No rights over others, now or by starting anything."""
    kernel.undumpable()
    kernel.drop_capabilities()
    kernel.no_new_privileges()


def still_open(in_force: Sequence[str], *, unprivileged: bool, scoped: bool) -> tuple[str, ...]:
    """What nothing keeps off: the network, files of others, processes, or use without bounds."""
    held = set(in_force)
    kept = {
        "network": {"seccomp", "namespaces"} & held,
        "files": "seccomp" in held,  # Landlock knows nothing of rights and time stamps
        "processes": "seccomp" in held or ("limits" in held and unprivileged),  # root's are never counted
        "others": "seccomp" in held or ("landlock" in held and scoped),
        "bounds": "limits" in held,
        "privileges": "privileges" in held,
    }
    return tuple(name for name, by in kept.items() if not by)


def limit(orders: Orders) -> None:
    """Bounds of the process, which it cannot raise again; and its turn comes after that of those who serve pages."""
    os.nice(10)
    bounds = {
        resource.RLIMIT_CPU: orders.cpu_seconds,
        resource.RLIMIT_AS: orders.memory_bytes,
        resource.RLIMIT_FSIZE: orders.file_bytes,
        resource.RLIMIT_NOFILE: FILES_OPEN,
        resource.RLIMIT_NPROC: 1,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_MSGQUEUE: 0,
    }
    for what, most in bounds.items():
        _soft, hard = resource.getrlimit(what)
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (bound, bound))
