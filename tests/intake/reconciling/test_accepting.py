"""Accepting one group of a list: what is written, what stays previewed, what is asked of a person."""

import pytest

from qunxing.core.errors import IllegalTransition, Refused
from qunxing.directory.models import Organization, Residency
from qunxing.intake import actions
from qunxing.intake.models import Batch, Proposal, StaffRow
from qunxing.intake.reconciling.accepting import Verdict, accept_group, look_again
from qunxing.intake.reconciling.grouping import Group
from qunxing.intake.reconciling.vanishing import Way
from qunxing.ledger.models import Evidence, Source
from qunxing.registry.models import AIModel, Coverage, Filing, FilingStep, Ownership
from tests import factories as people
from tests.intake.made import DAY, LATER, OWNER, algorithm, algorithms, filed, sheet, take_in, traces
from tests.intake.reconciling import made
from tests.intake.reconciling.made import OTHER, live_in

pytestmark = pytest.mark.django_db
GENAI, ALGORITHM = "genai-filings", "algorithm-filings"


@pytest.fixture
def clerk():
    return people.user("staff")


@pytest.fixture
def previewed(clerk, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"

    def make(content, *, code=GENAI, day=LATER):
        return made.previewed(content, actor=clerk, code=code, day=day)

    return make


def kept_names():
    return sorted(Filing.objects.values_list("name", flat=True))


def test_only_our_firms_rows_are_taken_over_and_the_rest_waits(previewed, clerk):
    live_in(people.organization(name=OWNER))
    batch = previewed(sheet(filed(1), filed(2, owner=OTHER), filed(3, record="?")))
    part = accept_group(batch, Group.OUR_FIRMS, actor=clerk)
    batch.refresh_from_db()
    assert (kept_names(), Organization.objects.filter(name=OTHER).exists()) == (["模型1"], False)
    assert (batch.state, batch.summary["accepted"]) == ("previewed", {"our_firms": [part.ref]})
    assert (part.state, part.counts["rows"], part.counts["added"], part.title) == (
        "applied",
        1,
        1,
        "七月名单 · Our firms on it",
    )
    assert StaffRow.objects.count() == 0
    actions.apply_batch(batch, actor=clerk)
    assert (kept_names(), Source.objects.count(), StaffRow.objects.count()) == (["模型1", "模型2"], 1, 1)
    assert (batch.counts["added"], batch.counts["unchanged"], Evidence.objects.filter(place="list!2").count()) == (
        1,
        1,
        2,
    )


def test_what_was_accepted_is_found_by_source_and_moment(previewed, clerk):
    live_in(people.organization(name=OWNER))
    batch = previewed(sheet(filed(1), filed(2, owner=OTHER)))
    first = accept_group(batch, Group.OUR_NEW, actor=clerk)
    second = accept_group(batch, Group.OTHER_NEW, actor=clerk)
    versions = Filing.history.filter(source=first.source)
    found = {
        part.ref: list(versions.filter(history_date=part.recorded_at).values_list("name", flat=True))
        for part in (first, second)
    }
    assert found == {first.ref: ["模型1"], second.ref: ["模型2"]}
    assert (first.source, first.source.title) == (second.source, "七月名单")


def test_group_takes_what_it_needs_and_no_more(previewed, clerk):
    """Of a model that two rows share, the owner whom only the other row names comes with that row."""
    live_in(people.organization(name=OWNER))
    batch = previewed(
        sheet(
            filed(1, owner=f"{OTHER}、{OWNER}"),
            filed(2, owner=OTHER),
            filed(3, owner=f"{OTHER}、上海丙科技有限公司", title="模型1"),
        )
    )
    accept_group(batch, Group.OUR_NEW, actor=clerk)
    assert (kept_names(), AIModel.objects.count(), Coverage.objects.count(), Ownership.objects.count()) == (
        ["模型1"],
        1,
        1,
        2,
    )
    assert not Organization.objects.filter(name="上海丙科技有限公司").exists()
    actions.apply_batch(batch, actor=clerk)
    assert (len(kept_names()), AIModel.objects.count(), Ownership.objects.count()) == (3, 2, 4)


def test_proposal_on_a_name_comes_with_its_group(previewed, clerk):
    live_in(people.organization(name="上海甲智能科枝有限公司"))
    batch = previewed(sheet(filed(1), filed(2, owner=OTHER)))
    accept_group(batch, Group.OTHER_NEW, actor=clerk)
    assert Proposal.objects.filter(kind="near_name", new_name=OWNER).count() == 1


def test_only_changes_are_taken_over(previewed, clerk, tmp_path):
    take_in(tmp_path, sheet(filed(1), filed(2)), day=DAY)
    batch = previewed(sheet(filed(1, title="模型1改"), filed(2), filed(3)))
    part = accept_group(batch, Group.CHANGED, actor=clerk)
    assert (kept_names(), part.counts["updated"], part.counts["added"]) == (["模型1改", "模型2"], 1, 0)


@pytest.mark.parametrize("group", list(Group))
def test_accepted_group_has_nothing_left(previewed, clerk, tmp_path, group):
    live_in(people.organization(name=OWNER, address=""), address="云锦路701号")
    people.organization(name="上海戊科技有限公司", address="徐汇区云锦路701号")
    take_in(tmp_path, sheet(filed(1), filed(2), filed(8)), day=DAY)
    rows = [filed(1, title="模型1改"), filed(2), filed(3), filed(4, owner=OTHER), filed(5, owner="上海戊科技有限公司")]
    batch, verdict = previewed(sheet(*rows)), Verdict(Way.WITHDRAWN, "公告已注销")
    accept_group(batch, group, actor=clerk, verdict=verdict)
    before, batches = traces(), Batch.objects.count()
    with pytest.raises(Refused, match="nothing in this group any more"):
        accept_group(batch, group, actor=clerk, verdict=verdict)
    assert (traces(), Batch.objects.count()) == (before, batches)


@pytest.mark.parametrize("group", list(Group))
def test_list_that_no_longer_waits_gives_no_group(previewed, clerk, group):
    batch = previewed(sheet(filed(1)))
    Batch.objects.update(state=Batch.State.DROPPED)
    before = traces()
    with pytest.raises((IllegalTransition, Refused)):
        accept_group(batch, group, actor=clerk, verdict=Verdict(reason="撤回"))
    assert (traces(), Batch.objects.count()) == (before, 1)


def test_looking_again_shows_what_is_left(previewed, clerk):
    live_in(people.organization(name=OWNER))
    batch = previewed(sheet(filed(1), filed(2, owner=OTHER)))
    accept_group(batch, Group.OUR_FIRMS, actor=clerk)
    look_again(batch)
    batch.refresh_from_db()
    groups = batch.summary["groups"]
    assert (groups["our_new"]["count"], groups["other_new"]["count"], groups["our_firms"]["count"]) == (0, 1, 1)
    assert (batch.counts["added"], batch.counts["unchanged"], list(batch.summary["accepted"])) == (1, 1, ["our_firms"])


# --- vanished --------------------------------------------------------------------------------------------------------


@pytest.fixture
def gone(previewed, tmp_path):
    """A list that leaves two of five filings out."""
    take_in(tmp_path, sheet(*(filed(number) for number in range(1, 6))), day=DAY)
    return previewed(sheet(*(filed(number) for number in range(1, 4))))


def test_vanished_filings_are_withdrawn_with_step_reason_and_source(gone, clerk):
    part = accept_group(gone, Group.VANISHED, actor=clerk, verdict=Verdict(Way.WITHDRAWN, "公告已注销"))
    withdrawn = Filing.objects.filter(state="withdrawn")
    steps = FilingStep.objects.values_list("filing__name", "state", "day", "note").order_by("pk")
    assert sorted(withdrawn.values_list("name", flat=True)) == ["模型4", "模型5"]
    assert list(steps) == [("模型4", "withdrawn", LATER, "公告已注销"), ("模型5", "withdrawn", LATER, "公告已注销")]
    version = withdrawn.first().history.first()
    assert (version.history_change_reason, version.history_user, version.source, version.history_date) == (
        "公告已注销",
        clerk,
        part.source,
        part.recorded_at,
    )
    assert (part.state, part.counts["updated"]) == ("applied", 2)


def test_vanished_filing_that_a_later_list_names_is_in_force_again(gone, clerk, tmp_path):
    accept_group(gone, Group.VANISHED, actor=clerk, verdict=Verdict(Way.WITHDRAWN, "公告已注销"))
    take_in(tmp_path, sheet(*(filed(number) for number in range(1, 5))), day=LATER.replace(month=8))
    assert list(Filing.objects.filter(state="withdrawn").values_list("name", flat=True)) == ["模型5"]


def test_vanished_filings_are_noted_and_stay_in_force(gone, clerk):
    accept_group(gone, Group.VANISHED, actor=clerk, verdict=Verdict(Way.NOTE, "待核实"))
    filing = Filing.objects.get(name="模型4")
    assert (filing.state, filing.notes) == (
        "granted",
        "Not on the list of 2025-07-01 (七月名单): 待核实",
    )
    assert FilingStep.objects.count() == 0


def test_vanished_filing_can_be_left_as_it_is(gone, clerk):
    leave = frozenset({Filing.objects.get(name="模型4").ref})
    accept_group(gone, Group.VANISHED, actor=clerk, verdict=Verdict(Way.WITHDRAWN, "公告已注销", leave))
    assert list(Filing.objects.filter(state="withdrawn").values_list("name", flat=True)) == ["模型5"]


@pytest.mark.parametrize("reason", ["", "   ", "\x00"], ids=["none", "spaces", "nothing readable"])
def test_nothing_is_taken_for_gone_without_a_reason(gone, clerk, reason):
    before = traces()
    with pytest.raises(Refused, match="needs a reason"):
        accept_group(gone, Group.VANISHED, actor=clerk, verdict=Verdict(Way.WITHDRAWN, reason))
    assert (traces(), Filing.objects.filter(state="withdrawn").count()) == (before, 0)


def test_whole_list_applied_leaves_vanished_filings_alone(gone, clerk):
    actions.apply_batch(gone, actor=clerk)
    assert Filing.objects.filter(state="granted").count() == 5


# --- perhaps ours ----------------------------------------------------------------------------------------------------


def test_firm_that_may_be_ours_is_added_and_its_residency_asked_of_staff(previewed, clerk):
    live_in(people.organization(name=OWNER, entity_key="3101041234567"))
    batch = previewed(algorithms(algorithm(1, owner=OTHER)), code=ALGORITHM)
    part = accept_group(batch, Group.CANDIDATES, actor=clerk)
    row = StaffRow.objects.get()
    assert (Organization.objects.get(name=OTHER).entity_key, Filing.objects.count()) == ("3101041234567", 0)
    assert (Residency.objects.count(), row.batch, row.cells, row.place) == (1, part, {"organization": OTHER}, "list!2")
    assert str(row.reason) == (
        f"“{OTHER}” may belong to the community: It files under the entity key 3101041234567 of {OWNER}. "
        "Find out, and keep its residency where it has one."
    )
    assert Evidence.objects.filter(source=part.source, record_kind="directory.organization").count() == 1
    assert Proposal.objects.filter(kind="same_key", new_name=OTHER).count() == 1


def test_residency_is_asked_once(previewed, clerk):
    live_in(people.organization(name=OWNER, entity_key="3101041234567"))
    for content in (algorithms(algorithm(1, owner=OTHER)), algorithms(algorithm(2, owner=OTHER))):
        accept_group(previewed(content, code=ALGORITHM), Group.CANDIDATES, actor=clerk)
    assert (StaffRow.objects.count(), Organization.objects.filter(name=OTHER).count()) == (1, 1)
