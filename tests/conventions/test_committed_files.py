"""What is committed names no registry and no machine."""

import os
import subprocess
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Put together here, so that this file does not hold what it looks for.
REGISTRIES = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("registry", "npmjs"),
        ("registry", "yarnpkg"),
        ("npmmirror", "com"),
        ("deb", "debian", "org"),
    )
]
FOLDERS = [("work", "main"), ("work", "shared"), ("root",), ("opt", "pypi")]
MACHINE_PATHS = ["/".join(("", *parts, "")) for parts in FOLDERS]
REGISTRY_VARIABLES = ["PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "UV_DEFAULT_INDEX", "UV_INDEX_URL", "NPM_CONFIG_REGISTRY"]


@cache
def committed_files() -> list[Path]:
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    paths = [ROOT / name for name in listed.split("\0") if name]
    return [path for path in paths if path.is_file()]


def own_registry_hosts() -> list[str]:
    addresses = " ".join(os.environ.get(name, "") for name in REGISTRY_VARIABLES).split()
    return [host for address in addresses if (host := urlsplit(address).hostname)]


def files_naming(patterns: list[str]) -> list[str]:
    wanted = [pattern.encode() for pattern in patterns]
    return [
        f"{path.relative_to(ROOT)}: {pattern.decode()}"
        for path in committed_files()
        for text in [path.read_bytes()]
        for pattern in wanted
        if pattern in text
    ]


def test_committed_files_name_no_registry() -> None:
    assert files_naming(REGISTRIES + own_registry_hosts()) == []


def test_committed_files_name_no_machine_path() -> None:
    here = [f"{ROOT}/"] if len(ROOT.parts) > 2 else []
    assert files_naming(MACHINE_PATHS + here) == []


def test_locks_hold_no_address() -> None:
    assert "://" not in (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text(encoding="utf-8")


def test_working_lock_is_not_committed() -> None:
    assert ROOT / "uv.lock" not in committed_files()
