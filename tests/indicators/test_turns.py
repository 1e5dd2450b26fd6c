"""Two who do the same at once: one does it, the other finds it done."""

import threading
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection, connections

from qunxing.indicators.actions import proposals, reports
from qunxing.indicators.models import Proposal, Reading, Report
from qunxing.indicators.reports import content
from qunxing.indicators.reports.body import parse
from qunxing.indicators.reports.composing import Asked
from qunxing.ledger.models import Source
from tests import factories
from tests.indicators import reporting
from tests.indicators.test_proposals import article
from tests.resources.factories import offer

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


# --- one state --------------------------------------------------------------------------------------------------------


def elsewhere(act: Callable[[], Any]) -> Any:
    """What another connection gets that waits for no lock."""

    def hurried() -> Any:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '50ms'")
        return act()

    return at_once(hurried, 1)[0]


def card_offer() -> str:
    return str(offer(unit="cards", quantity=100, valid_from=date(2024, 1, 1)).title)


def test_a_draft_sees_the_ledgers_at_one_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    scope, made, plain = factories.scope(), list[str](), content.section_of
    reporting.stay(scope)

    def interrupted(*args: Any) -> Any:
        found = plain(*args)
        made.append(elsewhere(card_offer))
        return found

    monkeypatch.setattr(content, "section_of", interrupted)
    body = parse("# A\n{{resident_firms}}\n# B\n{{compute_partners}}、{{compute_cards}}")
    told = content.compose(Asked(reporting.DAY, None), body, title="x")
    assert len([title for title in made if title.startswith("测试资源")]) == 2
    assert [item["value"] for item in told["figures"]] == [1, 0, 0]


def test_nothing_is_recorded_while_a_report_is_issued(monkeypatch: pytest.MonkeyPatch) -> None:
    report, made, plain = reporting.report(), list[str](), reports.compose

    def interrupted(*args: Any, **words: Any) -> Any:
        made.append(elsewhere(card_offer))
        return plain(*args, **words)

    monkeypatch.setattr(reports, "compose", interrupted)
    reports.issue(report, actor=None, reason="核对无误", at=reporting.AT)
    assert made == ["OperationalError"]
    assert elsewhere(card_offer).startswith("测试资源")
