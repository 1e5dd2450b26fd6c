"""Accounts as staff keep them, tokens for programs, and what an account can never be."""

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from qunxing.accounts.actions import create_user
from qunxing.accounts.models import ApiToken, Kind, User, token_digest
from qunxing.core.errors import Refused
from qunxing.ledger.models import LogEntry
from tests import factories
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
NEW = {
    "username": "new",
    "name": "新同事",
    "email": "new@example.org",
    "kind": "member",
    "is_active": "on",
    "password": "correct horse 9 battery",
}


@pytest.fixture
def staff(client: Client) -> User:
    """A member of staff, signed in with `client`."""
    user = factories.user(Kind.STAFF, username="clerk")
    client.force_login(user)
    return user


def kinds() -> list[str]:
    return list(LogEntry.objects.order_by("index").values_list("kind", flat=True))


def edit(client: Client, user: User, **values: str) -> Any:
    form = {"name": user.name, "email": user.email, "kind": user.kind, "is_active": "on"} | values
    return client.post(reverse("accounts:user-edit", args=[user.username]), form)


# --- users ----------------------------------------------------------------------------------------------------------


def test_staff_make_an_account_that_can_sign_in(client: Client, staff: User) -> None:
    assert client.post("/users/new/", NEW).status_code == 302
    made = User.objects.get(username="new")
    assert (made.kind, made.name, made.check_password(NEW["password"])) == (Kind.MEMBER, "新同事", True)
    assert Client().login(username="new", password=NEW["password"])
    entry = LogEntry.objects.get(subject_ref="new", kind="account.created")
    assert json.loads(entry.body)["actor"] == "clerk"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"username": "clerk"}, "username"),
        ({"username": "with space"}, "username"),
        ({"username": ""}, "username"),
        ({"email": "clerk@example.org"}, "email"),
        ({"email": "Clerk@Example.org"}, "email"),
        ({"email": "nonsense"}, "email"),
        ({"kind": "superuser"}, "kind"),
        ({"password": "short"}, "password"),
        ({"password": ""}, "password"),
    ],
    ids=str,
)
def test_account_that_cannot_be_is_refused_in_words(
    client: Client, staff: User, values: dict[str, str], field: str
) -> None:
    User.objects.filter(pk=staff.pk).update(email="clerk@example.org")
    answer = client.post("/users/new/", NEW | values)
    assert (answer.status_code, User.objects.count()) == (422, 1)
    assert field in answer.context["form"].errors


def test_two_accounts_may_both_be_without_an_address(client: Client, staff: User) -> None:
    for name in ("first", "second"):
        assert client.post("/users/new/", NEW | {"username": name, "email": ""}).status_code == 302


def test_staff_change_kind_and_close_an_account_and_both_are_logged(client: Client, staff: User) -> None:
    user = factories.user(Kind.VISITOR)
    assert edit(client, user, kind="officer").status_code == 302
    edit(client, user, kind="officer", is_active="")
    user.refresh_from_db()
    assert (user.kind, user.is_active) == (Kind.OFFICER, False)
    assert kinds()[-2:] == ["account.rights_changed"] * 2


def test_change_of_a_name_is_no_change_of_rights(client: Client, staff: User) -> None:
    user = factories.user(Kind.VISITOR)
    before = len(kinds())
    edit(client, user, name="新名")
    user.refresh_from_db()
    assert (user.name, kinds()[before:]) == ("新名", [])


def test_user_name_does_not_change(client: Client, staff: User) -> None:
    user = factories.user(Kind.VISITOR)
    name = user.username
    edit(client, user, username="other")
    user.refresh_from_db()
    assert user.username == name


@pytest.mark.parametrize("values", [{"kind": "visitor"}, {"is_active": ""}])
def test_staff_cannot_lock_themselves_out(client: Client, staff: User, values: dict[str, str]) -> None:
    answer = edit(client, staff, **values)
    staff.refresh_from_db()
    assert (answer.status_code, staff.kind, staff.is_active) == (400, Kind.STAFF, True)
    assert "不能更改自己的用户类别" in answer.content.decode()


def test_users_are_found_by_name_and_address(client: Client, staff: User) -> None:
    factories.user(Kind.EXPERT, username="wang", name="王小明", email="wang@example.org")
    for words in ("wang", "小明", "WANG@EXAMPLE"):
        assert [user.username for user in client.get("/users/", {"q": words}).context["page"]] == ["wang"]
    assert "没有符合的账号" in client.get("/users/", {"q": "没有这个人"}).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_list_of_users_takes_a_constant_number_of_queries(
    client: Client, staff: User, django_assert_max_num_queries: Any, count: int
) -> None:
    for _number in range(count):
        factories.user()
    with django_assert_max_num_queries(6):
        client.get("/users/")


@pytest.mark.parametrize("kind", [Kind.OFFICER, Kind.MEMBER, Kind.MANAGER, Kind.EXPERT, Kind.VISITOR])
def test_users_are_kept_by_staff_alone(client: Client, kind: str) -> None:
    user = factories.user(kind)
    client.force_login(user)
    answers = [client.get("/users/"), client.get("/users/new/"), client.post("/users/new/", NEW), edit(client, user)]
    assert [answer.status_code for answer in answers] == [403] * 4
    assert User.objects.count() == 1


# --- what an account can never be -----------------------------------------------------------------------------------


