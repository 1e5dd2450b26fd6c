"""Eligibility on the day of the award: what fails by then stops it, unless staff overrule it with a reason."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from qunxing.accounts.models import Kind
from qunxing.challenges.actions import awarding, checking, noticing
from qunxing.challenges.fitness import unfit
from qunxing.challenges.models import BidFinding
from qunxing.core.errors import Refused
from qunxing.ledger.models import LogEntry
from tests import factories as people
from tests.challenges import deciders, rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def passed():
    """A proposed award whose notice has passed, the day after, and the winner, who has a bad record since."""
    challenge, notice = deciders.noticed()
    winner = awarding.winners_of(notice.proposal)[0].bid
    rows.bad_record(organization=winner.organization, since=notice.last_day)
    return challenge, notice.last_day + timedelta(days=1), winner


def test_award_is_stopped_by_a_rule_that_fails_by_then(passed):
    challenge, day, winner = passed
    with pytest.raises(Refused) as error:
        awarding.confirm_award(challenge, actor=deciders.staff(), day=day)
    record = winner.organization.bad_records.get()
    assert [winner.organization.name in str(error.value), record.since.isoformat() in str(error.value)] == [True, True]
    assert [(one.code, one.bid) for one in unfit([winner], day=day)] == [("bad_record", winner)]
    challenge.refresh_from_db()
    assert challenge.state == "notice"


def test_staff_overrule_it_with_a_reason_that_is_logged(passed):
    challenge, day, winner = passed
    with pytest.raises(PermissionDenied):
        awarding.confirm_award(challenge, actor=people.user(Kind.OFFICER), day=day, overrule="已整改")
    awarding.confirm_award(challenge, actor=deciders.staff(), day=day, overrule="已整改")
    entry = LogEntry.objects.get(kind="challenge.eligibility_overruled")
    assert ["已整改" in entry.body, winner.ref in entry.body, "bad_record" in entry.body] == [True] * 3
    assert BidFinding.objects.get(bid=winner, stage="award", code="bad_record").outcome == "fail"
    assert challenge.state == "awarded"


def test_next_is_proposed_instead(passed):
    challenge, day, winner = passed
    noticing.suspend_notice(challenge.notices.get(), actor=deciders.staff(), reason="资格有变", day=day)
    checking.disqualify(winner, actor=deciders.staff(), reason="失信")
    made = awarding.propose_next(challenge, actor=deciders.staff(), day=day, reason="第一名失信")
    assert unfit([row.bid for row in awarding.winners_of(made)], day=day) == []


def test_what_was_settled_at_the_formal_check_stands_until_there_are_new_grounds():
    challenge = deciders.opened(1)
    bid, person = challenge.bids.get(), deciders.staff()
    known = rows.bad_record(organization=bid.organization, since=deciders.DAY)
    check = checking.check(bid, actor=person, day=deciders.DAY)
    assert [one.code for one in unfit([bid], day=deciders.DAY)] == ["bad_record"]
    checking.judge(check, actor=person, code="bad_record", state="pass", detail="已修复信用")
    assert unfit([bid], day=deciders.DAY) == []
    assert known.organization == bid.organization
    rows.bad_record(organization=bid.organization, since=deciders.DAY)
    assert [one.code for one in unfit([bid], day=deciders.DAY)] == ["bad_record"]


def test_page_tells_what_fails_and_asks_for_the_reason(passed, client, monkeypatch):
    challenge, day, winner = passed
    monkeypatch.setattr("qunxing.challenges.views.awards.today", lambda: day)
    url = f"/challenges/entries/{challenge.ref}/award/"
    client.force_login(people.user(Kind.OFFICER))
    told = client.get(url).content.decode()
    assert [winner.organization.name in told, f"{url}confirm/" in told] == [True, False]
    client.force_login(deciders.staff())
    assert f"{url}confirm/" in client.get(url).content.decode()
    assert client.post(f"{url}confirm/").status_code == 409
    assert client.post(f"{url}confirm/", {"reason": "已整改"}).status_code == 302
