"""A folder that is gone, cut short, of an older version or not to be written: pages go on, the index comes back."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from qunxing.accounts.models import Kind
from qunxing.search import following, reading
from qunxing.search.folders import BrokenIndex, State, current, state_of
from qunxing.search.status import status
from tests import factories
from tests.search.conftest import refs, seek

pytestmark = pytest.mark.django_db
PUBLIC = AnonymousUser()


@pytest.fixture
def firm(catch_up: Callable[[], None]) -> Any:
    made = factories.organization(name="群星甲")
    catch_up()
    assert refs(seek(PUBLIC, "群星")) == {made.ref}
    return made


def index_folder() -> Path:
    found = current()
    assert found is not None
    return found


def delete_all(folder: Path) -> None:
    shutil.rmtree(folder)


def delete_index(_folder: Path) -> None:
    shutil.rmtree(index_folder())


def delete_pointer(folder: Path) -> None:
    (folder / "current").unlink()


def wrong_pointer(folder: Path) -> None:
    (folder / "current").write_text("../../etc", encoding="ascii")


def unreadable_pointer(folder: Path) -> None:
    (folder / "current").write_bytes(b"\xff\xfe\x00")


def older_version(_folder: Path) -> None:
    (index_folder() / "schema.json").write_text(json.dumps({"version": 0}), encoding="ascii")


def no_marks(_folder: Path) -> None:
    (index_folder() / "schema.json").unlink()


def cut_meta(_folder: Path) -> None:
    (index_folder() / "meta.json").write_text("{", encoding="ascii")


def cut_segments(_folder: Path) -> None:
    for path in [*index_folder().glob("*.store"), *index_folder().glob("*.term"), *index_folder().glob("*.idx")]:
        path.unlink()  # whoever has the file open keeps it; to cut it under a reader would end the process
        path.write_bytes(b"junk")


HARM = [
    delete_all, delete_index, delete_pointer, wrong_pointer, unreadable_pointer, older_version, no_marks, cut_meta,
    cut_segments,
]  # fmt: skip


@pytest.mark.parametrize("harm", HARM)
def test_pages_go_on_and_the_index_comes_back(
    harm: Callable[[Path], None], firm: Any, folder: Path, client: Client, catch_up: Callable[[], None]
) -> None:
    reading._Held.reader = None
    harm(folder)
    client.force_login(factories.user(Kind.VISITOR))
    assert answers(client) == [200, 200, 200]
    assert "群星甲" in client.get("/search/", {"q": "群星"}).content.decode()
    assert status().state in set(State)
    catch_up()
    assert (status().state, refs(seek(PUBLIC, "群星"))) == (State.READY, {firm.ref})


@pytest.mark.parametrize("harm", HARM)
def test_open_reader_survives_the_harm(harm: Callable[[Path], None], firm: Any, folder: Path, client: Client) -> None:
    harm(folder)
    client.force_login(factories.user(Kind.VISITOR))
    assert answers(client) == [200, 200, 200]


def answers(client: Client) -> list[int]:
    addresses = ("/search/", "/search/suggestions/", "/api/v1/search")
    return [client.get(address, {"q": "群星"}).status_code for address in addresses]


@pytest.fixture
def unwritable(folder: Path) -> Iterator[Path]:
    """A file stands where the folder should: nobody can write there, not even root."""
    folder.parent.mkdir(exist_ok=True)
    folder.write_text("", encoding="ascii")
    yield folder
    folder.unlink()


def test_folder_that_cannot_be_written_is_told_and_pages_go_on(
    unwritable: Path, client: Client, caplog: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(following, "close_old_connections", lambda: None)  # it is the test's
    factories.organization(name="群星甲")
    with pytest.raises(BrokenIndex):
        following.catch_up()
    rests: list[float] = []
    following.run(lambda: len(rests) > 1, rests.append)
    assert (rests, caplog.text.count("cannot be kept up")) == ([following.REST] * 2, 1)
    assert "群星甲" in client.get("/search/", {"q": "群星"}).content.decode()
    assert status().state == State.MISSING


def test_failure_while_reading_makes_another_index(
    firm: Any, client: Client, monkeypatch: Any, catch_up: Callable[[], None]
) -> None:
    broken = index_folder()
    with monkeypatch.context() as patched:
        patched.setattr("qunxing.search.finding.found_in", fail)
        assert "群星甲" in client.get("/search/", {"q": "群星"}).content.decode()
    assert (current(), state_of(current())) == (None, State.MISSING)
    catch_up()
    assert (index_folder() != broken, refs(seek(PUBLIC, "群星"))) == (True, {firm.ref})


def fail(*_arguments: Any) -> None:
    raise ValueError("read past the end")
