"""A panel from its plan to its signatures."""

import pytest

from qunxing.panels import actions
from qunxing.panels.models import Panel, Review, Sheet
from qunxing.panels.queries import quorum, standings
from qunxing.panels.states import PanelState
from tests.panels import factories

pytestmark = pytest.mark.django_db


def test_panel_runs_from_plan_to_signatures() -> None:
    factories.experts(12)
    panel = factories.panel(items=3)
    seats = factories.seated(panel)
    assert [seat.position for seat in seats] == [1, 2, 3, 4, 5]
    assert len(factories.scoring(panel)) == 15
    factories.score_all(panel)
    assert quorum(panel).met
    actions.close(panel, actor=None)
    assert [row.item.code for row in standings(panel)] == ["A001", "A003", "A002"]
    for seat in seats:
        actions.sign(seat, actor=None)
    assert Panel.objects.get().state == PanelState.SIGNED


def test_replacement_voids_sheets_and_scores_anew() -> None:
    factories.experts(8)
    panel = factories.panel(items=2)
    seats = factories.seated(panel)
    factories.scoring(panel)
    factories.score_all(panel)
    gone = seats[2]
    follower = actions.replace(gone, actor=None, reason="与揭榜方有合作")
    assert set(Sheet.objects.filter(review__seat=gone).values_list("state", flat=True)) == {"void"}
    actions.accept(follower, actor=None)
    made = actions.assign(panel, actor=None)
    assert {review.seat_id for review in made} == {follower.pk}
    factories.score_all(panel)
    actions.close(panel, actor=None)
    assert Review.objects.filter(panel=panel, state="scored").count() == 10
