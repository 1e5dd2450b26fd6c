"""Static files are collected once, and again when one changes."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles.finders import FileSystemFinder

from qunxing.cli import statics


@pytest.fixture
def own(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The one static file of a small program."""
    sources = tmp_path / "sources"
    sources.mkdir()
    settings.STATICFILES_DIRS = [sources]
    settings.STATIC_ROOT = tmp_path / "collected"
    settings.STATIC_ROOT.mkdir()
    monkeypatch.setattr(statics, "get_finders", lambda: [FileSystemFinder()])
    monkeypatch.setattr(statics, "call_command", lambda *_what, **_how: None)
    file = sources / "own.css"
    file.write_text("a { color: red }", encoding="ascii")
    return file


def test_static_files_are_collected_once(own: Path) -> None:
    assert own.exists()
    assert [statics.collect(), statics.collect()] == [True, False]


def test_static_files_are_collected_again_when_one_changes_or_comes(own: Path) -> None:
    statics.collect()
    own.write_text("a { color: blue; }", encoding="ascii")
    assert [statics.collect(), statics.collect()] == [True, False]
    (own.parent / "another.css").touch()
    assert statics.collect() is True
