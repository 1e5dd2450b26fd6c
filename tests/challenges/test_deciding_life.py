"""A challenge from the opened bids to the acceptance and the last payment."""

from datetime import date, timedelta

import pytest

from qunxing.challenges.actions import accepting, awarding, paying
from qunxing.challenges.models import Payment
from qunxing.challenges.states.bid import BidState
from qunxing.challenges.states.challenge import ChallengeState
from qunxing.challenges.states.contract import ContractState
from qunxing.ledger.audit import audit_database
from tests.challenges import deciders

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_data(settings, tmp_path):
    settings.KEYS_DIR = tmp_path


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
    from qunxing.core.errors import Refused

    challenge, notice = deciders.noticed()
    with pytest.raises(Refused):
        awarding.confirm_award(challenge, actor=deciders.staff(), day=notice.last_day)
    awarding.confirm_award(challenge, actor=deciders.staff(), day=notice.last_day + timedelta(days=1))
    assert challenge.state == ChallengeState.AWARDED
    assert notice.last_day == date(2026, 4, 17)
