"""The pages of panels, as staff run one and experts score on it."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qunxing.accounts.models import Kind
from qunxing.panels import actions
from qunxing.panels.models import Conflict, Expert, Panel, RecusalRequest, Review, Seat, Sheet, Stake
from tests import factories as people
from tests.panels import factories

pytestmark = pytest.mark.django_db


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def staff() -> Client:
    return client_of(people.user(Kind.STAFF))


def with_account(expert: Expert) -> Client:
    """Signed in as the expert."""
    user = people.user(Kind.EXPERT)
    expert.user = user
    expert.save()
    return client_of(user)


def at(name: str, *refs: Any) -> str:
    return reverse(f"panels:{name}", args=[getattr(ref, "ref", ref) for ref in refs])


def post(client: Client, name: str, *refs: Any, **data: Any) -> Any:
    return client.post(at(name, *refs), data)


def test_staff_run_a_panel_from_its_pages(staff: Client) -> None:
    factories.experts(9)
    panel = factories.panel(items=2)
    assert post(staff, "panel-move", panel, step="commit").status_code == 302
    assert post(staff, "panel-move", panel, step="draw", reason="彩票 0713").status_code == 302
    panel.refresh_from_db()
    assert (panel.state, panel.word) == ("drawn", "彩票 0713")
    for seat in panel.seats.all():
        assert post(staff, "seat-move", seat, step="accept").status_code == 302
    assert post(staff, "panel-assign", panel).status_code == 302
    assert post(staff, "panel-move", panel, step="open").status_code == 302
    factories.score_all(panel)
    assert post(staff, "panel-move", panel, step="close").status_code == 302
    for tab in ("detail", "conflicts", "assignment", "progress", "standings"):
        assert staff.get(at(f"panel-{tab}", panel)).status_code == 200
    assert staff.get(at("panel-item", panel, panel.items.first())).status_code == 200
    assert staff.get(at("panel-report", panel)).content[:2] == b"PK"


def test_a_panel_that_cannot_be_formed_is_told_in_words(staff: Client) -> None:
    factories.experts(6, outside=False)
    panel = factories.panel(items=1)
    answer = post(staff, "panel-move", panel, step="commit")
    assert answer.status_code == 409
    assert "需要 3 名外部专家" in answer.content.decode()


def test_a_step_out_of_turn_is_refused(staff: Client) -> None:
    panel = factories.panel(items=1)
    assert post(staff, "panel-move", panel, step="draw").status_code == 409
    assert post(staff, "panel-move", panel, step="nonsense").status_code == 409
    assert post(staff, "panel-move", panel, step="dissolve").status_code == 422


# --- the expert's desk ------------------------------------------------------------------------------------------


@pytest.fixture
def scored() -> tuple[Client, Panel, Review]:
    """An expert at the desk with two items, the panel open for scoring."""
    factories.experts(5)
    panel = factories.panel(items=2)
    seats = factories.seated(panel)
    factories.scoring(panel)
    return with_account(seats[0].expert), panel, Review.objects.filter(seat=seats[0]).order_by("item__code")[0]


def marks(**changed: Any) -> dict[str, Any]:
    given = {f"mark_{code}": value for code, value in factories.filled(0.8).marks.items()}
    return given | {"confidence": "4", "note_to_panel": "", "note_to_bidder": "", "abstain_reason": ""} | changed


def test_an_expert_accepts_scores_and_signs(scored: tuple[Client, Panel, Review]) -> None:
    client, panel, review = scored
    assert client.get(at("review-list")).status_code == 200
    assert client.get(review.get_absolute_url()).status_code == 200
    answer = post(client, "review-submit", review, **marks())
    assert answer.headers["Location"] == Review.objects.get(seat=review.seat, state="assigned").get_absolute_url()
    factories.score_all(panel)
    actions.close(panel, actor=None)
    assert post(client, "seat-sign", review.seat, dissent="保留意见").status_code == 302
    assert review.seat.dissent.text == "保留意见"
    assert client.get(at("seat-report", review.seat)).content[:2] == b"PK"


def test_a_draft_is_kept_while_typing(scored: tuple[Client, Panel, Review]) -> None:
    client, _panel, review = scored
    answer = client.post(at("review-save", review), {"mark_team": "12.5"}, headers={"HX-Request": "true"})
    assert "草稿已保存" in answer.content.decode()
    assert Sheet.objects.get().marks == {"team": 12.5}
    page = client.get(review.get_absolute_url()).content.decode()
    assert 'value="12.5"' in page


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"mark_team": "16"}, "16"),
        ({"mark_team": "-1"}, "-1"),
        ({"mark_team": "nan"}, "nan"),
        ({"mark_team": "十五"}, "十五"),
        ({"mark_team": ""}, "团队"),
        ({"mark_nothing": "3"}, "nothing"),
        ({"abstain": "on"}, "为何弃权"),
    ],
    ids=["above", "below", "nan", "words", "missing", "unknown", "abstain-without-reason"],
)
def test_a_wrong_sheet_is_refused_by_name_and_nothing_typed_is_lost(
    scored: tuple[Client, Panel, Review], changed: dict[str, str], word: str
) -> None:
    client, _panel, review = scored
    answer = post(client, "review-submit", review, **marks(note_to_panel="很长的意见", **changed))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert word in page
    assert "很长的意见" in page
    assert Sheet.objects.filter(state="submitted").count() == 0


def test_what_is_handed_in_does_not_change(scored: tuple[Client, Panel, Review]) -> None:
    client, _panel, review = scored
    post(client, "review-submit", review, **marks())
    assert post(client, "review-submit", review, **marks(mark_team="1")).status_code == 409
    assert post(client, "review-save", review, **marks(mark_team="1")).status_code == 409
    assert Sheet.objects.get().marks["team"] == 12


def test_nobody_scores_for_another(scored: tuple[Client, Panel, Review]) -> None:
    _client, _panel, review = scored
    stranger = with_account(factories.expert())
    assert post(stranger, "review-submit", review, **marks()).status_code == 404
    assert post(client_of(people.user(Kind.STAFF)), "review-submit", review, **marks()).status_code == 403


# --- the register -----------------------------------------------------------------------------------------------


def test_an_expert_declares_and_takes_back(staff: Client) -> None:
    expert = factories.expert()
    own = with_account(expert)
    data = {"kind": "holding", "organization_name": "某科技公司", "percent": "3.5"}
    assert post(own, "tie-create", expert, "stakes", **data).status_code == 302
    stake = Stake.objects.get()
    assert (
        post(
            own, "tie-edit", expert, "stakes", stake, **data | {"percent": "4", "revision": stake.revision}
        ).status_code
        == 302
    )
    assert post(own, "tie-remove", expert, "stakes", stake).status_code == 302
    assert not Stake.objects.exists()


@pytest.mark.parametrize(
    "data", [{}, {"organization_name": "甲", "from_day": "2025-01-01", "to_day": "2024-01-01"}, {"percent": "101"}]
)
def test_a_wrong_declaration_is_refused(staff: Client, data: dict[str, str]) -> None:
    answer = post(staff, "tie-create", factories.expert(), "stakes", kind="holding", **data)
    assert answer.status_code == 422


def test_staff_add_an_expert_with_an_account(staff: Client) -> None:
    account = people.user(Kind.EXPERT)
    data = {"name": "王敏", "profession": "legal", "user": account.username, "employer_name": "某大学"}
    assert staff.post(at("expert-create"), data).status_code == 302
    assert Expert.objects.get().user == account
    assert staff.post(at("expert-create"), data | {"user": "nobody"}).status_code == 422


# --- the draw, for everybody ------------------------------------------------------------------------------------


def test_the_draw_can_be_read_by_everybody_and_names_nobody() -> None:
    rows = factories.experts(7, email="a@example.org")
    panel = factories.panel(items=1)
    actions.commit_draw(panel, actor=None, seed="种子")
    before = Client().get(at("panel-proof-file", panel)).content.decode()
    assert "种子" not in before
    actions.draw(panel, actor=None)
    page = Client().get(at("panel-proof", panel)).content.decode()
    told = Client().get(at("panel-proof-file", panel)).json()
    assert "结果一致" in page
    assert len(told["seats"]) == 5
    for row in rows:
        assert row.name not in page + json.dumps(told, ensure_ascii=False)
        assert row.ref not in page + json.dumps(told)


def test_a_planned_panel_has_no_proof() -> None:
    assert Client().get(at("panel-proof", factories.panel())).status_code == 404


# --- recusals ---------------------------------------------------------------------------------------------------


def test_a_bidder_asks_and_is_told_the_decision(staff: Client) -> None:
    firm = people.organization()
    panel = factories.panel()
    parties = [actions.PartySpec(organization=firm)]
    item = actions.add_item(panel, actor=None, code="A1", title="方案", parties=parties)
    expert = factories.expert(name="陈国强")
    bidder = client_of(people.member_of(firm, "editor"))
    data = {"person": "陳國強", "organization": firm.ref, "grounds": "正在诉讼"}
    assert bidder.post(at("request-create", item), data).status_code == 302
    request = RecusalRequest.objects.get()
    assert post(staff, "request-decide", request, step="uphold", reason="属实").status_code == 302
    assert Conflict.objects.get().expert == expert
    assert "属实" in bidder.get(at("request-create", item)).content.decode()
    assert bidder.post(at("request-create", item), data | {"organization": "x"}).status_code == 422


# --- size -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tab", ["detail", "conflicts", "assignment", "progress", "standings"])
def test_pages_ask_as_often_for_many_as_for_few(staff: Client, tab: str) -> None:
    counts = []
    for many in (1, 3):
        factories.experts(6)
        panel = factories.panel(items=many)
        seats = factories.seated(panel)
        factories.scoring(panel)
        factories.score_all(panel)
        actions.close(panel, actor=None)
        for seat in seats[:many]:
            actions.sign(seat, actor=None)
        with CaptureQueriesContext(connection) as caught:
            assert staff.get(at(f"panel-{tab}", panel)).status_code == 200
        counts.append(len(caught))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("name", ["expert-list", "panel-list"])
def test_lists_ask_as_often_for_three_rows_as_for_one(staff: Client, name: str) -> None:
    counts = []
    for many in (1, 2):
        factories.experts(many, employer=people.organization())
        for _each in range(many):
            factories.panel(items=1)
        with CaptureQueriesContext(connection) as caught:
            assert staff.get(at(name)).status_code == 200
        counts.append(len(caught))
    assert counts[0] == counts[1]


def test_the_desk_asks_as_often_for_two_panels_as_for_one() -> None:
    rows = factories.experts(5)
    own = with_account(rows[0])
    counts = []
    for _each in range(2):
        panel = factories.panel(items=2)
        factories.seated(panel)
        factories.scoring(panel)
        with CaptureQueriesContext(connection) as caught:
            assert own.get(at("review-list")).status_code == 200
        counts.append(len(caught))
    assert Seat.objects.filter(expert=rows[0]).count() == 2
    assert counts[0] == counts[1]
