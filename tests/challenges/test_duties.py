"""Each kind of user finds on the desk what waits for them in a contest, and nothing once it is done."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from qunxing.accounts.models import Kind, User
from qunxing.challenges.actions import (
    accepting,
    archiving,
    awarding,
    bidding,
    calls,
    checking,
    contracting,
    delivering,
    noticing,
    objecting,
    opening,
    questions,
    reviewing,
    submitting,
    terminating,
)
from qunxing.challenges.duties import DUTIES
from qunxing.challenges.models import Challenge, ContractChange, Milestone, Need
from qunxing.core.duties import Duty
from qunxing.directory.models import Membership
from qunxing.ledger.actions import change, create
from tests import factories as people
from tests.challenges import bidders, deciders, factories

pytestmark = pytest.mark.django_db
DAY = deciders.DAY
DEADLINE_DAY = timezone.localtime(factories.DEADLINE).date()


def fresh(user: User) -> User:
    """As the next request has it: what was read of the account before is forgotten."""
    found: User = User.objects.get(pk=user.pk)
    return found


def duties(user: User, day: Any = DAY) -> list[Duty]:
    again = fresh(user)
    return [duty for ask in DUTIES for duty in ask(again, day)]


def steps(user: User, day: Any = DAY) -> list[str]:
    """What is to be done, by its short name, in order."""
    return sorted(duty.key.split(":")[2] for duty in duties(user, day))


def officer() -> User:
    return people.user(Kind.OFFICER)


# --- lists ----------------------------------------------------------------------------------------------------------


def test_need_goes_from_staff_to_the_expert_and_back():
    staff, expert = deciders.staff(), people.user(Kind.EXPERT)
    need = create(Need(organization=people.organization(), title="需求", problem="问题", goals="目标"), actor=None)
    calls.move_need(need, "submit", actor=None, day=DAY)
    assert steps(staff) == ["take_up"]
    calls.move_need(need, "take_up", actor=None, day=DAY)
    assert (steps(staff), steps(expert)) == (["ask"], [])
    (appraisal,) = calls.ask_experts(need, [expert], actor=staff, day=DAY, due_on=DAY + timedelta(days=9))
    assert (steps(staff), steps(expert), duties(expert)[0].due) == ([], ["appraise"], DAY + timedelta(days=9))
    marks = dict.fromkeys(("necessity", "novelty", "feasibility", "worth"), 20)
    calls.give_appraisal(appraisal, actor=expert, day=DAY, values={**marks, "verdict": "list"})
    assert (steps(staff), steps(expert)) == (["judge"], [])


def test_question_waits_for_issuer_and_staff_until_it_is_answered():
    challenge = bidders.open_challenge()
    issuer, other, staff = people.member_of(challenge.issuer), people.member_of(people.organization()), deciders.staff()
    reader = people.member_of(challenge.issuer, Membership.Role.VIEWER)
    asked = questions.ask(challenge.board, actor=other, at=bidders.IN_TIME - timedelta(days=9), text="何时开标？")
    asked = change(asked, actor=None, values={"challenge": challenge})
    day = DEADLINE_DAY - timedelta(days=9)
    assert [steps(one, day) for one in (issuer, reader, other, staff)] == [["answer"], [], [], ["answer"]]
    assert duties(issuer, day)[0].due == DEADLINE_DAY
    questions.answer(asked, actor=issuer, at=bidders.IN_TIME, text="截止次日")
    assert [steps(one, day) for one in (issuer, staff)] == [[], []]


def test_opening_takes_staff_and_officer_one_after_the_other():
    board = bidders.submitted().board
    staff, second = deciders.staff(), officer()
    before, after = DEADLINE_DAY, DEADLINE_DAY + timedelta(days=1)
    assert [steps(one, before) for one in (staff, second)] == [[], []]
    assert [steps(one, after) for one in (staff, second)] == [["open"], ["open"]]
    opening.begin_opening(board, actor=staff, at=bidders.AFTER)
    assert [steps(one, before) for one in (staff, second)] == [[], []]  # not closed yet by the clock
    day = timezone.localtime(bidders.AFTER).date()
    change(board, actor=None, values={"state": "closed"})
    assert [steps(one, day) for one in (staff, second)] == [[], ["second"]]
    assert duties(second, day)[0].at == bidders.AFTER + opening.SECOND_WITHIN
    assert steps(second, day + timedelta(days=1)) == ["open"]  # half an hour has passed long since


def test_ended_challenge_is_archived_and_its_list_concluded():
    challenge, staff = deciders.opened(1), deciders.staff()
    awarding.end_without_award(challenge, actor=staff, day=DAY, reason="无人合格")
    assert steps(staff) == ["archive", "conclude"]
    archiving.archive(challenge, actor=staff, day=DAY)
    archiving.conclude(challenge.board, actor=staff)
    assert steps(staff) == []


# --- bidding --------------------------------------------------------------------------------------------------------


def test_draft_waits_for_its_writers_until_the_moment_of_the_deadline():
    firm, rival = people.organization(), people.organization()
    bid = bidders.draft(lead=firm)
    writer, reader = people.member_of(firm, "editor"), people.member_of(firm, "viewer")
    (duty,) = duties(writer, DEADLINE_DAY)
    assert (duty.key.split(":")[2], duty.due, duty.at) == ("submit", DEADLINE_DAY, factories.DEADLINE)
    others = (reader, people.member_of(rival), deciders.staff())
    assert [steps(one, DEADLINE_DAY) for one in others] == [[], [], []]
    submitting.submit(bid, actor=None, at=bidders.IN_TIME)
    assert steps(writer, DEADLINE_DAY) == []


def test_partner_is_asked_to_confirm_once():
    firm, partner = people.organization(), people.organization()
    challenge = bidders.open_challenge()
    bid = bidding.create_bid(challenge, actor=None, organization=firm, at=bidders.IN_TIME)
    content = bidders.whole(challenge, firm, partner)
    bidding.save_draft(bid, actor=None, content=content, at=bidders.IN_TIME)
    asked = people.member_of(partner)
    assert [(one.about, one.at) for one in duties(asked, DEADLINE_DAY)] == [(challenge.title, factories.DEADLINE)]
    bidding.answer_part(bid, "confirm", actor=None, organization=partner, at=bidders.IN_TIME)
    assert steps(asked, DEADLINE_DAY) == []


def test_missing_key_leaves_the_desk_whole():
    firm = people.organization()
    bid = bidders.draft(lead=firm)
    change(bid.board, actor=None, values={"key_digest": "0" * 64})
    assert steps(people.member_of(firm), DEADLINE_DAY) == []


# --- deciding -------------------------------------------------------------------------------------------------------


def test_staff_are_led_from_the_check_to_the_notice():
    challenge, staff, second = deciders.opened(2), deciders.staff(), officer()
    assert (steps(staff), steps(second)) == (["check"], [])
    for bid in challenge.bids.all():
        deciders.admit(bid, staff)
    assert steps(staff) == ["review"]
    reviewing.begin_review(challenge, actor=staff, day=DAY)
    assert steps(staff) == []
    deciders.scored(challenge)
    assert steps(staff) == ["propose"]
    awarding.propose(challenge, actor=staff, day=DAY)
    assert steps(staff) == ["notice"]
    notice = noticing.give_notice(challenge, actor=staff, day=DAY)
    assert [(one.due, one.about) for one in duties(staff)] == [(notice.last_day, challenge.title)]
    late = notice.last_day + timedelta(days=1)
    assert (steps(second), steps(staff, late), steps(second, late)) == ([], ["confirm"], ["confirm"])


def test_challenge_without_an_admitted_bid_is_to_end():
    challenge, staff = deciders.opened(1), deciders.staff()
    check = checking.check(challenge.bids.get(), actor=staff, day=DAY)
    checking.decide_check(check, actor=staff, day=DAY, verdict="refuse", reason="材料不实")
    assert steps(staff) == ["no_award"]


def test_objection_is_answered_before_anything_is_confirmed():
    challenge, notice = deciders.noticed()
    staff, second, voice = deciders.staff(), officer(), people.user()
    words = objecting.Voice("李明华", "示例单位", email="li@example.org", user=voice)
    at = timezone.make_aware(timezone.datetime(DAY.year, DAY.month, DAY.day, 10))
    made = objecting.object_to(notice, at=at, voice=words, grounds="业绩不实")
    late = notice.last_day + timedelta(days=1)
    assert (steps(staff, late), steps(second, late), steps(voice)) == (["answer"], [], [])
    assert duties(staff, late)[0].due == made.reply_by
    objecting.answer(made, actor=staff, day=DAY, upheld=True, reply="经核查属实")
    assert (steps(staff, late), steps(second, late)) == (["suspended"], [])
    assert (steps(voice, late), steps(voice, DAY + timedelta(days=30))) == (["read"], [])
    reviewing.review_again(challenge, actor=staff, day=late, reason="异议成立", new_panel=True)
    assert steps(staff, late) == []


# --- delivering -----------------------------------------------------------------------------------------------------


def test_both_sides_sign_and_staff_hear_of_it_when_nobody_did():
    _challenge, contract = deciders.awarded()
    contractor, issuer = deciders.signers(contract)
    staff, late = deciders.staff(), contract.sign_by + timedelta(days=1)
    assert [steps(one) for one in (contractor, issuer, staff)] == [["sign"], ["sign"], []]
    assert (steps(staff, late), duties(issuer)[0].due) == (["sign"], contract.sign_by)
    contracting.sign(contract, actor=contractor, day=DAY, pledge="确保完成")
    assert [steps(one) for one in (contractor, issuer)] == [[], ["sign"]]


def test_work_goes_back_and_forth_between_the_sides():
    contract = deciders.signed()
    contractor, issuer = deciders.signers(contract)
    staff = deciders.staff()
    first = contract.milestones.order_by("position")[0]
    assert steps(contractor) == ["report", "report"]
    assert (steps(issuer), steps(staff)) == (["pay"], ["pay"])
    assert duties(issuer)[0].due == contract.payments.get(milestone=None).pay_by
    delivering.report_milestone(first, actor=contractor, day=DAY, report="完成")
    assert [steps(one) for one in (contractor, issuer, staff)] == [["report"], ["check", "pay"], ["check", "pay"]]
    delivering.check_milestone(first, actor=issuer, day=DAY, passed=False, finding="缺少数据")
    assert (steps(contractor), steps(issuer)) == (["report", "report"], ["pay"])


def test_acceptance_waits_for_the_users_word_and_then_for_rectification():
    contract = deciders.worked(deciders.signed())
    contractor, issuer = deciders.signers(contract)
    staff, final = deciders.staff(), contract.milestones.get(kind=Milestone.Kind.FINAL)
    with override(None):
        assert [(str(one.title), one.due) for one in duties(contractor)] == [("Ask for the acceptance", final.due_on)]
    made = deciders.asked(contract, value="1", word="")
    assert ("word" in steps(issuer), "decide" in steps(staff), steps(contractor)) == (True, True, [])
    accepting.give_word(made, actor=issuer, day=contract.ends_on, word="rejects", text="未达标")
    accepting.decide(made, actor=staff, day=contract.ends_on, finding="限期整改")
    made.refresh_from_db()
    assert ("word" in steps(issuer), duties(contractor)[-1].due) == (False, made.rectify_by)
    late = made.rectify_by + timedelta(days=1)
    assert ("rectify" in steps(staff), "rectify" in steps(staff, late)) == (False, True)
    accepting.ask_acceptance(contract, actor=contractor, day=made.rectify_by, report="已整改")
    assert "rectify" not in steps(contractor)


def test_change_waits_for_the_other_side_then_for_staff():
    contract = deciders.signed()
    contractor, issuer = deciders.signers(contract)
    staff = deciders.staff()
    wanted = ContractChange(kind="leader", new_leader="赵新", grounds="调岗")
    asked = delivering.ask_change(contract, wanted, actor=contractor, day=DAY)
    assert ["asked" in steps(one) for one in (contractor, issuer, staff)] == [False, True, False]
    delivering.agree(asked, actor=issuer, day=DAY)
    assert ["agreed" in steps(one) for one in (contractor, issuer, staff)] == [False, False, True]


def test_asked_for_end_waits_for_oversight():
    contract = deciders.signed()
    contractor, _issuer = deciders.signers(contract)
    terminating.ask_termination(contract, actor=contractor, day=DAY, grounds="数据无法提供", diligent=True)
    assert ["end" in steps(one) for one in (officer(), deciders.staff(), contractor)] == [True, True, False]


# --- cost -----------------------------------------------------------------------------------------------------------


def queries(user: User, day: Any) -> int:
    with CaptureQueriesContext(connection) as asked:
        duties(user, day)
    return len(asked)


def test_desk_asks_as_often_for_three_as_for_one():
    staff, firm = deciders.staff(), people.organization()
    writer = people.member_of(firm)

    def more() -> Challenge:
        bidders.draft(lead=firm)
        return deciders.opened(1)

    more()
    one = queries(staff, DAY), queries(writer, DEADLINE_DAY)
    more()
    more()
    assert (queries(staff, DAY), queries(writer, DEADLINE_DAY)) == one
    assert (len(duties(staff)), len(duties(writer, DEADLINE_DAY))) == (6, 3)
