"""`qunxing matching shortlist`: the contract of its JSON, and what it says to people."""

import json
from typing import Any

import pytest

from qunxing.cli import app
from tests.matching.factories import able_firm, capability, need

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def ready(monkeypatch: pytest.MonkeyPatch) -> None:
    """The database of the tests stands already."""
    monkeypatch.setattr("qunxing.cli.shortlists.need_ready", lambda: None)


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, Any]:
    status = app.run(["matching", "shortlist", *arguments, "--json"])
    return status, json.loads(capsys.readouterr().out)


def test_json_holds_its_contract(capsys: pytest.CaptureFixture[str]) -> None:
    firm, missed = able_firm(), able_firm()
    capability(missed, "security", amount=2)
    scenario = need(security_level="3")
    status, found = told(capsys, scenario.number)
    first = found["candidates"][0]
    assert (status, sorted(found)) == (
        0,
        ["candidates", "compared", "day", "engine", "near_misses", "remarks", "scenario", "weights"],
    )
    assert sorted(first) == [
        "answer", "conditions", "hits", "missing", "organization", "parts", "place", "score", "standing",
    ]  # fmt: skip
    assert sum(first["parts"].values()) == pytest.approx(first["score"], abs=1e-9)
    assert (first["organization"]["ref"], first["standing"], len(first["missing"])) == (firm.ref, "open", 1)
    assert {row["code"]: row["outcome"] for row in first["conditions"]} == {
        "security": "unknown",
        "capacity": "pass",
        "relation": "pass",
    }
    assert [row["organization"]["ref"] for row in found["near_misses"]] == [missed.ref]


def test_reference_and_limit_are_taken(capsys: pytest.CaptureFixture[str]) -> None:
    for _number in range(3):
        able_firm()
    status, found = told(capsys, need().ref, "--limit", "2")
    assert (status, len(found["candidates"])) == (0, 2)


def test_nobody_is_told_by_the_exit_status(capsys: pytest.CaptureFixture[str]) -> None:
    status, found = told(capsys, need(title="☆★", problem="", fields=(), tasks=()).ref)
    assert (status, found["candidates"]) == (1, [])


def test_people_read_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    firm = able_firm()
    assert app.run(["matching", "shortlist", need().ref]) == 0
    assert firm.name in capsys.readouterr().out


def test_unknown_scenario_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert app.run(["matching", "shortlist", "CJ-0000-000"]) == 2
    assert "CJ-0000-000" in capsys.readouterr().err
