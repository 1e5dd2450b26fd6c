"""Two who do the same at once: one does it, the other finds it done."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, connections

from qunxing.indicators.actions import proposals, reports
from qunxing.indicators.models import Proposal, Reading, Report
from qunxing.ledger.models import Source
from tests import factories
from tests.indicators import reporting
from tests.indicators.test_proposals import article

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one write at a time anyway"),
]


def at_once(act: Callable[[], Any], times: int = 2) -> list[Any]:
    """What each of them gets, begun together: the answer, or the name of its error."""
    start, got = threading.Barrier(times), list[Any]()

    def run() -> None:
        try:
            start.wait()
            got.append(act())
        except Exception as error:  # noqa: BLE001 - whatever it is, the test shows it
            got.append(type(error).__name__)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _time in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return got


def test_an_article_that_two_take_in_at_once_is_one_reading() -> None:
    staff = factories.user("staff")
    taken = at_once(lambda: proposals.take_article(article(), actor=staff).pk, 4)
    assert taken == [Reading.objects.get().pk] * 4
    assert Source.objects.count() == 1


def test_an_article_that_two_read_at_once_proposes_each_figure_once() -> None:
    staff = factories.user("staff")
    reading = proposals.take_article(article(), actor=staff)
    assert sorted(at_once(lambda: proposals.read_article(reading, actor=staff), 3)) == [0, 0, 3]
    assert Proposal.objects.count() == 3


def test_a_report_that_two_reissue_at_once_has_one_draft() -> None:
    issued = reporting.issued()
    made = at_once(lambda: reports.reissue(Report.objects.get(pk=issued.pk), actor=None).pk, 4)
    assert made == [issued.reissues.get().pk] * 4
