"""The queue: every run is kept, the same entry gives the same score, and a worker that dies loses nothing."""

import multiprocessing
import os
from typing import Any

import numpy as np
import pytest
from django.core.exceptions import PermissionDenied

from qunxing.accounts.models import Kind
from qunxing.challenges.sealing import damaged
from qunxing.core.errors import IllegalTransition, Refused
from qunxing.ledger.actions import change
from qunxing.ledger.models import LogEntry
from qunxing.races import itemscores
from qunxing.races.actions import reading, scoring
from qunxing.races.actions.disqualifying import disqualify
from qunxing.races.actions.testsets import keep_scorer
from qunxing.races.keys import held_parts, parts_for, set_in_force
from qunxing.races.models import Entry, ScoreRun
from qunxing.races.sealing import discard, path_of
from qunxing.races.uploading import file_name
from tests import factories as people
from tests.races import entrants as races

pytestmark = pytest.mark.django_db
GOOD = races.answers()


def own_scorer(text: str, **parts: Any) -> tuple[Any, list[Any]]:
    """A stage that is scored by a file of staff's."""
    scorer = keep_scorer(actor=None, day=races.DAY, name="自备评分", data=text.encode(), limits={"seconds": 20})
    return races.field(scorer=scorer.digest, **parts)


ITEM_BY_ITEM = "def score_item(answer, truth):\n    return 1.0 if answer == truth else 0.0\n"


def test_entry_is_scored_on_both_parts() -> None:
    stage, (lane, _other) = races.field()
    run = races.scored(lane, stage, races.answers(0.8)).runs.get()
    parts = parts_for(set_in_force(stage))
    assert (len(parts.public.items), len(parts.sealed.items)) == (30, 70)
    both = (run.overall_public * 30 + run.overall_sealed * 70) / 100
    assert (run.verdict, round(both, 6)) == ("ok", 0.8)
    kept = itemscores.read(stage.race, run.items_digest)
    assert (round(float(np.mean(kept.scores)), 6), int(kept.sealed.sum())) == (0.8, 70)
    facts = LogEntry.objects.get(kind="entry.scored").body
    assert run.items_digest in facts
    assert str(run.overall_sealed) not in facts


def test_rerun_gives_the_same_and_keeps_what_was() -> None:
    stage, (lane, _other) = races.field()
    entry = races.scored(lane, stage, races.answers(0.7))
    with pytest.raises(Refused):
        scoring.rerun(entry, actor=None, reason="")
    scoring.rerun(entry, actor=None, reason="核对")
    assert scoring.drain("other") == 1
    first, second = entry.runs.order_by("number")
    same = ("items_digest", "public", "sealed", "overall_sealed", "shown_public", "verdict")
    assert [getattr(first, name) for name in same] == [getattr(second, name) for name in same]
    assert (second.why, first.why) == ("核对", "")
    assert LogEntry.objects.filter(kind="entry.rerun").count() == 1
    with pytest.raises(PermissionDenied):
        scoring.rerun(entry, actor=people.member_of(lane.organization), reason="再算一次")


def test_run_taken_by_a_dead_worker_is_taken_again() -> None:
    stage, (lane, _other) = races.field()
    entry = races.entry(lane, stage, GOOD)
    scoring.take(entry, "gone", at=races.DURING)
    assert scoring.next_entry() is None
    assert scoring.drain("alive") == 1
    entry.refresh_from_db()
    run = entry.runs.get()
    assert (entry.state, run.number, run.taken_by, run.verdict) == ("scored", 1, "alive", "ok")


def test_run_of_a_living_worker_is_left_to_it() -> None:
    stage, (lane, _other) = races.field()
    entry = races.entry(lane, stage, GOOD)
    with scoring.desk_of(entry).occupied():
        scoring.take(entry, "alive", at=races.DURING)
        held = multiprocessing.get_context("fork").Process(target=end_if_free, args=(entry.ref,))
        held.start()
        held.join()
        assert (scoring.recover(), held.exitcode) == ([], 7)


def end_if_free(ref: str) -> None:
    os._exit(0 if not scoring.Desk(f"entry-{ref}").is_occupied else 7)


def test_crash_in_the_middle_leaves_nothing_half_done(monkeypatch: pytest.MonkeyPatch) -> None:
    stage, (lane, _other) = races.field()
    entry = races.entry(lane, stage, GOOD)

    def dies(*_args: Any, **_words: Any) -> Any:
        raise SystemExit

    monkeypatch.setattr(scoring, "finish", dies)
    with pytest.raises(SystemExit):
        scoring.work_once("dying")
    entry.refresh_from_db()
    assert (entry.state, entry.runs.get().verdict) == ("scoring", "")
    monkeypatch.undo()
    assert scoring.drain("next") == 1
    entry.refresh_from_db()
    assert (entry.state, entry.runs.count()) == ("scored", 1)


def test_cancelled_entry_is_not_scored() -> None:
    stage, (lane, _other) = races.field()
    entry = races.entry(lane, stage, GOOD)
    scoring.cancel(entry, actor=None, at=races.DURING, reason="测试集有误")
    assert scoring.drain() == 0
    entry.refresh_from_db()
    assert (entry.state, entry.runs.get().verdict) == ("failed", "cancelled")


