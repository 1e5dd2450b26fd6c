"""The opening: when, by whom, what is verified, what comes out and what is wiped."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from qunxing.accounts.models import Kind
from qunxing.challenges import sealing
from qunxing.challenges.actions import awarding, bidding, checking, opening, reviewing, submitting
from qunxing.challenges.actions.opening import NotVerified, begin_opening, confirm_opening
from qunxing.challenges.duties.bidding import bids_set_aside
from qunxing.challenges.models import Bid, BidDraft, BidFinding, BidVersion, Opening, Upload
from qunxing.challenges.queries.bids import bids_of
from qunxing.challenges.sealing import KeyMissing
from qunxing.challenges.shutting import folder_of, path_of
from qunxing.core.errors import Refused
from qunxing.ledger.actions import change
from qunxing.ledger.audit import audit_database
from qunxing.ledger.models import LogEntry
from tests import factories as people
from tests.challenges import bidders
from tests.challenges.bidders import AFTER, IN_TIME

pytestmark = pytest.mark.django_db
DAY = AFTER.date()


def staff() -> Any:
    return people.user(Kind.STAFF)


def officer() -> Any:
    return people.user(Kind.OFFICER)


def nothing_opened() -> bool:
    return not Bid.objects.filter(opened_at__isnull=False).exists() and not BidVersion.objects.exclude(
        content__isnull=True
    )


# --- when and by whom -----------------------------------------------------------------------------------------------


def test_nothing_opens_before_the_deadline() -> None:
    bid = bidders.submitted()
    for moment in (IN_TIME, bid.board.deadline):
        with pytest.raises(Refused):
            begin_opening(bid.board, actor=staff(), at=moment)
        with pytest.raises(Refused):
            bidders.open_all(bid.board, moment)
    assert nothing_opened()


def test_where_late_uploads_are_taken_the_opening_waits_for_them() -> None:
    board = bidders.open_board(terms={"bidding": {"late_upload": "began", "late_minutes": 10}})
    bidders.submitted(bidders.open_challenge(board))
    with pytest.raises(Refused):
        bidders.open_all(board, board.deadline + timedelta(minutes=10))
    assert bidders.open_all(board, board.deadline + timedelta(minutes=10, seconds=1)).done


def test_it_takes_two_people_of_the_two_roles() -> None:
    bid, first = bidders.submitted(), staff()
    begun = begin_opening(bid.board, actor=first, at=AFTER)
    for other in (first, staff()):
        with pytest.raises(Refused):
            confirm_opening(begun, actor=other, at=AFTER)
    for stranger in (people.user(Kind.EXPERT), people.member_of(people.organization())):
        with pytest.raises(PermissionDenied):
            begin_opening(bid.board, actor=stranger, at=AFTER)
        with pytest.raises(PermissionDenied):
            confirm_opening(begun, actor=stranger, at=AFTER)
    assert nothing_opened()
    done = confirm_opening(begun, actor=officer(), at=AFTER + timedelta(minutes=29))
    assert done.done
    assert Opening.objects.count() == 1


def test_the_second_word_comes_within_half_an_hour() -> None:
    bid = bidders.submitted()
    begun = begin_opening(bid.board, actor=officer(), at=AFTER)
    with pytest.raises(Refused):
        confirm_opening(begun, actor=staff(), at=AFTER + timedelta(minutes=30, seconds=1))
    later = begin_opening(bid.board, actor=officer(), at=AFTER + timedelta(minutes=31))
    assert confirm_opening(later, actor=staff(), at=AFTER + timedelta(minutes=32)).done


def test_two_do_not_begin_at_once() -> None:
    bid = bidders.submitted()
    begin_opening(bid.board, actor=officer(), at=AFTER)
    with pytest.raises(Refused):
        begin_opening(bid.board, actor=staff(), at=AFTER)


def test_bids_are_opened_once() -> None:
    bid = bidders.submitted()
    done = bidders.open_all(bid.board)
    with pytest.raises(Refused):
        bidders.open_all(bid.board)
    with pytest.raises(Refused):
        confirm_opening(done, actor=staff() if done.first.kind == Kind.OFFICER else officer(), at=AFTER)


# --- what is verified -----------------------------------------------------------------------------------------------


def harm_bytes(bid: Bid) -> None:
    sealed = bytes(bid.versions.get().sealed)
    bid.versions.update(sealed=sealed[:-1] + bytes([sealed[-1] ^ 1]))


def harm_bytes_and_digest(bid: Bid) -> None:
    """Somebody with the database swaps the bytes and writes the digest that goes with them."""
    from hashlib import sha256

    harm_bytes(bid)
    digest = sha256(bytes(bid.versions.get().sealed)).hexdigest()
    bid.versions.update(digest=digest)
    Bid.objects.filter(pk=bid.pk).update(digest=digest)


def harm_place(bid: Bid) -> None:
    """The sealed bytes of another bid."""
    other = BidVersion.objects.exclude(bid=bid).first()
    assert other is not None
    bid.versions.update(sealed=other.sealed, digest=other.digest)


def harm_file(bid: Bid) -> None:
    path_of(bid.board, bid.uploads.first().ref).write_bytes(b"x")


def lose_file(bid: Bid) -> None:
    path_of(bid.board, bid.uploads.first().ref).unlink()


def lose_version(bid: Bid) -> None:
    bid.versions.all().delete()


HARMS = [harm_bytes, harm_bytes_and_digest, harm_place, harm_file, lose_file, lose_version]


@pytest.mark.parametrize("harm", HARMS)
def test_a_bid_that_is_not_what_was_received_is_set_aside_and_the_others_open(harm: Any) -> None:
    challenge = bidders.open_challenge()
    bid, other = bidders.submitted(challenge), bidders.submitted(challenge)
    received = bid.digest
    harm(bid)
    done = bidders.open_all(challenge.board)
    bid.refresh_from_db()
    other.refresh_from_db()
    assert (bid.state, bid.content, bid.organization, other.state) == ("damaged", None, None, "opened")
    told = {one["bid"]: (one["verified"], one["digest"]) for one in done.results}
    assert told == {bid.ref: (False, received), other.ref: (True, other.digest)}
    assert LogEntry.objects.filter(kind="bid.set_aside", subject_ref=bid.ref).count() == 1
    assert audit_database().ok


def brought_back(bid: Bid) -> None:
    """Set aside because of its bytes and its file, which then come back from a copy."""
    version, path = bid.versions.get(), path_of(bid.board, bid.uploads.get().ref)
    sealed, file = bytes(version.sealed), path.read_bytes()
    harm_bytes(bid)
    lose_file(bid)
    bidders.open_all(bid.board)
    with pytest.raises(NotVerified):
        bidders.open_all(bid.board)
    bid.versions.update(sealed=sealed)
    with pytest.raises(NotVerified):
        bidders.open_all(bid.board)
    path.write_bytes(file)


def test_a_damaged_bid_opens_by_two_once_it_is_brought_back() -> None:
    challenge = bidders.open_challenge()
    bid, other = bidders.submitted(challenge), bidders.submitted(challenge)
    brought_back(bid)
    assert not begin_opening(challenge.board, actor=staff(), at=AFTER).done
    bidders.open_all(challenge.board)
    bid.refresh_from_db()
    other.refresh_from_db()
    assert (bid.state, bid.number, other.number) == ("opened", f"{challenge.number}-02", f"{challenge.number}-01")
    assert bid.content is not None
    assert bid.content.route == bidders.SECRET
    assert BidFinding.objects.filter(bid=bid, stage="opening").exists()
    assert all(path_of(bid.board, row.ref).exists() for row in Upload.objects.all())
    assert Upload.objects.count() == 2
    with pytest.raises(Refused):
        bidders.open_all(challenge.board)


def test_the_review_waits_for_a_damaged_bid_which_only_bytes_make_good() -> None:
    challenge = bidders.open_challenge()
    bid, other = bidders.submitted(challenge), bidders.submitted(challenge)
    harm_bytes(bid)
    bidders.open_all(challenge.board)
    person = staff()
    challenge.refresh_from_db()
    checks = {row.bid_id: row for row in checking.check_all(challenge, actor=person, day=DAY)}
    checking.decide_check(checks[other.pk], actor=person, day=DAY, verdict="refuse", reason="不符")
    with pytest.raises(Refused):
        reviewing.begin_review(challenge, actor=person, day=DAY)
    with pytest.raises(Refused):
        checking.judge(checks[bid.pk], actor=person, code="seal", state="pass", detail="担保")
    with pytest.raises(Refused):
        checking.decide_check(checks[bid.pk], actor=person, day=DAY, verdict="admit")
    checking.decide_check(checks[bid.pk], actor=person, day=DAY, verdict="refuse", reason="无法恢复")
    bid.refresh_from_db()
    assert (bid.state, bid.content) == ("refused", None)


def test_a_damaged_bid_ends_with_its_challenge() -> None:
    bid = bidders.submitted()
    harm_bytes(bid)
    bidders.open_all(bid.board)
    awarding.end_without_award(bid.challenge, actor=staff(), day=DAY, reason="无有效揭榜书")
    bid.refresh_from_db()
    assert bid.state == "lost"


def test_the_bidder_is_told_and_no_row_says_whose_the_damaged_bid_is() -> None:
    firm = people.organization()
    bid = bidders.submitted(None, firm)
    harm_bytes(bid)
    bidders.open_all(bid.board)
    member, stranger = people.member_of(firm), people.member_of(people.organization())
    asked = [[duty.key for duty in bids_set_aside(user, DAY)] for user in (member, stranger, staff())]
    assert [len(keys) for keys in asked] == [1, 0, 0]
    assert not Bid.objects.filter(organization__isnull=False).exists()


def test_pages_show_a_damaged_bid_to_staff_and_to_its_bidder(client: Any) -> None:
    firm = people.organization()
    bid = bidders.submitted(None, firm)
    harm_bytes(bid)
    bidders.open_all(bid.board)
    person = staff()
    check = checking.check(Bid.objects.get(), actor=person, day=DAY)
    pages = [
        bid.get_absolute_url(),
        f"/challenges/lists/{bid.board.ref}/opening/",
        f"/challenges/entries/{bid.challenge.ref}/check/",
        f"/challenges/bids/{bid.ref}/check/",
    ]
    client.force_login(person)
    shown = [client.get(url) for url in pages]
    assert [(page.status_code, "与收到的不符" in page.content.decode()) for page in shown] == [(200, True)] * 4
    assert firm.name not in "".join(page.content.decode() for page in shown)
    checking.decide_check(check, actor=person, day=DAY, verdict="refuse", reason="封存件无法恢复")
    for user, seen in ((people.member_of(firm), 200), (people.member_of(people.organization()), 404)):
        client.force_login(user)
        assert [client.get(url).status_code for url in (pages[0], pages[3])] == [seen, seen]


def test_without_the_key_nothing_opens_and_nothing_is_lost() -> None:
    bid = bidders.submitted()
    sealing.key_path(bid.board.ref).unlink()
    with pytest.raises(KeyMissing):
        begin_opening(bid.board, actor=staff(), at=AFTER)
    with pytest.raises(KeyMissing):
        bidders.open_all(bid.board)
    assert nothing_opened()
    with pytest.raises(PermissionDenied):
        opening.restore_key(bid.board, actor=people.user(Kind.EXPERT))
    opening.restore_key(bid.board, actor=staff())
    assert LogEntry.objects.filter(kind="list.key_restored").count() == 1
    assert bidders.open_all(bid.board).done


# --- what comes out -------------------------------------------------------------------------------------------------


def test_all_bids_of_a_list_open_together_in_the_order_of_arrival() -> None:
    board = bidders.open_board()
    first, second = bidders.open_challenge(board), bidders.open_challenge(board)
    bids = [bidders.submitted(first), bidders.submitted(second), bidders.submitted(first)]
    done = bidders.open_all(board)
    numbers = {bid.ref: Bid.objects.get(pk=bid.pk).number for bid in bids}
    assert list(numbers.values()) == [f"{first.number}-01", f"{second.number}-01", f"{first.number}-02"]
    assert {one["bid"] for one in done.results} == set(numbers)
    assert all(one["verified"] for one in done.results)
    entry = LogEntry.objects.get(kind=opening.OPENED_ENTRY)
    assert all(bid.digest in entry.body for bid in bids)
    assert audit_database().ok


def test_a_list_without_bids_opens_too() -> None:
    challenge = bidders.open_challenge()
    assert bidders.open_all(challenge.board).results == []
    challenge.refresh_from_db()
    assert challenge.state == "checking"


def test_an_unwritten_draft_expires_and_what_was_not_handed_in_is_wiped() -> None:
    challenge = bidders.open_challenge()
    sent, draft, gone = bidders.submitted(challenge), bidders.draft(challenge), bidders.submitted(challenge)
    submitting.withdraw(gone, actor=None, at=IN_TIME)
    submitting.submit(sent, actor=None, at=IN_TIME)
    bidders.open_all(challenge.board)
    draft.refresh_from_db()
    assert draft.state == "expired"
    assert not BidDraft.objects.exists()
    assert [bytes(row.sealed) == b"" for row in BidVersion.objects.order_by("bid", "number")] == [True, False, True]
    assert {row.bid_id for row in Upload.objects.all()} == {sent.pk}


@pytest.mark.django_db(transaction=True)
def test_files_of_drafts_leave_the_disk() -> None:
    challenge = bidders.open_challenge()
    sent = bidders.submitted(challenge)
    bidders.draft(challenge)
    bidders.open_all(challenge.board)
    assert [path.stem for path in folder_of(challenge.board).iterdir()] == [sent.uploads.get().ref]


def test_what_was_replaced_is_never_read() -> None:
    from dataclasses import replace

    from qunxing.challenges.queries.bids import read_draft

    bid = bidders.submitted()
    content = replace(read_draft(bid).content, route="第二条路线")
    bidding.save_draft(bid, actor=None, content=content, at=IN_TIME)
    submitting.submit(bid, actor=None, at=IN_TIME)
    bidders.open_all(bid.board)
    found = bids_of(bid.challenge).get()
    assert found.content is not None
    assert found.content.route == "第二条路线"
    assert not BidVersion.objects.get(number=1).sealed


def test_a_challenge_that_was_withdrawn_keeps_its_bids_shut() -> None:
    board = bidders.open_board()
    kept, gone = bidders.open_challenge(board), bidders.open_challenge(board)
    bidders.submitted(kept)
    shut = bidders.submitted(gone)
    change(gone, actor=None, values={"state": "withdrawn"})
    bidders.open_all(board)
    shut.refresh_from_db()
    assert (shut.state, shut.content, shut.organization) == ("submitted", None, None)


def test_parts_are_those_of_the_submitted_version_by_name() -> None:
    partner = people.organization()
    bid = bidders.submitted(None, people.organization(), partner)
    bidding.answer_part(bid, "decline", actor=None, organization=partner, at=IN_TIME)
    bidders.open_all(bid.board)
    row = bid.parties.get(role="partner")
    assert (row.organization, row.state) == (partner, "confirmed")


def test_eligibility_is_asked_again_and_kept() -> None:
    bid = bidders.submitted()
    bidders.open_all(bid.board)
    kept = BidFinding.objects.filter(bid=bid, stage="opening")
    assert {row.code: row.outcome for row in kept} == {"relation": "pass", "bad_record": "pass", "running": "pass"}
