"""The form of a bid: what is read from its cells, and two people who write at once."""

from typing import Any

import pytest
from django.test import Client

from qunxing.challenges import clock
from qunxing.challenges.bidform.cells import cells_of, read_cells, split_value
from qunxing.challenges.bidform.merging import merge
from qunxing.challenges.models import Bid
from qunxing.challenges.queries.bids import read_draft, wanted_of
from qunxing.directory.models import Capability
from qunxing.ledger.actions import create
from tests import factories as people
from tests.challenges import bidders
from tests.challenges.test_bid_pages import cells, signed_in, url

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _moment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: bidders.IN_TIME)


@pytest.fixture
def bid() -> Bid:
    return bidders.draft(None, people.organization(), people.organization())


@pytest.fixture
def client(bid: Bid) -> Client:
    from qunxing.challenges.actions.bidding import lead_of

    return signed_in(people.member_of(lead_of(bid)))


def read(bid: Bid, **typed: str) -> tuple[Any, list[str]]:
    content = read_draft(bid).content
    posted = cells_of(content, bid.board.rules) | typed
    found, bad = read_cells(posted, content, bid.board.rules, wanted_of(bid.challenge), lambda text: (text, text))
    return found, [one.name for one in bad]


def test_a_form_that_is_opened_and_saved_changes_nothing(bid: Bid, client: Client) -> None:
    before = read_draft(bid)
    assert client.post(url("bid-edit", bid.ref), cells(bid)).status_code == 302
    assert read_draft(bid) == before


@pytest.mark.parametrize(
    ("typed", "amount"),
    [("1200", 1200), ("1,200", 1200), ("１２００", 1200), ("12.5万", 125_000), ("1.2亿元", 120_000_000), (" 7 元", 7)],
)
def test_money_is_read_as_it_is_written(bid: Bid, typed: str, amount: int) -> None:
    found, bad = read(bid, total=typed)
    assert (found.total, bad) == (amount, [])


@pytest.mark.parametrize("typed", ["12,5万x", "-5", "1.5", "NaN", "1e9", "约100", "9" * 40])
def test_money_that_is_none_is_named(bid: Bid, client: Client, typed: str) -> None:
    before = read_draft(bid)
    answer = client.post(url("bid-edit", bid.ref), cells(bid, budget_labour_2_own=typed))
    assert answer.status_code == 422
    assert typed[:40] in answer.content.decode()
    assert read_draft(bid) == before


@pytest.mark.parametrize(("typed", "bad"), [("60", []), ("60%", []), ("101", ["lead_share"]), ("x", ["lead_share"])])
def test_a_share_is_a_percentage(bid: Bid, typed: str, bad: list[str]) -> None:
    assert read(bid, lead_share=typed)[1] == bad


@pytest.mark.parametrize(
    ("typed", "value", "unit"),
    [
        ("96.5", "96.5", ""),
        ("96.5 %", "96.5", "%"),
        ("１，２００ms", "1200", "ms"),
        ("很高", "很高", ""),
        ("95 GB/s", "95", "GB/s"),
    ],
)
def test_a_unit_behind_a_value_is_taken_as_such(typed: str, value: str, unit: str) -> None:
    assert split_value(typed) == (value, unit)


def test_an_answer_in_another_unit_is_on_the_check_list(bid: Bid, client: Client) -> None:
    target = bid.challenge.targets.get()
    client.post(url("bid-edit", bid.ref), cells(bid, **{f"answer_{target.ref}_value": "965‰"}))
    page = client.get(url("bid-detail", bid.ref)).content.decode()
    assert "‰" in page
    assert client.post(url("bid-submit", bid.ref)).status_code == 422


@pytest.mark.parametrize("by", ["uscc", "name", "ref"])
def test_a_partner_is_named_by_code_name_or_reference(bid: Bid, client: Client, by: str) -> None:
    firm = people.organization(uscc="91350100M000100Y43")
    client.post(url("bid-edit", bid.ref), cells(bid, partner_2_name=getattr(firm, by), partner_2_share="0"))
    assert read_draft(bid).content.partners[1].organization == firm.ref
    assert bid.parties.count() == 3


def test_a_hidden_organization_is_not_found_as_a_partner(bid: Bid, client: Client) -> None:
    hidden = people.organization(visibility="internal")
    client.post(url("bid-edit", bid.ref), cells(bid, partner_2_name=hidden.name))
    assert read_draft(bid).content.partners[1].organization == ""


