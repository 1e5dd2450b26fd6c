"""What is proposed about names, and what a yes does."""

import pytest

from qunxing.accounts.models import Kind
from qunxing.core.errors import IllegalTransition, Refused
from qunxing.directory.models import Link, Organization, OrganizationName
from qunxing.intake.actions import accept_proposal, dismiss_proposal
from qunxing.intake.models import Proposal
from qunxing.ledger.actions import create
from tests import factories as people
from tests.intake.made import DAY, LATER, OWNER, algorithm, algorithms, filed, one, plan_of, sheet, take_in

pytestmark = pytest.mark.django_db
OTHER = "上海乙智能科技有限公司"
ALGORITHMS = {"code": "algorithm-filings"}
REMARK = f"主体名称由“{OWNER}”变更为“{OTHER}”"


@pytest.fixture
def clerk():
    return people.user(Kind.STAFF)


def proposed(tmp_path, *rows, **words):
    take_in(tmp_path, algorithms(*rows), **ALGORITHMS, **words)
    return one(Proposal)


def names_of(organization):
    return list(organization.names.order_by("pk").values_list("text", "from_day", "to_day"))


def test_rename_in_the_remark_is_proposed_and_not_carried_out(tmp_path):
    people.organization(name=OWNER)
    proposal = proposed(tmp_path, algorithm(1, owner=OTHER, remark=REMARK))
    assert (proposal.kind, proposal.old_name, proposal.new_name, proposal.state) == ("renamed", OWNER, OTHER, "open")
    assert (proposal.words, proposal.place) == (REMARK, "list!2")
    assert set(Organization.objects.values_list("name", flat=True)) == {OWNER, OTHER}


def test_accepted_where_the_old_name_alone_is_kept_it_is_renamed(tmp_path, clerk):
    known = people.organization(name=OWNER)
    proposal = proposed(tmp_path, algorithm(1, remark=REMARK))
    assert accept_proposal(proposal, actor=clerk) == f"Renamed to {OTHER}."
    known.refresh_from_db()
    proposal.refresh_from_db()
    assert (known.name, names_of(known)[-1], proposal.state) == (OTHER, (OTHER, DAY, None), "accepted")
    assert (known.history.first().source, proposal.settled_by) == (proposal.batch.source, clerk)


def test_accepted_where_the_new_name_alone_is_kept_it_gets_a_former_name(tmp_path, clerk):
    proposal = proposed(tmp_path, algorithm(1, owner=OTHER, remark=REMARK))
    assert accept_proposal(proposal, actor=clerk) == f"{OWNER} is kept as a former name."
    assert [name for name, _from, _to in names_of(one(Organization))] == [OWNER]
    take_in(tmp_path, algorithms(algorithm(2)), day=LATER, **ALGORITHMS)
    assert Organization.objects.count() == 1


def test_accepted_where_both_are_kept_they_are_linked_and_both_stay(tmp_path, clerk):
    old, new = people.organization(name=OWNER), people.organization(name=OTHER)
    proposal = proposed(tmp_path, algorithm(1, remark=REMARK))
    assert accept_proposal(proposal, actor=clerk) == f"{OWNER} is linked as the former self of {OTHER}."
    assert (one(Link).from_organization, one(Link).to_organization, one(Link).kind) == (old, new, "former")
    assert Organization.objects.count() == 2


def test_accepted_where_one_organization_bears_both_names_nothing_is_written(tmp_path, clerk):
    people.organization(name=OWNER)
    proposal = proposed(tmp_path, algorithm(1, remark=REMARK))
    known = one(Organization)
    create(OrganizationName(organization=known, kind="registered", text=OTHER), actor=None)
    assert accept_proposal(proposal, actor=clerk) == f"{OWNER} bears both names already."
    assert Link.objects.count() == 0


def test_accepted_too_late_it_stays_open(tmp_path, clerk):
    proposal = proposed(tmp_path, algorithm(1, remark=REMARK))
    Organization.objects.update(name="丙", name_key="丙")
    with pytest.raises(Refused, match="Neither of the two"):
        accept_proposal(proposal, actor=clerk)
    assert one(Proposal).state == "open"


def test_accepted_while_a_name_is_ambiguous_it_stays_open(tmp_path, clerk):
    people.organization(name=OWNER)
    proposal = proposed(tmp_path, algorithm(1, remark=REMARK))
    people.organization(name=OWNER)
    with pytest.raises(Refused, match="Several organisations are called"):
        accept_proposal(proposal, actor=clerk)
    assert one(Proposal).state == "open"


def test_settled_proposal_cannot_be_settled_again(tmp_path, clerk):
    people.organization(name=OWNER)
    proposal = proposed(tmp_path, algorithm(1, remark=REMARK))
    dismiss_proposal(proposal, actor=clerk)
    for settle in (accept_proposal, dismiss_proposal):
        with pytest.raises(IllegalTransition):
            settle(proposal, actor=clerk)
    assert one(Organization, name=OWNER).names.count() == 0


@pytest.mark.parametrize("answer", [accept_proposal, dismiss_proposal, None])
def test_pair_is_proposed_once_whatever_became_of_it(tmp_path, clerk, answer):
    people.organization(name=OWNER)
    proposal = proposed(tmp_path, algorithm(1, remark=REMARK))
    if answer:
        answer(proposal, actor=clerk)
    plan = plan_of(tmp_path, algorithms(algorithm(1, remark=REMARK), algorithm(2, remark=REMARK)), **ALGORITHMS)
    assert plan.suggestions == []


def test_rename_the_directory_knows_is_not_proposed(tmp_path):
    known = people.organization(name=OTHER)
    create(OrganizationName(organization=known, kind="registered", text=OWNER, to_day=DAY), actor=None)
    assert plan_of(tmp_path, algorithms(algorithm(1, remark=REMARK)), **ALGORITHMS).suggestions == []


def test_shared_entity_key_is_proposed(tmp_path):
    people.organization(name=OWNER, entity_key="3101041234567")
    proposal = proposed(tmp_path, algorithm(1, owner=OTHER))
    assert (proposal.kind, proposal.old_name, proposal.new_name) == ("same_key", OWNER, OTHER)
    assert proposal.words == "3101041234567"


def test_near_name_is_proposed_and_both_are_kept(tmp_path):
    people.organization(name="北京智谱华章科技有限公司")
    take_in(tmp_path, sheet(filed(1, owner="北京智谱华章科技股份有限公司")))
    assert (one(Proposal).kind, Organization.objects.count()) == ("near_name", 2)


def test_second_answer_of_a_chain_on_the_same_day_is_refused_and_stays_open(tmp_path, clerk):
    third = "上海丙智能科技有限公司"
    people.organization(name=OWNER)
    remark = f"{REMARK}；主体名称由“{OTHER}”变更为“{third}”"
    take_in(tmp_path, algorithms(algorithm(1, remark=remark)), **ALGORITHMS)
    first, second = Proposal.objects.order_by("pk")
    accept_proposal(first, actor=clerk)
    with pytest.raises(Refused, match="choose a later day"):
        accept_proposal(second, actor=clerk)
    second.refresh_from_db()
    assert second.state == "open"
