"""Alerts, packages, assignments and labels on the command line."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.mail.backends.locmem import EmailBackend

from qunxing.cli import app
from qunxing.matching.models import Plan
from tests import factories as people
from tests.matching.alerts.factories import watch
from tests.matching.bundles.factories import filed_firm, need
from tests.matching.labelling.factories import pair, rated
from tests.resources.factories import offer

pytestmark = pytest.mark.django_db


def run(capsys: Any, *arguments: str) -> tuple[int, Any]:
    """Exit status, and what is printed: JSON where it was asked for."""
    status = app.run([*arguments])
    said = capsys.readouterr().out
    return status, json.loads(said) if "--json" in arguments else said


def test_send_tells_what_it_came_to(capsys: Any) -> None:
    watch(people.user())
    offer()
    told = {"day": "2026-03-03", "watches": 1, "rows": 1, "digests": 1}
    mails = {"sent": 1, "empty": 0, "failed": 0, "given_up": 0}
    assert run(capsys, "alerts", "send", "--day", "2026-03-03", "--json") == (0, {**told, "mails": mails})
    status, again = run(capsys, "alerts", "send", "--day", "2026-03-03", "--json")
    assert (status, again["digests"], again["mails"]["sent"]) == (0, 0, 0)
    assert run(capsys, "alerts", "send", "--day", "2026-03-07")[0] == 0


def test_send_says_that_a_mail_could_not_be_sent(capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(EmailBackend, "send_messages", lambda *_args: (_ for _ in ()).throw(OSError("down")))
    watch(people.user())
    offer()
    status, told = run(capsys, "alerts", "send", "--day", "2026-03-03", "--json")
    assert (status, told["mails"]["failed"]) == (1, 1)


def test_send_refuses_what_is_no_day(capsys: Any) -> None:
    assert run(capsys, "alerts", "send", "--day", "nothing")[0] == 2


def test_bundle_prints_the_contract_and_keeps_nothing(capsys: Any) -> None:
    asked, made = need(apply_by=None), filed_firm()
    status, told = run(capsys, "matching", "bundle", asked.ref, "--json")
    assert status == 1
    assert set(told) == {
        "scenario", "title", "firm", "model", "fund", "compute", "vouchers", "support", "missing"
    }  # fmt: skip
    assert (told["firm"]["ref"], told["model"]["how"]) == (made.ref, "own")
    assert {one["piece"] for one in told["missing"]} == {"fund", "compute", "voucher"}
    assert not Plan.objects.exists()
    assert made.name in run(capsys, "matching", "bundle", str(asked.number))[1]


def test_bundle_of_a_scenario_that_takes_nobody_is_refused(capsys: Any) -> None:
    assert run(capsys, "matching", "bundle", "nothing")[0] == 2
    assert run(capsys, "matching", "bundle", need(visibility="internal").ref)[0] == 2


def test_assign_prints_the_contract(capsys: Any) -> None:
    first, second = need(apply_by=None), need(title="住院病历语音录入", apply_by=None)
    made = filed_firm()
    status, told = run(capsys, "matching", "assign", "--wanted", "1", "--cap", "1", "--json")
    assert (status, told["scenarios"], told["load"]) == (1, 2, [{"firm": made.ref, "name": made.name, "times": 1}])
    assert {told["proposals"][0]["scenario"], told["short"][0]["scenario"]} == {first.ref, second.ref}
    assert told["short"][0]["reasons"] == ["capped"]
    assert run(capsys, "matching", "assign", "--wanted", "1", "--cap", "2")[0] == 0


def test_labels_are_written_as_files_that_evaluation_reads(capsys: Any, tmp_path: Path) -> None:
    rated(pair(), 3, 3)
    status, told = run(capsys, "matching", "labels", "--out", str(tmp_path / "out"), "--json")
    assert (status, told["labels"], told["left_out"]) == (0, 1, 0)
    folder = tmp_path / "out"
    names = [f"--{name}={folder / name}.csv" for name in ("needs", "supplies", "labels")]
    status, measured = run(capsys, "matching", "evaluate", *names, "--json")
    assert (status, measured["needs"]) == (0, 1)
    rated(pair(), 1, 4)
    assert run(capsys, "matching", "labels", "--out", str(folder))[0] == 1


def test_labels_into_a_folder_that_cannot_be_are_refused(capsys: Any, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("x")
    assert run(capsys, "matching", "labels", "--out", str(blocked / "out"))[0] == 2
