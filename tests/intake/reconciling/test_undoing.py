"""Accepted groups are undone one by one: what they wrote goes, later edits stay and are listed, the rest waits on."""

import pytest

from qunxing.core.errors import Refused
from qunxing.directory.models import Organization
from qunxing.intake import actions
from qunxing.intake.models import Batch, Proposal, StaffRow
from qunxing.intake.reconciling.accepting import Verdict, accept_group, look_again
from qunxing.intake.reconciling.grouping import Group
from qunxing.intake.reconciling.vanishing import Way
from qunxing.ledger.actions import change
from qunxing.ledger.audit import audit_database
from qunxing.registry.models import AIModel, Coverage, Filing, FilingStep, Ownership
from tests import factories as people
from tests.intake.made import DAY, LATER, OWNER, algorithm, algorithms, filed, sheet, take_in
from tests.intake.reconciling.made import OTHER, live_in
from tests.intake.reconciling.made import previewed as preview

pytestmark = pytest.mark.django_db
KINDS = (Organization, Filing, AIModel, Ownership, Coverage, FilingStep)


def stored():
    """All records of the ledgers a list writes, as they stand, but for their revisions."""
    return {
        kind.__name__: sorted(
            tuple(value for name, value in row.items() if name not in {"id", "revision", "created_at", "updated_at"})
            for row in kind.objects.values()
        )
        for kind in KINDS
    }


@pytest.fixture
def clerk():
    return people.user("staff")


@pytest.fixture
def waiting(clerk, settings, tmp_path):
    """A list with something in each group but the last, before which another was taken in."""
    settings.MEDIA_ROOT = tmp_path / "files"
    live_in(people.organization(name=OWNER, address=""), address="云锦路701号")
    people.organization(name="上海戊科技有限公司", address="徐汇区云锦路701号")
    take_in(tmp_path, sheet(filed(1), filed(2), filed(8)), day=DAY)
    rows = [filed(1, title="模型1改"), filed(2), filed(3), filed(4, owner=OTHER), filed(5, owner="上海戊科技有限公司")]
    return preview(sheet(*rows), actor=clerk)


def accepted(batch, group, actor):
    made = accept_group(batch, group, actor=actor, verdict=Verdict(Way.WITHDRAWN, "公告已注销"))
    look_again(batch)
    return made


def counts(batch):
    look_again(batch)
    batch.refresh_from_db()
    return {code: data["count"] for code, data in batch.summary["groups"].items()}


@pytest.mark.parametrize("group", [one for one in Group if one is not Group.CANDIDATES])
def test_group_is_undone_to_how_it_was_and_waits_again(waiting, clerk, group):
    before, standing = stored(), counts(waiting)
    made = accepted(waiting, group, clerk)
    assert stored() != before
    actions.undo_batch(made, actor=clerk, reason="接错了")
    assert (stored(), counts(waiting), audit_database().findings) == (before, standing, ())
    assert accepted(waiting, group, clerk).counts["rows"] == made.counts["rows"]


def test_one_group_is_undone_beside_another(waiting, clerk):
    first = accepted(waiting, Group.OUR_NEW, clerk)
    accepted(waiting, Group.OTHER_NEW, clerk)
    actions.undo_batch(first, actor=clerk, reason="接错了")
    names = Filing.objects.filter(name__in=["模型3", "模型4", "模型5"]).values_list("name", flat=True)
    assert sorted(names) == ["模型4", "模型5"]


def test_new_filing_that_was_edited_since_stays_with_what_it_rests_on(waiting, clerk):
    made = accepted(waiting, Group.OTHER_NEW, clerk)
    change(Filing.objects.get(name="模型4"), actor=clerk, values={"notes": "已电话核实"})
    undone = actions.undo_batch(made, actor=clerk, reason="接错了")
    assert (Filing.objects.filter(name="模型4").count(), Filing.objects.filter(name="模型5").count()) == (1, 0)
    assert Organization.objects.filter(name=OTHER).count() == 1
    kept = {(one["mark"].split(":")[0], tuple(text for _label, text in one["later"])) for one in undone.preview["kept"]}
    assert {("registry.filing", ("已电话核实",)), ("directory.organization", ())} <= kept


def test_changed_filing_keeps_what_was_edited_since(waiting, clerk):
    made = accepted(waiting, Group.CHANGED, clerk)
    filing = Filing.objects.get(name="模型1改")
    change(filing, actor=clerk, values={"name": "模型1再改", "notes": "已核实"})
    with pytest.raises(Refused, match="Nothing of it is left"):
        actions.undo_batch(made, actor=clerk, reason="接错了")
    assert [step.later for step in actions.plan_of(made).steps] == [("name", "notes")]


