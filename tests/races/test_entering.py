"""Entries: who may hand in what, when and how often; what is wrong with a file; what is kept of it."""

import io
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from qunxing.accounts.models import Kind
from qunxing.core.errors import IllegalTransition, Refused
from qunxing.ledger.actions import change
from qunxing.ledger.models import LogEntry
from qunxing.races import sealing
from qunxing.races.actions import testsets
from qunxing.races.actions.disqualifying import disqualify, reinstate
from qunxing.races.actions.entering import CapReached, OutsideWindow, left_for
from qunxing.races.actions.reading import check_entry
from qunxing.races.actions.testsets import revoke_body
from qunxing.races.models import Entry, Scorer, Stage
from qunxing.races.sealing import path_of, read_sealed
from qunxing.races.uploading import file_name
from tests import factories as people
from tests.races import entrants as races

pytestmark = pytest.mark.django_db
GOOD = races.answers()
SECOND = timedelta(seconds=1)


def zipped(**members: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_csv", ".csv"), content)
    return file.getvalue()


def test_entry_is_kept_sealed_and_logged() -> None:
    stage, (lane, _other) = races.field()
    entry = races.entry(lane, stage, GOOD)
    assert (entry.state, entry.number, entry.size, entry.items) == ("queued", 1, len(GOOD), 100)
    assert read_sealed(stage.race, file_name(entry.ref)) == GOOD
    assert b"benign" not in path_of(stage.race, file_name(entry.ref)).read_bytes()
    logged = LogEntry.objects.get(kind="entry.received")
    assert entry.digest in logged.body
    assert logged.subject_ref == entry.ref


# --- the window -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("at", [races.OPENS, races.CLOSES], ids=["first second", "last second"])
def test_window_takes_both_its_ends(at: Any) -> None:
    stage, (lane, _other) = races.field()
    assert races.entry(lane, stage, GOOD, at).received_at == at


@pytest.mark.parametrize(
    ("at", "said"),
    [(races.OPENS - SECOND, "2026-03-02 09:00:00"), (races.CLOSES + SECOND, "2026-03-20 17:00:01")],
    ids=["a second early", "a second late"],
)
def test_window_refuses_a_second_outside(at: Any, said: str) -> None:
    stage, (lane, _other) = races.field()
    with pytest.raises(OutsideWindow, match=said):
        races.entry(lane, stage, GOOD, at)
    assert Entry.objects.count() == 0


def test_stage_that_does_not_run_takes_nothing() -> None:
    stage, (lane, _other) = races.field(races.stage(state="planned"))
    with pytest.raises(OutsideWindow):
        races.entry(lane, stage, GOOD)


def test_stage_without_a_test_set_takes_nothing() -> None:
    stage = races.stage()
    with pytest.raises(Refused):
        races.entry(races.lane(stage.race), stage, GOOD)


# --- caps -----------------------------------------------------------------------------------------------------------


def test_day_has_its_cap_and_the_next_has_another() -> None:
    stage, (lane, other) = races.field(entries={"a_day": 2, "in_all": 3})
    races.entry(lane, stage, GOOD)
    races.entry(lane, stage, GOOD)
    with pytest.raises(CapReached):
        races.entry(lane, stage, GOOD)
    races.entry(other, stage, GOOD)
    races.entry(lane, stage, GOOD, races.DURING + timedelta(days=1))
    with pytest.raises(CapReached):
        races.entry(lane, stage, GOOD, races.DURING + timedelta(days=2))


def test_day_ends_at_midnight_here() -> None:
    stage, (lane, _other) = races.field(entries={"a_day": 1})
    midnight = races.DURING.replace(hour=0, minute=0, second=0)
    races.entry(lane, stage, GOOD, midnight - SECOND)
    races.entry(lane, stage, GOOD, midnight)
    assert left_for(lane, stage, midnight).today == 0


def test_refused_file_spends_nothing_and_many_are_refused() -> None:
    stage, (lane, _other) = races.field(entries={"a_day": 1})
    assert races.entry(lane, stage, b"nothing").state == "refused"
    assert left_for(lane, stage, races.DURING).entries == 1


def test_dry_runs_have_a_cap_of_their_own() -> None:
    stage, (lane, _other) = races.field(entries={"a_day": 1, "dry_runs_a_day": 1})
    races.entry(lane, stage, GOOD, kind="dry_run")
    with pytest.raises(CapReached):
        races.entry(lane, stage, GOOD, kind="dry_run")
    assert left_for(lane, stage, races.DURING).entries == 1


def test_file_beyond_the_limit_is_refused() -> None:
    stage, (lane, _other) = races.field(entries={"megabytes": 1})
    with pytest.raises(Refused) as refused:
        races.entry(lane, stage, b"x" * (1024**2 + 1))
    assert refused.value.status == 413


# --- who ------------------------------------------------------------------------------------------------------------


def test_only_writers_of_the_lane_hand_in() -> None:
    stage, (lane, other) = races.field()
    races.entry(lane, stage, GOOD, actor=people.member_of(lane.organization))
    for stranger in (
        people.member_of(other.organization),
        people.member_of(lane.organization, "viewer"),
        people.user(Kind.STAFF),
    ):
        with pytest.raises(PermissionDenied):
            races.entry(lane, stage, GOOD, actor=stranger)


def test_lane_that_stopped_hands_in_nothing() -> None:
    stage, (lane, _other) = races.field()
    stopped = change(lane, actor=None, values={"state": "stopped"})
    with pytest.raises(Refused):
        races.entry(stopped, stage, GOOD)


# --- what is wrong with a file --------------------------------------------------------------------------------------

TEXT = GOOD.decode()
LINES = TEXT.split("\n")
FAULTY: dict[str, tuple[bytes, str, int]] = {
    "missing": ("\n".join(LINES[:-1]).encode(), "missing_item", 0),
    "double": ("\n".join([*LINES, LINES[5]]).encode(), "double_item", 102),
    "unknown": ("\n".join([*LINES, "q999,benign"]).encode(), "unknown_item", 102),
    "label": (TEXT.replace("q004,benign", "q004,maybe").encode(), "unknown_label", 6),
    "wrong encoding": (TEXT.replace("benign", "良性").encode("gb18030"), "encoding", 2),
    "utf-16": (TEXT.encode("utf-16"), "encoding", 1),
    "empty": (b"", "empty", 0),
    "columns": (TEXT.replace("item,answer", "id,answer").encode(), "unknown_column", 1),
    "two columns alike": (TEXT.replace("item,answer", "item,item").encode(), "double_column", 1),
    "cells": (TEXT.replace("q004,benign", "q004,benign,x").encode(), "cells", 6),
    "a zip with a way out": (zipped(**{"..__key_csv": GOOD}), "path", 0),
    "a zip that is none": (b"PK\x03\x04broken", "bad_zip", 0),
    "a zip bomb": (zipped(a_csv=b"item,answer\n" + b"q000,benign\n" * 3_000_000), "bomb", 0),
    "a pickle in a zip": (zipped(**{"model.pkl": b"\x80\x04."}), "foreign_member", 0),
}


@pytest.mark.parametrize("how", FAULTY)
def test_faulty_file_is_refused_by_row_and_column(how: str) -> None:
    data, code, row = FAULTY[how]
    stage, (lane, _other) = races.field()
    entry = races.entry(lane, stage, data)
    assert (entry.state, entry.faults[0]["code"], entry.faults[0].get("row", 0)) == ("refused", code, row)
    assert path_of(stage.race, file_name(entry.ref)).exists()


def test_number_that_is_none_is_refused() -> None:
    stage = races.stage(metrics=[{"name": "mae", "direction": "lower"}])
    truth = {item: str(number) for number, item in enumerate(races.ITEMS)}
    numeric = {
        "entry_schema": races.Schema((races.Field("answer", "number"),)),
        "key_schema": races.Schema((races.Field("truth", "number"),)),
    }
    races.answer_key(stage, races.table(truth), **numeric)
    lane = races.lane(stage.race)
    entry = races.entry(lane, stage, races.table(truth | {"q003": "NaN"}, "answer"))
    assert (entry.faults[0]["code"], entry.faults[0]["row"], entry.faults[0]["column"]) == ("not_finite", 5, "answer")
    assert races.scored(lane, stage, races.table(truth, "answer")).runs.get().overall_sealed == 0.0


def test_other_order_is_no_fault() -> None:
    stage, (lane, _other) = races.field()
    turned = "\n".join([LINES[0], *reversed(LINES[1:])]).encode()
    assert races.entry(lane, stage, turned).state == "queued"


def test_zip_of_a_table_is_taken() -> None:
    stage, (lane, _other) = races.field()
    assert races.entry(lane, stage, zipped(answers_csv=GOOD)).items == 100


def test_many_faults_are_counted() -> None:
    stage, (lane, _other) = races.field()
    entry = races.entry(lane, stage, b"item,answer\n" + b"".join(b"x%d,no\n" % number for number in range(200)))
    assert (len(entry.faults), entry.faults[-1]) == (101, {"code": "more", "found": "400"})


# --- tables of a testing body ---------------------------------------------------------------------------------------

SCORES = races.table(dict.fromkeys(races.ITEMS, "0.5"), "score")


def with_body(**parts: Any) -> tuple[Any, ...]:
    stage, (lane, other) = races.field(entries={"takes": ["answers", "table"]}, **parts)
    by, key = races.body(stage)
    return stage, lane, other, by, key


def test_signed_table_is_taken_and_says_by_whom() -> None:
    stage, lane, _other, by, key = with_body()
    signed = races.signature(lane, stage, SCORES, by, key)
    entry = races.scored(lane, stage, SCORES, kind="table", signature=signed)
    assert (entry.state, entry.body) == ("scored", by)
    assert entry.runs.get().overall_sealed == 0.5


def test_table_without_a_signature_that_holds_is_refused() -> None:
    stage, lane, other, by, key = with_body()
    signed = races.signature(lane, stage, SCORES, by, key)
    stranger = races.Ed25519PrivateKey.generate()
    tried = [
        (lane, SCORES, b""),
        (lane, SCORES + b"\n", signed),
        (other, SCORES, signed),
        (lane, SCORES, races.signature(lane, stage, SCORES, by, stranger)),
    ]
    assert [races.entry(of, stage, data, kind="table", signature=said).state for of, data, said in tried] == [
        "refused"
    ] * 4


def test_revoked_key_signs_nothing() -> None:
    stage, lane, _other, by, key = with_body()
    signed = races.signature(lane, stage, SCORES, by, key)
    revoke_body(by, actor=None, day=races.DAY, reason="密钥泄露")
    assert races.entry(lane, stage, SCORES, kind="table", signature=signed).state == "refused"


def test_gate_that_takes_no_tables_refuses_one() -> None:
    stage, (lane, _other) = races.field()
    with pytest.raises(Refused):
        races.entry(lane, stage, SCORES, kind="table")


# --- afterwards -----------------------------------------------------------------------------------------------------


def test_large_file_is_read_by_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qunxing.races.actions.entering.AT_ONCE", 10)
    stage, (lane, _other) = races.field()
    entry = races.entry(lane, stage, GOOD)
    assert entry.state == "received"
    assert check_entry(entry, at=races.DURING)
    assert entry.state == "queued"


def test_disqualified_entry_counts_no_more_until_it_is_back() -> None:
    stage, (lane, _other) = races.field()
    entry = races.scored(lane, stage, GOOD)
    with pytest.raises(Refused):
        disqualify(entry, actor=None, reason=" ")
    out = disqualify(entry, actor=None, reason="答案来自泄露的测试集")
    assert (out.counts, out.why) == (False, "答案来自泄露的测试集")
    back = reinstate(out, actor=None, reason="查无实据")
    assert back.counts
    kinds = LogEntry.objects.filter(subject_ref=entry.ref).values_list("kind", flat=True)
    assert {"entry.disqualified", "entry.reinstated"} <= set(kinds)
    with pytest.raises(PermissionDenied):
        disqualify(back, actor=people.user(Kind.OFFICER), reason="不该由我")


def test_lost_key_is_told_and_never_replaced() -> None:
    stage, (lane, _other) = races.field()
    races.entry(lane, stage, GOOD)
    sealing.key_path(stage.race.ref).unlink()
    assert races.entry(lane, stage, GOOD).state == "queued"  # brought back from its copy
    sealing.key_path(stage.race.ref).unlink()
    sealing.backup_path(stage.race.ref).unlink()
    with pytest.raises(sealing.KeyMissing):
        races.entry(lane, stage, GOOD)


# --- what stands when it is taken, not when the page was opened -----------------------------------------------------


def test_stage_is_read_anew_when_an_entry_is_taken() -> None:
    stage, (lane, _other) = races.field()
    change(Stage.objects.get(pk=stage.pk), actor=None, values={"state": "replaced"})
    with pytest.raises(OutsideWindow):
        races.entry(lane, stage, races.answers(), signature=b"{}")
    folder = path_of(stage.race, "files/x").parent
    assert [path.name for path in folder.iterdir() if "signature" in path.name] == []


def test_same_key_and_same_scorer_are_kept_once(monkeypatch: pytest.MonkeyPatch) -> None:
    stage, _lanes = races.field()
    body, _key = races.body(stage)
    with pytest.raises(Refused):
        testsets.register_body(stage, actor=None, day=races.DAY, organization=body.organization, key=body.key)
    testsets.revoke_body(body, actor=None, day=races.DAY, reason="密钥泄露")
    with pytest.raises(IllegalTransition):
        testsets.revoke_body(body, actor=None, day=races.DAY, reason="再次")
    kept = {"actor": None, "day": races.DAY, "name": "自备", "data": b"def score_item(answer, truth): return 1"}
    first = testsets.keep_scorer(**kept)
    nobody = Scorer.objects.none()
    monkeypatch.setattr(testsets.Scorer.objects, "filter", lambda **_words: nobody)  # asked before the other was kept
    assert testsets.keep_scorer(**kept) == first
