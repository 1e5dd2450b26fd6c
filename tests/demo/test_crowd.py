"""The larger set: the same everywhere, in stretches, attested like everything else."""

from typing import Any

import pytest

from qunxing.demo import crowd
from qunxing.demo.crowd import add_firms, firms_there
from qunxing.directory.models import Organization, Residency
from qunxing.ledger.audit import audit_database
from qunxing.ledger.models import LogEntry
from qunxing.registry.models import Filing
from tests.demo.conftest import DAY

pytestmark = pytest.mark.usefixtures("demonstration")


@pytest.fixture(autouse=True)
def short_stretches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crowd, "STRETCH", 100)


def generated(kind: Any) -> int:
    return sum(kind.history.filter(source__title="演示·批量生成名册").values_list("demo", flat=True))


def test_crowd_has_two_filings_a_firm() -> None:
    add_firms(300, day=DAY, tell=lambda _done: None)
    assert [generated(kind) for kind in (Organization, Residency, Filing)] == [300, 300, 600]


def test_crowd_is_attested() -> None:
    add_firms(300, day=DAY, tell=lambda _done: None)
    assert audit_database().findings == ()


def test_crowd_is_written_once() -> None:
    add_firms(150, day=DAY, tell=lambda _done: None)
    entries = LogEntry.objects.count()
    assert (add_firms(150, day=DAY, tell=lambda _done: None), LogEntry.objects.count()) == (0, entries)


def test_crowd_goes_on_where_it_ended() -> None:
    heard: list[int] = []
    add_firms(150, day=DAY, tell=heard.append)
    add_firms(230, day=DAY, tell=heard.append)
    assert (heard, firms_there(), generated(Organization)) == ([100, 150, 230], 230, 230)


def test_crowd_bears_the_mark() -> None:
    before = Organization.objects.filter(demo=False).count()
    add_firms(100, day=DAY, tell=lambda _done: None)
    assert Organization.objects.filter(demo=False).count() == before