def test_changed_filing_gets_its_name_back_beside_a_later_note(waiting, clerk):
    made = accepted(waiting, Group.CHANGED, clerk)
    change(Filing.objects.get(name="模型1改"), actor=clerk, values={"notes": "已核实"})
    undone = actions.undo_batch(made, actor=clerk, reason="接错了")
    filing = Filing.objects.get(name="模型1")
    assert (filing.notes, undone.counts["restored"], undone.counts["later"]) == ("已核实", 1, 1)


def test_vanished_filing_is_in_force_again_and_keeps_what_was_edited_since(waiting, clerk):
    made = accepted(waiting, Group.VANISHED, clerk)
    change(Filing.objects.get(name="模型8"), actor=clerk, values={"notes": "已核实"})
    undone = actions.undo_batch(made, actor=clerk, reason="名单有误")
    filing = Filing.objects.get(name="模型8")
    assert (filing.state, filing.notes, FilingStep.objects.count(), undone.counts["later"]) == (
        "granted",
        "已核实",
        0,
        1,
    )


def test_note_on_a_vanished_filing_goes(waiting, clerk):
    made = accept_group(waiting, Group.VANISHED, actor=clerk, verdict=Verdict(Way.NOTE, "待核实"))
    actions.undo_batch(made, actor=clerk, reason="名单有误")
    assert Filing.objects.get(name="模型8").notes == ""


# --- perhaps ours -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["genai-filings", "algorithm-filings"], ids=["our address", "our entity key"])
def test_firms_that_were_added_and_asked_about_go_with_the_question(clerk, settings, tmp_path, code):
    settings.MEDIA_ROOT = tmp_path / "files"
    live_in(people.organization(name=OWNER, entity_key="3101041234567"), address="云锦路701号")
    content = (
        sheet(filed(1, owner=OTHER, region="上海市徐汇区"))
        if code == "genai-filings"
        else algorithms(algorithm(1, owner=OTHER))
    )
    waiting = preview(content, actor=clerk, code=code)
    before = stored()
    made = accepted(waiting, Group.CANDIDATES, clerk)
    assert (Organization.objects.filter(name=OTHER).count(), StaffRow.objects.count()) == (1, 1)
    actions.undo_batch(made, actor=clerk, reason="接错了")
    assert (stored(), StaffRow.objects.count(), Proposal.objects.count()) == (before, 0, 0)
    assert accepted(waiting, Group.CANDIDATES, clerk).counts["for_staff"] == 1


def test_firm_that_was_found_to_live_here_stays(clerk, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    live_in(people.organization(name=OWNER, entity_key="3101041234567"))
    made = accepted(
        preview(algorithms(algorithm(1, owner=OTHER)), actor=clerk, code="algorithm-filings"), Group.CANDIDATES, clerk
    )
    stay = live_in(Organization.objects.get(name=OTHER))
    step = next(one for one in actions.plan_of(made).steps if one.kind is Organization)
    assert (str(step.fate), str(step.why), step.holders) == ("kept", "needed", [(type(stay), stay.pk)])
    with pytest.raises(Refused):
        actions.undo_batch(made, actor=clerk, reason="接错了")


def test_undoing_of_a_group_is_undone(waiting, clerk):
    made = accepted(waiting, Group.OUR_NEW, clerk)
    after = stored()
    undone = actions.undo_batch(made, actor=clerk, reason="接错了")
    actions.undo_batch(undone, actor=clerk, reason="没有错")
    assert (stored(), actions.undone_by(made), Batch.objects.filter(kind=Batch.Kind.UNDO).count()) == (after, None, 2)


def test_whole_list_that_was_undone_can_be_taken_in_again(waiting, clerk, tmp_path):
    content = sheet(filed(1, title="模型1改"), filed(2), filed(8))
    first, _plan = take_in(tmp_path, content, day=LATER)
    actions.undo_batch(first, actor=clerk, reason="导错了")
    assert Filing.objects.filter(name="模型1").exists()
    take_in(tmp_path, content, day=LATER)
    assert Filing.objects.filter(name="模型1改").exists()
    take_in(tmp_path, sheet(filed(1, title="模型1再改"), filed(2), filed(8)), day=LATER)
    assert Filing.objects.filter(name="模型1再改").exists()  # what was said the second time counts
