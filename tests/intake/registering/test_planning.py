"""What a list changes in the ledgers, and what it leaves alone."""

from datetime import date

import pytest

from qunxing.accounts.models import Kind
from qunxing.directory.models import Link, Organization, OrganizationName
from qunxing.intake.models import Proposal
from qunxing.ledger.actions import change, create
from qunxing.ledger.models import Evidence, Source
from qunxing.ledger.queries import evidence_by_field
from qunxing.registry.models import AIModel, Coverage, Filing, FilingStep, Ownership
from qunxing.registry.states import State
from tests import factories as people
from tests.intake.made import (
    DAY,
    LATER,
    OWNER,
    algorithm,
    algorithms,
    filed,
    notes,
    one,
    outcomes,
    plan_of,
    reasons,
    registered,
    registrations,
    sheet,
    take_in,
    traces,
)

pytestmark = pytest.mark.django_db
OTHER = "上海乙智能科技有限公司"
ALGORITHMS = {"code": "algorithm-filings"}


def renamed(old=OWNER, new=OTHER):
    return f"主体名称由“{old}”变更为“{new}”"


def filing_of(**values):
    """A filing as a person keeps it."""
    owner = values.pop("organization", None) or people.organization(name=OWNER)
    words = {"kind": "filed", "name": "模型1", "organization": owner, "number": "Shanghai-MoXing1-20240101"}
    return create(Filing(**{**words, "state": State.GRANTED, **values}), actor=None)


# --- counts ----------------------------------------------------------------------------------------------------------


def test_row_counts_once_and_rows_is_the_sum(tmp_path):
    take_in(tmp_path, sheet(filed(1), filed(2)))
    plan = plan_of(tmp_path, sheet(filed(1), filed(2, title="改名"), filed(3), filed(4, record="?")), day=LATER)
    assert plan.counts == {"rows": 4, "added": 1, "updated": 1, "unchanged": 1, "for_staff": 1}


def test_second_run_changes_nothing_and_writes_nothing(tmp_path):
    content = sheet(filed(1), filed(2), filed(3, record="?"))
    batch, _plan = take_in(tmp_path, content)
    before, left = traces(), batch.staff_rows.count()
    again, plan = take_in(tmp_path, content)
    assert plan.counts == {"rows": 3, "added": 0, "updated": 0, "unchanged": 2, "for_staff": 1}
    assert (traces(), left, again.staff_rows.count(), again.source) == (before, 1, 0, batch.source)
    assert Source.objects.count() == 1


def test_same_rows_in_another_file_are_new_evidence_and_no_change(tmp_path):
    take_in(tmp_path, sheet(filed(1)))
    filing = one(Filing)
    _batch, plan = take_in(tmp_path, b"\xef\xbb\xbf" + sheet(filed(1)), day=LATER)
    filing.refresh_from_db()
    assert (outcomes(plan), filing.revision, filing.history.count()) == (["unchanged"], 1, 1)
    assert Evidence.objects.filter(record_kind="registry.filing", record_id=filing.pk).count() == 2


def test_planning_writes_nothing(tmp_path):
    take_in(tmp_path, sheet(filed(1)))
    before = traces()
    plan_of(tmp_path, sheet(filed(1, title="改名"), filed(2, owner=OTHER)), day=LATER)
    assert (traces(), Filing.objects.count(), Organization.objects.count()) == (before, 1, 1)


# --- what is made ----------------------------------------------------------------------------------------------------


def test_filed_model_comes_with_its_owner_and_what_covers_it(tmp_path):
    batch, _plan = take_in(tmp_path, sheet(filed(1)))
    filing, model, owner = one(Filing), one(AIModel), one(Organization)
    assert (filing.kind, filing.state, filing.authority, filing.region) == ("filed", "granted", "national", "31")
    assert (filing.granted_on, filing.granted_precision) == (date(2024, 1, 1), "day")
    assert (filing.organization, owner.name, owner.roles) == (owner, OWNER, ("firm",))
    assert (one(Coverage).model, one(Coverage).filing) == (model, filing)
    assert (one(Ownership).organization, one(Ownership).role) == (owner, "owner")
    assert batch.source.series == "genai-filings"


