"""A bid from its draft to the opening."""

import pytest

from qunxing.challenges.actions import submitting
from qunxing.challenges.models import Bid
from qunxing.challenges.queries.bids import bids_of, entry_of
from tests import factories as people
from tests.challenges import bidders

pytestmark = pytest.mark.django_db


def test_a_bid_goes_from_draft_to_the_opening() -> None:
    challenge, lead, partner = bidders.open_challenge(), people.organization(), people.organization()
    bid = bidders.draft(challenge, lead, partner)
    version = submitting.submit(bid, actor=None, at=bidders.IN_TIME)
    entry = entry_of(bid, 1)
    assert entry is not None
    assert version.digest in entry.body
    assert (bid.state, bid.organization, bid.content) == ("submitted", None, None)
    opened = bidders.open_all(challenge.board)
    found = bids_of(challenge).get()
    assert (found.state, found.organization, found.number) == ("opened", lead, f"{challenge.number}-01")
    assert found.content is not None
    assert found.content.route == bidders.SECRET
    assert {(row.organization, row.role, row.state) for row in found.parties.all()} == {
        (lead, "lead", "confirmed"),
        (partner, "partner", "confirmed"),
    }
    assert opened.results == [{"bid": bid.ref, "version": 1, "digest": version.digest, "verified": True}]
    challenge.refresh_from_db()
    assert (challenge.state, challenge.board.state) == ("checking", "opened")
    assert Bid.objects.get().opened_at == bidders.AFTER
