"""Another draw once the reserves have run out: fixed and logged beforehand, with a reason, repeatable by anybody."""

import json
from hashlib import sha256
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from qunxing.core.errors import Refused
from qunxing.ledger.audit import audit_database
from qunxing.ledger.canonical import canonical
from qunxing.ledger.models import LogEntry
from qunxing.panels import actions
from qunxing.panels.models import Panel, Seat
from qunxing.panels.proof import check_draw, code_of, published
from tests import factories as people
from tests.panels import factories

pytestmark = pytest.mark.django_db
WHY = "候补用尽"


@pytest.fixture
def panel() -> Panel:
    """Drawn from just as many as sit, so that nobody stands by; five more are in the register since."""
    factories.experts(5)
    made = factories.panel(items=1)
    factories.seated(made)
    return made


def told(panel: Panel) -> Any:
    return json.loads(canonical(published(panel)))


def redrawn(panel: Panel, seed: str = "第二颗种子") -> Panel:
    actions.commit_more(panel, actor=None, reason=WHY, seed=seed)
    return actions.draw_more(panel, actor=None, word="3021.55")


def test_who_follows_comes_from_the_second_draw(panel: Panel) -> None:
    seat = Seat.objects.filter(panel=panel).first()
    assert seat is not None
    with pytest.raises(Refused):
        actions.replace(seat, actor=None, reason=WHY)
    later = {code_of(panel, one): one for one in factories.experts(5)}
    redrawn(panel)
    order = sorted(later, key=lambda code: sha256(f"第二颗种子:3021.55:{code}".encode()).hexdigest())
    assert panel.further[0]["reserves"] == order
    made = actions.replace(Seat.objects.get(pk=seat.pk), actor=None, reason=WHY)
    assert (made.expert, made.position) == (later[order[0]], seat.position)
    assert (check_draw(told(panel)), audit_database().findings) == ([], ())


def test_digests_and_reason_are_logged_before_the_seed_is_told(panel: Panel) -> None:
    factories.experts(5)
    actions.commit_more(panel, actor=None, reason=WHY, seed="第二颗种子")
    facts = json.loads(LogEntry.objects.get(kind="panel.committed_again").body)["facts"]
    assert (facts["seed_digest"], facts["reason"]) == (sha256("第二颗种子".encode()).hexdigest(), WHY)
    assert "第二颗种子" not in "".join(LogEntry.objects.values_list("body", flat=True)) + json.dumps(told(panel))
    assert "further" in Panel.BOOKKEEPING
    actions.draw_more(panel, actor=None)
    assert json.loads(LogEntry.objects.get(kind="panel.drawn_again").body)["facts"]["seed"] == "第二颗种子"


def test_it_takes_a_reason_the_permission_and_no_reserve_left(panel: Panel) -> None:
    factories.experts(5)
    for actor in (people.user("officer"), people.user("expert")):
        with pytest.raises(PermissionDenied):
            actions.commit_more(panel, actor=actor, reason=WHY)
    with pytest.raises(Refused):
        actions.commit_more(panel, actor=None, reason=" ")
    with pytest.raises(Refused):
        actions.draw_more(panel, actor=None)
    actions.commit_more(panel, actor=None, reason=WHY)
    with pytest.raises(Refused):
        actions.commit_more(panel, actor=None, reason=WHY)
    actions.draw_more(panel, actor=None)
    with pytest.raises(Refused):
        actions.commit_more(panel, actor=None, reason=WHY)
    with pytest.raises(Refused):
        actions.draw_more(panel, actor=None)


def test_where_nobody_is_left_it_is_refused_in_words(panel: Panel) -> None:
    with pytest.raises(Refused):
        actions.commit_more(panel, actor=None, reason=WHY)
    assert Panel.objects.get(pk=panel.pk).further == []


def test_who_sat_or_came_into_conflict_is_not_drawn(panel: Panel) -> None:
    firm = people.organization()
    free, tied = factories.experts(2), factories.expert(employer=firm)
    gone = Seat.objects.filter(panel=panel).select_related("expert").first()
    assert gone is not None
    actions.commit_more(panel, actor=None, reason=WHY)
    actions.recuse(gone, actor=None, reason=WHY)
    actions.add_item(panel, actor=None, code="Z9", title="方案", parties=[actions.PartySpec(organization=firm)])
    actions.draw_more(panel, actor=None)
    assert panel.further[0]["struck"] == [code_of(panel, tied)]
    assert sorted(panel.further[0]["reserves"]) == sorted(code_of(panel, one) for one in free)


@pytest.mark.parametrize(
    ("part", "value"),
    [("pool_digest", "0"), ("seed_digest", "0"), ("seed", "另一颗"), ("reserves", []), ("struck", ["x"])],
)
def test_a_forged_second_draw_is_named(panel: Panel, part: str, value: Any) -> None:
    factories.experts(3)
    forged = told(redrawn(panel))
    forged["further"][0][part] = value
    assert check_draw(forged) != []


def test_what_is_no_second_draw_is_refused(panel: Panel) -> None:
    factories.experts(3)
    forged = told(redrawn(panel))
    for value in ("x", [1], [{"reserves": []}]):
        with pytest.raises(Refused):
            check_draw(forged | {"further": value})


def test_staff_draw_again_by_the_page(panel: Panel, client: Any) -> None:
    factories.experts(3)
    url = f"/panels/{panel.ref}/"
    client.force_login(people.user("staff"))
    assert "commit_more" in client.get(url).content.decode()
    assert client.post(f"{url}move/", {"step": "commit_more"}).status_code == 422
    assert client.post(f"{url}move/", {"step": "commit_more", "reason": WHY}).status_code == 302
    page = client.get(url).content.decode()
    panel.refresh_from_db()
    assert ["draw_more" in page, panel.further[0]["seed"] in page] == [True, False]
    assert client.post(f"{url}move/", {"step": "draw_more", "reason": "3021.55"}).status_code == 302
    page, proof = client.get(url).content.decode(), client.get(f"{url}proof/").content.decode()
    assert [panel.further[0]["seed"] in text for text in (page, proof)] == [True, True]
    assert "commit_more" not in page
    client.force_login(people.user("officer"))
    assert client.post(f"{url}move/", {"step": "commit_more", "reason": WHY}).status_code == 403
