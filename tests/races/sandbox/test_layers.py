"""Each layer by itself: what it keeps off when the others are left off, and what is told of one that is absent."""

import os
from pathlib import Path
from typing import Any

import pytest

from qunxing.races import sandbox
from qunxing.races.sandbox import Kind, calls, confining, landlock, seccomp
from tests.races.sandbox.places import HONEST, run

SOCKET = "import socket\nsocket.socket().connect(('127.0.0.1', 9))"


def needs(layer: str) -> None:
    reason = run(HONEST).absent.get(layer)
    if reason:
        pytest.skip(f"no {layer} here: {reason}")


def test_all_layers_of_this_machine_are_told() -> None:
    found = run(HONEST)
    assert set(found.layers) | set(found.absent) == {"limits", "namespaces", "privileges", "landlock", "seccomp"}
    assert {"limits", "privileges", "seccomp"} <= set(found.layers)


def test_the_machine_is_asked_what_it_can_do() -> None:
    found = sandbox.probe()
    assert (found.kind, found.layers, found.open) == (Kind.OK, run(HONEST).layers, ())


def test_a_run_is_refused_on_another_system(monkeypatch: Any) -> None:
    monkeypatch.setattr("sys.platform", "plan9")
    assert (run(HONEST).kind, run(HONEST).layers) == (Kind.REFUSED, ())


def test_a_layer_left_off_is_told_with_the_reason() -> None:
    found = run(HONEST, without=["namespaces"])
    assert (found.kind, found.absent["namespaces"], "namespaces" in found.layers) == (Kind.OK, "left off", False)


def test_a_run_is_refused_where_nothing_forbids_the_network() -> None:
    found = run("open('ran', 'w')\nprint('ran')\n" + HONEST, without=["seccomp", "namespaces"])
    assert (found.kind, "network" in found.open, "network" in found.words) == (Kind.REFUSED, True, True)
    assert (found.printed, dict(found.items)) == ("", {})


@pytest.mark.parametrize(
    ("without", "open_"), [(["limits"], "bounds"), (["privileges"], "privileges"), (["seccomp"], "files")]
)
def test_a_run_is_refused_where_something_else_is_open(without: list[str], open_: str) -> None:
    found = run("print('ran')\n" + HONEST, without=without)
    assert (found.kind, open_ in found.open, found.printed) == (Kind.REFUSED, True, "")


@pytest.mark.parametrize(
    ("held", "root", "scoped", "expected"),
    [
        (("limits", "privileges", "seccomp"), True, False, ()),
        (("limits", "privileges", "landlock", "namespaces"), True, True, ("files", "processes")),
        (("limits", "privileges", "landlock", "namespaces"), False, True, ("files",)),
        (("limits", "privileges", "landlock", "namespaces"), False, False, ("files", "others")),
        (("limits", "privileges", "landlock"), False, True, ("network", "files")),
        ((), False, True, ("network", "files", "processes", "others", "bounds", "privileges")),
    ],
)
def test_what_is_open_follows_from_the_layers(
    held: tuple[str, ...], root: bool, scoped: bool, expected: object
) -> None:
    assert confining.still_open(held, unprivileged=not root, scoped=scoped) == expected


def test_without_landlock_no_file_is_opened_and_modules_are_there_before() -> None:
    assert run("open('/etc/passwd')", without=["landlock"]).kind is Kind.FORBIDDEN
    assert run("open('own.txt', 'w')", without=["landlock"]).kind is Kind.FORBIDDEN
    assert run("import decimal, fractions\n" + HONEST, without=["landlock"]).kind is Kind.OK


def test_without_namespaces_the_filter_forbids_the_network() -> None:
    assert run(SOCKET, without=["namespaces"]).kind is Kind.FORBIDDEN


def confined_alone(work: str, layer: str) -> int:
    """The exit code of a process that puts on one layer and then does the work; 13 for being refused."""
    pid = os.fork()
    if pid:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    try:
        exec(layer, {})
        exec(work, {})
        os._exit(0)
    except OSError:
        os._exit(13)
    finally:
        os._exit(1)


LANDLOCK = "from qunxing.races.sandbox import kernel, landlock\nkernel.no_new_privileges()\n"


@pytest.mark.skipif(not landlock.version(), reason="no Landlock here")
def test_landlock_alone_keeps_to_its_paths(tmp_path: Path) -> None:
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    for folder in (inside, outside):
        folder.mkdir()
        (folder / "file").write_text("x", encoding="utf-8")
    layer = LANDLOCK + f"landlock.restrict([{str(inside)!r}], [])"
    writing = LANDLOCK + f"landlock.restrict([], [{str(inside)!r}])"
    assert confined_alone(f"open({str(inside / 'file')!r}).read()", layer) == 0
    assert confined_alone(f"open({str(inside / 'file')!r}, 'w')", layer) == 13
    assert confined_alone(f"open({str(outside / 'file')!r}).read()", layer) == 13
    assert confined_alone(f"open({str(inside / 'new')!r}, 'w')", writing) == 0
    assert confined_alone(f"import os\nos.unlink({str(inside / 'new')!r})", writing) == 0
    assert confined_alone(f"import os\nos.unlink({str(outside / 'file')!r})", writing) == 13
    assert confined_alone(f"import os\nos.mkdir({str(inside / 'new')!r})", writing) == 13
    assert confined_alone(f"open({str(outside / 'new')!r}, 'w')", writing) == 13