def test_registration_is_provincial_and_makes_no_model(tmp_path):
    take_in(tmp_path, registrations(registered(1)))
    assert (one(Filing).kind, one(Filing).authority, AIModel.objects.count()) == ("registered", "provincial", 0)


def test_algorithm_takes_class_region_and_entity_key_from_words_and_number(tmp_path):
    take_in(tmp_path, algorithms(algorithm(1)), **ALGORITHMS)
    filing = one(Filing)
    assert (filing.algorithm_class, filing.region, filing.product) == ("synthesis", "31", "甲助手（APP）")
    assert one(Organization).entity_key == "3101041234567"


def test_every_record_made_names_the_row_it_stands_in(tmp_path):
    batch, _plan = take_in(tmp_path, sheet(filed(1), filed(2, owner=OTHER)))
    places = Evidence.objects.order_by("record_kind", "pk").values_list("record_kind", "place", "source_id")
    assert list(places) == [
        (kind, f"list!{row}", batch.source.pk)
        for kind in ("directory.organization", "registry.aimodel", "registry.filing")
        for row in (2, 3)
    ]


def test_evidence_of_the_filer_agrees_with_the_filing(tmp_path):
    take_in(tmp_path, sheet(filed(1)))
    clerk = people.user(Kind.STAFF)
    fields = evidence_by_field(one(Filing), user=clerk)
    assert [field.name for field in fields if field.disputed] == []
    rows = next(field.rows for field in fields if field.name == "organization")
    assert [(text, agrees) for _evidence, text, agrees in rows] == [(OWNER, True)]


def test_several_filers_in_one_cell_own_the_model_together(tmp_path):
    take_in(tmp_path, sheet(filed(1, owner=f"{OWNER}、{OTHER}")))
    assert list(Ownership.objects.order_by("pk").values_list("organization__name", "role")) == [
        (OWNER, "owner"),
        (OTHER, "co_owner"),
    ]
    assert one(Filing).organization.name == OWNER


def test_second_filing_of_a_model_covers_the_model_that_is_there(tmp_path):
    take_in(tmp_path, sheet(filed(1, title="模型")))
    take_in(tmp_path, sheet(filed(1, title="模型"), filed(2, title="模 型", owner=f"{OWNER}、{OTHER}")), day=LATER)
    assert (AIModel.objects.count(), Coverage.objects.count()) == (1, 2)
    assert set(Ownership.objects.values_list("organization__name", flat=True)) == {OWNER, OTHER}


def test_two_rows_of_one_new_model_make_it_once(tmp_path):
    take_in(tmp_path, sheet(filed(1, title="模型"), filed(2, title="模型"), filed(3, title="模型", owner=OTHER)))
    assert (AIModel.objects.count(), Coverage.objects.count(), Ownership.objects.count()) == (2, 3, 2)


def test_roles_are_told_by_the_name(tmp_path):
    names = ["复旦大学", "之江实验室", "某某（上海）有限公司", "国家超级计算天津中心"]
    take_in(tmp_path, sheet(*(filed(number, owner=name) for number, name in enumerate(names, start=1))))
    assert [one(Organization, name=name).roles for name in names] == [("university",), ("university",), ("firm",), ()]


# --- who filed it ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("written", ["上海 甲智能科技有限公司", "上海甲智能科技有限公司　", "上海甲智能科技有限公司"])
def test_organization_is_found_by_its_folded_name(tmp_path, written):
    known = people.organization(name=OWNER)
    take_in(tmp_path, sheet(filed(1, owner=written)))
    assert (one(Filing).organization, Organization.objects.count()) == (known, 1)


def test_traditional_and_half_width_brackets_are_the_same_name(tmp_path):
    known = people.organization(name="某某（上海）網絡科技有限公司")
    take_in(tmp_path, sheet(filed(1, owner="某某(上海)网络科技有限公司")))
    assert one(Filing).organization == known


def test_organization_is_found_by_its_former_registered_name(tmp_path):
    known = people.organization(name=OTHER)
    create(OrganizationName(organization=known, kind="registered", text=OWNER, to_day=DAY), actor=None)
    take_in(tmp_path, sheet(filed(1)))
    assert one(Filing).organization == known


