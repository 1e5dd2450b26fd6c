"""Files of bids: in the archive with their digests, and before the experts to whom the bid was given."""

from datetime import date
from hashlib import sha256
from zipfile import ZipFile

import pytest

from qunxing.challenges.actions import archiving, awarding
from qunxing.challenges.shutting import path_of
from qunxing.core.errors import Refused
from qunxing.ledger.actions import change
from qunxing.ledger.packs import verify_pack
from qunxing.panels.actions import recuse
from qunxing.panels.models import Conflict, Item, Review
from tests import factories as people
from tests.challenges import bidders, deciders
from tests.panels import factories as seats

pytestmark = pytest.mark.django_db
DAY = date(2026, 5, 3)


def ended(challenge):
    return awarding.end_without_award(challenge, actor=deciders.staff(), day=DAY, reason="流标")


def test_archive_holds_the_files_of_bids_and_its_verifier_sees_a_change(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "files"
    challenge = ended(deciders.opened(2))
    archiving.archive(challenge, actor=None, day=DAY)
    path = archiving.archived_file(challenge, actor=None, day=DAY)
    with ZipFile(path) as pack:
        files = {name: pack.read(name) for name in pack.namelist()}
    for bid in challenge.bids.all():
        (one,) = bid.content.attachments
        name = f"bids/{bid.number}/{one.upload}-{one.name}"
        assert (files[name], sha256(files[name]).hexdigest()) == (bidders.PDF, one.digest)
    assert verify_pack(path).problems == ()
    with ZipFile(tmp_path / "other.zip", "w") as other:
        for key, data in files.items():
            other.writestr(key, data + b"x" if key == name else data)
    assert [problem.kind.value for problem in verify_pack(tmp_path / "other.zip").problems] == ["file"]


def test_archive_names_a_file_that_is_gone_and_can_be_made_once_it_is_back(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "files"
    challenge = ended(deciders.opened(1))
    bid = challenge.bids.get()
    path = path_of(bid.board, bid.uploads.get().ref)
    kept = path.read_bytes()
    path.unlink()
    with pytest.raises(Refused) as error:
        archiving.archive(challenge, actor=None, day=DAY)
    assert bid.number in str(error.value)
    path.write_bytes(kept)
    assert archiving.archived_file(challenge, actor=None, day=DAY).exists()


# --- experts --------------------------------------------------------------------------------------------------------


def scoring(**terms):
    """A challenge whose panel scores, and one of its reviews."""
    challenge = deciders.in_review(2, terms={"panel": terms} if terms else {})
    panel = challenge.rounds.get().panel
    seats.experts(8)
    seats.seated(panel)
    seats.scoring(panel)
    rows = Review.objects.select_related("seat__expert__user", "item__review_item__bid").order_by("pk")
    change(rows[0].seat.expert, actor=None, values={"user": people.user("expert")})
    return challenge, rows[0]


def addresses(bid):
    upload = bid.content.attachments[0].upload
    return [f"/challenges/bids/{bid.ref}/reading/", f"/challenges/bids/{bid.ref}/reading/{upload}/"]


def seen(client, user, urls):
    client.force_login(user)
    return [client.get(url).status_code for url in urls]


def test_expert_reads_the_files_of_what_they_review(client):
    _challenge, review = scoring()
    bid, user = review.item.review_item.bid, review.seat.expert.user
    assert seen(client, user, addresses(bid)) == [200, 200]
    answer = client.get(addresses(bid)[1])
    assert (b"".join(answer.streaming_content), answer["Content-Type"]) == (bidders.PDF, "application/octet-stream")
    assert addresses(bid)[0] in client.get(review.get_absolute_url()).content.decode()
    assert client.get(f"/challenges/bids/{bid.ref}/reading/unknown/").status_code == 404


def test_nobody_else_reads_them_there(client):
    _challenge, review = scoring()
    bid = review.item.review_item.bid
    other = people.user("expert")
    member = people.member_of(people.organization())
    assert seen(client, other, addresses(bid)) == [404, 404]
    assert seen(client, member, addresses(bid)) == [404, 404]
    client.logout()
    assert {client.get(url).status_code for url in addresses(bid)} <= {302, 404}


def test_who_reads_the_bid_reads_its_files_there_too(client):
    _challenge, review = scoring(double_blind=True)
    bid = review.item.review_item.bid
    assert seen(client, deciders.staff(), addresses(bid)) == [200, 200]
    assert seen(client, people.member_of(bid.organization), addresses(bid)) == [200, 200]


def test_who_left_the_seat_or_came_into_conflict_reads_them_no_more(client):
    _challenge, review = scoring()
    bid, user = review.item.review_item.bid, review.seat.expert.user
    words = {"panel": review.panel, "expert": review.seat.expert, "item": review.item, "kind": "holding"}
    found = Conflict.objects.create(**words, key="x", state="upheld", origin="person")
    assert seen(client, user, addresses(bid)) == [404, 404]
    Conflict.objects.filter(pk=found.pk).update(state="dismissed")
    assert seen(client, user, addresses(bid)) == [200, 200]
    recuse(review.seat, actor=user, reason="回避")
    assert seen(client, user, addresses(bid)) == [404, 404]


def test_double_blind_review_shows_no_file(client):
    _challenge, review = scoring(double_blind=True)
    bid, user = review.item.review_item.bid, review.seat.expert.user
    assert set(Item.objects.values_list("link", flat=True)) == {""}
    assert seen(client, user, addresses(bid)) == [404, 404]
    assert "reading/" not in client.get(review.get_absolute_url()).content.decode()
