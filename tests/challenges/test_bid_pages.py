"""Pages of bids, as the people of each side see them."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from qunxing.accounts.models import Kind
from qunxing.challenges import clock, sealing, uploading
from qunxing.challenges.actions import bidding, submitting
from qunxing.challenges.models import Bid
from qunxing.challenges.queries.bids import known_facts, read_draft
from qunxing.challenges.views import opening as opening_views
from qunxing.directory.models import Capability
from qunxing.ledger.actions import create
from qunxing.ledger.models import Job
from tests import factories as people
from tests.challenges import bidders

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is an hour before the deadline of the made-up lists."""
    at_moment(monkeypatch, bidders.IN_TIME)


def at_moment(monkeypatch: pytest.MonkeyPatch, moment: Any) -> None:
    monkeypatch.setattr(clock, "now", lambda: moment)


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(name: str, *args: Any) -> str:
    return reverse(f"challenges:{name}", args=args)


def cells(bid: Bid, **more: str) -> dict[str, str]:
    """What a browser posts of the form as it stands."""
    from qunxing.challenges.bidform.cells import cells_of

    draft = read_draft(bid)
    return {**cells_of(draft.content, bid.board.rules), "revision": str(draft.revision), **more}


def test_a_bid_is_begun_written_and_submitted_in_the_browser() -> None:
    challenge, firm = bidders.open_challenge(), people.organization()
    client = signed_in(people.member_of(firm))
    assert client.get(url("bid-create", challenge.ref)).status_code == 200
    answer = client.post(url("bid-create", challenge.ref), {"organization": firm.ref})
    bid = Bid.objects.get()
    assert answer.headers["Location"] == url("bid-edit", bid.ref)
    assert client.get(url("bid-edit", bid.ref)).status_code == 200
    assert client.get(url("bid-detail", bid.ref)).status_code == 200
    assert client.get(url("bid-list")).status_code == 200
    posted = cells(bid, route=bidders.SECRET)
    assert client.post(url("bid-edit", bid.ref), posted).status_code == 302
    assert read_draft(bid).content.route == bidders.SECRET
    refused = client.post(url("bid-submit", bid.ref))
    assert refused.status_code == 422
    content = bidders.whole(challenge, firm, facts=read_draft(bid).content.facts)
    bidding.save_draft(bid, actor=None, content=content, at=bidders.IN_TIME)
    file = {"kind": "stamped", "file": bidders.uploaded("揭榜书.pdf", bidders.PDF)}
    assert client.post(url("bid-file-add", bid.ref), file).status_code == 302
    done = client.post(url("bid-submit", bid.ref))
    assert done.headers["Location"] == url("bid-receipt", bid.ref, 1)
    assert client.get(done.headers["Location"]).status_code == 200
    receipt = client.get(url("bid-receipt-file", bid.ref, 1)).content
    checked = Client().post(url("receipt-check"), {"text": receipt.decode()})
    assert checked.status_code == 200
    assert "note-good" in checked.content.decode()


def test_what_is_typed_is_kept_by_itself() -> None:
    bid = bidders.draft(bidders.open_challenge(), firm := people.organization())
    client = signed_in(people.member_of(firm))
    answer = client.post(url("bid-autosave", bid.ref), cells(bid, basis="新的基础"))
    assert read_draft(bid).content.basis == "新的基础"
    assert f'value="{read_draft(bid).revision}"' in answer.content.decode()


def test_the_opening_is_confirmed_by_two(monkeypatch: pytest.MonkeyPatch) -> None:
    bid = bidders.submitted()
    staff, officer = signed_in(people.user(Kind.STAFF)), signed_in(people.user(Kind.OFFICER))
    page = url("opening", bid.board.ref)
    assert staff.post(url("opening-begin", bid.board.ref)).status_code == 409
    at_moment(monkeypatch, bidders.AFTER)
    assert staff.get(page).status_code == 200
    assert staff.post(url("opening-begin", bid.board.ref)).status_code == 302
    assert staff.post(url("opening-confirm", bid.board.ref)).status_code == 409
    assert officer.post(url("opening-confirm", bid.board.ref)).status_code == 302
    assert Bid.objects.get().state == "opened"
    assert staff.get(page).status_code == 200
    detail = staff.get(url("bid-detail", bid.ref))
    assert bidders.SECRET in detail.content.decode()
    assert timezone.localtime(bidders.AFTER).strftime("%H:%M:%S") in staff.get(page).content.decode()
    assert submitting.SUBMITTED_ENTRY == "bid.submitted"


