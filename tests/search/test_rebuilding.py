"""A new index is built beside the old one and put in its place with no gap and nothing lost."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from qunxing.ledger.actions import change, remove
from qunxing.search import following
from qunxing.search.folders import BUILDING, Busy, alone, current
from qunxing.search.following import Follower
from qunxing.search.writing import rebuild
from tests import factories
from tests.search.conftest import refs, seek, titles

pytestmark = pytest.mark.django_db
PUBLIC = AnonymousUser()


def test_rebuilt_index_takes_the_place_of_the_old(catch_up: Callable[[], None], folder: Path) -> None:
    firm = factories.organization(name="群星甲")
    catch_up()
    first = current()
    assert refs(seek(PUBLIC, "群星")) == {firm.ref}
    lasting = rebuild(timezone.localdate())
    assert (lasting, lasting != first) == (current(), True)
    assert refs(seek(PUBLIC, "群星")) == {firm.ref}
    assert [path for path in folder.iterdir() if path.is_dir()] == [lasting]


def test_old_index_serves_until_the_new_one_is_there(catch_up: Callable[[], None]) -> None:
    firm = factories.organization(name="群星甲")
    catch_up()
    seen = []
    rebuild(timezone.localdate(), lambda *_told: seen.append(refs(seek(PUBLIC, "群星"))))
    assert seen
    assert {frozenset(found) for found in seen} == {frozenset({firm.ref})}


def test_changes_during_the_rebuild_are_not_lost(catch_up: Callable[[], None]) -> None:
    stays = factories.organization(name="群星甲")
    goes = factories.organization(name="群星乙")
    catch_up()
    told: list[str] = []

    def meanwhile(kind: str, _count: int) -> None:
        if kind == "organizations" and kind not in told:
            change(stays, actor=None, values={"name": "群星丙"})
            remove(goes, actor=None, reason="重复")
            factories.organization(name="群星丁")
        told.append(kind)

    rebuild(timezone.localdate(), meanwhile)
    assert sorted(titles(seek(PUBLIC, "群星"))) == ["群星丁", "群星丙"]


def test_changes_between_the_swap_and_the_follower_are_not_lost() -> None:
    follower = Follower()
    while follower.step():
        pass
    rebuild(timezone.localdate())
    firm = factories.organization(name="群星甲")
    while follower.step():
        pass
    follower.release()
    assert refs(seek(PUBLIC, "群星")) == {firm.ref}


def test_two_rebuilds_at_once_are_refused() -> None:
    with alone(following.REBUILDING), pytest.raises(Busy):
        Follower().rebuild()


def test_crash_of_a_rebuild_leaves_the_old_index(catch_up: Callable[[], None], folder: Path) -> None:
    firm = factories.organization(name="群星甲")
    catch_up()
    first = current()

    def crash(*_told: Any) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        rebuild(timezone.localdate(), crash)
    assert (current(), refs(seek(PUBLIC, "群星"))) == (first, {firm.ref})
    assert [path.name for path in folder.iterdir() if path.name.startswith(BUILDING)] != []
    rebuild(timezone.localdate())
    assert [path.name for path in folder.iterdir() if path.name.startswith(BUILDING)] == []
