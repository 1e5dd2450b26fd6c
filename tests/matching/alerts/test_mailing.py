"""The digest by e-mail."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from qunxing.ledger.actions import change
from qunxing.matching.alerts.actions import unsubscribe_token
from qunxing.matching.alerts.mailing import PAUSES, send_waiting
from qunxing.matching.alerts.models import Digest, MailState, Wishes
from tests import factories as people
from tests.matching.alerts.factories import TUESDAY, WEDNESDAY, at, digest_of, look, watch
from tests.resources.factories import offer

pytestmark = pytest.mark.django_db
NOW = at(TUESDAY, 10)


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A mail server that is down."""
    tries: list[int] = []

    def refuse(_self: Any, _messages: Any) -> int:
        tries.append(1)
        raise ConnectionRefusedError(111, "Connection refused")

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    return tries


def waiting(**values: Any) -> Any:
    user = people.user(**values)
    watch(user, name="算力上新")
    offer(title="新卡时")
    look()
    return user


def test_digest_is_sent_once_as_text_and_html() -> None:
    user = waiting(email="reader@example.org")
    assert send_waiting(now=NOW).sent == 1
    assert send_waiting(now=NOW + timedelta(days=1)).sent == 0
    message: Any = mail.outbox[0]
    assert message.to == ["reader@example.org"]
    assert "新卡时" in message.body
    html, kind = message.alternatives[0]
    assert (kind, "新卡时" in html) == ("text/html", True)
    assert digest_of(user).mail == MailState.SENT


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "条新内容"), ("en", "new in your saved searches")])
def test_mail_speaks_the_language_of_its_reader(language: str, words: str) -> None:
    user = waiting()
    Wishes.objects.filter(user=user).update(language=language)
    send_waiting(now=NOW)
    assert words in mail.outbox[0].subject


def test_mail_holds_only_what_may_be_seen_when_it_is_sent() -> None:
    user = people.user()
    watch(user)
    hidden = offer(title="不可外传")
    offer(title="人人可见")
    look()
    change(hidden, actor=None, values={"visibility": "internal"})
    send_waiting(now=NOW)
    message: Any = mail.outbox[0]
    said = message.subject + message.body + message.alternatives[0][0]
    assert ("不可外传" in said, "人人可见" in said) == (False, True)
    assert " 1 " in message.subject


def test_mail_of_nothing_that_may_be_seen_is_not_sent() -> None:
    user = people.user()
    watch(user)
    hidden = offer(title="不可外传")
    look()
    change(hidden, actor=None, values={"visibility": "internal"})
    assert send_waiting(now=NOW).empty == 1
    assert (mail.outbox, digest_of(user).mail) == ([], MailState.EMPTY)


def test_mail_is_kept_and_tried_again_when_the_server_is_down(broken: list[int]) -> None:
    user = waiting()
    assert send_waiting(now=NOW).failed == 1
    digest = digest_of(user)
    assert (digest.mail, digest.attempts, digest.next_try_at) == (MailState.WAITING, 1, NOW + PAUSES[0])
    assert "Connection refused" in digest.problem
    assert send_waiting(now=NOW + timedelta(minutes=1)).failed == 0
    assert len(broken) == 1


def test_mail_is_given_up_in_the_end(broken: list[int]) -> None:
    user, moment = waiting(), NOW
    for pause in [*PAUSES, timedelta(0)]:
        send_waiting(now=moment)
        moment += pause
    assert digest_of(user).mail == MailState.GIVEN_UP
    assert len(broken) == len(PAUSES) + 1


def test_mail_arrives_once_the_server_is_back(monkeypatch: pytest.MonkeyPatch) -> None:
    user = waiting()
    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "send_messages", lambda *_args: (_ for _ in ()).throw(OSError("down")))
        send_waiting(now=NOW)
    assert send_waiting(now=NOW + PAUSES[0]).sent == 1
    assert (digest_of(user).mail, digest_of(user).problem) == (MailState.SENT, "")


def test_one_bad_mailbox_does_not_hold_up_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = waiting(), waiting()
    send = EmailBackend.send_messages

    def choosy(self: Any, messages: Any) -> int:
        if messages[0].to == [first.email]:
            raise OSError("mailbox full")
        return int(send(self, messages))

    monkeypatch.setattr(EmailBackend, "send_messages", choosy)
    told = send_waiting(now=NOW)
    assert (told.sent, told.failed) == (1, 1)
    assert mail.outbox[0].to == [second.email]


def test_whoever_wants_no_mail_gets_none() -> None:
    user = people.user()
    Wishes.objects.create(user=user, by_mail=False, language="en")
    watch(user)
    offer()
    look()
    assert digest_of(user).mail == MailState.NONE


def test_account_without_address_gets_no_mail() -> None:
    user = people.user(email="")
    watch(user)
    offer()
    look()
    assert digest_of(user).mail == MailState.NONE


def test_account_closed_meanwhile_gets_no_mail() -> None:
    user = waiting()
    user.is_active = False
    user.save()
    send_waiting(now=NOW)
    assert mail.outbox == []


def test_mail_says_how_to_stop_it() -> None:
    user = waiting()
    send_waiting(now=NOW)
    stop = mail.outbox[0].extra_headers["List-Unsubscribe"].strip("<>")
    assert stop in mail.outbox[0].body
    assert mail.outbox[0].extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert stop.startswith("http://localhost:8000/alerts/mail/stop/")
    assert unsubscribe_token(user).split(":")[0] in stop


def test_two_runs_at_once_send_once() -> None:
    user = waiting()
    digest = digest_of(user)
    Digest.objects.filter(pk=digest.pk).update(next_try_at=NOW + timedelta(minutes=15))
    assert send_waiting(now=NOW).sent == 0
    assert timezone.is_aware(digest.next_try_at)
    assert look(WEDNESDAY).digests == []
