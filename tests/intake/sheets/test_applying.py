"""What applying a sheet writes, and that it writes all of it or nothing."""

import pytest

from qunxing.core.errors import Problem, Refused
from qunxing.directory.models import Organization
from qunxing.intake.jobs import start_job
from qunxing.intake.models import Batch
from qunxing.intake.sheets import actions, writing
from qunxing.intake.sheets.headings import from_json, settle
from qunxing.intake.sheets.preview import spec_of
from qunxing.ledger.actions import change
from qunxing.ledger.audit import audit_database
from qunxing.ledger.jobs import Cancelled, Progress, run_job
from qunxing.ledger.models import Evidence, Job, LogEntry, Source
from tests import factories as people
from tests.intake.sheets.made import applied, outcomes, previewed, told, uploaded, uscc

pytestmark = pytest.mark.django_db
FIRM = "上海甲智能科技有限公司"
HEADINGS = ["企业名称", "简称", "注册资本（万元）", "成立日期"]


def test_sheet_becomes_records_with_versions_evidence_and_log():
    rows = [HEADINGS, ["上海甲智能科技有限公司", "甲智能", 100, "2023-05-06"], ["上海乙智能科技有限公司", "", "", ""]]
    before = LogEntry.objects.filter(kind="record.created").count()
    batch = applied("organizations", rows)
    first, second = Organization.objects.order_by("pk")
    version = first.history.get()
    evidence = Evidence.objects.get(record_id=first.pk)
    assert (first.short_name, first.registered_capital, str(first.founded_on)) == ("甲智能", 1_000_000, "2023-05-06")
    assert (second.name, second.registered_capital) == ("上海乙智能科技有限公司", None)
    assert (version.history_date, version.source) == (batch.recorded_at, batch.source)
    assert (version.history_user, version.history_change_reason) == (batch.owner, f"Import of “{batch.title}”")
    assert evidence.place == "名单!A2,B2,C2,D2"
    assert evidence.values["registered_capital"] == 1_000_000
    assert LogEntry.objects.filter(kind="record.created").count() == before + 3  # two firms, one source
    assert (batch.state, batch.counts) == (Batch.State.APPLIED, {"new": 2, "rows": 2})


def test_sheet_taken_over_once_more_changes_nothing():
    rows = [HEADINGS, ["上海甲智能科技有限公司", "甲智能", 100, "2023-05-06"]]
    applied("organizations", rows)
    assert outcomes(previewed("organizations", rows)) == ["unchanged"]


def test_changed_record_gets_a_version_and_evidence_of_what_changed_alone():
    firm = people.organization(name=FIRM, short_name="甲", website="https://a.example")
    rows = [["企业名称", "简称", "网址"], [FIRM, "甲智能", "https://a.example"]]
    batch = applied("organizations", rows)
    evidence = Evidence.objects.get(record_id=firm.pk)
    version = firm.history.first()
    assert (version.short_name, version.revision, version.history_date) == ("甲智能", 2, batch.recorded_at)
    assert (evidence.values, evidence.place) == ({"short_name": "甲智能"}, "名单!B2")
    assert audit_database().ok


def test_renamed_firm_keeps_its_old_name_and_is_found_by_it():
    firm = people.organization(name=FIRM, uscc=uscc(1))
    applied("organizations", [["企业名称", "统一社会信用代码"], ["上海新名科技有限公司", uscc(1)]])
    firm.refresh_from_db()
    assert firm.name == "上海新名科技有限公司"
    assert FIRM in set(firm.names.values_list("text", flat=True))


def test_notes_and_what_stood_in_no_column_stay_with_the_evidence():
    batch = previewed("organizations", [["企业名称", "备忘"], [FIRM, "老客户", "多出一格"]])
    tables = settle(spec_of(batch), from_json(batch.mapping), {"备忘": "@note", "C": "@note"})
    actions.remap(batch, tables, actor=batch.owner)
    actions.preview(batch, actor=batch.owner)
    actions.apply(batch, actor=batch.owner)
    assert Evidence.objects.get().values["@note"] == {"C": "多出一格", "备忘": "老客户"}


