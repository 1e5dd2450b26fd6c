"""Who learns what after the opening: bidders of their own place, nobody of reviewers; what lists cost."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qunxing.challenges.models import Contract, Payment, Place
from qunxing.challenges.states.bid import BidState
from qunxing.panels import actions as panels
from qunxing.panels.models import Review, Seat, Sheet
from tests import factories as people
from tests.challenges import deciders, rows
from tests.panels import factories as seats

pytestmark = pytest.mark.django_db
NOTE = "路线清楚，数据来源尚需说明"


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text(client, address) -> str:
    return client.get(address).content.decode()


@pytest.fixture
def contest():
    """A notice that runs; the first reviewer left a note to the first bidder."""
    challenge = deciders.in_review(2)
    panel = challenge.rounds.get().panel
    seats.experts(8)
    seats.seated(panel)
    first = seats.scoring(panel)[0]
    panels.submit_sheet(first, seats.filled(0.9, note_to_bidder=NOTE, note_to_panel="内部意见"), actor=None)
    seats.score_all(panel)
    panels.close(panel, actor=None)
    deciders.awarding.propose(challenge, actor=None, day=deciders.DAY)
    return challenge


def test_bidder_reads_its_own_result_once_notice_is_given_and_no_name_of_a_reviewer(contest):
    bid = contest.rounds.get().items.order_by("item__code").first().bid
    other = contest.bids.exclude(pk=bid.pk).get()
    bidder = client_of(people.member_of(bid.organization))
    assert NOTE not in text(bidder, bid.get_absolute_url())
    assert Place.objects.visible_to(people.member_of(bid.organization)).count() == 0
    deciders.noticing.give_notice(contest, actor=None, day=deciders.DAY)
    page = text(bidder, bid.get_absolute_url())
    assert NOTE in page
    assert "内部意见" not in page
    assert bidder.get(other.get_absolute_url()).status_code == 404
    pages = [page, *(text(bidder, one) for one in addresses(contest))]
    names = list(Seat.objects.values_list("expert__name", flat=True))
    assert not any(name in one for one in pages for name in names)
    assert Review.objects.visible_to(people.member_of(bid.organization)).count() == 0
    assert Sheet.objects.visible_to(people.member_of(bid.organization)).count() == 0


def addresses(challenge):
    notice = challenge.notices.get()
    return [challenge.get_absolute_url(), notice.get_absolute_url(), reverse("challenges:notice-list")]


def test_double_blind_items_carry_no_name():
    challenge = deciders.in_review(1, terms={"panel": {"double_blind": True}})
    item = challenge.rounds.get().items.get().item
    bid = challenge.bids.get(state=BidState.ADMITTED)
    read = f"{item.title} {item.body} {item.text}"
    assert bid.organization.name not in read
    assert "王小明" not in read
    assert item.parties.filter(organization=bid.organization).exists()


@pytest.mark.parametrize("name", ["notice-list", "contract-list", "payment-list", "badrecord-list"])
def test_list_costs_the_same_for_one_row_and_for_three(name):
    make = {
        "notice-list": rows.notice, "contract-list": rows.contract, "payment-list": rows.contract,
        "badrecord-list": rows.bad_record,
    }[name]  # fmt: skip
    client, address = client_of(deciders.staff()), reverse(f"challenges:{name}")
    client.get(address)
    counts = []
    for more in (1, 2):
        for _each in range(more):
            make()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(address).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_page_of_a_contract_costs_the_same_for_one_part_and_for_three():
    contract, client = rows.contract(), client_of(deciders.staff())
    rows.acceptance(of=contract)
    rows.change(of=contract)
    address = contract.get_absolute_url()
    client.get(address)
    counts = []
    for more in range(2):
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        counts.append(len(queries))
        if not more:
            for number in (3, 4):
                rows.milestone(contract, position=number, name=f"节点{number}", due_on=rows.END)
                rows.acceptance(of=contract, attempt=number)
                rows.change(of=contract)
    assert counts[0] == counts[1]


@pytest.mark.parametrize("role", ["elsewhere", "visitor", "expert"])
def test_contracts_and_payments_are_between_their_sides(role):
    contract = rows.contract()
    user = people.member_of(people.organization()) if role == "elsewhere" else people.user(role)
    assert Contract.objects.visible_to(user).count() == Payment.objects.visible_to(user).count() == 0
    assert client_of(user).get(contract.get_absolute_url()).status_code == 404