def test_facts_that_changed_are_confirmed_anew(bid: Bid, client: Client) -> None:
    from qunxing.challenges.actions.bidding import lead_of

    words = {"kind": "certificate", "name": "高新技术企业"}
    create(Capability(organization=lead_of(bid), **words), actor=None)
    page = client.get(url("bid-edit", bid.ref)).content.decode()
    assert "高新技术企业" in page
    client.post(url("bid-edit", bid.ref), cells(bid, basis="改动", facts_seen="of before"))
    assert not read_draft(bid).content.facts_confirmed
    assert client.post(url("bid-submit", bid.ref)).status_code == 422


# --- two at once ----------------------------------------------------------------------------------------------------


def test_cells_that_only_one_touched_are_taken_as_they_are() -> None:
    opened = {"a": "1", "b": "1", "c": "1", "d": "1"}
    merged, clashes = merge(opened, {"a": "2", "b": "1", "c": "2", "d": "2"}, {"a": "1", "b": "3", "c": "3", "d": "2"})
    assert merged == {"a": "2", "b": "3", "c": "3", "d": "2"}
    assert [(one.name, one.theirs, one.mine) for one in clashes] == [("c", "2", "3")]


def test_two_who_write_different_cells_lose_nothing(bid: Bid, client: Client) -> None:
    opened = cells(bid)
    client.post(url("bid-edit", bid.ref), opened | {"route": "甲写的路线"})
    answer = client.post(url("bid-edit", bid.ref), opened | {"basis": "乙写的基础"})
    assert answer.status_code == 302
    content = read_draft(bid).content
    assert (content.route, content.basis) == ("甲写的路线", "乙写的基础")


def test_two_who_write_the_same_cell_choose(bid: Bid, client: Client) -> None:
    opened = cells(bid)
    client.post(url("bid-edit", bid.ref), opened | {"route": "甲写的路线"})
    answer = client.post(url("bid-edit", bid.ref), opened | {"route": "乙写的路线", "basis": "乙写的基础"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "甲写的路线" in page
    assert "乙写的路线" in page
    chosen = opened | {"route": "甲写的路线", "basis": "乙写的基础", "revision": str(read_draft(bid).revision)}
    assert client.post(url("bid-edit", bid.ref), chosen).status_code == 302
    content = read_draft(bid).content
    assert (content.route, content.basis) == ("甲写的路线", "乙写的基础")


def test_a_form_that_keeps_by_itself_overwrites_nobody(bid: Bid, client: Client) -> None:
    """What the other wrote comes into the form that stands open, so that keeping it again brings nothing old back."""
    opened = cells(bid)
    client.post(url("bid-edit", bid.ref), opened | {"route": "甲写的路线"})
    answer = client.post(url("bid-autosave", bid.ref), opened | {"basis": "乙写的基础"})
    assert "甲写的路线</textarea>" in answer.content.decode()
    later = opened | {"basis": "乙写的基础，再改", "route": "甲写的路线", "revision": str(read_draft(bid).revision)}
    assert client.post(url("bid-autosave", bid.ref), later).status_code == 200
    content = read_draft(bid).content
    assert (content.route, content.basis) == ("甲写的路线", "乙写的基础，再改")


def test_a_row_that_the_form_has_not_got_is_left_alone(bid: Bid, client: Client) -> None:
    opened = cells(bid)
    client.post(url("bid-edit", bid.ref), opened | {"team_3_name": "孙三"})
    client.post(url("bid-autosave", bid.ref), opened | {"revision": str(read_draft(bid).revision), "basis": "改"})
    assert [person.name for person in read_draft(bid).content.team] == ["赵一", "钱二", "孙三"]


def test_a_clash_is_told_and_nothing_kept(bid: Bid, client: Client) -> None:
    opened = cells(bid)
    client.post(url("bid-edit", bid.ref), opened | {"route": "甲写的路线"})
    answer = client.post(url("bid-autosave", bid.ref), opened | {"route": "乙写的路线"})
    assert answer.status_code == 200
    assert "note-warn" in answer.content.decode()
    assert read_draft(bid).content.route == "甲写的路线"


@pytest.mark.parametrize("revision", ["", "x", "0", "-1", "9" * 30, "99"])
def test_a_form_that_does_not_say_when_it_was_opened_overwrites_nothing(
    bid: Bid, client: Client, revision: str
) -> None:
    before = read_draft(bid)
    posted = cells(bid, revision=revision, route="来路不明的改动")
    answer = client.post(url("bid-edit", bid.ref), posted)
    assert answer.status_code in {302, 409}
    stored = read_draft(bid)
    assert stored.revision in {before.revision, before.revision + 1}
    assert read_draft(bid, before.revision).content == before.content