def test_namespaces_alone_have_no_network() -> None:
    needs("namespaces")
    layer = "from qunxing.races.sandbox import namespaces\nnamespaces.leave()"
    assert confined_alone("import socket\nsocket.socket().connect(('127.0.0.1', 9))", layer) == 13
    assert confined_alone("assert open('/proc/net/dev').read().count(':') == 1", layer) == 0


def test_privileges_given_up_do_not_come_back() -> None:
    layer = "from qunxing.races.sandbox import confining\nconfining.give_up()"
    work = "held = open('/proc/self/status').read() if False else ''\nimport os\nos.chroot('/')"
    assert confined_alone(work, layer) == 13


# --- the filter, read step by step as the kernel does -----------------------------------------------------------------


def answered(machine: str, number: int, arguments: tuple[int, ...] = (), *, files: bool = True, name: int = 0) -> int:
    """What the filter for process 77 answers to a call."""
    steps = seccomp.program(machine, 77, files=files)
    fields = {0: number, 4: name or seccomp.MACHINES[machine][1]}
    fields |= {16 + 8 * place: value for place, value in enumerate((*arguments, 0, 0, 0)[:3])}
    held = at = 0
    while True:
        code, yes, no, value = steps[at]
        at += 1
        if code == seccomp.RETURN:
            return value
        if code == seccomp.LOAD:
            held = fields[value]
        else:
            at += yes if (held == value if code == seccomp.EQUAL else held >= value) else no


MACHINES = list(seccomp.MACHINES)


def numbers(table: dict[str, calls.Numbers], machine: str) -> dict[str, int]:
    column = seccomp.MACHINES[machine][0]
    return {name: found[column] for name, found in table.items() if found[column] is not None}  # type: ignore[misc]


@pytest.mark.parametrize("machine", MACHINES)
def test_the_filter_stops_every_way_out(machine: str) -> None:
    for table in (calls.NETWORK, calls.PROCESSES, calls.SYSTEM):
        answers = {name: answered(machine, number) for name, number in numbers(table, machine).items()}
        assert {name for name, answer in answers.items() if answer != seccomp.TRAP} == set()


@pytest.mark.parametrize("machine", MACHINES)
def test_the_filter_lets_computing_through_with_its_arguments_looked_at(machine: str) -> None:
    at = numbers(calls.COMPUTING, machine)
    special = {"kill", "tgkill", "tkill", "ioctl", "prctl"}
    held_back = {name for name, number in at.items() if answered(machine, number) != seccomp.ALLOW}
    assert held_back == special
    assert answered(machine, at["tgkill"], (77,)) == seccomp.ALLOW
    assert answered(machine, at["kill"], (78,)) == seccomp.TRAP
    assert answered(machine, at["prlimit64"], (1,)) == seccomp.TRAP
    assert answered(machine, at["ioctl"], (1, 0x5401)) == seccomp.ALLOW
    assert answered(machine, at["ioctl"], (1, 0x5412)) == seccomp.ERRNO | 25
    assert answered(machine, at["fcntl"], (0, 8)) == answered(machine, at["fcntl"], (0, 10)) == seccomp.TRAP
    assert answered(machine, at["rt_sigaction"], (31,)) == seccomp.KILL
    assert answered(machine, at["openat"], files=False) == seccomp.ERRNO | 13


@pytest.mark.parametrize("machine", MACHINES)
def test_the_filter_knows_no_other_machine_and_no_other_call(machine: str) -> None:
    assert answered(machine, 0, name=0x40000003) == seccomp.KILL
    assert answered(machine, seccomp.X32 + 1) == seccomp.KILL
    assert answered(machine, 5_000) == seccomp.ERRNO | 38
    known = {
        number
        for table in (calls.COMPUTING, calls.NETWORK, calls.PROCESSES, calls.SYSTEM)
        for number in numbers(table, machine).values()
    }
    odd = next(number for number in range(400) if number not in known)
    assert answered(machine, odd) == seccomp.ERRNO | 1


def test_no_call_is_in_two_tables() -> None:
    tables = (calls.COMPUTING, calls.NETWORK, calls.PROCESSES, calls.SYSTEM)
    names = [name for table in tables for name in table]
    assert len(names) == len(set(names))
