"""The search index on the command line: exit status, and the JSON that programs rely on."""

import json
from pathlib import Path
from typing import Any

import pytest

from qunxing.cli import app
from qunxing.intake.joining import following as duplicates
from qunxing.search import following
from qunxing.search.folders import alone
from tests import factories

pytestmark = pytest.mark.django_db
CONTRACT = [
    "state", "folder", "version", "documents", "total", "position", "log", "behind", "foreign", "followed", "bytes",
]  # fmt: skip


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.SEARCH_DIR = tmp_path / "search"
    return tmp_path / "search"


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    capsys.readouterr()
    status = app.run(["index", *arguments])
    told = capsys.readouterr()
    return status, told.out, told.err


def test_status_tells_of_a_missing_index(capsys: Any) -> None:
    status, out, _err = said(capsys, "status", "--json")
    found = json.loads(out)
    assert (status, list(found), found["state"], found["documents"]) == (1, CONTRACT, "missing", {})


def test_rebuild_makes_the_index_and_status_is_content(capsys: Any) -> None:
    factories.organization()
    status, out, _err = said(capsys, "rebuild", "--json")
    made = json.loads(out)
    assert (status, list(made), made["total"]) == (0, [*CONTRACT, "seconds"], 1)
    status, out, _err = said(capsys, "status", "--json")
    found = json.loads(out)
    assert (status, found["state"], found["behind"], found["documents"]["organizations"]) == (0, "ready", 0, 1)
    assert said(capsys, "status")[0] == 0


def test_status_counts_what_was_not_read_yet(capsys: Any) -> None:
    said(capsys, "rebuild")
    factories.organization()
    status, out, _err = said(capsys, "status", "--json")
    assert (status, json.loads(out)["behind"]) == (1, 1)


def test_second_rebuild_at_once_is_refused(capsys: Any) -> None:
    with alone(following.REBUILDING):
        status, out, err = said(capsys, "rebuild", "--json")
    assert (status, out, "正在重建" in err) == (2, "", True)


def test_folder_that_cannot_be_written_is_told(capsys: Any, folder: Path) -> None:
    folder.write_text("", encoding="ascii")
    status, _out, err = said(capsys, "rebuild")
    assert (status, str(folder) in err) == (2, True)


def test_follower_stops_when_told(capsys: Any, monkeypatch: Any) -> None:
    for each in (following, duplicates):
        monkeypatch.setattr(each, "run", lambda stopped, _sleep: stopped())
    assert said(capsys, "follow")[0] == 0
