"""A challenge from the opened bids to the acceptance and the last payment."""

from datetime import date, timedelta

import pytest

from qunxing.challenges.actions import accepting, archiving, awarding, contracting, paying
from qunxing.challenges.models import Payment
from qunxing.challenges.states.bid import BidState
from qunxing.challenges.states.challenge import ChallengeState
from qunxing.challenges.states.contract import ContractState
from qunxing.core.errors import Refused
from qunxing.ledger.audit import audit_database
from qunxing.ledger.packs import verify_pack
from tests.challenges import deciders

pytestmark = pytest.mark.django_db


def test_challenge_from_opened_bids_to_the_last_payment():
    contract = deciders.worked(deciders.signed(3))
    challenge = contract.challenge
    assert [bid.state for bid in challenge.bids.order_by("pk")] == [BidState.AWARDED, BidState.LOST, BidState.LOST]
    made = deciders.asked(contract)
    accepting.decide(made, actor=deciders.staff(), day=contract.ends_on, finding="指标全部达到")
    contract.refresh_from_db()
    challenge.refresh_from_db()
    assert (contract.state, challenge.state, challenge.outcome) == (
        ContractState.COMPLETED,
        ChallengeState.ACCEPTED,
        ChallengeState.ACCEPTED,
    )
    for payment in Payment.objects.filter(contract=contract):
        paying.pay(payment, actor=deciders.staff(), day=contract.ends_on, voucher="转账001")
    assert sum(contract.payments.values_list("amount", flat=True)) == contract.grant
    assert audit_database().findings == ()


def test_award_waits_for_the_notice_to_pass():
    challenge, notice = deciders.noticed()
    with pytest.raises(Refused):
        awarding.confirm_award(challenge, actor=deciders.staff(), day=notice.last_day)
    awarding.confirm_award(challenge, actor=deciders.staff(), day=notice.last_day + timedelta(days=1))
    assert challenge.state == ChallengeState.AWARDED
    assert notice.last_day == date(2026, 4, 17)


def test_archive_is_checked_with_no_database(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "files"
    challenge, _notice = deciders.noticed()
    awarding.confirm_award(challenge, actor=deciders.staff(), day=date(2026, 5, 1))
    contract = challenge.contracts.get()
    contracting.void(contract, actor=deciders.staff(), day=date(2026, 5, 2), reason="拒签", bad_record=True)
    awarding.end_without_award(challenge, actor=deciders.staff(), day=date(2026, 5, 3), reason="无人递补")
    made = archiving.archive(challenge, actor=deciders.staff(), day=date(2026, 5, 4))
    path = archiving.archived_file(challenge, actor=deciders.staff(), day=date(2026, 5, 4))
    verdict = verify_pack(path)
    assert verdict.problems == ()
    assert verdict.proven > 50
    assert made.files > 50
