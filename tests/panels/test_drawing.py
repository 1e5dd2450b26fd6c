"""The draw of a panel: what is fixed and logged before, who may be drawn, what anybody can check afterwards."""

import json
from copy import deepcopy
from datetime import date
from hashlib import sha256
from typing import Any

import pytest
from django.utils.translation import override

from qunxing.core.errors import Refused
from qunxing.ledger.models import LogEntry
from qunxing.panels import actions
from qunxing.panels.models import Panel, Seat
from qunxing.panels.proof import check_draw, code_of, published
from qunxing.panels.terms import PanelTerms
from tests import factories as people
from tests.panels import factories

pytestmark = pytest.mark.django_db


def entry(kind: str) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(LogEntry.objects.get(kind=kind).body)
    return body


def test_digests_are_logged_before_the_seed_is_told() -> None:
    factories.experts(7)
    panel = factories.panel(items=1)
    actions.commit_draw(panel, actor=None, seed="种子")
    committed = entry("panel.committed")
    assert committed["facts"]["seed_digest"] == sha256("种子".encode()).hexdigest()
    assert "种子" not in "".join(LogEntry.objects.values_list("body", flat=True))
    actions.draw(panel, actor=None)
    assert entry("panel.drawn")["facts"]["seed"] == "种子"
    assert entry("panel.drawn")["index"] > committed["index"]


def test_a_seed_of_its_own_is_made_for_each_panel() -> None:
    factories.experts(7)
    seeds = set()
    for _each in range(2):
        panel = factories.panel(items=1)
        actions.commit_draw(panel, actor=None)
        seeds.add(panel.seed)
    assert len(seeds) == 2
    assert {len(seed) for seed in seeds} == {64}


def test_the_timeline_does_not_tell_the_seed() -> None:
    assert {"seed", "pool"} <= Panel.BOOKKEEPING


@pytest.mark.parametrize("seed", ["一", "二", "三", "四"])
def test_nobody_with_a_conflict_is_drawn(seed: str) -> None:
    firm, issuer = people.organization(), people.organization()
    tied = [*factories.experts(2, employer=firm), *factories.experts(2, employer=issuer)]
    free = factories.experts(5)
    terms = factories.panel().rules
    panel = actions.create_panel(
        actor=None, title="评审", terms=terms, scoring=factories.ScoringTerms(), day=factories.DAY,
        issuer_parties=[actions.PartySpec(organization=issuer)],
    )  # fmt: skip
    actions.add_item(panel, actor=None, code="A1", title="方案", parties=[actions.PartySpec(organization=firm)])
    drawn = {seat.expert_id for seat in factories.drawn(panel, seed)}
    assert drawn == {one.pk for one in free}
    assert drawn.isdisjoint(one.pk for one in tied)


def test_where_not_everybody_reads_everything_a_tie_to_one_item_bars_from_that_alone() -> None:
    firm = people.organization()
    tied = factories.expert(employer=firm)
    factories.experts(4)
    panel = factories.panel(items=2, reviews_per_item=3)
    barred = actions.add_item(
        panel, actor=None, code="Z9", title="方案", parties=[actions.PartySpec(organization=firm)]
    )
    seats = factories.seated(panel)
    factories.scoring(panel)
    own = next(seat for seat in seats if seat.expert_id == tied.pk)
    assert barred.pk not in set(own.reviews.values_list("item_id", flat=True))
    assert barred.reviews.count() == 3


def test_who_came_to_have_a_conflict_after_the_commitment_is_struck_for_all_to_see() -> None:
    rows = factories.experts(7)
    firm = people.organization()
    panel = factories.panel()
    actions.add_item(panel, actor=None, code="A1", title="方案", parties=[actions.PartySpec(organization=firm)])
    actions.commit_draw(panel, actor=None, seed="种子")
    rows[0].employer = firm
    rows[0].save()
    seats = actions.draw(panel, actor=None)
    panel.refresh_from_db()
    assert panel.struck == [code_of(panel, rows[0])]
    assert rows[0].pk not in {seat.expert_id for seat in seats}
    assert check_draw(json.loads(json.dumps(published(panel), default=str))) == []


def test_who_sat_lately_rests() -> None:
    rows = factories.experts(5)
    factories.seated(factories.panel(items=1, day=date(2025, 6, 1)))
    fresh = factories.experts(5)
    drawn = factories.drawn(factories.panel(items=1, rest_days=30))
    assert {seat.expert_id for seat in drawn} == {one.pk for one in fresh}
    assert len(factories.drawn(factories.panel(items=1, rest_days=10))) == 5
    assert len(rows) == 5


@pytest.mark.parametrize("state", ["invited", "suspended", "left"])
def test_only_who_is_qualified_stands_in_the_pool(state: str) -> None:
    factories.experts(5, state=state)
    with pytest.raises(Refused) as refused, override("zh-hans"):
        actions.commit_draw(factories.panel(items=1), actor=None)
    with override("zh-hans"):
        assert "专家组需要 5 名专家，备选名单中有 0 名" in str(refused.value)


def test_specialists_are_of_the_panels_fields() -> None:
    factories.experts(4, fields=("medicine",))
    factories.experts(3, fields=("finance",))
    panel = factories.panel(items=1, fields=("medicine",))
    actions.commit_draw(panel, actor=None)
    assert sum(one["specialist"] for one in panel.pool) == 4


