"""Signing in: by user name or e-mail, with a second factor, and not by trying."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.core.cache import cache
from django.test import Client, TestCase

from qunxing.accounts.models import Kind, User
from qunxing.ledger.models import LogEntry
from tests import factories
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db
SIGN_IN = "/accounts/login/"
WRONG = "not the password 1"


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    """Attempts of other tests do not count."""
    cache.clear()


def sign_in(client: Client, name: str, password: str = PASSWORD, **values: str) -> Any:
    return client.post(SIGN_IN, {"login": name, "password": password, **values})


def who(client: Client) -> str:
    return str(client.get("/").context["user"].get_username())


def kinds() -> list[str]:
    return list(LogEntry.objects.order_by("index").values_list("kind", flat=True))


@pytest.mark.parametrize("name", ["clerk", "clerk@example.org", "CLERK@Example.org"])
def test_user_signs_in_by_name_or_email(client: Client, name: str) -> None:
    factories.user(Kind.STAFF, username="clerk", email="clerk@example.org")
    answer = sign_in(client, name)
    assert (answer.status_code, answer.headers["Location"], who(client)) == (302, "/", "clerk")


def test_sign_in_leads_to_the_page_that_was_asked_for_and_to_no_other_site(client: Client) -> None:
    factories.user(Kind.STAFF, username="clerk")
    targets = {"/organizations/": "/organizations/", "https://evil.example/": "/", "//evil.example": "/"}
    found = {}
    for wish in targets:
        found[wish] = sign_in(client, "clerk", next=wish).headers["Location"]
        client.logout()
    assert found == targets


@pytest.mark.parametrize(("name", "password"), [("clerk", WRONG), ("nobody", PASSWORD), ("clerk", ""), ("", PASSWORD)])
def test_wrong_name_or_password_is_refused_alike(client: Client, name: str, password: str) -> None:
    factories.user(Kind.STAFF, username="clerk")
    answer = sign_in(client, name, password)
    assert (answer.status_code, who(client)) == (200, "")
    assert answer.context["form"].errors != {}


def test_wrong_name_and_wrong_password_are_answered_in_the_same_words(client: Client) -> None:
    factories.user(Kind.STAFF, username="clerk")
    said = [str(sign_in(client, name, WRONG).context["form"].errors) for name in ("clerk", "nobody")]
    assert said[0] == said[1]


def test_closed_account_does_not_sign_in(client: Client) -> None:
    factories.user(Kind.STAFF, username="clerk", is_active=False)
    sign_in(client, "clerk")
    assert who(client) == ""


def test_account_that_is_closed_is_signed_out(client: Client) -> None:
    user = factories.user(Kind.STAFF, username="clerk")
    sign_in(client, "clerk")
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert who(client) == ""


def test_wrong_passwords_for_one_account_are_limited_even_for_the_right_one_afterwards(client: Client) -> None:
    factories.user(Kind.STAFF, username="clerk")
    for _time in range(5):
        sign_in(client, "clerk", WRONG)
    answer = sign_in(client, "clerk")
    assert who(client) == ""
    assert "登录失败次数过多" in answer.content.decode() or answer.status_code == 429


def test_wrong_passwords_for_one_account_do_not_shut_out_others(client: Client) -> None:
    factories.user(Kind.STAFF, username="clerk")
    factories.user(Kind.STAFF, username="other")
    for _time in range(6):
        sign_in(client, "clerk", WRONG)
    sign_in(Client(REMOTE_ADDR="10.0.0.9"), "other")
    assert sign_in(client, "other").status_code == 302


def test_too_many_attempts_are_answered_with_a_page_of_ours(client: Client) -> None:
    for number in range(31):
        answer = sign_in(client, f"nobody{number}", WRONG)
    page = answer.content.decode()
    assert (answer.status_code, "短时间内尝试次数过多" in page, 'class="rail"' in page or "<nav" in page) == (
        429,
        True,
        True,
    )


def test_signing_in_and_failing_to_are_logged_without_what_was_typed(client: Client) -> None:
    factories.user(Kind.STAFF, username="clerk")
    before = len(kinds())
    sign_in(client, "my-secret-typed-in-the-wrong-box", WRONG)
    sign_in(client, "clerk")
    assert kinds()[before:] == ["account.sign_in_failed", "account.signed_in"]
    assert not LogEntry.objects.filter(body__contains="my-secret").exists()


def test_signing_out_asks_first_and_then_does(client: Client) -> None:
    client.force_login(factories.user(Kind.STAFF, username="clerk"))
    assert client.get("/accounts/logout/").status_code == 200
    assert who(client) == "clerk"
    client.post("/accounts/logout/")
    assert who(client) == ""


def test_nobody_makes_an_account_unless_the_installation_lets_them(client: Client, settings: Any) -> None:
    form = {
        "username": "new",
        "email": "new@example.org",
        "password1": "correct horse 9 battery",
        "password2": "correct horse 9 battery",
    }
    assert "账号由运营人员开通" in client.get("/accounts/signup/").content.decode()
    client.post("/accounts/signup/", form)
    assert User.objects.count() == 0
    settings.ACCOUNT_SIGNUP_OPEN = True
    client.post("/accounts/signup/", form | {"kind": "staff", "is_superuser": "on", "is_staff": "on"})
    made = User.objects.get()
    assert (made.username, made.kind, made.is_superuser) == ("new", Kind.VISITOR, False)


# --- second factor --------------------------------------------------------------------------------------------------


def code_of(secret: str) -> str:
    """What the app on the phone shows now."""
    counter = next(iter(yield_hotp_counters_from_time()))
    return str(format_hotp_value(hotp_value(secret, counter)))


def confirm_oneself(client: Client) -> None:
    """Type the password once more, as pages that touch the safety of an account ask for."""
    assert client.post("/accounts/reauthenticate/", {"password": PASSWORD}).status_code == 302


def enrol(client: Client) -> str:
    """Set up the authenticator of who is signed in; its secret."""
    confirm_oneself(client)
    page = client.get("/accounts/2fa/totp/activate/")
    secret = str(page.context["form"].secret)
    with TestCase.captureOnCommitCallbacks(execute=True):
        assert client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)}).status_code == 302
    cache.clear()
    return secret


def test_second_factor_is_set_up_and_then_asked_for(client: Client) -> None:
    factories.user(Kind.STAFF, username="clerk")
    sign_in(client, "clerk")
    secret = enrol(client)
    assert Authenticator.objects.filter(user__username="clerk", type="totp").count() == 1
    client.logout()
    answer = sign_in(client, "clerk")
    assert (answer.headers["Location"], who(client)) == ("/accounts/2fa/authenticate/", "")
    client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert who(client) == ""
    client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    assert who(client) == "clerk"
    assert "account.second_factor_added" in kinds()


def test_second_factor_needs_the_password_once_more(client: Client) -> None:
    factories.user(Kind.STAFF, username="clerk")
    sign_in(client, "clerk")
    answer = client.get("/accounts/2fa/totp/activate/")
    assert answer.headers["Location"].startswith("/accounts/reauthenticate/")
    client.post("/accounts/reauthenticate/", {"password": WRONG})
    assert client.get("/accounts/2fa/totp/activate/").status_code == 302


def test_wrong_code_sets_nothing_up(client: Client) -> None:
    factories.user(Kind.STAFF, username="clerk")
    sign_in(client, "clerk")
    confirm_oneself(client)
    client.get("/accounts/2fa/totp/activate/")
    answer = client.post("/accounts/2fa/totp/activate/", {"code": "000000"})
    assert (answer.status_code, Authenticator.objects.count()) == (200, 0)


def test_recovery_code_opens_once(client: Client) -> None:
    user = factories.user(Kind.STAFF, username="clerk")
    sign_in(client, "clerk")
    enrol(client)
    client.post("/accounts/2fa/recovery-codes/generate/")
    code = Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()[0]
    found = []
    for _time in range(2):
        client.logout()
        cache.clear()
        sign_in(client, "clerk")
        client.post("/accounts/2fa/authenticate/", {"code": code})
        found.append(who(client))
    assert found == ["clerk", ""]


def test_second_factor_page_leads_in_without_a_sign_in_before(client: Client) -> None:
    assert client.get("/accounts/2fa/authenticate/").status_code == 302


def test_giving_up_the_second_factor_is_logged(client: Client) -> None:
    factories.user(Kind.STAFF, username="clerk")
    sign_in(client, "clerk")
    enrol(client)
    client.post("/accounts/2fa/totp/deactivate/")
    assert Authenticator.objects.filter(type="totp").count() == 0
    assert "account.second_factor_removed" in kinds()


# --- a forgotten password -------------------------------------------------------------------------------------------


def test_forgotten_password_is_set_anew_by_a_link_that_works_once(client: Client) -> None:
    factories.user(Kind.STAFF, username="clerk", email="clerk@example.org")
    client.post("/accounts/password/reset/", {"email": "clerk@example.org"})
    message = mail.outbox[0]
    link = next(word for word in message.body.split() if "/password/reset/key/" in word)
    path = link.split("testserver", 1)[1]
    form = client.get(path, follow=True)
    target = form.redirect_chain[-1][0]
    answer = client.post(target, {"password1": "another horse 7 battery", "password2": "another horse 7 battery"})
    assert (message.to, answer.status_code) == (["clerk@example.org"], 302)
    client.logout()
    sign_in(client, "clerk", "another horse 7 battery")
    assert who(client) == "clerk"
    again = Client().get(path, follow=True).content.decode()
    assert "链接已失效" in again


def test_mail_is_in_the_readers_language(client: Client) -> None:
    factories.user(Kind.STAFF, username="clerk", email="clerk@example.org")
    client.post("/accounts/password/reset/", {"email": "clerk@example.org"})
    assert "密码" in mail.outbox[0].subject + mail.outbox[0].body


def test_unknown_address_is_answered_alike(client: Client) -> None:
    factories.user(Kind.STAFF, username="clerk", email="clerk@example.org")
    answers = [
        client.post("/accounts/password/reset/", {"email": address})
        for address in ("clerk@example.org", "nobody@example.org")
    ]
    assert [(answer.status_code, answer.headers.get("Location")) for answer in answers] == [
        (302, "/accounts/password/reset/done/")
    ] * 2


def test_weak_new_password_is_refused_in_the_readers_language(client: Client) -> None:
    factories.user(Kind.STAFF, username="clerk", email="clerk@example.org")
    sign_in(client, "clerk")
    said = []
    for weak in ("short", "1234567890", "password123", "clerk@example"):
        answer = client.post(
            "/accounts/password/change/", {"oldpassword": PASSWORD, "password1": weak, "password2": weak}
        )
        said += answer.context["form"].errors["password1"]
    assert said[0] == "密码太短：至少需要 10 个字符。"
    assert [line for line in said if line.isascii()] == []
    assert User.objects.get().check_password(PASSWORD)