def test_brand_is_no_registered_name(tmp_path):
    known = people.organization(name=OTHER)
    create(OrganizationName(organization=known, kind="brand", text=OWNER), actor=None)
    take_in(tmp_path, sheet(filed(1)))
    assert one(Filing).organization != known


def test_present_name_wins_over_a_former_one(tmp_path):
    renamed_firm, bearer = people.organization(name=OTHER), people.organization(name=OWNER)
    create(OrganizationName(organization=renamed_firm, kind="registered", text=OWNER, to_day=DAY), actor=None)
    take_in(tmp_path, sheet(filed(1)))
    assert one(Filing).organization == bearer


def test_ambiguous_name_goes_to_staff(tmp_path):
    people.organization(name=OWNER)
    people.organization(name=OWNER)
    _batch, plan = take_in(tmp_path, sheet(filed(1)))
    assert reasons(plan) == [f"Several organisations of the ledger are called “{OWNER}”. Tell which of them filed it."]
    assert Filing.objects.count() == 0


def test_ambiguous_name_is_no_matter_where_the_ledger_knows_who_filed(tmp_path):
    people.organization(name=OWNER)
    filing = filing_of(organization=people.organization(name=OWNER))
    _batch, plan = take_in(tmp_path, sheet(filed(1)))
    assert (outcomes(plan), reasons(plan), one(Filing)) == (["updated"], [], filing)


def test_entity_key_is_learnt_only_where_there_is_none(tmp_path):
    without, other = people.organization(name=OWNER), people.organization(name=OTHER, entity_key="3101049999999")
    take_in(tmp_path, algorithms(algorithm(1), algorithm(2, owner=OTHER)), **ALGORITHMS)
    for organization in (without, other):
        organization.refresh_from_db()
    assert (without.entity_key, other.entity_key) == ("3101041234567", "3101049999999")
    assert without.history.count() == 2
    assert Evidence.objects.get(record_kind="directory.organization").values == {"entity_key": "3101041234567"}


# --- what is there already -------------------------------------------------------------------------------------------


def test_list_fills_what_is_empty(tmp_path):
    filing = filing_of()
    _batch, plan = take_in(tmp_path, sheet(filed(1)))
    filing.refresh_from_db()
    assert outcomes(plan) == ["updated"]
    assert (filing.granted_on, filing.region_text, filing.authority) == (date(2024, 1, 1), "上海市", "national")
    assert filing.history.first().source == one(Source)


def test_list_follows_lists(tmp_path):
    take_in(tmp_path, sheet(filed(1)))
    _batch, plan = take_in(tmp_path, sheet(filed(1, title="新名", day="2024/2/2")), day=LATER)
    filing = one(Filing)
    assert (outcomes(plan), filing.name, filing.granted_on) == (["updated"], "新名", date(2024, 2, 2))
    assert (filing.history.count(), filing.search_key.startswith("新名")) == (2, True)


def test_what_a_person_typed_stays_and_the_list_stands_beside_it(tmp_path):
    filing = filing_of(name="人工填写的名称", region_text="上海")
    _batch, plan = take_in(tmp_path, sheet(filed(1)))
    filing.refresh_from_db()
    assert (filing.name, filing.region_text) == ("人工填写的名称", "上海")
    assert notes(plan) == [
        [
            "Kept as it was typed: name as filed; the list says “模型1”.",
            "Kept as it was typed: region as published (属地); the list says “上海市”.",
        ]
    ]
    clerk = people.user(Kind.STAFF)
    disputed = [field.name for field in evidence_by_field(filing, user=clerk) if field.disputed]
    assert disputed == ["name", "region_text"]


def test_what_a_person_corrected_stays_however_many_lists_come(tmp_path):
    take_in(tmp_path, sheet(filed(1)))
    filing = one(Filing)
    change(filing, actor=people.user(Kind.STAFF), values={"name": "更正后的名称"})
    for number, title in enumerate(("模型1", "又一名称"), start=1):
        take_in(tmp_path, sheet(filed(1, title=title), filed(number + 1)), day=LATER)
    filing.refresh_from_db()
    assert filing.name == "更正后的名称"