def test_result_that_comes_after_a_cancel_is_dropped() -> None:
    stage, (lane, _other) = races.field()
    entry = races.entry(lane, stage, GOOD)
    run = scoring.take(entry, "slow", at=races.DURING)
    scoring.cancel(entry, actor=None, at=races.DURING, reason="停")
    found, items = scoring.evaluated(entry, set_in_force(stage))
    with pytest.raises(IllegalTransition):
        scoring.finish(entry, run, found, items, set_in_force(stage), at=races.DURING)
    assert ScoreRun.objects.get().verdict == "cancelled"


def test_scorer_of_ones_own_scores() -> None:
    stage, (lane, _other) = own_scorer(ITEM_BY_ITEM)
    entry = races.scored(lane, stage, races.answers(0.6))
    run = entry.runs.get()
    assert (run.verdict, run.scorer) == ("ok", stage.gate.scorer)
    assert round((run.overall_public * 30 + run.overall_sealed * 70) / 100, 6) == 0.6


def test_scorer_that_crashes_on_one_item_of_one_team_harms_no_other() -> None:
    text = "def score_item(answer, truth):\n    return 1 / (answer != 'benign') + 0 * (truth == answer)\n"
    stage, (lane, other) = own_scorer(text)
    hit = races.scored(lane, stage, races.answers(0.9))
    spared = races.scored(other, stage, races.table(dict.fromkeys(races.ITEMS, "malignant"), "answer"))
    assert (hit.state, hit.runs.get().verdict) == ("failed", "crashed")
    assert "scorer.py, line 2" in hit.runs.get().words
    assert (spared.state, spared.runs.get().verdict) == ("scored", "ok")


def test_scorer_that_is_none_is_refused() -> None:
    for data in (b"def other(): pass", b"def score(:", b"\xff\xfe\x00", b"def score(): pass" + b" " * 2**20):
        with pytest.raises(Refused):
            keep_scorer(actor=None, day=races.DAY, name="无", data=data)


def test_undefined_metric_is_told_and_decides_nothing() -> None:
    stage = races.stage(metrics=[{"name": "auc", "options": {"positive": "malignant"}}])
    truth = dict.fromkeys(races.ITEMS, "benign")
    races.answer_key(stage, races.table(truth), entry_schema=races.Schema((races.Field("answer", "number"),)))
    lane = races.lane(stage.race)
    entry = races.scored(lane, stage, races.table(dict.fromkeys(races.ITEMS, "0.5"), "answer"))
    run = entry.runs.get()
    assert (entry.state, run.verdict, run.undefined, run.overall_sealed) == (
        "scored",
        "undefined",
        {"auc": "one_class"},
        None,
    )


def test_dry_run_tells_the_public_part_alone_and_moves_nothing() -> None:
    stage, (lane, _other) = races.field()
    run = races.scored(lane, stage, races.answers(0.9), kind="dry_run").runs.get()
    assert (run.overall_sealed, run.sealed, run.items_digest) == (None, {}, "")
    assert run.shown_public is not None
    after = races.scored(lane, stage, races.answers(0.5)).runs.get()
    assert after.shown_public < 0.7


def test_shown_score_moves_only_beyond_noise() -> None:
    stage, (lane, _other) = races.field(entries={"a_day": 9})
    rights = ((0.5, 0), (0.5, 50), (0.9, 0), (0.4, 0), (1.0, 0))
    entries = [races.scored(lane, stage, races.answers(right, shift=shift)) for right, shift in rights]
    shown = [entry.runs.get().shown_public for entry in entries]
    assert shown[0] == shown[1]
    assert shown[2] > shown[1]
    assert shown[3] == shown[2]
    assert shown[4] >= shown[3]


def test_disqualified_entry_lends_its_rung_to_nobody() -> None:
    stage, (lane, _other) = races.field()
    races.scored(lane, stage, races.answers(0.5))
    best = races.scored(lane, stage, races.answers(1.0))
    last = races.scored(lane, stage, races.answers(0.6))
    assert last.runs.get().shown_public == 1.0
    disqualify(best, actor=None, reason="泄题")
    assert last.runs.get().shown_public < 0.8


def test_entries_are_taken_in_the_order_of_their_arrival() -> None:
    stage, lanes = races.field(lanes=3)
    entries = [
        races.entry(lane, stage, GOOD, races.DURING - number * races.timedelta(hours=1))
        for number, lane in enumerate(lanes)
    ]
    done: list[Entry] = []
    scoring.drain("one", tells=done.append)
    assert [entry.pk for entry in done] == [entry.pk for entry in reversed(entries)]


def test_officer_scores_nothing() -> None:
    stage, (lane, _other) = races.field()
    entry = races.entry(lane, stage, GOOD)
    with pytest.raises(PermissionDenied):
        scoring.cancel(entry, actor=people.user(Kind.OFFICER), at=races.DURING, reason="停")
    change(entry, actor=None, values={})


