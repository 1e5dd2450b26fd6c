"""What ties experts to items: declared, on the ledgers, by a name in another spelling; within the window; rechecked."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qunxing.core.errors import Refused
from qunxing.directory.models import Contact, Link, OrganizationName
from qunxing.ledger.actions import change, create, remove
from qunxing.panels import actions
from qunxing.panels.models import Conflict, Expert, Job, Kin, Panel, Stake
from qunxing.panels.states import ConflictState
from tests import factories as people
from tests.funds import factories as funds
from tests.panels import factories

pytestmark = pytest.mark.django_db
LEAD = "lead"


def panel_of(firm: Any = None, *, person: str = "", issuer: Any = None, **spec: Any) -> Panel:
    """One item, of this firm or of this name, perhaps led by this person."""
    made = factories.panel()
    if issuer is not None:
        made = actions.create_panel(
            actor=None, title="评审", terms=made.rules, scoring=made.marking, day=factories.DAY,
            issuer_parties=[actions.PartySpec(organization=issuer)],
        )  # fmt: skip
    lead = (
        actions.PartySpec(organization=firm, **spec)
        if firm is not None
        else actions.PartySpec(**{"name": "某公司"} | spec)
    )
    parties = [lead, *([actions.PartySpec(name=person, role="leader")] if person else [])]
    actions.add_item(made, actor=None, code="A1", title="方案", parties=parties)
    return made


def found(panel: Panel) -> list[tuple[str, str]]:
    """(kind, origin) of what stands."""
    return sorted((row.kind, row.origin) for row in actions.check_conflicts(panel))


def tie(model: type[Any], expert: Expert, **values: Any) -> Any:
    return actions.declare(model(expert=expert, **values), actor=None)


def test_a_stranger_has_none() -> None:
    factories.expert(keywords="病灶")
    assert found(panel_of(people.organization())) == []


def test_employer_is_found_by_record_and_by_any_spelling_of_its_name() -> None:
    firm = people.organization(name="上海群星智能科技（集团）有限公司")
    factories.expert(employer=firm)
    factories.expert(employer_name="上海群星智能科技(集團)有限公司")
    factories.expert(employer_name="上海羣星智能科技（集团）有限公司")
    assert found(panel_of(firm)) == [("employment", "declared")] * 3
    assert found(panel_of(name="上海群星智能科技（集团）有限公司")) == [("employment", "declared")] * 3


def test_a_former_name_is_the_same_organisation() -> None:
    firm = people.organization(name="北京智谱华章科技股份有限公司")
    create(OrganizationName(organization=firm, text="北京智谱华章科技有限公司", to_day=date(2025, 1, 1)), actor=None)
    factories.expert(employer_name="北京智谱华章科技有限公司")
    assert found(panel_of(firm)) == [("employment", "declared")]


def test_the_code_decides_not_the_name() -> None:
    firm = people.organization(uscc="91350100M000100Y43")
    factories.expert(employer=firm)
    assert found(panel_of(name="别的写法", uscc="９１３５０１００m000100y43")) == [("employment", "declared")]


@pytest.mark.parametrize(
    ("spelling", "title", "kind"),
    [("張偉明", "董事", "directorship"), ("张 伟明", "执行董事", "directorship"), ("张伟明", "联系人", "employment")],
    ids=["traditional", "spaced", "contact"],
)
def test_a_director_of_the_bidder_is_found_under_another_spelling(spelling: str, title: str, kind: str) -> None:
    firm = people.organization()
    create(Contact(organization=firm, name=spelling, title=title), actor=None)
    factories.expert(name="张伟明")
    assert found(panel_of(firm)) == [(kind, "name")]


def test_a_latin_name_in_full_width_is_the_same_name() -> None:
    firm = people.organization()
    create(Contact(organization=firm, name="ＪＯＨＮ Smith", title="Director"), actor=None)
    factories.expert(name="John Smith")
    assert found(panel_of(firm)) == [("directorship", "name")]


def test_whoever_leads_the_bid_does_not_judge_it() -> None:
    factories.expert(name="李明华")
    assert found(panel_of(person="李明華")) == [("employment", "name")]


@pytest.mark.parametrize(
    ("kind", "expected"), [("holding", "holding"), ("director", "directorship"), ("supervisor", "directorship")]
)
def test_stakes_count_as_what_they_are(kind: str, expected: str) -> None:
    firm = people.organization()
    tie(Stake, factories.expert(), organization=firm, kind=kind)
    assert found(panel_of(firm)) == [(expected, "declared")]


def test_kin_count_by_their_work_and_by_their_name() -> None:
    firm = people.organization()
    create(Contact(organization=firm, name="王小紅", title="副总"), actor=None)
    tie(Kin, factories.expert(), relation="配偶", name="王小红", organization_name="别的公司")
    tie(Kin, factories.expert(), relation="子女", organization=firm)
    assert found(panel_of(firm)) == [("kin", "declared"), ("kin", "name")]


@pytest.mark.parametrize(
    ("until", "counts"),
    [(date(2022, 6, 16), True), (date(2022, 6, 15), False), (None, True)],
    ids=["three-years", "a-day-more", "lasts"],
)
def test_a_tie_counts_for_three_years_after_its_end(until: date | None, counts: bool) -> None:
    firm = people.organization()
    tie(Job, factories.expert(), organization=firm, from_day=date(2015, 1, 1), to_day=until)
    assert bool(found(panel_of(firm))) is counts


def test_a_tie_of_tomorrow_does_not_count_yet() -> None:
    firm = people.organization()
    tie(Job, factories.expert(), organization=firm, from_day=date(2025, 6, 17))
    assert found(panel_of(firm)) == []


def test_membership_is_employment() -> None:
    firm = people.organization()
    factories.expert(user=people.member_of(firm, "viewer"))
    assert found(panel_of(firm)) == [("employment", "directory")]


def test_the_group_counts_through_a_chain_of_control() -> None:
    top, middle, firm = (people.organization() for _each in range(3))
    for upper, lower in ((top, middle), (middle, firm)):
        create(Link(from_organization=upper, to_organization=lower, kind="holds", share=80), actor=None)
    factories.expert(employer=top)
    assert found(panel_of(firm)) == [("group", "directory")]


def test_sister_firms_of_one_entity_code_are_a_group() -> None:
    one, other = (people.organization(entity_key="3101047200001") for _each in range(2))
    factories.expert(employer=one)
    assert found(panel_of(other)) == [("group", "directory")]


def test_a_minority_holding_is_an_investment() -> None:
    holder, firm = people.organization(), people.organization()
    create(Link(from_organization=holder, to_organization=firm, kind="holds", share=10), actor=None)
    factories.expert(employer=holder)
    assert found(panel_of(firm)) == [("investment", "directory")]


def test_the_fund_of_the_employer_invested_in_the_bidder() -> None:
    firm, house = people.organization(), people.organization(roles=("fund_manager",))
    funds.investment(funds.round_of(firm), investor_fund=funds.fund(manager=house), investor=None)
    factories.expert(employer=house)
    assert found(panel_of(firm)) == [("investment", "directory")]


def test_who_bid_together_last_year_is_tied() -> None:
    one, other = people.organization(), people.organization()
    before = factories.panel(day=date(2024, 9, 1))
    parties = [actions.PartySpec(organization=one), actions.PartySpec(organization=other, role="partner")]
    actions.add_item(before, actor=None, code="B1", title="往年方案", parties=parties)
    factories.expert(employer=one)
    assert found(panel_of(other)) == [("joint_bid", "directory")]


def test_a_tie_to_the_issuer_is_one_to_the_whole() -> None:
    issuer = people.organization()
    factories.expert(employer=issuer)
    panel = panel_of(issuer=issuer)
    assert [row.item for row in actions.check_conflicts(panel)] == [None]


# --- kept, judged, looked for again -----------------------------------------------------------------------------


def test_conflicts_are_looked_for_again_when_anything_changes() -> None:
    firm, expert = people.organization(), factories.expert()
    panel = panel_of(firm)
    actions.check_conflicts(panel)
    assert not actions.is_stale(panel)
    declared = tie(Stake, expert, organization=firm)
    assert actions.recheck_all() == 1
    assert Conflict.objects.get().state == ConflictState.FOUND
    remove(declared, actor=None, reason="误填")
    actions.recheck(panel)
    assert Conflict.objects.get().state == ConflictState.LAPSED


@pytest.mark.parametrize("what", ["link", "contact", "employer", "item"])
def test_each_ledger_that_conflicts_hang_on_is_watched(what: str) -> None:
    firm, other, expert = people.organization(), people.organization(), factories.expert(name="张伟明")
    change(expert, actor=None, values={"employer": other})
    panel = panel_of(firm)
    actions.check_conflicts(panel)
    writes = {
        "link": lambda: create(Link(from_organization=other, to_organization=firm, kind="holds"), actor=None),
        "contact": lambda: create(Contact(organization=firm, name="張偉明", title="监事"), actor=None),
        "employer": lambda: change(expert, actor=None, values={"employer": firm}),
        "item": lambda: actions.add_item(
            panel, actor=None, code="A2", title="又一方案", parties=[actions.PartySpec(organization=other)]
        ),
    }
    writes[what]()
    assert actions.recheck(panel)
    assert Conflict.objects.standing().count() == 1


def test_what_was_dismissed_stays_dismissed() -> None:
    firm = people.organization()
    create(Contact(organization=firm, name="张伟明", title="董事"), actor=None)
    factories.expert(name="张伟明")
    panel = panel_of(firm)
    conflict = actions.check_conflicts(panel)[0]
    staff = people.user("staff")
    with pytest.raises(Refused):
        actions.judge_conflict(conflict, "dismiss", actor=staff, reason=" ")
    actions.judge_conflict(conflict, "dismiss", actor=staff, reason="同名不同人，已核身份证号")
    assert actions.check_conflicts(panel) == ()
    assert Conflict.objects.get().reason == "同名不同人，已核身份证号"


def test_a_request_upheld_keeps_who_is_meant_from_the_item() -> None:
    firm = people.organization()
    owner = people.member_of(firm)
    meant = factories.expert(name="陳國強", employer_name="东海大学")
    factories.expert(name="陈国强", employer_name="西山大学")
    panel = panel_of(firm)
    item = panel.items.get()
    words = {"organization": firm, "person": "陈国强", "employer": "東海大學", "grounds": "曾就同一课题诉讼"}
    request = actions.request_recusal(item, actor=owner, **words)
    actions.decide_request(request, "uphold", actor=people.user("staff"), reason="理由成立")
    assert [(row.expert, row.kind) for row in Conflict.objects.standing()] == [(meant, "request")]


def test_nobody_asks_for_a_recusal_at_anothers_item() -> None:
    panel, stranger = panel_of(people.organization()), people.organization()
    with pytest.raises(Refused):
        actions.request_recusal(panel.items.get(), actor=None, organization=stranger, person="陈国强", grounds="无")


def test_queries_do_not_grow_with_experts_and_items() -> None:
    counts = []
    for many in (2, 6):
        for row in factories.experts(many, employer=people.organization()):
            tie(Stake, row, organization=people.organization())
        panel = factories.panel(items=many)
        with CaptureQueriesContext(connection) as caught:
            actions.check_conflicts(panel)
        counts.append(len(caught))
    assert counts[0] == counts[1]
