"""Before the opening nobody but its parties reads a bid: not from a page, not from the database, not from the disk."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse

from qunxing.accounts.models import Kind
from qunxing.challenges import clock
from qunxing.challenges.models import Bid
from qunxing.challenges.queries.bids import read_draft
from tests import factories as people
from tests.challenges import bidders
from tests.challenges.test_bid_pages import cells, signed_in, url

pytestmark = pytest.mark.django_db
FIRM = "不可外传的揭榜企业有限公司"
PARTNER = "不可外传的合作伙伴有限公司"
PHRASES = (bidders.SECRET, "不可外传的文件名", "王小明", "13900001111", "承担任务1")


@pytest.fixture
def scene(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, Any]:
    """A consortium writes, adds a file and submits in the browser, and replaces its bid; another draft stays one."""
    monkeypatch.setattr(clock, "now", lambda: bidders.IN_TIME)
    challenge = bidders.open_challenge()
    firm, partner = people.organization(name=FIRM), people.organization(name=PARTNER)
    writer, other = people.member_of(firm), people.member_of(partner)
    bid = bidders.draft(challenge, firm, partner)
    client = signed_in(writer)
    client.post(url("bid-autosave", bid.ref), cells(bid, basis=bidders.SECRET))
    big = bidders.PDF + b"\n%" + bidders.SECRET.encode() * 200_000  # Django would keep this one in a temporary file
    file = {"kind": "other", "file": bidders.uploaded("不可外传的文件名.pdf", big)}
    assert client.post(url("bid-file-add", bid.ref), file).status_code == 302
    assert client.post(url("bid-submit", bid.ref)).status_code == 302
    assert client.post(url("bid-submit", bid.ref)).status_code == 302
    bidders.draft(challenge, people.organization())
    bid.refresh_from_db()
    return {"bid": bid, "firm": firm, "writer": writer, "partner": other, "client": client}


def stored_texts() -> Iterator[tuple[str, bytes]]:
    """(table, everything in it) of the whole database."""
    for table in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{table}"')
            yield table, "\n".join(readable(value) for row in cursor.fetchall() for value in row).encode()


def readable(value: Any) -> str:
    """Text as text; bytes with every character in them that could be read."""
    return bytes(value).decode("utf-8", "replace") if isinstance(value, bytes | memoryview) else str(value)


def test_no_table_holds_a_word_of_a_bid(scene: dict[str, Any]) -> None:
    found = [(table, phrase) for table, text in stored_texts() for phrase in PHRASES if phrase.encode() in text]
    assert found == []


def test_no_table_ties_a_bid_to_its_firm(scene: dict[str, Any]) -> None:
    """Reference, name and account of the bidder stand in no row of challenges, and in no entry of the log on a bid."""
    names = (scene["firm"].ref, FIRM, PARTNER, scene["writer"].username)
    for table, text in stored_texts():
        if table.startswith("challenges_"):
            assert [name for name in names if name.encode() in text] == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM ledger_logentry WHERE subject_kind LIKE 'challenges.bid%'")
        bodies = "\n".join(body for (body,) in cursor.fetchall())
    assert bodies
    assert [name for name in names if name in bodies] == []
    bid = Bid.objects.get(pk=scene["bid"].pk)
    assert {version.history_user_id for version in bid.history.all()} == {None}


def test_no_file_of_the_data_folder_holds_a_word_of_a_bid(scene: dict[str, Any]) -> None:
    phrases = [phrase.encode() for phrase in PHRASES]
    files = [path for path in Path(settings.ENV.data_dir).rglob("*") if path.is_file()]
    assert any(path.suffix == ".sealed" for path in files)
    found = [(str(path), phrase) for path in files for phrase in phrases if phrase in path.read_bytes()]
    assert found == []


def test_an_upload_never_touches_a_temporary_file(
    scene: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import tempfile

    def refuse(*_args: Any, **_kwargs: Any) -> None:
        raise AssertionError("a temporary file")

    for name in ("TemporaryFile", "NamedTemporaryFile", "SpooledTemporaryFile", "mkstemp"):
        monkeypatch.setattr(tempfile, name, refuse)
    big = bidders.PDF + b"\n%" + b"x" * 4_000_000
    file = {"kind": "other", "file": bidders.uploaded("大.pdf", big)}
    assert scene["client"].post(url("bid-file-add", scene["bid"].ref), file).status_code == 302


OUTSIDERS = {
    "staff": lambda: people.user(Kind.STAFF),
    "officer": lambda: people.user(Kind.OFFICER),
    "expert": lambda: people.user(Kind.EXPERT),
    "rival": lambda: people.member_of(people.organization()),
    "public": lambda: None,
}


def addresses(bid: Bid) -> list[str]:
    names = ["bid-detail", "bid-edit"]
    found = [reverse(f"challenges:{name}", args=[bid.ref]) for name in names]
    file = read_draft(bid).content.attachments[0].upload
    found += [url("bid-file", bid.ref, file), url("bid-receipt", bid.ref, 1), url("bid-receipt-file", bid.ref, 1)]
    return [
        *found,
        url("bid-list"),
        url("bid-list") + "?format=csv",
        url("bid-list") + "?q=不可外传",
        url("opening", bid.board.ref),
    ]


@pytest.mark.parametrize("who", OUTSIDERS)
def test_no_page_shows_a_word_of_a_sealed_bid(scene: dict[str, Any], who: str) -> None:
    user, bid = OUTSIDERS[who](), scene["bid"]
    client = signed_in(user) if user is not None else Client()
    for address in addresses(bid):
        answer = client.get(address)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        said = body.decode("utf-8", "replace").replace("?q=不可外传", "").replace('value="不可外传"', "")
        assert [phrase for phrase in (*PHRASES, FIRM, PARTNER, scene["firm"].ref) if phrase in said] == [], address


def test_staff_see_that_a_bid_exists_and_no_draft(scene: dict[str, Any]) -> None:
    staff = people.user(Kind.STAFF)
    assert list(Bid.objects.visible_to(staff)) == [scene["bid"]]
    page = signed_in(staff).get(url("bid-detail", scene["bid"].ref))
    assert page.status_code == 200
    assert scene["bid"].digest in page.content.decode()


def test_the_parties_read_their_bid(scene: dict[str, Any]) -> None:
    for user in (scene["writer"], scene["partner"]):
        page = signed_in(user).get(url("bid-detail", scene["bid"].ref))
        assert bidders.SECRET in page.content.decode()


def test_the_issuer_reads_bids_once_they_are_open(scene: dict[str, Any]) -> None:
    bid = scene["bid"]
    issuer = people.member_of(bid.challenge.issuer, "viewer")
    assert signed_in(issuer).get(url("bid-detail", bid.ref)).status_code == 404
    bidders.open_all(bid.board)
    page = signed_in(issuer).get(url("bid-detail", bid.ref))
    assert bidders.SECRET in page.content.decode()
    rival = people.member_of(people.organization())
    assert signed_in(rival).get(url("bid-detail", bid.ref)).status_code == 404


def test_an_error_says_nothing_of_the_bid(
    scene: dict[str, Any], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from qunxing.challenges.actions import bidding

    def broken(*_args: Any, **_kwargs: Any) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr(bidding, "save_draft", broken)
    client = scene["client"]
    client.raise_request_exception = False
    with caplog.at_level(logging.DEBUG):
        answer = client.post(url("bid-edit", scene["bid"].ref), cells(scene["bid"], route="另一句秘密"))
    assert answer.status_code == 500
    assert "另一句秘密" not in answer.content.decode()
    assert "另一句秘密" not in caplog.text


def test_nothing_of_a_bid_is_searched(scene: dict[str, Any]) -> None:
    from qunxing.core.specs import declared

    kinds = {spec.model for spec in declared("documents", "DOCUMENTS")}
    assert Bid not in kinds
