"""Objections: in time, by real name, and nobody but staff learns of whom."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from qunxing.challenges.actions import awarding, noticing, objecting, reviewing
from qunxing.challenges.models import Notice, Objection, Objector
from qunxing.core.errors import Refused
from qunxing.core.models import CalendarDay
from qunxing.directory.models import Membership
from qunxing.ledger.models import LogEntry
from tests import factories as people
from tests.challenges import deciders, rows

pytestmark = pytest.mark.django_db
SECRET = "欧阳不可说"
VOICE = objecting.Voice(SECRET, "秘密研究院", "13900007777", "secret@example.org")


def taken(notice: Notice, day: date | None = None, voice: objecting.Voice = VOICE) -> Objection:
    at = deciders.moment(day or notice.first_day)
    return objecting.object_to(notice, at=at, voice=voice, grounds="评审专家应当回避")


@pytest.mark.parametrize(
    ("name", "employer", "phone"),
    [
        ("匿名", "某单位", "021"), ("anonymous", "x y", "021"), ("王", "研究院", "021"), ("王某", "研究院", "021"),
        ("  ", "研究院", "021"), ("赵钱孙", "", "021"), ("赵钱孙", "研究院", ""), ("***", "研究院", "021"),
        ("无名氏", "研究院", "021"), ("12345", "研究院", "021"),
    ],
)  # fmt: skip
def test_anonymous_objection_is_refused(name, employer, phone):
    with pytest.raises(Refused):
        taken(rows.notice(), voice=objecting.Voice(name, employer, phone))
    assert Objection.objects.count() == 0


@pytest.mark.parametrize("name", ["赵钱孙", "欧阳 锋", "Ann Smith", "阿依古丽·买买提"])
def test_real_name_is_taken(name):
    assert taken(rows.notice(), voice=objecting.Voice(name, "研究院", "021")).state == "received"


def test_objection_is_taken_to_the_end_of_the_last_day_and_not_a_second_later():
    notice = rows.notice()
    last = deciders.moment(notice.last_day + timedelta(days=1), 0) - timedelta(seconds=1)
    assert objecting.object_to(notice, at=last, voice=VOICE, grounds="理由").received_at == last
    with pytest.raises(Refused) as refused:
        objecting.object_to(notice, at=last + timedelta(seconds=1), voice=VOICE, grounds="理由")
    assert refused.value.status == 409


def test_objection_before_the_notice_or_without_grounds_is_refused():
    notice = rows.notice()
    with pytest.raises(Refused):
        taken(notice, notice.first_day - timedelta(days=1))
    with pytest.raises(Refused):
        objecting.object_to(notice, at=deciders.moment(notice.first_day), voice=VOICE, grounds="  ")


@pytest.mark.parametrize("state", ["passed", "overturned"])
def test_objection_to_a_notice_that_is_over_is_refused(state):
    with pytest.raises(Refused):
        taken(rows.notice(state=state))


def test_answer_falls_on_a_working_day_and_days_set_by_hand_count():
    notice = rows.notice(first_day=date(2026, 9, 25), last_day=date(2026, 9, 30))
    assert taken(notice, date(2026, 9, 30)).reply_by == date(2026, 10, 15)
    CalendarDay.objects.create(day=date(2026, 10, 15), working=False)
    assert taken(notice, date(2026, 9, 30)).reply_by == date(2026, 10, 16)


def test_late_answer_is_taken_and_marked():
    objection = taken(rows.notice())
    late = objection.reply_by + timedelta(days=3)
    objecting.answer(objection, actor=deciders.staff(), day=late, upheld=False, reply="经查不成立")
    assert objection.late
    assert (objection.state, objection.reply) == ("dismissed", "经查不成立")


def test_answer_goes_to_the_address_that_was_given(mailoutbox, django_capture_on_commit_callbacks):
    objection = taken(rows.notice())
    with django_capture_on_commit_callbacks(execute=True):
        objecting.answer(objection, actor=deciders.staff(), day=rows.DAY, upheld=False, reply="经查不成立")
    assert [(mail.to, mail.body) for mail in mailoutbox] == [(["secret@example.org"], "经查不成立")]


def test_who_objected_stands_in_one_table_and_nowhere_else():
    notice = rows.notice()
    objection = taken(notice, voice=objecting.Voice(SECRET, "秘密研究院", "13900007777", user=people.user("visitor")))
    objecting.answer(objection, actor=deciders.staff(), day=rows.DAY, upheld=False, reply="不成立")
    holders = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            if SECRET in str(cursor.fetchall()):
                holders.add(table)
    assert holders == {"challenges_objector", "challenges_historicalobjector"}


def test_log_does_not_tell_the_account_that_objected():
    user = people.user("member")
    taken(rows.notice(), voice=objecting.Voice(SECRET, "秘密研究院", "139", user=user))
    entries = LogEntry.objects.filter(kind__in=["objection.received", "record.created"])
    assert all(user.username not in body for body in entries.values_list("body", flat=True))


@pytest.mark.parametrize("role", ["officer", "bidder", "issuer", "expert", "visitor", "public"])
def test_nobody_but_staff_reads_who_objected(role):
    notice = rows.notice()
    objection = taken(notice)
    client = Client()
    users = {
        "officer": lambda: people.user("officer"),
        "bidder": lambda: people.member_of(people.organization(), Membership.Role.OWNER),
        "issuer": lambda: people.member_of(notice.challenge.issuer, Membership.Role.OWNER),
        "expert": lambda: people.user("expert"),
        "visitor": lambda: people.user("visitor"),
    }
    if role in users:
        user = users[role]()
        client.force_login(user)
        assert not Objector.objects.visible_to(user).exists()
    for name, ref in (("notice-detail", notice.ref), ("objection-detail", objection.ref)):
        text = client.get(reverse(f"challenges:{name}", args=[ref]), follow=True).content.decode()
        assert not any(word in text for word in (SECRET, "秘密研究院", "13900007777", "secret@example.org"))


def test_objector_who_is_signed_in_reads_and_withdraws_their_own():
    user = people.user("visitor")
    objection = taken(rows.notice(), voice=objecting.Voice(SECRET, "秘密研究院", "139", user=user))
    client = Client()
    client.force_login(user)
    assert SECRET in client.get(reverse("challenges:objection-detail", args=[objection.ref])).content.decode()
    client.post(reverse("challenges:objection-withdraw", args=[objection.ref]))
    objection.refresh_from_db()
    assert objection.state == "withdrawn"
    assert objection.history.latest("history_id").history_user is None


def test_upheld_objection_suspends_and_the_panel_reviews_again():
    challenge, notice = deciders.noticed()
    objection = taken(notice)
    with pytest.raises(Refused):
        awarding.confirm_award(challenge, actor=deciders.staff(), day=notice.last_day + timedelta(days=1))
    objecting.answer(objection, actor=deciders.staff(), day=notice.first_day, upheld=True, reply="专家应当回避")
    challenge.refresh_from_db()
    assert challenge.state == "suspended"
    first = challenge.proposals.get()
    again = reviewing.review_again(challenge, actor=deciders.staff(), day=notice.last_day, reason="异议成立")
    notice.refresh_from_db()
    first.refresh_from_db()
    assert (notice.state, first.state, again.number) == ("overturned", "overturned", 2)
    assert set(challenge.bids.values_list("state", flat=True)) == {"admitted"}
    deciders.scored(challenge, (0.5, 0.95))
    second = awarding.propose(challenge, actor=deciders.staff(), day=notice.last_day)
    assert noticing.give_notice(challenge, actor=deciders.staff(), day=notice.last_day).number != notice.number
    assert second.places.first().bid != first.places.first().bid


def test_suspended_notice_goes_on_with_the_days_that_were_left():
    _challenge, notice = deciders.noticed()
    staff = deciders.staff()
    noticing.suspend_notice(notice, actor=staff, day=date(2026, 4, 15), reason="核查")
    noticing.resume_notice(notice, actor=staff, day=date(2026, 4, 20), reason="核查完毕")
    assert notice.last_day == date(2026, 4, 22)


def test_what_an_objection_lacks_is_told_beside_the_field(client, monkeypatch):
    notice = rows.notice()
    monkeypatch.setattr("qunxing.challenges.views.notices.today", lambda: notice.first_day)
    monkeypatch.setattr("qunxing.challenges.clock.now", lambda: deciders.moment(notice.first_day))
    values = {"name": "匿名", "employer": "演示单位", "phone": "021-1", "grounds": "评分有误"}
    answer = client.post(reverse("challenges:notice-object", args=[notice.ref]), values)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["name"]