def test_a_word_said_in_public_decides_with_the_seed() -> None:
    factories.experts(30)
    first, second = factories.panel(items=1), factories.panel(items=1)
    orders = []
    for panel, word in ((first, "0713"), (second, "0714")):
        actions.commit_draw(panel, actor=None, seed="种子")
        actions.draw(panel, actor=None, word=word)
        panel.refresh_from_db()
        assert check_draw(json.loads(json.dumps(published(panel), default=str))) == []
        orders.append([seat.expert_id for seat in panel.seats.order_by("position")])
    assert orders[0] != orders[1]


def test_a_commitment_is_taken_back_with_a_reason_and_its_trace_stays() -> None:
    factories.experts(7)
    panel = factories.panel(items=1)
    actions.commit_draw(panel, actor=None)
    with pytest.raises(Refused):
        actions.uncommit(panel, actor=None, reason="")
    actions.uncommit(panel, actor=None, reason="专家名单有误")
    assert (panel.state, panel.seed, panel.pool) == ("planned", "", [])
    assert LogEntry.objects.filter(kind="panel.committed").count() == 1


def tampered(told: dict[str, Any], how: str) -> dict[str, Any]:
    made = deepcopy(told)
    if how == "seed":
        made["seed"] = "另一个"
    elif how == "pool":
        made["pool"].pop()
    elif how == "seats":
        made["seats"][0], made["reserves"][0] = made["reserves"][0], made["seats"][0]
    elif how == "word":
        made["word"] = "0713"
    else:
        made["struck"] = ["0" * 16]
    return made


@pytest.mark.parametrize("how", ["seed", "pool", "seats", "word", "struck"])
def test_a_draw_that_was_tampered_with_does_not_repeat(how: str) -> None:
    factories.experts(9)
    panel = factories.panel(items=1)
    factories.drawn(panel)
    told = json.loads(json.dumps(published(panel), default=str))
    assert check_draw(told) == []
    assert check_draw(tampered(told, how)) != []


@pytest.mark.parametrize("told", [[], {}, {"terms": {}}, {"terms": {"size": 4}}, {"terms": {}, "pool": [1]}])
def test_what_is_no_draw_is_refused(told: Any) -> None:
    with pytest.raises(Refused):
        check_draw(told)


def test_reserves_follow_in_the_order_of_the_draw() -> None:
    factories.experts(9)
    panel = factories.panel(items=1)
    seats = factories.drawn(panel)
    followers = [actions.replace(seat, actor=None, reason="不能参加") for seat in seats[:2]]
    assert [code_of(panel, one.expert) for one in followers] == panel.reserves[:2]
    assert [one.position for one in followers] == [1, 2]
    with pytest.raises(Refused):
        actions.replace(seats[0], actor=None, reason="再换")


def test_a_panel_without_reserves_says_so() -> None:
    factories.experts(5)
    seats = factories.drawn(factories.panel(items=1))
    with pytest.raises(Refused) as refused, override("zh-hans"):
        actions.replace(seats[0], actor=None, reason="不能参加")
    with override("zh-hans"):
        assert "没有候补可以递补" in str(refused.value)
    assert Seat.objects.filter(state="drawn").count() == 5


# --- rules ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        {"size": 4},
        {"size": 3},
        {"size": 7.5},
        {"size": True},
        {"specialists": "3/2"},
        {"outside": "many"},
        {"outside": "1/0"},
        {"reviews_per_item": 7},
        {"rest_days": -1},
        {"double_blind": "yes"},
        {"fields": "medicine"},
        {"colour": "red"},
        [],
    ],
    ids=str,
)
def test_wrong_rules_are_refused_by_name(data: Any) -> None:
    with pytest.raises(Refused):
        PanelTerms.read(data)


@pytest.mark.parametrize(
    "data",
    [
        {"mean": "median"},
        {"decides": "chair"},
        {"quorum": "2"},
        {"close_call": 0.9},
        {"disagreement": "a lot"},
        {"criteria": []},
        {"criteria": [{"code": "a", "zh": "甲", "weight": 60, "top": 60}]},
        {"criteria": [{"code": "a", "zh": "甲", "weight": 50, "top": 10}] * 2},
        {"criteria": [{"code": "a", "zh": "甲", "weight": 100, "top": 0}]},
        {"criteria": [{"code": "a"}]},
        {"criteria": [{"code": "a", "zh": "甲", "weight": 100, "top": 10, "anchors": [{"points": "x"}]}]},
    ],
    ids=str,
)
def test_wrong_rules_of_scoring_are_refused_by_name(data: Any) -> None:
    with pytest.raises(Refused):
        factories.ScoringTerms.read(data)


def test_rules_are_read_back_as_they_were_written() -> None:
    terms, scoring = PanelTerms(size=7, fields=("a",), reviews_per_item=3), factories.ScoringTerms(mean="trimmed")
    assert PanelTerms.read(json.loads(json.dumps(terms.to_json()))) == terms
    assert factories.ScoringTerms.read(json.loads(json.dumps(scoring.to_json()))) == scoring


def test_rules_are_frozen_once_somebody_is_drawn() -> None:
    factories.experts(7)
    panel = factories.panel(items=1)
    actions.change_terms(panel, actor=None, terms=PanelTerms(size=7))
    factories.experts(3)
    factories.seated(panel)
    with pytest.raises(Refused):
        actions.change_terms(panel, actor=None, terms=PanelTerms())
    with pytest.raises(Refused):
        actions.change_terms(panel, actor=None, scoring=factories.ScoringTerms())
