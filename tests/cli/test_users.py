"""Accounts on the command line."""

import json

import pytest

from qunxing.accounts.models import Kind, User
from qunxing.cli import app
from qunxing.ledger.models import LogEntry
from tests import factories

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse 9 battery"


def add(name: str, *arguments: str, password: str = PASSWORD) -> int:
    return app.run(["user", "add", name, "--password", password, *arguments])


def test_account_is_made_and_said_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert add("clerk", "--kind", "officer", "--email", "Clerk@Example.org", "--name", "王小明") == 0
    user = User.objects.get()
    assert (user.username, user.kind, user.email, user.name) == ("clerk", Kind.OFFICER, "clerk@example.org", "王小明")
    assert user.check_password(PASSWORD)
    assert capsys.readouterr().out == "账号 clerk 已创建（主管部门）。\n"
    assert LogEntry.objects.get().kind == "account.created"


def test_first_account_is_of_staff_unless_said_otherwise() -> None:
    add("clerk")
    assert User.objects.get().kind == Kind.STAFF


@pytest.mark.parametrize(
    ("name", "arguments", "password"),
    [
        ("taken", [], PASSWORD),
        ("new", ["--email", "taken@example.org"], PASSWORD),
        ("new", ["--kind", "superuser"], PASSWORD),
        ("new", ["--email", "nonsense"], PASSWORD),
        ("with space", [], PASSWORD),
        ("", [], PASSWORD),
        ("长" * 200, [], PASSWORD),
        ("new", [], "short"),
        ("new", [], "1234567890"),
    ],
)
def test_account_that_cannot_be_is_refused(
    capsys: pytest.CaptureFixture[str], name: str, arguments: list[str], password: str
) -> None:
    factories.user(username="taken", email="taken@example.org")
    assert add(name, *arguments, password=password) == 2
    told = capsys.readouterr()
    assert (User.objects.count(), told.out, bool(told.err.strip())) == (1, "", True)


def test_password_is_set_anew_and_logged(capsys: pytest.CaptureFixture[str]) -> None:
    user = factories.user(username="clerk")
    assert app.run(["user", "password", "clerk", "--password", "another horse 7 battery"]) == 0
    user.refresh_from_db()
    assert user.check_password("another horse 7 battery")
    assert LogEntry.objects.latest("index").kind == "account.password_set"
    assert capsys.readouterr().out == "clerk 的密码已修改。\n"


@pytest.mark.parametrize(("name", "password"), [("nobody", PASSWORD), ("clerk", "short"), ("clerk", "clerk@example")])
def test_password_that_cannot_be_set_is_refused(name: str, password: str) -> None:
    user = factories.user(username="clerk", email="clerk@example.org")
    assert app.run(["user", "password", name, "--password", password]) == 2
    user.refresh_from_db()
    assert user.check_password(factories.PASSWORD)


def test_accounts_are_listed_for_people_and_programs(capsys: pytest.CaptureFixture[str]) -> None:
    factories.user(Kind.STAFF, username="b")
    factories.user(Kind.EXPERT, username="a", is_active=False)
    assert app.run(["user", "list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == [
        {"username": "a", "kind": "expert", "active": False},
        {"username": "b", "kind": "staff", "active": True},
    ]
    app.run(["user", "list"])
    assert capsys.readouterr().out == "a  expert  已停用\nb  staff\n"