def test_a_file_larger_than_any_rule_allows_is_read_past_and_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploading, "LARGEST", 100_000)
    bid = bidders.draft(bidders.open_challenge(), firm := people.organization())
    client = signed_in(people.member_of(firm))
    before = read_draft(bid)
    file = {"kind": "other", "file": bidders.uploaded("巨.pdf", bidders.PDF + b"x" * 500_000)}
    answer = client.post(url("bid-file-add", bid.ref), file)
    assert answer.status_code == 422
    assert "50 MB" in answer.content.decode()
    assert read_draft(bid) == before


def test_a_last_file_may_come_with_the_submission(monkeypatch: pytest.MonkeyPatch) -> None:
    bid = bidders.draft(bidders.open_challenge(), firm := people.organization())
    client = signed_in(people.member_of(firm))
    file = {"kind": "proof", "file": bidders.uploaded("检测报告.pdf", bidders.PDF)}
    assert client.post(url("bid-submit", bid.ref), file).status_code == 302
    assert [one.kind for one in read_draft(bid).content.attachments] == ["stamped", "proof"]


def test_many_bids_are_opened_by_the_worker(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    monkeypatch.setattr(opening_views, "MANY", 1)
    challenge = bidders.open_challenge()
    for _each in range(2):
        bidders.submitted(challenge)
    staff, officer = signed_in(people.user(Kind.STAFF)), signed_in(people.user(Kind.OFFICER))
    at_moment(monkeypatch, bidders.AFTER)
    staff.post(url("opening-begin", challenge.board.ref))
    with django_capture_on_commit_callbacks(execute=True):
        answer = officer.post(url("opening-confirm", challenge.board.ref))
    assert Job.objects.get().state == "done"
    assert Job.objects.get().ref in answer.headers["Location"]
    assert {bid.state for bid in Bid.objects.all()} == {"opened"}


def test_a_key_that_is_missing_is_told_and_restored_on_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    bid = bidders.submitted()
    sealing.key_path(bid.board.ref).unlink()
    at_moment(monkeypatch, bidders.AFTER)
    staff = signed_in(people.user(Kind.STAFF))
    page = staff.get(url("opening", bid.board.ref)).content.decode()
    assert str(sealing.backup_path(bid.board.ref)) in page
    assert staff.post(url("opening-begin", bid.board.ref)).status_code == 503
    assert staff.post(url("key-restore", bid.board.ref)).status_code == 302
    assert staff.post(url("opening-begin", bid.board.ref)).status_code == 302


@pytest.mark.parametrize("who", ["member", "staff"])
def test_the_list_asks_the_same_for_one_bid_and_for_three(who: str) -> None:
    firm = people.organization()
    user = people.member_of(firm) if who == "member" else people.user(Kind.STAFF)
    counts = []
    for _round in range(2):
        for _bid in range(1 if not counts else 2):
            bidders.submitted(None, firm)
        client = signed_in(user)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url("bid-list")).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_file_that_is_refused_is_told_beside_the_form() -> None:
    bid = bidders.draft(bidders.open_challenge(), firm := people.organization())
    client = signed_in(people.member_of(firm))
    file = {"kind": "other", "file": bidders.uploaded("脚本.pdf", b"<html><script>alert(1)</script></html>")}
    answer = client.post(url("bid-file-add", bid.ref), file)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'id="file-problem"' in page
    assert 'name="basis"' in page


def test_what_cannot_be_read_is_not_said_to_be_missing() -> None:
    bid = bidders.draft(bidders.open_challenge(), firm := people.organization())
    client = signed_in(people.member_of(firm))
    name = next(name for name in cells(bid) if name.startswith("budget_") and name.endswith("_grant"))
    bad = cells(bid, **{"total": "100", "grant": "90", "route": "", name: "abc"})
    answer = client.post(url("bid-edit", bid.ref), bad)
    assert answer.status_code == 422
    anchors = {gap.anchor for gap in answer.context["gaps"]}
    assert "budget" not in anchors
    assert "route" in anchors


def test_facts_read_the_same_in_every_language() -> None:
    firm = people.organization()
    create(Capability(organization=firm, kind="security", amount=3), actor=None)
    create(Capability(organization=firm, kind="on_site"), actor=None)
    with override("zh-hans"):
        chinese = known_facts(firm)
    with override("en"):
        assert known_facts(firm) == chinese
    told = [fact.value for fact in chinese if fact.code == "capability"]
    assert len(told) == 2
    assert not {"3", "on_site"} & set(told)
