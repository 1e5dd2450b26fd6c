"""The life of an offer: every step from every state, made from the table itself."""

from typing import Any

import pytest
from django.urls import reverse

from qunxing.accounts.models import Kind
from qunxing.core.errors import IllegalTransition, Refused
from qunxing.ledger.models import LogEntry
from qunxing.resources import actions
from qunxing.resources.models import Offer
from qunxing.resources.rules import Permission
from qunxing.resources.states import OFFER, TONES, State
from tests import factories as people
from tests.resources import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", State.values)
@pytest.mark.parametrize("step", [step.name for step in OFFER])
def test_step_leads_on_or_is_refused(step: str, state: str) -> None:
    offer, staff = factories.offer(state=state), people.user("staff")
    if state in OFFER.named(step).sources:
        actions.move(offer, step, actor=staff, reason="调整")
        assert Offer.objects.get().state == OFFER.named(step).target
    else:
        with pytest.raises(IllegalTransition):
            actions.move(offer, step, actor=staff, reason="调整")
        assert Offer.objects.get().state == state


def test_every_state_can_be_left_and_has_a_tone() -> None:
    assert all(OFFER.leaving(state) for state in State.values)
    assert set(TONES) == set(State)
    assert {step.permission for step in OFFER} <= {str(permission) for permission in Permission}


@pytest.mark.parametrize("step", [step for step in OFFER if step.needs_reason], ids=lambda step: step.name)
def test_step_that_needs_a_reason_is_refused_without_one(step: Any) -> None:
    state = next(iter(step.sources))
    offer = factories.offer(state=state)
    with pytest.raises(Refused):
        actions.move(offer, step.name, actor=people.user("staff"), reason="  ")
    assert Offer.objects.get().state == state


def test_step_is_a_version_and_an_entry_of_the_log(client: Any) -> None:
    offer = factories.offer()
    client.force_login(people.user("staff"))
    url = reverse("resources:offer-move", args=[offer.ref])
    assert client.post(url, {"step": "close", "reason": "合同到期"}).status_code == 302
    latest = offer.history.latest("history_id")
    assert (latest.state, latest.history_change_reason) == ("closed", "合同到期")
    assert LogEntry.objects.filter(subject_ref=offer.ref).count() == 2


@pytest.mark.parametrize(("step", "status"), [("resume", 409), ("dance", 409), ("", 409), ("close", 422)])
def test_impossible_step_is_answered_in_words(client: Any, step: str, status: int) -> None:
    offer = factories.offer()
    client.force_login(people.user("staff"))
    assert client.post(reverse("resources:offer-move", args=[offer.ref]), {"step": step}).status_code == status


def test_page_offers_the_possible_steps_to_those_who_may(client: Any) -> None:
    offer = factories.offer(state="paused")
    client.force_login(people.member_of(offer.provider, "editor"))
    assert [step.name for step in client.get(offer.get_absolute_url()).context["transitions"]] == ["resume", "close"]
    client.force_login(people.user(Kind.OFFICER))
    assert client.get(offer.get_absolute_url()).context["transitions"] == []
