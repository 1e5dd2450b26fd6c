"""The rehearsal on the command line: a process of its own, one JSON document, the ledger at hand untouched."""

import json
from collections.abc import Callable, Iterator

import pytest
from django.utils.translation import override

from qunxing.challenges.rehearsal.playing import Played, Report
from qunxing.challenges.rehearsal.size import Size
from qunxing.cli import app, challenge
from qunxing.ledger.models import LogHead

Says = Callable[..., tuple[int, str, str]]


@pytest.fixture
def rehearse(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Says:
    monkeypatch.setenv("QUNXING_LANG", "en")

    def run(*words: str) -> tuple[int, str, str]:
        with override("en"):
            status = app.run(["challenge", "rehearse", *words])
        told = capsys.readouterr()
        return status, told.out, told.err

    return run


@pytest.mark.django_db
def test_rehearsal_plays_elsewhere(rehearse: Says) -> None:
    before = LogHead.objects.count()
    status, out, _err = rehearse("--seed", "1", "--bids", "4", "--experts", "20", "--json")
    told = json.loads(out)
    assert (status, told["ok"], told["seeds"], told["broken"]) == (0, True, [1], [])
    assert told["invariants"]["log"] == {"checked": 2, "broken": 0}
    assert LogHead.objects.count() == before


@pytest.mark.django_db
def test_rehearsal_refuses_a_ledger(rehearse: Says) -> None:
    status, _out, err = rehearse("--here")
    assert status == 2
    assert "empty database" in err


@pytest.mark.parametrize("text", ["x", "3..1", "1..", "..4"])
def test_odd_span_is_refused(rehearse: Says, text: str) -> None:
    status, _out, err = rehearse("--seeds", text)
    assert status == 2
    assert "1..50" in err


def test_span_has_both_ends() -> None:
    assert (challenge.span("3..5"), challenge.span("9")) == ([3, 4, 5], [9])


def stopped() -> Iterator[Played]:
    yield Played(1, 0.5)
    raise KeyboardInterrupt


def test_what_was_played_is_told_when_stopped(capsys: pytest.CaptureFixture[str]) -> None:
    with override("en"):
        report = challenge.played_by(stopped(), Report(Size()))
    assert report.seeds == [1]
    assert "Stopped" in capsys.readouterr().err


def test_report_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    with override("en"):
        challenge.show(Report(Size()))
    assert "0 of 122 states seen" in capsys.readouterr().out
