"""Two who write for one scenario at once: the second waits and finds what the first wrote."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, connections

from qunxing.ledger.recording import recording
from qunxing.matching import actions, inviting
from qunxing.matching.labelling.actions import rate
from qunxing.matching.labelling.models import RatingPair
from qunxing.matching.models import Invitation, Judgement, Label, Requirement
from tests import factories
from tests.matching.factories import DAY, able_firm, need, shortlist

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*writes: Callable[[], Any]) -> list[str]:
    """What becomes of each, begun together: "done" or the name of its error."""
    start, told = threading.Barrier(len(writes)), list[str]()

    def run(write: Callable[[], Any]) -> None:
        try:
            start.wait()
            write()
            told.append("done")
        except Exception as error:  # noqa: BLE001 - whatever it is, the test shows it
            told.append(type(error).__name__)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[write]) for write in writes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(told)


@pytest.fixture
def listed() -> Any:
    """A shortlist of one firm; on SQLite in memory the threads would share one connection, and need no turns."""
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("a database in memory has one writer only")
    able_firm()
    return shortlist(need())


def test_firm_is_invited_once_by_two_at_once(listed: Any) -> None:
    candidate, staff = listed.candidates.get(), [factories.user("staff") for _number in range(2)]
    invite = [lambda actor=actor: inviting.invite(listed, candidate, actor=actor, day=DAY) for actor in staff]
    assert (at_once(*invite), Invitation.objects.count()) == (["Refused", "done"], 1)


def test_two_judgements_at_once_are_one_with_two_versions(listed: Any) -> None:
    candidate, staff = listed.candidates.get(), [factories.user("staff") for _number in range(2)]
    judge = [
        lambda actor=actor: actions.judge(listed, candidate, "accepted", actor=actor, day=DAY, reason=f"已核{actor.pk}")
        for actor in staff
    ]
    assert (at_once(*judge), Judgement.objects.count()) == (["done", "done"], 1)
    assert (Judgement.history.count(), Label.objects.filter(origin="accepted").count()) == (2, 2)


def test_requirements_and_grades_at_once_are_one_row_each(listed: Any) -> None:
    scenario, staff = listed.scenario, factories.user("staff")
    pair = RatingPair.objects.create(scenario=scenario, organization=listed.candidates.get().organization, drawn_on=DAY)
    ask = [
        lambda size=size: actions.set_requirement(scenario, actor=staff, values={"sizes": (size,)})
        for size in ("small", "micro")
    ]
    grade = [lambda value=value: rate(pair, actor=staff, grade=value, day=DAY) for value in (2, 3)]
    assert at_once(*ask, *grade) == ["done"] * 4
    assert (Requirement.objects.count(), Label.objects.filter(origin="rated").count()) == (1, 1)


def test_whoever_comes_second_waits_for_the_first(listed: Any) -> None:
    order, inside = list[str](), threading.Event()

    def first() -> None:
        with recording(actor=None):
            actions.take_turns(listed.scenario)
            inside.set()
            order.append("first reads")
            threading.Event().wait(0.1)
            order.append("first writes")

    def second() -> None:
        inside.wait()
        with recording(actor=None):
            actions.take_turns(listed.scenario)
            order.append("second")

    assert at_once(first, second) == ["done", "done"]
    assert order == ["first reads", "first writes", "second"]
