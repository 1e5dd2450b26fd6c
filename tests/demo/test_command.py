"""`qunxing demo`: what it prints."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from qunxing.cli import app, demo
from qunxing.demo.accounts import ACCOUNTS
from qunxing.directory.seeding import plant_fields
from qunxing.funds.actions import plant_stages
from qunxing.indicators.actions.templates import plant_templates

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def ready(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
    """The database of the tests stands already."""
    settings.DEMONSTRATION = tmp_path / "demonstration"

    def make_ready() -> None:
        plant_fields(actor=None)
        plant_stages(actor=None)
        plant_templates(actor=None)

    monkeypatch.setattr(demo, "make_ready", make_ready)


def test_json_holds_its_contract(capsys: pytest.CaptureFixture[str]) -> None:
    """The one load by the command itself, before the other tests of this folder load theirs."""
    assert app.run(["demo", "--json"]) == 0
    first = json.loads(capsys.readouterr().out)
    assert app.run(["demo", "--json", "--firms", "0"]) == 0
    second = json.loads(capsys.readouterr().out)
    assert first["loaded"] == second["loaded"]
    assert (sum(first["added"].values()) > 0, sum(second["added"].values())) == (True, 0)
    assert [sorted(account) for account in second["accounts"]] == [["kind", "name", "password", "username"]] * len(
        ACCOUNTS
    )


@pytest.mark.usefixtures("demonstration")
def test_people_are_told_rows_accounts_and_how_to_serve(capsys: pytest.CaptureFixture[str]) -> None:
    assert app.run(["demo", "--firms", "20"]) == 0
    said, progress = capsys.readouterr()
    assert [account.username for account in ACCOUNTS if f"\n  {account.username} " not in said] == []
    assert "qunxing serve" in said
    assert progress.startswith("94 ")


def test_negative_number_of_firms_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert app.run(["demo", "--firms", "-1"]) == 2
    assert "--firms" in capsys.readouterr().err


@pytest.mark.usefixtures("demonstration")
def test_pages_say_what_is_made_up(client: Client) -> None:
    before = client.get("/").content.decode()
    app.run(["demo", "--json"])
    after = client.get("/").content.decode()
    assert ("footer-demo" in before, "footer-demo" in after) == (False, True)
