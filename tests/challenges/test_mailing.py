"""Bidders hear of an amendment by e-mail, and no row tells who they are."""

from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone

from qunxing.accounts.models import Kind
from qunxing.challenges import telling
from qunxing.challenges.actions import amendments
from qunxing.challenges.actions.amendments import Wanted
from qunxing.challenges.mailing import mail_amendments
from qunxing.challenges.models import Amendment, AmendmentMail
from qunxing.challenges.sealing import key_path
from qunxing.core.duties import duties_of
from tests import factories as people
from tests.challenges import bidders, factories

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def firm() -> Any:
    return people.organization(name="揭榜企业")


@pytest.fixture
def writer(firm: Any) -> Any:
    return people.member_of(firm, "editor")


@pytest.fixture
def amended(firm: Any, writer: Any) -> Amendment:
    """An amendment of a list on which the firm bids, with people who have no part in it."""
    board = bidders.open_board()
    bidders.draft(factories.challenge(board), firm)
    people.member_of(people.organization(), "owner")
    people.member_of(firm, "viewer")
    wanted = Wanted(values={"preface": "更正"})
    return amendments.amend(board, wanted, actor=people.user(Kind.STAFF), at=bidders.IN_TIME, why="补充说明")


def test_owners_and_editors_of_the_bidders_are_told_once(amended: Amendment, writer: Any) -> None:
    assert mail_amendments(now=NOW) == 1
    assert [message.to for message in mail.outbox] == [[writer.email]]
    assert amended.board.number in mail.outbox[0].subject
    assert "补充说明" in str(mail.outbox[0].body)
    assert mail_amendments(now=NOW) == 0


def test_no_row_says_who_was_told(amended: Amendment, writer: Any) -> None:
    mail_amendments(now=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SELECT told FROM challenges_amendmentmail")
        (told,) = cursor.fetchone()
    assert (str(writer.pk) in str(told).split('"'), writer.username in str(told)) == (False, False)
    kept = AmendmentMail.objects.get(amendment=amended)
    assert (len(kept.told), kept.done) == (1, True)
    assert amended.history.count() == 1
    assert not writer.digests.exists()


def test_a_follower_is_told_in_the_program_and_not_twice(firm: Any, writer: Any) -> None:
    board = bidders.open_board()
    bidders.draft(factories.challenge(board), firm)
    telling.follow(board, actor=writer)
    wanted = Wanted(values={"preface": "更正"})
    amendments.amend(board, wanted, actor=people.user(Kind.STAFF), at=bidders.IN_TIME, why="补充说明")
    assert (mail_amendments(now=NOW), writer.digests.count()) == (0, 1)


def test_mail_waits_while_the_server_is_down_or_the_key_is_gone(
    amended: Amendment, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_args: Any, **_words: Any) -> int:
        raise ConnectionRefusedError

    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMessage.send", down)
        assert mail_amendments(now=NOW) == 0
    path = key_path(amended.board.ref)
    path.rename(path.with_suffix(".away"))
    assert mail_amendments(now=NOW) == 0
    path.with_suffix(".away").rename(path)
    assert mail_amendments(now=NOW) == 1


def test_the_desk_of_a_bidder_shows_the_amendment_and_nobody_elses(amended: Amendment, writer: Any) -> None:
    """Asked on the days of the list: the desk reads what stands, and keeps nothing."""
    day = timezone.localdate(bidders.IN_TIME)
    found = [duty.key for duty in duties_of(writer, day)]
    assert f"challenges.amendment:{amended.ref}:amended" in found
    others = [duty.key for duty in duties_of(people.member_of(people.organization(), "owner"), day)]
    assert [key for key in others if "amended" in key] == []
