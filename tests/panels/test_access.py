"""Who sees what: blind towards other scores and towards bidders; closed to bidders; masked for officers."""

from typing import Any

import pytest
from django.test import Client

from qunxing.accounts.models import Kind
from qunxing.panels import actions
from qunxing.panels.models import Expert, Panel, Review, Seat, Sheet
from qunxing.panels.queries.desk import notes_to_bidder
from tests import factories as people
from tests.panels import factories
from tests.panels.test_pages import at, client_of, marks, post, with_account

pytestmark = pytest.mark.django_db

SECRET = "他人意见不可见"
BIDDER = "群星智能科技有限公司"


class Ground:
    """A panel that scores two items of a bidder; two members have accounts, and the second has scored one item."""

    def __init__(self, **terms: Any) -> None:
        self.firm = people.organization(name=BIDDER)
        factories.experts(5, phone="13812345678", email="secret@example.org")
        self.panel: Panel = factories.panel(**terms)
        for code in ("A1", "A2"):
            parties = [actions.PartySpec(organization=self.firm), actions.PartySpec(name="李带头", role="leader")]
            words = {"title": f"方案{code}", "body": [{"heading": "路线", "text": "正文"}], "link": "/whole/of/it/"}
            actions.add_item(self.panel, actor=None, code=code, parties=parties, **words)
        self.seats: list[Seat] = factories.seated(self.panel)
        factories.scoring(self.panel)
        self.one, self.other = (with_account(seat.expert) for seat in self.seats[:2])
        filled = factories.filled(0.51, note_to_panel=SECRET, note_to_bidder="致申报方")
        actions.submit_sheet(self.review(1, "A1"), filled, actor=None)

    def review(self, seat: int, code: str) -> Review:
        found: Review = Review.objects.get(seat=self.seats[seat], item__code=code)
        return found

    def total(self) -> str:
        sheet = Sheet.objects.get(note_to_panel=SECRET)
        return f"{sheet.total:.2f}"


def test_nobody_reads_others_scores_before_all_of_their_own_are_in() -> None:
    ground = Ground()
    first = ground.review(0, "A1").get_absolute_url()
    post(ground.one, "review-submit", ground.review(0, "A1"), **marks())
    page = ground.one.get(first).content.decode()
    assert SECRET not in page
    assert ground.total() not in page
    post(ground.one, "review-submit", ground.review(0, "A2"), **marks())
    page = ground.one.get(first).content.decode()
    assert SECRET in page
    assert ground.seats[1].expert.name not in page


def test_scores_are_told_to_nobody_while_some_still_score() -> None:
    ground = Ground()
    actions.tally(ground.panel, actor=None)
    for kind in (Kind.STAFF, Kind.OFFICER):
        client = client_of(people.user(kind))
        urls = [at(f"panel-{tab}", ground.panel) for tab in ("detail", "progress", "standings", "assignment", "report")]
        for url in [*urls, at("panel-item", ground.panel, ground.panel.items.get(code="A1"))]:
            page = client.get(url).content
            assert SECRET.encode() not in page
            assert ground.total().encode() not in page


def test_a_double_blind_reviewer_does_not_read_who_bids() -> None:
    ground = Ground(double_blind=True)
    pages = [
        ground.one.get(url).content.decode() for url in (at("review-list"), ground.review(0, "A1").get_absolute_url())
    ]
    for word in (BIDDER, "李带头", "/whole/of/it/", "方案A1"):
        assert all(word not in page for page in pages)
    assert "正文" in pages[1]


def test_a_reviewer_who_is_not_blind_reads_who_bids() -> None:
    ground = Ground()
    assert BIDDER in ground.one.get(ground.review(0, "A1").get_absolute_url()).content.decode()


def test_an_expert_sees_no_page_of_the_panel_nor_anothers_work() -> None:
    ground = Ground()
    for url in (
        at("panel-list"), at("panel-detail", ground.panel), at("panel-standings", ground.panel),
        at("panel-report", ground.panel), at("panel-item", ground.panel, ground.panel.items.first()),
        at("expert-list"), at("expert-detail", ground.seats[1].expert), at("review-detail", ground.review(1, "A1")),
        at("seat-report", ground.seats[1]),
    ):  # fmt: skip
        assert ground.one.get(url).status_code in {403, 404}
    assert post(ground.one, "seat-sign", ground.seats[1]).status_code in {403, 404}


def test_a_bidder_learns_nothing_of_the_panel() -> None:
    ground = Ground()
    owner = people.member_of(ground.firm)
    client = client_of(owner)
    item = ground.panel.items.first()
    for url in (
        at("panel-list"), at("panel-detail", ground.panel), at("panel-conflicts", ground.panel),
        at("panel-item", ground.panel, item), at("review-list"), at("expert-list"),
    ):  # fmt: skip
        assert client.get(url).status_code in {403, 404}
    page = client.get(at("request-create", item)).content.decode()
    proof = client.get(at("panel-proof", ground.panel)).content.decode()
    for expert in Expert.objects.all():
        assert expert.name not in page + proof
    for kind in (Expert, Panel, Seat, Review, Sheet):
        assert not kind.objects.visible_to(owner).exists()
    assert notes_to_bidder(item) == ["致申报方"]


def test_personal_data_are_masked_for_officers() -> None:
    expert = factories.expert(name="欧阳明华", phone="13812345678", email="ouyang@example.org")
    officer, staff = client_of(people.user(Kind.OFFICER)), client_of(people.user(Kind.STAFF))
    for url in (at("expert-detail", expert), at("expert-list"), at("expert-list") + "?format=csv"):
        seen = body(officer, url)
        assert "欧***" in seen
        assert [word for word in ("欧阳明华", "13812345678", "ouyang@") if word in seen] == []
    assert "欧***" not in body(officer, at("expert-list") + "?q=欧阳明华")
    assert "欧阳明华" in body(staff, at("expert-detail", expert))


def body(client: Client, url: str) -> str:
    answer = client.get(url)
    raw = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return raw.decode("utf-8-sig")


def test_a_replaced_member_sees_nothing_more() -> None:
    ground = Ground()
    review = ground.review(0, "A1")
    factories.experts(3)
    assert ground.one.get(review.get_absolute_url()).status_code == 200
    actions.recuse(ground.seats[0], actor=None, reason="有合作")
    assert ground.one.get(review.get_absolute_url()).status_code == 404
    assert BIDDER not in ground.one.get(at("review-list")).content.decode()


def test_who_has_come_to_have_a_conflict_keeps_no_score() -> None:
    ground = Ground()
    expert = ground.seats[1].expert
    expert.employer = ground.firm
    expert.save()
    assert post(ground.other, "review-submit", ground.review(1, "A2"), **marks()).status_code == 409
    standing = {row.item.code: row.scores for row in actions.tally(ground.panel, actor=None)}
    assert standing == {"A1": 0, "A2": 0}
    assert Sheet.objects.get(note_to_panel=SECRET).state == "void"
