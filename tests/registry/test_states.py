"""The life of a filing: every step from every state, made from the table itself."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from qunxing.core.errors import IllegalTransition, Refused
from qunxing.ledger.models import LogEntry
from qunxing.registry import actions
from qunxing.registry.models import Filing
from qunxing.registry.rules import Permission
from qunxing.registry.states import IN_FORCE, MACHINE, PENDING, PUBLISHED, TONES, UNGRANTED, State
from tests import factories as people
from tests.registry import factories

pytestmark = pytest.mark.django_db
DAY = date(2024, 3, 1)


def step_url(filing: Filing, name: str) -> str:
    return reverse("registry:filing-step", args=[filing.ref, name])


@pytest.mark.parametrize("state", State.values)
@pytest.mark.parametrize("step", [step.name for step in MACHINE])
def test_step_leads_on_or_is_refused(step: str, state: str) -> None:
    filing, staff = factories.filing(state), people.user("staff")
    words = {"actor": staff, "day": DAY, "reason": "说明", "values": {"number": factories.number(99)}}
    if state in MACHINE.named(step).sources:
        actions.move(filing, step, **words)
        assert Filing.objects.get().state == MACHINE.named(step).target
        assert list(filing.steps.values_list("state", "day")) == [(MACHINE.named(step).target, DAY)]
    else:
        with pytest.raises(IllegalTransition):
            actions.move(filing, step, **words)
        assert (Filing.objects.get().state, filing.steps.count()) == (state, 0)


def test_every_state_can_be_left_and_has_a_tone() -> None:
    assert all(MACHINE.leaving(state) for state in State.values)
    assert set(TONES) == set(State)
    assert {*PUBLISHED, *UNGRANTED} == set(State)
    assert {*PUBLISHED} & {*UNGRANTED} == set()
    assert {step.permission for step in MACHINE} <= {str(permission) for permission in Permission}


def test_no_published_filing_becomes_unpublished() -> None:
    assert [step.name for step in MACHINE if step.sources & {*PUBLISHED} and step.target not in PUBLISHED] == []


@pytest.mark.parametrize("step", [step for step in MACHINE if step.needs_reason], ids=lambda step: step.name)
def test_step_that_needs_a_reason_is_refused_without_one(step: Any) -> None:
    state = min(step.sources)
    filing = factories.filing(state)
    with pytest.raises(Refused):
        actions.move(filing, step.name, actor=people.user("staff"), day=DAY, reason="  ")
    assert Filing.objects.get().state == state


@pytest.mark.parametrize("state", PENDING)
def test_grant_sets_number_and_day(state: str, client: Any) -> None:
    filing = factories.filing(state)
    client.force_login(people.user("staff"))
    typed = {"day": "2024-03-01", "number": "Ｓhanghai－CeShi-20240301", "authority": "provincial"}
    assert client.post(step_url(filing, "grant"), typed).status_code == 302
    stored = Filing.objects.get()
    assert (stored.state, stored.granted_on, stored.authority) == ("granted", DAY, "provincial")
    assert (stored.number_key, stored.shown_to) == ("SHANGHAI-CESHI-20240301", "public")


def test_grant_without_a_number_is_refused() -> None:
    filing = factories.filing("submitted")
    with pytest.raises(Refused):
        actions.move(filing, "grant", actor=people.user("staff"), day=DAY)


def test_registration_is_submitted_only_with_the_model_it_calls() -> None:
    filing = factories.filing("preparing", kind="registered")
    with pytest.raises(Refused):
        actions.move(filing, "submit", actor=people.user("staff"), day=DAY)
    Filing.objects.filter(pk=filing.pk).update(relies_on=factories.filing())
    actions.move(Filing.objects.get(pk=filing.pk), "submit", actor=people.user("staff"), day=DAY)
    assert Filing.objects.get(pk=filing.pk).state == "submitted"


def test_recorded_change_settles_what_was_to_be_reported() -> None:
    filing = factories.filing(altered_on=DAY)
    actions.move(filing, "change", actor=people.user("staff"), day=DAY, reason="变更产品")
    assert Filing.objects.get().altered_on is None


def test_step_is_a_version_and_entries_of_the_log(client: Any) -> None:
    filing, source = factories.filing(), people.source()
    client.force_login(people.user("staff"))
    typed = {"day": "2024-03-01", "reason": "违规", "note": "公告第3号", "source": source.ref, "place": "第3行"}
    assert client.post(step_url(filing, "revoke"), typed).status_code == 302
    latest, step = filing.history.latest("history_id"), filing.steps.get()
    assert (latest.state, latest.history_change_reason, latest.source) == ("revoked", "违规", source)
    assert (step.day, step.note) == (DAY, "公告第3号")
    assert LogEntry.objects.filter(subject_ref=filing.ref).count() == 2
    assert LogEntry.objects.filter(subject_ref=step.ref).count() == 1


@pytest.mark.parametrize(("name", "status"), [("submit", 409), ("dance", 404), ("revoke", 422)])
def test_impossible_step_is_answered_in_words(client: Any, name: str, status: int) -> None:
    filing = factories.filing()
    client.force_login(people.user("staff"))
    assert client.post(step_url(filing, name), {"day": "2024-03-01"}).status_code == status


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({"day": "2023-02-30"}, ["day"]),
        ({"day": "2999-01-01"}, ["day"]),
        ({"day": ""}, ["day"]),
        ({"number": "网信算备"}, ["number"]),
        ({"number": "x" * 5000}, ["number"]),
        ({"number": ""}, ["number"]),
    ],
)
def test_wrong_word_of_a_step_is_named_and_nothing_typed_is_lost(
    client: Any, typed: dict[str, str], fields: list[str]
) -> None:
    filing = factories.filing("submitted")
    client.force_login(people.user("staff"))
    whole = {"day": "2024-03-01", "number": factories.number(7), "note": "写了很久"} | typed
    answer = client.post(step_url(filing, "grant"), whole)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, fields)
    assert "写了很久" in answer.content.decode()
    assert Filing.objects.get().state == "submitted"


def test_number_of_another_filing_is_refused(client: Any) -> None:
    other, filing = factories.filing(), factories.filing("submitted")
    client.force_login(people.user("staff"))
    answer = client.post(step_url(filing, "grant"), {"day": "2024-03-01", "number": other.number.lower()})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["number"])


def test_number_written_by_somebody_else_meanwhile_is_refused() -> None:
    other, filing = factories.filing(), factories.filing("submitted")
    with pytest.raises(Refused):
        actions.move(filing, "grant", actor=people.user("staff"), day=DAY, values={"number": other.number})
    assert (Filing.objects.get(pk=filing.pk).state, filing.steps.count()) == ("submitted", 0)


def test_page_offers_the_possible_steps_to_those_who_may(client: Any) -> None:
    filing = factories.filing("submitted")
    client.force_login(people.member_of(filing.organization, "editor"))
    assert [step.name for step in client.get(filing.get_absolute_url()).context["transitions"]] == ["ask"]
    client.force_login(people.user("staff"))
    offered = [step.name for step in client.get(filing.get_absolute_url()).context["transitions"]]
    assert offered == ["ask", "grant", "reject"]
    client.force_login(people.user("officer"))
    assert client.get(filing.get_absolute_url()).context["transitions"] == []


def test_states_in_force_are_published() -> None:
    assert {*IN_FORCE} < {*PUBLISHED}
