"""Every dependency has its line of reason."""

import json
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def python_dependencies() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    return {re.split(r"[\[<>=~! ;]", line)[0].lower() for line in wanted}


def npm_dependencies() -> dict[str, str]:
    package = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    return {**package.get("dependencies", {}), **package.get("devDependencies", {})}


def documented() -> set[str]:
    text = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    return set(re.findall(r"^\| `([^`]+)` \| \S", text, re.MULTILINE))


def test_dependencies_are_documented() -> None:
    assert documented() == python_dependencies() | set(npm_dependencies())


def test_python_dependencies_are_locked() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked = set(re.findall(r"^([\w.-]+)(?:\[[\w,-]+\])?==", lock, re.MULTILINE))
    assert python_dependencies() - locked == set()


def test_npm_dependencies_are_pinned() -> None:
    assert [name for name, version in npm_dependencies().items() if not re.fullmatch(r"\d+\.\d+\.\d+", version)] == []