def test_what_a_person_emptied_stays_empty(tmp_path):
    take_in(tmp_path, sheet(filed(1)))
    filing = one(Filing)
    change(filing, actor=people.user(Kind.STAFF), values={"region_text": ""})
    take_in(tmp_path, sheet(filed(1), filed(2)), day=LATER)
    filing.refresh_from_db()
    assert filing.region_text == ""


def test_older_list_does_not_undo_a_newer_one(tmp_path):
    take_in(tmp_path, sheet(filed(1, title="新名")), day=LATER)
    _batch, plan = take_in(tmp_path, sheet(filed(1, title="旧名")), day=DAY)
    assert (outcomes(plan), one(Filing).name) == (["unchanged"], "新名")
    assert notes(plan) == [["Kept from a newer list: name as filed; this one says “旧名”."]]


def test_precision_and_remark_go_with_the_day(tmp_path):
    filing = filing_of(granted_on=date(2023, 9, 1))
    take_in(tmp_path, sheet(filed(1, day="2024年1月（补登）")))
    filing.refresh_from_db()
    assert (filing.granted_on, filing.granted_precision, filing.granted_note) == (date(2023, 9, 1), "day", "")
    typed = filing_of(number="Shanghai-MoXing2-20240101", name="模型2", organization=filing.organization)
    take_in(tmp_path, sheet(filed(2, day="2024年1月（补登）")))
    typed.refresh_from_db()
    assert (typed.granted_on, typed.granted_precision, typed.granted_note) == (date(2024, 1, 1), "month", "补登")


def test_remark_on_the_day_goes_when_the_day_changes(tmp_path):
    take_in(tmp_path, sheet(filed(1, day="2024/1/1（补登）")))
    take_in(tmp_path, sheet(filed(1, day="2024/3/3")), day=LATER)
    assert (one(Filing).granted_on, one(Filing).granted_note) == (date(2024, 3, 3), "")


# --- states ----------------------------------------------------------------------------------------------------------


def test_cancelled_row_is_withdrawn_with_a_step(tmp_path):
    take_in(tmp_path, algorithms(algorithm(1)), **ALGORITHMS)
    _batch, plan = take_in(tmp_path, algorithms(algorithm(1, remark="已注销")), day=LATER, **ALGORITHMS)
    filing, step = one(Filing), one(FilingStep)
    assert (outcomes(plan), filing.state, filing.notes) == (["updated"], "withdrawn", "已注销")
    assert (step.state, step.day, step.note) == ("withdrawn", LATER, "已注销")


def test_row_cancelled_from_the_first_is_added_as_withdrawn(tmp_path):
    take_in(tmp_path, algorithms(algorithm(1, remark="已注销")), **ALGORITHMS)
    assert (one(Filing).state, FilingStep.objects.count()) == ("withdrawn", 0)


@pytest.mark.parametrize(("state", "remark"), [(State.CHANGED, ""), (State.REVOKED, "已注销")])
def test_state_that_tells_more_than_the_list_stays(tmp_path, state, remark):
    owner = people.organization(name=OWNER)
    filing = filing_of(kind="algorithm", name="算法1", number=algorithm(1)[5], state=state, organization=owner)
    _batch, plan = take_in(tmp_path, algorithms(algorithm(1, remark=remark)), **ALGORITHMS)
    filing.refresh_from_db()
    assert (filing.state, notes(plan)) == (state, [[]])


def test_withdrawal_by_a_person_stays_when_the_list_still_names_it(tmp_path):
    take_in(tmp_path, algorithms(algorithm(1)), **ALGORITHMS)
    change(one(Filing), actor=people.user(Kind.STAFF), values={"state": State.WITHDRAWN})
    _batch, plan = take_in(tmp_path, algorithms(algorithm(1), algorithm(2)), day=LATER, **ALGORITHMS)
    assert one(Filing, name="算法1").state == "withdrawn"
    assert notes(plan)[0] == ["Kept as it was typed: state; the list says “granted”."]


