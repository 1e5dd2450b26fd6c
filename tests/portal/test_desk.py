"""The desk tells each person what waits for them, as a page, as a calendar and by e-mail."""

import re
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar as Sheet

from qunxing.accounts.models import Kind, User
from qunxing.core.duties import Duty, duties_of
from qunxing.matching.alerts import clock
from qunxing.matching.alerts.models import Wishes
from qunxing.portal.desk.calendar import open_calendar, written
from qunxing.portal.desk.reminding import remind_all, step_of, to_tell, told_now
from qunxing.portal.desk.sorting import piles_of
from qunxing.portal.models import Calendar, Reminded
from tests import factories as people
from tests.matching.factories import invitation, need
from tests.scenarios import factories as scenarios

pytestmark = pytest.mark.django_db
TODAY = date(2026, 5, 12)


def duty(key: str, days: int | None, **more: Any) -> Duty:
    return Duty(key, "做", key, "/", None if days is None else TODAY + timedelta(days=days), **more)


def at(hour: int, day: date = TODAY) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))


@pytest.fixture
def editor() -> User:
    """Somebody whose firm is to answer an invitation by the 15th."""
    user: User = people.user(email="editor@example.com")
    firm = people.organization()
    people.membership(user, firm, "editor")
    invitation(need(), firm, invited_on=TODAY, answer_by=date(2026, 5, 15))
    return user


def test_duties_press_by_their_day() -> None:
    piles = piles_of([duty("a", -1), duty("b", 0), duty("c", 7), duty("d", 8), duty("e", None)], TODAY)
    assert [[one.key for one in pile.duties] for pile in piles] == [["a"], ["b", "c"], ["d"], ["e"]]


def test_what_waits_is_the_readers_own(editor: User) -> None:
    assert [one.due for one in duties_of(editor, TODAY)] == [date(2026, 5, 15)]
    assert duties_of(people.user(), TODAY) == []


def test_staff_find_the_scenario_and_the_silent_firm(editor: User) -> None:
    scenarios.scenario("submitted")
    keys = [one.key.split(":")[0] for one in duties_of(people.user(Kind.STAFF), date(2026, 5, 20))]
    assert keys == ["matching.invitation", "scenarios.scenario"]


def test_page_shows_them_and_says_when_nothing_waits(client: Client, editor: User) -> None:
    client.force_login(editor)
    assert "2026-05-15" in client.get(reverse("portal:desk")).content.decode()
    client.force_login(people.user())
    assert "empty" in client.get(reverse("portal:desk")).content.decode()


def test_calendar_is_read_by_its_secret_until_it_is_closed(client: Client, editor: User) -> None:
    client.force_login(editor)
    answer = client.post(reverse("portal:desk-calendar-open")).content.decode()
    address = re.findall(r"/desk/calendar/[\w-]+\.ics", answer)[0]
    reader = Client()
    events = Sheet.from_ical(reader.get(address).content).events
    assert [event.start for event in events] == [date(2026, 5, 15)]
    assert "secret" not in Calendar.objects.get().digest
    client.post(reverse("portal:desk-calendar-close"))
    assert reader.get(address).status_code == 404


def test_a_new_address_ends_the_earlier_one(editor: User) -> None:
    first, second = open_calendar(actor=editor), open_calendar(actor=editor)
    answers = [Client().get(reverse("portal:desk-calendar", args=[secret])).status_code for secret in (first, second)]
    assert answers == [404, 200]


def test_calendar_of_a_closed_account_answers_no_more(editor: User) -> None:
    secret = open_calendar(actor=editor)
    User.objects.filter(pk=editor.pk).update(is_active=False)
    assert Client().get(reverse("portal:desk-calendar", args=[secret])).status_code == 404


def test_a_moment_is_shown_as_a_moment(editor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    moment = at(17)
    one = duty("x", 0, at=moment)
    monkeypatch.setattr("qunxing.portal.desk.calendar.duties_of", lambda *_words: [one, duty("y", None)])
    (event,) = Sheet.from_ical(written(editor, now=at(9))).events
    assert (event.start, event.end) == (moment - timedelta(minutes=15), moment)


@pytest.mark.parametrize(
    ("days", "step"), [(30, None), (8, None), (7, 7), (2, 7), (1, 1), (0, 0), (-1, -1), (-30, -1), (None, None)]
)
def test_step_is_the_nearest_day_of_telling(days: int | None, step: int | None) -> None:
    assert step_of(duty("a", days), TODAY) == step


def test_what_was_told_does_not_say_of_what() -> None:
    """Before the opening the key of a duty would tell who bids."""
    kept = told_now([Duty("challenges.bidparty:secret:submit", "", "", "", due=TODAY)], TODAY)
    assert [step for key, step in kept.items() if "secret" not in key and "bidparty" not in key] == [0]


def test_each_step_is_told_once() -> None:
    told: dict[str, int] = {}
    heard = []
    for days in range(10, -4, -1):
        now = [duty("a", days)]
        heard += [days for _one in to_tell(now, told, TODAY)]
        told = told_now(now, TODAY)
    assert heard == [7, 1, 0, -1]


def test_reminder_is_sent_once_and_in_the_readers_language(editor: User) -> None:
    Wishes.objects.create(user=editor, language="en", by_mail=True)
    assert [remind_all(now=at(8)), remind_all(now=at(9))] == [1, 0]
    (message,) = mail.outbox
    assert (message.to, message.subject) == (["editor@example.com"], "Qunxing: 1 thing waits for you")
    assert "in 3 days" in message.body
    assert remind_all(now=at(8, TODAY + timedelta(days=1))) == 0
    assert remind_all(now=at(8, TODAY + timedelta(days=2))) == 1


def test_nobody_is_reminded_in_the_night_or_against_their_wish(editor: User) -> None:
    assert remind_all(now=at(3)) == 0
    Wishes.objects.create(user=editor, language="en", by_mail=False)
    assert remind_all(now=at(8)) == 0


def test_a_mail_that_fails_is_tried_again(editor: User, settings: Any) -> None:
    settings.EMAIL_BACKEND = "nowhere.Backend"
    assert remind_all(now=at(8)) == 0
    assert Reminded.objects.get(user=editor).day is None
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert remind_all(now=at(8)) == 1


def test_the_clock_goes_every_round_though_one_fails(editor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    went = []

    def fails(*, now: datetime) -> None:
        went.append(now)
        raise ValueError

    monkeypatch.setattr(clock, "declared", lambda *_words: (fails, remind_all))
    clock.send_due(now=at(8))
    assert (len(went), len(mail.outbox)) == (1, 1)
