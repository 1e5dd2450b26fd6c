"""Receipts are checked with no database; the server's time does not run backwards."""

import json
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import sleep
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from qunxing.challenges import clock
from qunxing.challenges.receipts import BID_RECEIPT
from qunxing.challenges.terms import Terms
from qunxing.challenges.views.bids import receipt_of
from qunxing.cli.log import audit_file
from qunxing.core.arriving import waited
from qunxing.ledger.recording import Entry, note
from tests.challenges import bidders

pytestmark = pytest.mark.django_db


@pytest.fixture
def receipt() -> dict[str, Any]:
    bid = bidders.submitted()
    bidders.submitted(bid.challenge)
    return receipt_of(bid, 1)


def test_a_receipt_verifies(receipt: dict[str, Any]) -> None:
    assert BID_RECEIPT.verify(receipt).ok
    assert BID_RECEIPT.verify(json.dumps(receipt, ensure_ascii=False, indent=2)).ok


@pytest.mark.parametrize("name", ["list", "challenge", "bid", "version", "received", "digest"])
def test_a_receipt_that_says_something_else_does_not(receipt: dict[str, Any], name: str) -> None:
    said = receipt[name]
    receipt[name] = said + 1 if isinstance(said, int) else said[:-1] + ("0" if said[-1] != "0" else "1")
    assert not BID_RECEIPT.verify(receipt).ok


def test_a_receipt_with_the_proof_of_another_entry_does_not(receipt: dict[str, Any]) -> None:
    receipt["proof"] = receipt_of(bidders.submitted(), 1)["proof"]
    assert not BID_RECEIPT.verify(receipt).ok


@pytest.mark.parametrize("text", ["", "[]", "{", '{"format": "qunxing-receipt/1"}', '{"proof": 5}', "9" * 5_000])
def test_what_is_no_receipt_is_told_as_such(text: str) -> None:
    assert not BID_RECEIPT.verify(text).ok


def test_the_command_checks_a_receipt(receipt: dict[str, Any], tmp_path: Path) -> None:
    file = tmp_path / "receipt.json"
    file.write_text(json.dumps(receipt), encoding="utf-8")
    assert audit_file(file, "").ok
    file.write_text(json.dumps(receipt | {"digest": "0" * 64}), encoding="utf-8")
    assert not audit_file(file, "").ok


def test_a_receipt_names_nobody(receipt: dict[str, Any]) -> None:
    assert '"actor":""' in receipt["proof"]["entry"]


def test_time_never_runs_behind_the_log() -> None:
    note(Entry("test", "test", "x", {}))
    last = timezone.now()
    behind = last - timedelta(hours=1)
    ahead = last + timedelta(hours=1)
    assert clock.not_before_log(behind) > behind
    assert clock.not_before_log(ahead) == ahead


def test_a_clock_that_was_set_back_makes_no_late_bid_early(monkeypatch: pytest.MonkeyPatch) -> None:
    note(Entry("test", "test", "x", {}))
    monkeypatch.setattr(timezone, "now", lambda: datetime(2020, 1, 1, tzinfo=UTC))
    assert clock.now().year > 2020


@pytest.mark.parametrize(
    ("rule", "minutes", "counts"),
    [("refuse", 1, "whole"), ("began", 1, "began"), ("began", 10, "began"), ("began", 11, "whole")],
)
def test_what_counts_as_arrival_is_in_the_rules(
    monkeypatch: pytest.MonkeyPatch, rule: str, minutes: int, counts: str
) -> None:
    whole = datetime(2030, 1, 1, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: whole)
    monkeypatch.setattr(clock, "monotonic", lambda: 10_000.0)
    request = SimpleNamespace(began=10_000.0 - 60 * minutes, META={})
    terms = Terms.read({"bidding": {"late_upload": rule, "late_minutes": 10}})
    found = clock.arrival(request, terms)
    assert found == {"whole": whole, "began": whole - timedelta(minutes=minutes)}[counts]


def test_whoever_waits_because_the_program_is_busy_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    present = datetime(2030, 1, 1, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: present)
    server = socket.create_server(("127.0.0.1", 0))
    with server, socket.create_connection(server.getsockname()) as client:
        client.sendall(b"GET / HTTP/1.1")
        sleep(0.2)
        connection, _address = server.accept()
        with connection:
            found = clock.arrival(SimpleNamespace(META={"gunicorn.socket": connection}), Terms())
    assert present - timedelta(seconds=60) < found < present


def test_where_the_kernel_tells_nothing_the_present_counts() -> None:
    one, other = socket.socketpair()
    with one, other:
        told = [waited(SimpleNamespace(META={"gunicorn.socket": given})) for given in (None, "no socket", one)]
    assert told == [0.0, 0.0, 0.0]
