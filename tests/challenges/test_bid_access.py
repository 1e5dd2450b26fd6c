"""Who may do what with a bid, knocked at over HTTP: every role, every address, before and after the opening."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from qunxing.accounts.models import Kind
from qunxing.challenges import clock
from qunxing.challenges.models import Bid
from qunxing.challenges.queries.bids import read_draft
from qunxing.directory.models import Organization
from tests import factories as people
from tests.challenges import bidders
from tests.challenges.test_bid_pages import cells, url

pytestmark = pytest.mark.django_db

ROLES: dict[str, Callable[[Bid, Organization, Organization], Any]] = {
    "public": lambda *_rest: None,
    "visitor": lambda *_rest: people.user(Kind.VISITOR),
    "expert": lambda *_rest: people.user(Kind.EXPERT),
    "elsewhere": lambda *_rest: people.member_of(people.organization()),
    "officer": lambda *_rest: people.user(Kind.OFFICER),
    "staff": lambda *_rest: people.user(Kind.STAFF),
    "issuer": lambda bid, _firm, _partner: people.member_of(bid.challenge.issuer),
    "lead: viewer": lambda _bid, firm, _partner: people.member_of(firm, "viewer"),
    "lead: editor": lambda _bid, firm, _partner: people.member_of(firm, "editor"),
    "lead: owner": lambda _bid, firm, _partner: people.member_of(firm, "owner"),
    "partner: viewer": lambda _bid, _firm, partner: people.member_of(partner, "viewer"),
    "partner: owner": lambda _bid, _firm, partner: people.member_of(partner, "owner"),
}
LEADS = {"lead: editor", "lead: owner"}
PARTIES = LEADS | {"lead: viewer", "partner: viewer", "partner: owner"}
OVERSIGHT = {"officer", "staff"}
SEALED: dict[str, set[str]] = {
    "bid-detail": PARTIES | OVERSIGHT,
    "bid-receipt": PARTIES | OVERSIGHT,
    "bid-receipt-file": PARTIES | OVERSIGHT,
    "bid-edit": LEADS,
    "bid-autosave": LEADS,
    "bid-file": PARTIES,
    "bid-file-add": LEADS,
    "bid-file-remove": LEADS,
    "bid-submit": LEADS,
    "bid-take-back": LEADS,
    "bid-withdraw": LEADS,
    "part-answer": {"partner: owner"},
}
OPENED: dict[str, set[str]] = {
    "bid-detail": PARTIES | OVERSIGHT | {"issuer"},
    "bid-receipt": PARTIES | OVERSIGHT | {"issuer"},
    "bid-file": PARTIES | OVERSIGHT | {"issuer"},
    "bid-edit": set(),
    "bid-submit": set(),
    "bid-withdraw": set(),
    "part-answer": set(),
}
READ = {"bid-detail", "bid-receipt", "bid-receipt-file", "bid-file"}


def knock(client: Client, name: str, bid: Bid, partner: Organization, file: str) -> int:
    more: dict[str, tuple[Any, ...]] = {
        "bid-receipt": (1,), "bid-receipt-file": (1,), "bid-file": (file,), "bid-file-remove": (file,),
        "part-answer": (partner.ref, "decline"),
    }  # fmt: skip
    address = url(name, bid.ref, *more.get(name, ()))
    if name in READ:
        return client.get(address).status_code
    data: dict[str, Any] = {}
    if name == "bid-file-add":
        data = {"kind": "other", "file": bidders.uploaded("a.pdf", bidders.PDF)}
    if name in {"bid-edit", "bid-autosave"}:
        data = dict(FORM[bid.ref])
    return client.post(address, data).status_code


FORM: dict[str, dict[str, str]] = {}


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> tuple[Bid, Organization, Organization, str]:
    monkeypatch.setattr(clock, "now", lambda: bidders.IN_TIME)
    firm, partner = people.organization(), people.organization()
    bid = bidders.submitted(None, firm, partner)
    FORM[bid.ref] = cells(bid)
    return bid, firm, partner, read_draft(bid).content.attachments[-1].upload


@pytest.mark.parametrize("role", ROLES)
def test_a_sealed_bid_is_for_its_parties(place: Any, role: str) -> None:
    bid, firm, partner, file = place
    check(role, SEALED, bid, firm, partner, file)


@pytest.mark.parametrize("role", ROLES)
def test_an_opened_bid_is_read_by_more_and_changed_by_nobody(place: Any, role: str) -> None:
    bid, firm, partner, file = place
    bidders.open_all(bid.board)
    check(role, OPENED, bid, firm, partner, file)


def check(
    role: str, table: dict[str, set[str]], bid: Bid, firm: Organization, partner: Organization, file: str
) -> None:
    from django.db import transaction

    user = ROLES[role](bid, firm, partner)
    client = Client()
    if user is not None:
        client.force_login(user)
    for name, allowed in table.items():
        with transaction.atomic():
            status = knock(client, name, bid, partner, file)
            transaction.set_rollback(True)
        passes = status in {200, 302} and not (status == 302 and user is None)
        assert passes is (role in allowed), (role, name, status)
        if not passes:
            assert status in {302, 403, 404, 409}, (role, name, status)
