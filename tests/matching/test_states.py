"""The life of an invitation: every step from every state, what it sets, what it brings about."""

import pytest
from django.core.exceptions import PermissionDenied

from qunxing.core.errors import IllegalTransition, Refused
from qunxing.matching import actions, inviting
from qunxing.matching.models import Invitation, Label
from qunxing.matching.states import LIFE, State
from tests import factories
from tests.matching.factories import DAY, able_firm, invitation, need, shortlist

pytestmark = pytest.mark.django_db
STEPS = [(step.name, state) for step in LIFE for state in State]


@pytest.mark.parametrize(("name", "state"), STEPS)
def test_steps_lead_only_from_their_sources(name: str, state: str) -> None:
    step, row = LIFE.named(name), invitation(need(), able_firm(), state)
    staff = factories.user("staff")
    if state in step.sources:
        inviting.move(row, name, actor=staff, day=DAY, reason="缘由")
        assert row.state == step.target
    else:
        with pytest.raises(IllegalTransition):
            inviting.move(row, name, actor=staff, day=DAY, reason="缘由")


@pytest.mark.parametrize("name", [step.name for step in LIFE if step.needs_reason])
def test_step_without_its_reason_is_refused(name: str) -> None:
    row = invitation(need(), able_firm(), "invited")
    with pytest.raises(Refused):
        inviting.move(row, name, actor=factories.user("staff"), day=DAY, reason=" \x00 ")
    assert Invitation.objects.get().state == "invited"


def test_answer_keeps_its_day_and_words() -> None:
    row = invitation(need(), able_firm())
    inviting.move(row, "accept", actor=factories.user("staff"), day=DAY, reason="愿意")
    assert (row.answered_on, row.interested_on, row.answer) == (DAY, DAY, "愿意")


def test_contract_without_trial_leaves_the_trial_out() -> None:
    row = invitation(need(), able_firm(), "talks", talks_on=DAY, interested_on=DAY)
    inviting.move(row, "sign", actor=factories.user("staff"), day=DAY)
    assert (row.contract_on, row.trial_on) == (DAY, None)


def test_contract_moves_the_scenario_on_and_is_a_label() -> None:
    scenario, firm, staff = need(), able_firm(), factories.user("staff")
    row = invitation(scenario, firm, "talks")
    inviting.move(row, "sign", actor=staff, day=DAY)
    scenario.refresh_from_db()
    label = Label.objects.get()
    assert (scenario.state, label.grade, label.origin, label.organization) == ("in_delivery", 4, "outcome", firm)


def test_trial_matches_the_scenario() -> None:
    scenario = need()
    inviting.move(invitation(scenario, able_firm(), "talks"), "try", actor=factories.user("staff"), day=DAY)
    scenario.refresh_from_db()
    assert scenario.state == "matched"


def test_owner_signs_but_staff_move_the_scenario() -> None:
    scenario = need()
    owner = factories.member_of(scenario.organization, "editor")
    inviting.move(invitation(scenario, able_firm(), "talks"), "sign", actor=owner, day=DAY)
    scenario.refresh_from_db()
    assert scenario.state == "published"


def test_firm_answers_and_does_not_conduct() -> None:
    firm = able_firm()
    row, member = invitation(need(), firm), factories.member_of(firm, "editor")
    inviting.move(row, "accept", actor=member, day=DAY)
    with pytest.raises(PermissionDenied):
        inviting.move(row, "talk", actor=member, day=DAY)


def test_firm_is_invited_once_and_to_open_scenarios_only() -> None:
    firm, scenario, staff = able_firm(), need(), factories.user("staff")
    kept = shortlist(scenario)
    candidate = kept.candidates.get(organization=firm)
    inviting.invite(kept, candidate, actor=staff, day=DAY)
    with pytest.raises(Refused):
        inviting.invite(kept, candidate, actor=staff, day=DAY)
    closed = shortlist(need(state="closed"))
    with pytest.raises(Refused):
        inviting.invite(closed, closed.candidates.get(organization=firm), actor=staff, day=DAY)


def test_judgements_become_labels_and_stay_when_computed_again() -> None:
    firm, scenario, staff = able_firm(), need(), factories.user("staff")
    kept = shortlist(scenario)
    candidate = kept.candidates.get(organization=firm)
    actions.judge(kept, candidate, "accepted", actor=staff, day=DAY, reason="有同类案例")
    actions.judge(kept, candidate, "rejected", actor=staff, day=DAY, reason="排期已满")
    shortlist(scenario)
    assert [(row.verdict, row.reason) for row in scenario.judgements.all()] == [("rejected", "排期已满")]
    assert sorted(Label.objects.values_list("origin", "grade")) == [("accepted", 3), ("rejected", 1)]


def test_order_by_hand_is_kept_beside_the_computed_one_and_carried_over() -> None:
    firms, scenario, staff = [able_firm(), able_firm(), able_firm()], need(), factories.user("staff")
    kept = shortlist(scenario)
    refs = actions.proposed_refs(kept)
    wanted = [refs[2], refs[0], refs[1]]
    saved = actions.order_by_hand(kept, wanted, actor=staff, day=DAY, reason="更了解第三家", expected=kept.revision)
    assert (saved.order, saved.manual.split(), actions.proposed_refs(saved)) == ("manual", wanted, refs)
    assert sorted(Label.objects.values_list("grade", flat=True)) == [2, 2, 3]
    again = shortlist(scenario)
    assert (again.order, again.manual.split(), again.manual_reason) == ("manual", wanted, "更了解第三家")
    assert len(firms) == len(refs)


def test_back_to_the_computed_order_keeps_the_other() -> None:
    able_firm()
    kept, staff = shortlist(need()), factories.user("staff")
    refs = actions.proposed_refs(kept)
    actions.order_by_hand(kept, refs, actor=staff, day=DAY, reason="先这样")
    saved = actions.back_to_computed(kept, actor=staff, reason="再看计算结果")
    assert (saved.order, saved.manual.split()) == ("computed", refs)


@pytest.mark.parametrize("refs", [[], ["0" * 12]])
def test_order_of_others_than_the_candidates_is_refused(refs: list[str]) -> None:
    able_firm()
    kept = shortlist(need())
    with pytest.raises(Refused):
        actions.order_by_hand(kept, refs, actor=factories.user("staff"), day=DAY, reason="缘由")