def test_failure_in_the_middle_leaves_nothing(monkeypatch):
    batch = previewed("organizations", [["企业名称", "简称"], [FIRM, "甲"], ["上海乙有限公司", "乙"]])
    before = LogEntry.objects.count()
    monkeypatch.setattr(writing, "cite_many", lambda *_args, **_words: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        actions.apply(batch, actor=batch.owner)
    batch = Batch.objects.get(pk=batch.pk)
    assert (batch.state, batch.recorded_at, Organization.objects.count()) == (Batch.State.PREVIEWED, None, 0)
    assert (Source.objects.count(), LogEntry.objects.count(), batch.rows.filter(applied=True).count()) == (0, before, 0)
    monkeypatch.undo()
    actions.apply(batch, actor=batch.owner)
    assert Organization.objects.count() == 2


def test_clean_part_is_written_and_the_rest_stays():
    rows = [["企业名称", "成立日期"], [FIRM, "去年"], ["上海乙有限公司", "2024-01-02"], ["上海丙有限公司", ""]]
    batch = previewed("organizations", rows)
    actions.leave_out(batch.rows.filter(number=3), out=True, actor=batch.owner)
    with pytest.raises(Refused, match="1 row cannot be taken over as it is"):
        actions.apply(batch, actor=batch.owner)
    actions.apply(batch, actor=batch.owner, clean_only=True)
    assert [firm.name for firm in Organization.objects.all()] == ["上海乙有限公司"]
    assert list(batch.rows.order_by("number").values_list("applied", flat=True)) == [False, True, False]


def test_applied_sheet_cannot_be_applied_or_edited_again():
    batch = applied("organizations", [["企业名称"], [FIRM]])
    for do in (
        lambda: actions.apply(batch, actor=batch.owner),
        lambda: actions.edit_cells(batch.rows.get(), {0: "x"}, actor=batch.owner),
        lambda: actions.leave_out(batch.rows.all(), out=True, actor=batch.owner),
        lambda: actions.remap(batch, [], actor=batch.owner),
    ):
        with pytest.raises(Problem):
            do()
    assert Organization.objects.count() == 1


# --- two at once ------------------------------------------------------------------------------------------------------


def overlapping():
    """Two previews of different values for one cell of a firm, and a row of its own each."""
    people.organization(name=FIRM, short_name="甲", website="https://a.example")
    head = ["企业名称", "简称"]
    return [previewed("organizations", [head, [FIRM, f"甲{one}"], [f"上海{one}有限公司", ""]]) for one in "子丑"]


def test_second_of_two_overlapping_batches_sees_conflicts_and_writes_nothing():
    first, second = overlapping()
    actions.apply(first, actor=first.owner)
    with pytest.raises(Refused, match="1 row is about a record that was changed since the preview"):
        actions.apply(second, actor=second.owner)
    second.refresh_from_db()
    assert (outcomes(second), second.state) == (["conflict", "new"], Batch.State.PREVIEWED)
    assert second.counts == {"conflict": 1, "new": 1, "rows": 2}
    assert told(second.rows.get(number=1))[0][0] == "short_name"
    assert Organization.objects.get(name=FIRM).short_name == "甲子"
    actions.apply(second, actor=second.owner, clean_only=True)
    assert Organization.objects.filter(name="上海丑有限公司").exists()
    assert Organization.objects.get(name=FIRM).short_name == "甲子"


def test_clean_part_of_an_overtaken_batch_leaves_the_conflict():
    first, second = overlapping()
    actions.apply(first, actor=first.owner)
    actions.apply(second, actor=second.owner, clean_only=True)
    assert (outcomes(second), second.state) == (["conflict", "new"], Batch.State.APPLIED)
    assert Organization.objects.get(name=FIRM).short_name == "甲子"


def test_other_cell_of_the_record_changed_meanwhile_is_no_conflict():
    batch, _other = overlapping()
    firm = Organization.objects.get(name=FIRM)
    change(firm, actor=None, values={"website": "https://b.example"})
    actions.apply(batch, actor=batch.owner)
    firm.refresh_from_db()
    assert (firm.short_name, firm.website, firm.revision) == ("甲子", "https://b.example", 3)


def test_record_added_or_taken_away_meanwhile_is_a_conflict():
    first, second = overlapping()
    people.organization(name="上海子有限公司")
    with pytest.raises(Refused):
        actions.apply(first, actor=first.owner)
    assert outcomes(Batch.objects.get(pk=first.pk)) == ["changed", "conflict"]
    Organization.objects.get(name=FIRM).delete()
    with pytest.raises(Refused):
        actions.apply(second, actor=second.owner)
    assert outcomes(Batch.objects.get(pk=second.pk)) == ["conflict", "new"]


def test_row_waits_for_the_row_of_the_sheet_that_it_refers_to():
    batch = previewed("funds", [["基金名称", "母基金"], ["子基金", "母基金甲"], ["母基金甲", ""]])
    actions.leave_out(batch.rows.filter(number=2), out=True, actor=batch.owner)
    with pytest.raises(Refused):
        actions.apply(batch, actor=batch.owner)
    assert told(batch.rows.get(number=1))[0][1] == "The row of the sheet that it refers to is not taken over: row 3."


def test_jobs_preview_and_apply_a_sheet():
    batch = uploaded("organizations", [["企业名称"], [FIRM]])
    run_job.enqueue(start_job("sheet_preview", batch, actor=batch.owner, language="en").pk)
    job = start_job("sheet_apply", batch, actor=batch.owner, language="en", clean_only=False)
    run_job.enqueue(job.pk)
    job.refresh_from_db()
    batch.refresh_from_db()
    assert (job.problem, batch.state, Organization.objects.count()) == ("", Batch.State.APPLIED, 1)


def stop_after(monkeypatch, chunks):
    """Let the person who started a job stop it when so many chunks are done."""
    done = []

    def advance(_progress, number):
        done.append(number)
        if len(done) == chunks:
            raise Cancelled

    monkeypatch.setattr(Progress, "advance", advance)


def test_stopped_preview_leaves_no_rows_and_can_be_made_again(monkeypatch):
    rows = [["企业名称"], *([f"上海第{number}有限公司"] for number in range(501))]
    batch = uploaded("organizations", rows)
    stop_after(monkeypatch, 2)
    job = start_job("sheet_preview", batch, actor=batch.owner, language="en")
    run_job.enqueue(job.pk)
    job.refresh_from_db()
    batch.refresh_from_db()
    assert (job.state, batch.state, batch.counts) == (Job.State.CANCELLED, Batch.State.UPLOADED, {})
    assert batch.rows.count() == 0
    actions.preview(batch, actor=batch.owner)
    assert batch.counts == {"new": 501, "rows": 501}


def test_stopped_sheet_leaves_nothing_and_can_be_applied_afterwards(monkeypatch):
    batch = previewed("organizations", [["企业名称"], [FIRM], ["上海乙有限公司"], ["上海丙有限公司"]])
    before = LogEntry.objects.count()
    monkeypatch.setattr(writing, "CHUNK", 1)
    stop_after(monkeypatch, 2)
    job = start_job("sheet_apply", batch, actor=batch.owner, language="en", clean_only=False)
    run_job.enqueue(job.pk)
    job.refresh_from_db()
    batch.refresh_from_db()
    assert (job.state, batch.state, batch.recorded_at) == (Job.State.CANCELLED, Batch.State.PREVIEWED, None)
    assert (Organization.objects.count(), Evidence.objects.count(), Source.objects.count()) == (0, 0, 0)
    assert (LogEntry.objects.count(), batch.rows.filter(applied=True).count()) == (before, 0)
    monkeypatch.undo()
    actions.apply(batch, actor=batch.owner)
    assert Organization.objects.count() == 3