# --- what keeps nobody waiting --------------------------------------------------------------------------------------


def lost(entry: Entry) -> None:
    """Its file is there, and is not what was stored."""
    path = path_of(entry.stage.race, file_name(entry.ref))
    path.write_bytes(path.read_bytes()[:-1])


def waiting(monkeypatch: pytest.MonkeyPatch) -> tuple[Any, Entry, Entry]:
    """A stage with two entries that wait to be read, as large ones do."""
    monkeypatch.setattr("qunxing.races.actions.entering.AT_ONCE", 0)
    stage, (lane, other) = races.field()
    return stage, races.entry(lane, stage, GOOD), races.entry(other, stage, GOOD)


def ends(*entries: Entry) -> list[tuple[str, str]]:
    for entry in entries:
        entry.refresh_from_db()
    return [(entry.state, entry.runs.latest("number").verdict) for entry in entries]


def test_entry_that_does_not_open_keeps_nobody_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    _stage, first, second = waiting(monkeypatch)
    lost(first)
    assert scoring.drain() == 3  # one is read in vain, one is read and then scored
    assert ends(first, second) == [("failed", "unreadable"), ("scored", "ok")]
    run = first.runs.get()
    assert (str(damaged()) in run.words, run.ended_at is not None) == (True, True)


def test_test_set_that_does_not_open_ends_what_waits_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    stage, first, second = waiting(monkeypatch)
    held_parts.cache_clear()
    discard(stage.race, f"answers/{set_in_force(stage).digest}")
    assert scoring.drain() == 2
    assert ends(first, second) == [("failed", "unreadable")] * 2


def test_entry_of_a_stage_without_a_test_set_comes_to_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    stage, first, second = waiting(monkeypatch)
    change(set_in_force(stage), actor=None, values={"in_force": False})
    assert scoring.drain() == 2
    assert ends(first, second) == [("failed", "unreadable")] * 2


def test_entry_that_opens_again_is_scored_when_staff_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    _stage, first, _second = waiting(monkeypatch)
    path = path_of(first.stage.race, file_name(first.ref))
    kept = path.read_bytes()
    lost(first)
    scoring.drain()
    path.write_bytes(kept)
    scoring.rerun(first, actor=None, reason="从备份恢复")
    scoring.drain()
    assert ends(first) == [("scored", "ok")]
    assert first.runs.count() == 2


def test_file_that_is_read_on_the_page_and_by_a_worker_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    _stage, first, _second = waiting(monkeypatch)
    late = Entry.objects.get(pk=first.pk)
    assert reading.check_entry(first, at=races.DURING)
    assert reading.check_entry(late, at=races.DURING)
    assert late.state == "queued"


def test_result_that_cannot_be_worked_out_ends_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    stage, (lane, other) = races.field()
    best = races.scored(lane, stage, races.answers(0.5))
    discard(stage.race, itemscores.name_of(best.runs.get().items_digest))
    entry, spared = races.entry(lane, stage, GOOD), races.entry(other, stage, races.answers(0.7))
    assert scoring.drain() == 2
    assert ends(entry, spared) == [("failed", "unreadable"), ("scored", "ok")]


def test_scorer_is_ended_when_its_entry_is_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    stage, (lane, other) = own_scorer("def score_item(answer, truth):\n    while True: pass\n")
    entry = races.entry(lane, stage, GOOD)
    evaluated, found = scoring.evaluated, []

    def cancelled_meanwhile(of: Entry, test_set: Any) -> Any:
        scoring.cancel(Entry.objects.get(pk=of.pk), actor=None, at=races.DURING, reason="评分程序有误")
        found.append(evaluated(of, test_set))
        return found[0]

    monkeypatch.setattr(scoring, "evaluated", cancelled_meanwhile)
    scoring.work_once()
    assert (found[0][0].verdict, ends(entry)) == ("cancelled", [("failed", "cancelled")])
    assert not scoring.desk_of(entry).asked_to_stop
    assert other.entries.count() == 0


def test_reasons_are_told_and_hold_no_nul() -> None:
    stage, (lane, _other) = races.field()
    entry = races.scored(lane, stage, GOOD)
    with pytest.raises(Refused):
        scoring.rerun(entry, actor=None, reason=" \x00 ")
    run = scoring.rerun(entry, actor=None, reason="核\x00对")
    assert run.why == "核对"


def test_entry_scored_after_a_later_one_takes_its_own_rung() -> None:
    stage, (lane, _other) = races.field()
    first = races.entry(lane, stage, races.answers(1.0))
    scoring.cancel(first, actor=None, at=races.DURING, reason="稍后再评")
    second = races.scored(lane, stage, races.answers(0.5))
    assert second.runs.get().shown_public < 0.8
    scoring.rerun(first, actor=None, reason="现在评分")
    scoring.drain()
    assert second.runs.get().shown_public == 1.0
    scoring.rerun(first, actor=None, reason="再评")
    scoring.cancel(first, actor=None, at=races.DURING, reason="不评了")
    assert second.runs.get().shown_public < 0.8
