"""Drafts, partners, submissions: what is taken, what is refused, and what the program knows before the opening."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from qunxing.challenges.actions import attaching, bidding, publishing, submitting
from qunxing.challenges.actions.bidding import Late, StaleDraft
from qunxing.challenges.actions.submitting import Incomplete, Rival
from qunxing.challenges.models import Bid, BidDraft, BidParty, BidVersion
from qunxing.challenges.queries.bids import entry_of, read_draft
from qunxing.core.errors import Refused
from qunxing.ledger.actions import change
from qunxing.ledger.models import LogEntry
from tests import factories as people
from tests.challenges import bidders
from tests.challenges.bidders import IN_TIME

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


def rewrite(bid: Bid, **values: Any) -> int:
    draft = read_draft(bid)
    return bidding.save_draft(
        bid, actor=None, content=replace(draft.content, **values), at=IN_TIME, expected=draft.revision
    )


# --- the deadline ---------------------------------------------------------------------------------------------------


def test_the_deadline_itself_is_in_time() -> None:
    bid = bidders.draft()
    submitting.submit(bid, actor=None, at=bid.board.deadline)
    assert bid.state == "submitted"


def test_a_bid_one_second_late_is_refused_and_told_so() -> None:
    bid = bidders.draft()
    with pytest.raises(Late) as error:
        submitting.submit(bid, actor=None, at=bid.board.deadline + SECOND)
    assert "2026-04-10 17:00:01" in str(error.value.message)
    assert error.value.status == 409
    assert (BidVersion.objects.count(), Bid.objects.get().state) == (0, "draft")


def test_what_arrived_in_time_is_taken_though_the_list_was_closed_meanwhile() -> None:
    bid = bidders.draft()
    publishing.close(bid.board, actor=None, at=bid.board.deadline + SECOND)
    submitting.submit(bid, actor=None, at=bid.board.deadline)
    assert bid.state == "submitted"


def test_after_the_deadline_nothing_moves() -> None:
    bid, late = bidders.submitted(), bidders.AFTER
    for step in (submitting.withdraw, submitting.take_back):
        with pytest.raises(Late):
            step(bid, actor=None, at=late)
    with pytest.raises(Late):
        bidding.save_draft(bid, actor=None, content=read_draft(bid).content, at=late)
    with pytest.raises(Late):
        bidding.create_bid(bid.challenge, actor=None, organization=people.organization(), at=late)
    with pytest.raises(Late):
        attaching.attach(bid, actor=None, at=late, data=bidders.PDF, name="a.pdf", kind="other")


@pytest.mark.parametrize("state", ["opened", "concluded", "withdrawn"])
def test_a_list_that_is_over_takes_no_bid(state: str) -> None:
    challenge = bidders.open_challenge()
    change(challenge.board, actor=None, values={"state": state})
    with pytest.raises(Refused):
        bidding.create_bid(challenge, actor=None, organization=people.organization(), at=IN_TIME)


# --- handing in -----------------------------------------------------------------------------------------------------


def test_a_submission_is_sealed_and_logged_without_a_name() -> None:
    bid = bidders.draft(None, firm := people.organization(), people.organization())
    submitting.submit(bid, actor=people.member_of(firm), at=IN_TIME)
    version = bid.versions.get()
    entry = entry_of(bid, 1)
    assert entry is not None
    assert (version.content, version.envelope, bid.organization) == (None, None, None)
    assert [row.organization for row in bid.parties.all()] == [None, None]
    assert version.digest in entry.body
    assert '"actor":""' in entry.body
    assert firm.ref not in entry.body


def test_a_submission_takes_few_statements_however_many_take_part(django_assert_max_num_queries: Any) -> None:
    """In the last minute before a deadline they are what everybody waits for."""
    bids = [bidders.draft(None, people.organization(), *(people.organization() for _each in range(n))) for n in (0, 2)]
    for bid in bids:
        stored = Bid.objects.select_related("challenge__board").get(pk=bid.pk)
        with django_assert_max_num_queries(22):
            submitting.submit(stored, actor=None, at=IN_TIME)


def test_where_the_rules_name_bidders_versions_say_who_wrote() -> None:
    board = bidders.open_board(terms={"bidding": {"hide_bidders": False}})
    bid = bidders.draft(bidders.open_challenge(board), firm := people.organization())
    writer = people.member_of(firm)
    submitting.submit(bid, actor=writer, at=IN_TIME)
    assert bid.history.latest().history_user == writer
    assert bid.organization == firm


def test_a_bid_with_gaps_is_not_submitted() -> None:
    bid = bidders.draft()
    rewrite(bid, route="", total=5)
    with pytest.raises(Incomplete) as error:
        submitting.submit(bid, actor=None, at=IN_TIME)
    assert [gap.where for gap in error.value.gaps] == ["route", "total"]


def test_two_who_submit_at_once_each_get_a_receipt_and_the_later_one_counts() -> None:
    bid = bidders.draft()
    same = Bid.objects.get(pk=bid.pk)
    numbers = [submitting.submit(one, actor=None, at=IN_TIME).number for one in (bid, same)]
    assert numbers == [1, 2]
    assert all(entry_of(bid, number) for number in numbers)
    assert Bid.objects.get().version == 2


def test_a_replacement_is_a_new_version_and_the_old_one_counted_until_then() -> None:
    bid = bidders.submitted()
    rewrite(bid, route="另一条路线")
    bid.refresh_from_db()
    assert (bid.version, bid.state) == (1, "submitted")
    submitting.submit(bid, actor=None, at=IN_TIME + SECOND)
    assert (bid.version, bid.state, bid.versions.count()) == (2, "submitted", 2)
    assert entry_of(bid, 1) != entry_of(bid, 2)


def test_what_is_taken_back_is_a_draft_again_and_may_come_back() -> None:
    bid = bidders.submitted()
    submitting.take_back(bid, actor=None, at=IN_TIME)
    assert bid.state == "draft"
    submitting.submit(bid, actor=None, at=IN_TIME)
    assert (bid.state, bid.version) == ("submitted", 2)


def test_a_withdrawn_bid_makes_room_for_another() -> None:
    bid = bidders.submitted(None, firm := people.organization())
    submitting.withdraw(bid, actor=None, at=IN_TIME)
    assert bid.state == "withdrawn"
    assert bidders.submitted(bid.challenge, firm).state == "submitted"
    assert LogEntry.objects.filter(kind="bid.withdrawn", subject_ref=bid.ref).count() == 1


# --- who ------------------------------------------------------------------------------------------------------------


def test_whoever_left_the_firm_submits_nothing() -> None:
    bid = bidders.draft(None, firm := people.organization())
    writer = people.member_of(firm)
    assert writer.has_perm("challenges.submit_bid", bid)  # the answer of the page that was opened before
    writer.memberships.get().delete()
    for step in (submitting.submit, submitting.withdraw):
        with pytest.raises(PermissionDenied):
            step(bid, actor=writer, at=IN_TIME)
    with pytest.raises(PermissionDenied):
        bidding.save_draft(bid, actor=writer, content=read_draft(bid).content, at=IN_TIME)
    with pytest.raises(PermissionDenied):
        attaching.attach(bid, actor=writer, at=IN_TIME, data=bidders.PDF, name="a.pdf", kind="other")


def test_a_viewer_of_the_firm_writes_nothing() -> None:
    bid = bidders.draft(None, firm := people.organization())
    with pytest.raises(PermissionDenied):
        submitting.submit(bid, actor=people.member_of(firm, "viewer"), at=IN_TIME)


def test_the_issuer_leads_no_bid() -> None:
    challenge = bidders.open_challenge()
    with pytest.raises(Refused):
        bidding.create_bid(challenge, actor=None, organization=challenge.issuer, at=IN_TIME)
    allowed = bidders.open_challenge(bidders.open_board(terms={"eligibility": {"issuer_may_lead": True}}))
    assert bidding.create_bid(allowed, actor=None, organization=allowed.issuer, at=IN_TIME).state == "draft"


def test_an_organization_leads_one_bid_for_a_challenge() -> None:
    bid = bidders.draft(None, firm := people.organization())
    with pytest.raises(Refused):
        bidding.create_bid(bid.challenge, actor=None, organization=firm, at=IN_TIME)


def test_a_lead_of_two_bids_on_a_list_submits_one() -> None:
    board, firm = bidders.open_board(), people.organization()
    bidders.submitted(bidders.open_challenge(board), firm)
    second = bidders.draft(bidders.open_challenge(board), firm)
    with pytest.raises(Rival):
        submitting.submit(second, actor=None, at=IN_TIME)


def test_a_lead_of_bids_on_two_lists_submits_both() -> None:
    firm = people.organization()
    for _list in range(2):
        assert bidders.submitted(None, firm).state == "submitted"


# --- partners -------------------------------------------------------------------------------------------------------


def test_a_partner_in_two_rival_bids_is_refused() -> None:
    challenge, partner = bidders.open_challenge(), people.organization()
    bidders.submitted(challenge, people.organization(), partner)
    second = bidders.draft(challenge, people.organization(), partner)
    with pytest.raises(Rival):
        submitting.submit(second, actor=None, at=IN_TIME)


@pytest.mark.parametrize("rule", ["flag", "allow"])
def test_where_the_rules_allow_it_a_partner_is_in_two(rule: str) -> None:
    board = bidders.open_board(terms={"bidding": {"rival_partners": rule}})
    challenge, partner = bidders.open_challenge(board), people.organization()
    bidders.submitted(challenge, people.organization(), partner)
    assert bidders.submitted(challenge, people.organization(), partner).state == "submitted"


def test_a_partner_whose_part_changes_confirms_anew() -> None:
    bid = bidders.draft(None, people.organization(), partner := people.organization())
    row = bid.parties.get(role="partner")
    assert row.state == "confirmed"
    rewrite(bid, route="与伙伴无关的改动")
    row.refresh_from_db()
    assert row.state == "confirmed"
    content = read_draft(bid).content
    rewrite(bid, partners=(replace(content.partners[0], tasks="更多任务"),))
    row.refresh_from_db()
    assert row.state == "invited"
    with pytest.raises(Incomplete):
        submitting.submit(bid, actor=None, at=IN_TIME)
    bidding.answer_part(bid, "confirm", actor=people.member_of(partner), organization=partner, at=IN_TIME)
    submitting.submit(bid, actor=None, at=IN_TIME)


def test_a_partner_of_another_firm_confirms_nothing() -> None:
    bid = bidders.draft(None, people.organization(), partner := people.organization())
    with pytest.raises(PermissionDenied):
        bidding.answer_part(
            bid, "decline", actor=people.member_of(people.organization()), organization=partner, at=IN_TIME
        )


def test_who_is_in_a_submitted_version_stays_bound_until_it_is_replaced() -> None:
    challenge, partner = bidders.open_challenge(), people.organization()
    bid = bidders.submitted(challenge, people.organization(), partner)
    rewrite(bid, partners=(), lead=replace(read_draft(bid).content.lead, share=100))
    rival = bidders.draft(challenge, people.organization(), partner)
    with pytest.raises(Rival):
        submitting.submit(rival, actor=None, at=IN_TIME)
    submitting.submit(bid, actor=None, at=IN_TIME)
    assert BidParty.objects.filter(bid=bid).count() == 1
    submitting.submit(rival, actor=None, at=IN_TIME)


# --- drafts and files -----------------------------------------------------------------------------------------------


def test_two_who_write_at_once_are_told() -> None:
    bid = bidders.draft()
    draft = read_draft(bid)
    first = replace(draft.content, route="甲的路线")
    bidding.save_draft(bid, actor=None, content=first, at=IN_TIME, expected=draft.revision)
    second = replace(draft.content, route="乙的路线")
    with pytest.raises(StaleDraft) as error:
        bidding.save_draft(bid, actor=None, content=second, at=IN_TIME, expected=draft.revision)
    assert error.value.current.content.route == "甲的路线"
    assert read_draft(bid, draft.revision).content == draft.content


def test_the_last_revisions_are_kept_and_no_more() -> None:
    bid = bidders.draft()
    for number in range(bidding.REVISIONS_KEPT + 5):
        rewrite(bid, route=f"路线{number}")
    assert BidDraft.objects.filter(bid=bid).count() == bidding.REVISIONS_KEPT


def test_saving_what_stands_changes_nothing() -> None:
    bid = bidders.draft()
    before = read_draft(bid).revision
    assert rewrite(bid) == before


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (b"#!/bin/sh\n", "script.pdf", "other"),
        (bidders.PDF + b"\0" * (2 * 1024**2), "large.pdf", "other"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 20, "picture.jpg", "stamped"),
    ],
    ids=["a script", "too large", "a stamped picture"],
)
def test_a_file_that_is_not_taken_leaves_nothing_behind(data: bytes, name: str, kind: str) -> None:
    from qunxing.challenges.shutting import folder_of

    board = bidders.open_board(terms={"bidding": {"file_megabytes": 1}})
    bid = bidders.draft(bidders.open_challenge(board))
    before = sorted(folder_of(board).iterdir())
    with pytest.raises(Refused) as error:
        attaching.attach(bid, actor=None, at=IN_TIME, data=data, name=name, kind=kind)
    assert error.value.status == 422
    assert error.value.advice
    assert sorted(folder_of(board).iterdir()) == before


def test_a_name_is_made_harmless_and_fits_the_content() -> None:
    bid = bidders.draft()
    made = attaching.attach(bid, actor=None, at=IN_TIME, data=bidders.PDF, name="..\\a/揭<榜>书.exe", kind="nonsense")
    assert (made.name, made.kind) == ("揭榜书.pdf", "other")


def test_a_bid_takes_so_many_files() -> None:
    board = bidders.open_board(terms={"bidding": {"files": 1}})
    bid = bidders.draft(bidders.open_challenge(board))
    with pytest.raises(Refused):
        attaching.attach(bid, actor=None, at=IN_TIME, data=bidders.PDF, name="b.pdf", kind="other")
    attaching.detach(bid, read_draft(bid).content.attachments[0].upload, actor=None, at=IN_TIME)
    attaching.attach(bid, actor=None, at=IN_TIME, data=bidders.PDF, name="b.pdf", kind="stamped")
    assert [one.name for one in read_draft(bid).content.attachments] == ["b.pdf"]
