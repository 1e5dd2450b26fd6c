"""A panel that is made by hand: its rules by a form, its items, and who may."""

from typing import Any

import pytest

from qunxing.panels.models import Item, Panel
from qunxing.panels.planforms import PlanForm
from qunxing.panels.terms import PanelTerms, ScoringTerms
from tests import factories as people
from tests.panels import factories

pytestmark = pytest.mark.django_db
URL = "/panels/new/"


def typed(**values: Any) -> dict[str, Any]:
    """The form as it stands when it is opened, with title and day."""
    form = PlanForm(user=people.user("staff"))
    usual = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    kept = {name: "on" if value is True else value for name, value in usual.items() if value not in (None, "")}
    kept = {name: value for name, value in kept.items() if value is not False}
    return {**kept, "title": "临时评审组", "day": "2026-03-02", **values}


def test_panel_by_hand_has_the_usual_rules_and_those_that_were_typed(client: Any) -> None:
    client.force_login(people.user("staff"))
    assert URL in client.get("/panels/").content.decode()
    assert client.get(URL).status_code == 200
    issuer = people.organization()
    answer = client.post(URL, typed(size=7, double_blind="on", mean="trimmed", issuer=issuer.ref))
    panel = Panel.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, panel.get_absolute_url())
    assert panel.rules == PanelTerms(size=7, double_blind=True)
    assert panel.marking == ScoringTerms(mean="trimmed")
    assert (panel.title, panel.day.isoformat(), panel.state) == ("临时评审组", "2026-03-02", "planned")
    assert [row.organization for row in panel.parties.all()] == [issuer]


@pytest.mark.parametrize(
    "values",
    [
        {"size": "4"}, {"size": "6"}, {"size": "x"}, {"size": "0"}, {"specialists": "5/3"}, {"outside": "viel"},
        {"quorum": "1/0"}, {"reviews_per_item": "9"}, {"title": ""}, {"day": "2026-02-30"}, {"decides": "chance"},
        {"issuer": "nobody"}, {"disagreement": "-1"},
    ],
)  # fmt: skip
def test_what_makes_no_panel_is_told_and_what_was_typed_stays(client: Any, values: dict[str, str]) -> None:
    client.force_login(people.user("staff"))
    answer = client.post(URL, typed(**values))
    assert (answer.status_code, Panel.objects.count()) == (422, 0)
    assert "2026-0" in answer.content.decode()


@pytest.mark.parametrize("kind", ["officer", "expert", "visitor", "member"])
def test_staff_alone_make_panels_and_add_items(client: Any, kind: str) -> None:
    panel = factories.panel()
    client.force_login(people.user(kind))
    assert client.post(URL, typed()).status_code == 403
    assert client.post(f"/panels/{panel.ref}/items/new/", {"code": "A1"}).status_code in (403, 404)
    assert (Panel.objects.count(), Item.objects.count()) == (1, 0)


def test_item_by_hand_has_its_parties_and_may_be_drawn_for(client: Any) -> None:
    panel, firm = factories.panel(), people.organization()
    url = f"/panels/{panel.ref}/items/new/"
    client.force_login(people.user("staff"))
    assert url in client.get(panel.get_absolute_url()).content.decode()
    words = {"code": "A1", "title": "方案", "text": "病灶分割", "leader": "王小明"}
    assert client.post(url, words).status_code == 422
    assert client.post(url, words | {"organization": firm.ref}).status_code == 302
    assert client.post(url, words | {"organization": firm.ref}).status_code == 422
    item = Item.objects.get()
    assert [(row.organization, row.name, row.role) for row in item.parties.order_by("pk")] == [
        (firm, "", "lead"),
        (None, "王小明", "leader"),
    ]
    assert (item.text, item.affiliation) == ("病灶分割", firm.name)
    factories.experts(5)
    assert len(factories.drawn(panel)) == 5


def test_no_item_is_added_once_scores_come_in(client: Any) -> None:
    panel = factories.panel(items=1)
    Panel.objects.filter(pk=panel.pk).update(state="scoring")
    client.force_login(people.user("staff"))
    words = {"code": "A9", "title": "方案", "text": "甲", "name": "某公司"}
    assert client.post(f"/panels/{panel.ref}/items/new/", words).status_code == 422
