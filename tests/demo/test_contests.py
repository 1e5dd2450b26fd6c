"""The demonstration's open challenges stand in every stage, and everybody finds something on the desk."""

from datetime import date

import pytest

from qunxing.accounts.models import User
from qunxing.challenges.archive.packing import pack_path
from qunxing.challenges.models import Bid, Challenge, ChallengeList, Contract
from qunxing.challenges.states.board import ListState
from qunxing.challenges.states.challenge import ChallengeState
from qunxing.core.duties import duties_of
from qunxing.ledger.packs import verify_pack
from qunxing.panels.models import Panel

# What it says is the same on every database; test_loading.py loads it on each.
pytestmark = [pytest.mark.django_db, pytest.mark.slow]
# What each account is to see to, by kind of record and step.
WAITING = {
    "staff": {
        "challengelist:open",
        "notice:confirm",
        "notice:ends",
        "objection:answer",
        "payment:pay",
        "question:answer",
    },
    "officer": {"challengelist:open", "notice:confirm"},
    "owner": {"bidparty:submit", "bidparty:confirm", "contract:sign", "milestone:report"},
    "editor": {"bidparty:submit", "bidparty:confirm", "contract:sign", "milestone:report"},
    "demand": {"contract:sign", "question:answer"},
    "expert": {"needappraisal:appraise", "panel:score"},
}


@pytest.mark.parametrize("username", WAITING)
def test_account_finds_its_work_on_the_desk(demonstration: date, username: str) -> None:
    found = duties_of(User.objects.get(username=username), demonstration)
    steps = [duty.key.split(".", 1)[1].split(":") for duty in found]
    assert WAITING[username] - {f"{kind}:{rest[-1]}" for kind, _ref, *rest in steps if rest} == set()


def test_challenges_stand_in_every_stage(demonstration: date) -> None:
    wanted = {
        ChallengeState.OPEN,
        ChallengeState.CLOSED,
        ChallengeState.REVIEW,
        ChallengeState.NOTICE,
        ChallengeState.AWARDED,
        ChallengeState.DELIVERING,
        ChallengeState.ARCHIVED,
        ChallengeState.NO_AWARD,
    }
    assert wanted - set(Challenge.objects.values_list("state", flat=True)) == set()


def test_open_list_takes_bids_for_weeks_to_come(demonstration: date) -> None:
    (board,) = ChallengeList.objects.filter(state=ListState.PUBLISHED)
    assert (board.deadline.date() - demonstration).days >= 20


def test_bids_are_of_made_up_firms(demonstration: date) -> None:
    assert [str(bid) for bid in Bid.objects.filter(organization__demo=False)] == []
    assert [str(row) for row in Contract.objects.filter(organization__demo=False)] == []
    assert [str(panel) for panel in Panel.objects.filter(demo=False)] == []


def test_archive_of_the_delivered_challenge_verifies(demonstration: date) -> None:
    challenge = Challenge.objects.get(state=ChallengeState.ARCHIVED)
    assert verify_pack(pack_path(challenge)).ok


def test_what_actions_wrote_is_chinese(demonstration: date) -> None:
    contract = Contract.objects.get(challenge__title__contains="空调")
    assert [row.name for row in contract.milestones.order_by("position")] == ["中期检查", "验收"]