def test_there_is_no_superuser() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_superuser("root", "root@example.org", PASSWORD)
    user = factories.user(Kind.STAFF)
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=user.pk).update(is_superuser=True)


def test_nobody_holds_what_no_rule_grants() -> None:
    user = factories.user(Kind.STAFF)
    assert (user.has_perm("directory.no_such_permission"), user.has_perm("auth.add_user")) == (False, False)
    assert user.get_all_permissions() == set()


def test_closed_account_holds_no_permission() -> None:
    assert not factories.user(Kind.STAFF, is_active=False).has_perm("accounts.manage_users")


def test_name_is_taken_once() -> None:
    create_user(actor=None, username="clerk", kind=Kind.STAFF, password=PASSWORD)
    with pytest.raises(Refused):
        create_user(actor=None, username="clerk", kind=Kind.STAFF, password=PASSWORD)


# --- tokens ---------------------------------------------------------------------------------------------------------


def new_token(client: Client, **values: str) -> str:
    token: str = client.post("/tokens/", {"name": "脚本", "expires_on": ""} | values).context["token"]
    return token


def asked_with(token: str) -> Any:
    return Client().get("/api/v1/organizations", headers={"Authorization": f"Bearer {token}"})


def test_token_is_shown_once_and_kept_as_a_digest(client: Client, staff: User) -> None:
    token = new_token(client)
    kept = ApiToken.objects.get()
    assert (kept.digest, kept.user, token.startswith("qx_")) == (token_digest(token), staff, True)
    assert token not in client.get("/tokens/").content.decode()
    assert not LogEntry.objects.filter(body__contains=token).exists()
    assert kinds()[-1] == "account.token_issued"


def test_token_sees_what_its_owner_sees(client: Client, staff: User) -> None:
    factories.organization(visibility="internal")
    token = new_token(client)
    client.force_login(factories.user(Kind.VISITOR))
    other = new_token(client)
    found = [asked_with(token).json()["total"], asked_with(other).json()["total"]]
    assert (found, Client().get("/api/v1/organizations").json()["total"]) == ([1, 0], 0)


def test_token_that_is_wrong_expired_revoked_or_of_a_closed_account_is_refused(client: Client, staff: User) -> None:
    expired = new_token(client, expires_on=str(timezone.localdate() - timedelta(days=1)))
    today = new_token(client, expires_on=str(timezone.localdate()))
    revoked, closed = new_token(client), new_token(client)
    client.post(reverse("accounts:token-revoke", args=[ApiToken.objects.get(digest=token_digest(revoked)).pk]))
    assert [asked_with(token).status_code for token in (today, closed, expired, revoked, "qx_wrong", "")] == [
        200, 200, 401, 401, 401, 401,
    ]  # fmt: skip
    User.objects.filter(pk=staff.pk).update(is_active=False)
    assert asked_with(closed).status_code == 401
    assert "account.token_revoked" in kinds()


def test_token_of_another_is_not_revoked(client: Client, staff: User) -> None:
    new_token(client)
    client.force_login(factories.user(Kind.STAFF))
    answer = client.post(reverse("accounts:token-revoke", args=[ApiToken.objects.get().pk]))
    assert (answer.status_code, ApiToken.objects.count()) == (404, 1)


def test_token_opens_no_pages(client: Client, staff: User) -> None:
    token = new_token(client)
    assert Client().get("/users/", headers={"Authorization": f"Bearer {token}"}).status_code == 403


def test_token_needs_a_name(client: Client, staff: User) -> None:
    assert (client.post("/tokens/", {"name": ""}).status_code, ApiToken.objects.count()) == (422, 0)


def test_tokens_are_for_who_is_signed_in(client: Client) -> None:
    assert client.get("/tokens/").headers["Location"] == "/accounts/login/?next=/tokens/"


# --- sign-in with a provider ----------------------------------------------------------------------------------------

SIGN_IN_PAGE = """
import django; django.setup()
from qunxing.cli.schema import bring_up
bring_up()
from django.test import Client
answer = Client().get("/accounts/login/", secure=True, headers={"host": "localhost"})
print(answer.status_code, "本市统一认证" in answer.content.decode())
print(answer.headers["Content-Security-Policy"])
"""


def sign_in_page(folder: Path, **environment: str) -> list[str]:
    """What a program with that environment shows: status and whether it offers the provider, then the policy."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("QUNXING_", "DATABASE_"))}
    environment |= {"DJANGO_SETTINGS_MODULE": "qunxing.config.settings", "QUNXING_DATA": str(folder)}
    environment |= {"PYTHONPATH": str(ROOT / "src"), "QUNXING_DEBUG": "true"}
    answer = subprocess.run(
        [sys.executable, "-c", SIGN_IN_PAGE], env=kept | environment, capture_output=True, text=True, check=True
    )
    return answer.stdout.splitlines()


def test_provider_is_offered_only_where_the_installation_has_one(tmp_path: Path) -> None:
    plain = sign_in_page(tmp_path)
    provided = sign_in_page(
        tmp_path,
        QUNXING_OIDC_ISSUER="https://sso.example.org/realm",
        QUNXING_OIDC_CLIENT_ID="qunxing",
        QUNXING_OIDC_CLIENT_SECRET="made up",
        QUNXING_OIDC_NAME="本市统一认证",
    )
    assert (plain[0], provided[0]) == ("200 False", "200 True")
    assert ("sso.example.org" in plain[1], "form-action 'self' https://sso.example.org" in provided[1]) == (False, True)
