"""Settings, commands and permissions are documented."""

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import typer
from rules.permissions import permissions

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "qunxing"
DOCS = ROOT / "docs"


def documented(page: str, pattern: str) -> set[str]:
    return set(re.findall(pattern, (DOCS / page).read_text(encoding="utf-8")))


def settings_read() -> set[str]:
    env = (SOURCE / "config" / "env.py").read_text(encoding="utf-8")
    program = "".join(path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py"))
    named = {f"QUNXING_{name}" for name in re.findall(r'\benv\.\w+\(\s*"([A-Z_]+)"', env)}
    return named | set(re.findall(r'environ(?:\.get\(|\[)"((?:QUNXING|DATABASE)_\w+)"', program))


def program() -> Any:
    return typer.main.get_command(import_module("qunxing.cli.app").app)


def commands_of(command: Any, path: tuple[str, ...] = ("qunxing",)) -> Iterator[str]:
    children = getattr(command, "commands", {})
    if not children:
        yield " ".join(path)
    for name, child in children.items():
        yield from commands_of(child, (*path, name))


def test_settings_are_documented() -> None:
    assert documented("settings.md", r"(?m)^\| `(\w+)` \|") == settings_read()


def test_commands_are_documented() -> None:
    text = (DOCS / "cli.md").read_text(encoding="utf-8")
    commands = commands_of(program())
    assert [command for command in commands if not re.search(rf"`{command}\b", text)] == []


def test_documented_commands_exist() -> None:
    commands = set(commands_of(program()))
    written = documented("cli.md", r"(?m)^\| `(qunxing(?: [a-z-]+)+)")
    assert written - commands == set()


def test_permissions_are_documented() -> None:
    ours = {name for name in permissions if (SOURCE / name.split(".")[0]).is_dir()}
    text = (DOCS / "permissions.md").read_text(encoding="utf-8")
    assert sorted(name for name in ours if f"`{name}`" not in text) == []
