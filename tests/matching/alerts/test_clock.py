"""The periodic work, on the tasks that the database keeps."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone
from django_tasks import task_backends
from django_tasks_db.models import DBTaskResult

from qunxing.matching.alerts import clock
from qunxing.matching.alerts.models import Digest
from tests import factories as people
from tests.matching.alerts.factories import TUESDAY, at, watch
from tests.resources.factories import offer

pytestmark = pytest.mark.django_db
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


@pytest.fixture
def queue(settings: Any) -> Any:
    """The queue that serves in earnest."""
    settings.TASKS = TASKS
    task_backends._settings = task_backends.settings = task_backends.configure_settings(None)
    yield DBTaskResult.objects
    del task_backends._connections.default


def test_one_round_waits_however_often_it_is_started(queue: Any) -> None:
    clock.start_clock()
    clock.start_clock()
    assert queue.count() == 1


def test_next_round_is_set_even_if_this_one_fails(queue: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "send_due", lambda **_words: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        clock.tick.call()
    assert queue.get().run_after > timezone.now() + clock.PAUSE - timedelta(minutes=1)


def test_old_rounds_are_forgotten(queue: Any) -> None:
    clock.start_clock()
    queue.update(status="SUCCESSFUL", enqueued_at=timezone.now() - timedelta(days=3))
    clock.start_clock()
    assert [row.status for row in queue.all()] == ["READY"]


def test_nothing_is_set_where_tasks_are_done_at_once() -> None:
    assert settings.TASKS["default"]["BACKEND"].endswith("ImmediateBackend")
    clock.start_clock()
    assert not DBTaskResult.objects.exists()


def test_nobody_is_told_in_the_night() -> None:
    watch(people.user())
    offer()
    assert clock.send_due(now=at(TUESDAY, 3))[0].watches == 0
    assert clock.send_due(now=at(TUESDAY, 8))[0].watches == 1
    assert Digest.objects.count() == 1
