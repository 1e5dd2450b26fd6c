"""What the indicators of open challenges count."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from qunxing.indicators.figures.asking import Ledgers
from qunxing.indicators.figures.periods import Span
from qunxing.ledger.actions import change
from tests import factories as people
from tests.challenges import factories, rows
from tests.challenges.factories import DAY
from tests.indicators.asking import number

pytestmark = pytest.mark.django_db
ENDS = ("accepted", "failed", "terminated", "no_award", "withdrawn")


@pytest.fixture
def today() -> date:
    return timezone.localdate()


def test_challenge_counts_from_the_publication_of_its_list() -> None:
    factories.challenge(factories.board("published"))
    factories.challenge(factories.board("draft"))
    assert [number("challenges_running", day) for day in (DAY - timedelta(1), DAY)] == [0, 1]
    assert (number("challenges_published", DAY), number("challenge_money", DAY)) == (1, 5_000_000)


def test_challenges_are_told_by_stage(today: date) -> None:
    board = factories.board("published")
    for state in ("open", "open", "review"):
        change(factories.challenge(board), actor=None, values={"state": state})
    parts = Ledgers().breakdown("challenges_running", "state", today)
    assert {code: part.low for code, part in parts} == {"open": 2, "review": 1}


@pytest.mark.parametrize("state", ["awarded", "delivering", *ENDS])
def test_each_outcome_is_counted_once_in_its_period(state: str, today: date) -> None:
    challenge = factories.challenge(factories.board("published"))
    change(challenge, actor=None, values={"state": state})
    assert number(f"challenges_{state}", today) == 1
    assert number(f"challenges_{state}", today - timedelta(1)) == 0
    assert number("challenges_running", today) == (0 if state in ENDS else 1)


def test_archived_challenge_stays_what_it_came_to_and_told_days_count(today: date) -> None:
    challenge = factories.challenge(factories.board("published"))
    for values in (
        {"state": "accepted", "ended_on": DAY + timedelta(60)},
        {"state": "archived", "outcome": "accepted"},
    ):
        challenge = change(challenge, actor=None, values=values)
    assert number("challenges_accepted", DAY + timedelta(60), span=Span.MONTH) == 1
    assert number("challenges_accepted", today, span=Span.MONTH) == 0
    assert number("challenges_running", today) == 0


def test_contracts_count_from_the_later_signature_and_money_when_it_was_paid() -> None:
    contract = rows.contract(issuer_signed_on=rows.DAY + timedelta(3))
    rows.contract(state="draft")
    rows.payment("paid", contract, paid_on=rows.DAY + timedelta(9))
    rows.payment("due", rows.contract(state="terminated", closed_on=rows.DAY + timedelta(5)))
    days = [rows.DAY, rows.DAY + timedelta(3), rows.DAY + timedelta(9)]
    assert [number("contracts_signed", day) for day in days] == [1, 2, 2]
    assert [number("contract_grants_to_date", day) for day in days] == [1_500_000, 3_000_000, 3_000_000]
    assert [number("payments_to_date", day) for day in days] == [0, 0, 750_000]
    assert (number("contract_grants", days[2]), number("payments_made", days[2])) == (3_000_000, 750_000)


def test_contracts_are_in_the_totals_of_their_sides_and_of_staff_alone() -> None:
    contract = rows.contract()
    readers = [AnonymousUser(), people.user("visitor"), people.member_of(contract.organization), people.user("staff")]
    assert [number("contract_grants_to_date", rows.DAY, user=reader) for reader in readers] == [
        0,
        0,
        1_500_000,
        1_500_000,
    ]


def test_challenge_of_a_hidden_issuer_is_not_in_the_total_of_the_public() -> None:
    factories.challenge(factories.board("published"), issuer=people.organization(visibility="internal"))
    assert [number("challenges_running", DAY, user=reader) for reader in (AnonymousUser(), people.user("staff"))] == [
        0,
        1,
    ]