def test_awaited_filing_is_granted_by_the_list(tmp_path):
    filing = filing_of(number="", state=State.SUBMITTED)
    _batch, plan = take_in(tmp_path, sheet(filed(1)))
    filing.refresh_from_db()
    assert (outcomes(plan), Filing.objects.count()) == (["updated"], 1)
    assert (filing.number, filing.state, filing.shown_to) == ("Shanghai-MoXing1-20240101", "granted", "public")
    assert list(FilingStep.objects.values_list("state", "day")) == [("granted", date(2024, 1, 1))]
    assert plan_of(tmp_path, sheet(filed(1))).counts["unchanged"] == 1


def test_awaited_filing_is_granted_once(tmp_path):
    filing_of(number="", state=State.SUBMITTED)
    _batch, plan = take_in(tmp_path, sheet(filed(1), filed(2, title="模型1")))
    assert outcomes(plan) == ["updated", "added"]


# --- the number stands under another name ----------------------------------------------------------------------------


def test_number_under_another_name_with_the_same_title_is_proposed_as_one(tmp_path):
    take_in(tmp_path, sheet(filed(1)))
    batch, plan = take_in(tmp_path, sheet(filed(1, owner=OTHER)), day=LATER)
    assert (outcomes(plan), Organization.objects.count(), one(Filing).organization.name) == (["unchanged"], 1, OWNER)
    assert notes(plan) == [[f"The ledger has this number under {OWNER}; the list names “{OTHER}”."]]
    proposal = one(Proposal)
    assert (proposal.kind, proposal.old_name, proposal.new_name) == ("same_number", OWNER, OTHER)
    assert (proposal.words, proposal.place, proposal.batch) == ("Shanghai-MoXing1-20240101", "list!2", batch)


def test_number_of_something_else_goes_to_staff(tmp_path):
    take_in(tmp_path, sheet(filed(1)))
    _batch, plan = take_in(tmp_path, sheet(filed(1, owner=OTHER, title="别的模型")), day=LATER)
    said = f"The ledger has this number for “模型1” of {OWNER}. Find out which of the two holds."
    assert (outcomes(plan), reasons(plan), one(Filing).name) == ([], [said], "模型1")


def test_rename_told_by_the_remark_needs_no_second_proposal(tmp_path):
    take_in(tmp_path, algorithms(algorithm(1)), **ALGORITHMS)
    row = algorithm(1, owner=OTHER, title="新算法", remark=renamed())
    _batch, plan = take_in(tmp_path, algorithms(row), day=LATER, **ALGORITHMS)
    assert [(one.kind, one.old, one.new) for one in plan.suggestions] == [("renamed", OWNER, OTHER)]
    assert (outcomes(plan), one(Filing).name) == (["updated"], "新算法")


def test_link_to_the_former_self_is_the_same_filer(tmp_path):
    take_in(tmp_path, sheet(filed(1), filed(2, owner=OTHER)))
    old, new = one(Organization, name=OWNER), one(Organization, name=OTHER)
    create(Link(from_organization=old, to_organization=new, kind=Link.Kind.FORMER), actor=None)
    _batch, plan = take_in(tmp_path, sheet(filed(1, owner=OTHER), filed(2, owner=OTHER)), day=LATER)
    assert (outcomes(plan), notes(plan), plan.suggestions) == (["unchanged", "unchanged"], [[], []], [])


def test_number_of_another_kind_goes_to_staff(tmp_path):
    filing_of(kind="registered")
    _batch, plan = take_in(tmp_path, sheet(filed(1)))
    said = "The ledger has this number as generative AI registration (登记). Find out which it is."
    assert reasons(plan) == [said]


def test_republished_row_is_counted_and_points_to_the_one_that_holds(tmp_path):
    rows = [algorithm(1), algorithm(1, remark=renamed(), owner=OTHER)]
    _batch, plan = take_in(tmp_path, algorithms(*rows), **ALGORITHMS)
    assert (outcomes(plan), Filing.objects.count(), one(Filing).organization.name) == (["unchanged", "added"], 1, OTHER)
    assert notes(plan) == [["Row 3 of the list has the same number and holds."], []]


def test_reasons_and_notes_are_read_in_the_readers_language(tmp_path):
    from django.utils import translation

    filing_of(name="人工填写的名称")
    plan = plan_of(tmp_path, sheet(filed(1)))
    with translation.override("zh-hans"):
        assert notes(plan) == [["保留人工填写的“备案名称”；名单为“模型1”。"]]
