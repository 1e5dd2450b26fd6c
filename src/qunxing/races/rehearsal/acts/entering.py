"""A window: the test set, entries in time and out of it, what is wrong with them, and the queue that scores them."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from unittest.mock import patch

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.exceptions import PermissionDenied

from qunxing.challenges import clock
from qunxing.challenges.rehearsal.faults import Crash, crashing
from qunxing.races import working
from qunxing.races.actions import baselines, entering, gates, reading, scoring, testsets
from qunxing.races.actions.disqualifying import disqualify, reinstate
from qunxing.races.actions.entering import CapReached, Handed, OutsideWindow
from qunxing.races.actions.flagging import look_at
from qunxing.races.evaluating import table_metrics
from qunxing.races.keys import set_in_force
from qunxing.races.models import Entry, Flag, Lane, Race, TestingBody
from qunxing.races.models import Stage as Gate
from qunxing.races.rehearsal.exams import Exam, exam, not_a_number, spoiled
from qunxing.races.rehearsal.stage import RaceStage, fresh, running, writer
from qunxing.races.scoring.tables import sign
from qunxing.races.states.entry import EntryState, FlagState
from qunxing.races.uploading import receive

Shares = dict[int, float]
CLOSED = frozenset({EntryState.SCORED, EntryState.FAILED})


@dataclass
class Course:
    """One gate while its window is open: what it asks, and how good every lane is."""

    race: Race
    gate: Gate
    exam: Exam
    shares: Shares = field(default_factory=dict)
    body: TestingBody | None = None
    key: Ed25519PrivateKey | None = None
    crashing: list[Entry] = field(default_factory=list)

    @property
    def kind(self) -> str:
        return self.gate.gate.entries.takes[0]


# --- before it opens ------------------------------------------------------------------------------------------------


def prepare(stage: RaceStage, race: Race, gate: Gate, shares: Shares) -> Course:
    """The test set, replaced while that is still allowed; whoever may sign tables; a baseline."""
    one_class = gate.gate.metrics[0].name == "auc" and stage.dice.happens(0.5)
    course = Course(race, gate, exam(stage.dice, gate.gate, one_class=one_class), shares)
    if course.exam.secret:
        stage.memory.sealed.add(course.exam.secret)
    early(stage, course)
    empty = b"item,truth\n"
    stage.refused("test_set.empty", lambda: keep_test_set(stage, course, empty), by=testsets.BadAnswers)
    if stage.dice.happens(0.2):
        stage.do("test_set.keep", lambda: keep_test_set(stage, course, course.exam.key() + b"\n"), whole=False)
    stage.do("test_set.keep", lambda: keep_test_set(stage, course, course.exam.key()), whole=False)
    if "table" in gate.gate.entries.takes:
        register(stage, course)
    if course.kind == "answers" and stage.dice.happens(0.15) and not one_class:
        data = course.exam.answers(0.4)
        stage.do("baseline.keep", lambda: keep_baseline(stage, course, data), whole=False)
    return course


def keep_test_set(stage: RaceStage, course: Course, data: bytes) -> Any:
    schemas: dict[str, Any] = {"entry_schema": course.exam.entry_schema, "key_schema": course.exam.key_schema}
    proposed = testsets.Proposed("盲测集", receive(course.race, data, "key.csv"), **schemas)
    return testsets.keep_test_set(fresh(course.gate), proposed=proposed, **stage.by_staff())


def keep_baseline(stage: RaceStage, course: Course, data: bytes) -> Any:
    words = stage.by_staff(name="现用系统", file=receive(course.race, data))
    return baselines.keep_baseline(fresh(course.gate), **words)


def register(stage: RaceStage, course: Course) -> None:
    """A body with a key of its own; one whose key was revoked signs nothing any more."""
    course.key = Ed25519PrivateKey.from_private_bytes(stage.dice.randbytes(32))
    firm = stage.firm(stage.cast.issuers[-1])
    words = stage.by_staff(organization=firm)
    stage.refused("body.of_no_key", testsets.register_body, course.gate, key="x" * 64, **words)
    public = course.key.public_key().public_bytes_raw().hex()
    if stage.dice.happens(0.2):
        other = Ed25519PrivateKey.from_private_bytes(stage.dice.randbytes(32)).public_key().public_bytes_raw().hex()
        gone = stage.do("body.register", testsets.register_body, course.gate, key=other, **words)
        stage.do("body.revoke", testsets.revoke_body, gone, reason="资质到期", **stage.by_staff())
    course.body = stage.do("body.register", testsets.register_body, course.gate, key=public, once=True, **words)


def early(stage: RaceStage, course: Course) -> None:
    """Nothing is taken before there is a test set, nor before the window opens."""
    lane = running(course.race)[0]
    late = (course.gate.opens_at or stage.clock.at) - timedelta(seconds=1)
    stage.refused("entry.without_a_test_set_or_early", lambda: put(course, lane, b"item,answer", at=late))


# --- handing in -----------------------------------------------------------------------------------------------------


def put(course: Course, lane: Lane, data: bytes, *, at: datetime | None = None, **more: Any) -> Entry:
    """The file handed in as the page does it; every attempt brings it anew."""
    received = receive(course.race, data, more.pop("label", "answers.csv"))
    handed = Handed(received, **({"kind": course.kind} | more))
    actor = more.pop("actor", None) or writer(lane)
    return entering.hand_in(fresh(lane), fresh(course.gate), actor=actor, at=at or clock.now(), handed=handed)


def hand_in(stage: RaceStage, course: Course, lane: Lane, data: bytes, **more: Any) -> Entry | None:
    """The entry, None where the cap was reached: by one whose sender never heard of it, perhaps."""
    stage.memory.files[sha256(data).hexdigest()] = data
    try:
        made: Entry = stage.do("entry.hand_in", lambda: put(course, lane, data, **more), whole=False)
    except CapReached:
        stage.memory.refused["entry.over_the_cap"] += 1
        return None
    return made


def good(stage: RaceStage, course: Course, lane: Lane, share: float) -> Entry | None:
    """An entry of that quality in the form that the gate takes."""
    if course.kind == "table":
        return bring(stage, course, lane, share)
    shift = lane.number * 7 if stage.dice.happens(0.7) else 0
    cost = stage.dice.choice([None, 1000, 2000])
    return hand_in(stage, course, lane, course.exam.answers(share, shift), cost=cost)


def table(course: Course, share: float, shift: int) -> bytes:
    """Scores by item in the columns that the gate reads."""
    metrics = table_metrics(course.gate.gate)
    rows = [",".join(["item", *(metric.answer for metric in metrics)])]
    for place, item in enumerate(course.exam.truth):
        part = min(1.0, max(0.0, share + ((place * 13 + shift) % 11 - 5) / 25))
        scales = [metric.scale or (0.0, 1.0) for metric in metrics]
        rows.append(",".join([item, *(f"{low + (high - low) * part:.4f}" for low, high in scales)]))
    return "\n".join(rows).encode()


def bring(stage: RaceStage, course: Course, lane: Lane, share: float) -> Entry | None:
    """A table of the testing body, signed for just this lane."""
    data = table(course, share, lane.number)
    signature = signed(course, lane, data)
    if stage.dice.happens(0.1):
        forged = signature.replace(b'"signature": "', b'"signature": "AA')
        entry = hand_in(stage, course, lane, data, kind="table", signature=forged)
        expect(stage, entry, "refused", "a table with a forged signature")
    return hand_in(stage, course, lane, data, kind="table", signature=signature)


def signed(course: Course, lane: Lane, data: bytes) -> bytes:
    test_set = set_in_force(course.gate)
    if course.key is None or course.body is None or test_set is None:
        raise ValueError("nobody signs tables at this gate")
    likeness = Entry(lane=lane, stage=course.gate, digest=sha256(data).hexdigest())
    return sign(course.key, reading.statement_for(likeness, test_set, course.body))


def expect(stage: RaceStage, entry: Entry | None, state: str, what: str) -> None:
    """What must have become of an entry."""
    if entry is not None and fresh(entry).state != state:
        stage.memory.breaks("refused", what, f"the entry is {fresh(entry).state}")


# --- the window -----------------------------------------------------------------------------------------------------


def run(stage: RaceStage, course: Course) -> None:
    """Days of entries; the queue works in between; at the end one in the last second, one a second late."""
    stage.clock.to(course.gate.opens_at or stage.clock.at)
    for _each in range(stage.size.entries):
        for lane in running(course.race):
            share = course.shares.get(lane.pk, 0.5)
            good(stage, course, lane, share)
        trouble(stage, course)
        stage.clock.wait(days=1)
        if stage.dice.happens(0.3):
            work(stage)
    replaced_too_late(stage, course)
    last_second(stage, course)
    work(stage)
    for entry in course.crashing:
        expect(stage, entry, "failed", "an entry that the scorer crashes on")
    if meddle(stage, course):
        work(stage)


def trouble(stage: RaceStage, course: Course) -> None:
    """What goes wrong while entries come in."""
    lanes = running(course.race)
    if not lanes:
        return
    lane = stage.dice.choice(lanes)
    if course.kind == "answers":
        malformed(stage, course, lane)
        if course.gate.gate.scorer and not course.crashing:
            crash(stage, course, lane)
        if stage.dice.happens(0.3):
            hand_in(stage, course, lane, course.exam.answers(0.9), kind="dry_run")
    if stage.dice.happens(0.3):
        stranger(stage, course, lane)
    if stage.dice.happens(0.3):
        over_the_cap(stage, course, lane)


def malformed(stage: RaceStage, course: Course, lane: Lane) -> None:
    """Files that are no entries are kept and refused; NaN is no number."""
    right = course.exam.answers(0.5)
    if stage.dice.happens(0.4):
        what, data = spoiled(stage.dice, right)
        expect(stage, hand_in(stage, course, lane, data), "refused", what)
    if course.exam.metric in {"mae", "auc"} and stage.dice.happens(0.5):
        expect(stage, hand_in(stage, course, lane, not_a_number(right)), "refused", "not a number")
    if stage.dice.happens(0.2):
        backwards = b"\n".join([right.split(b"\n")[0], *reversed(right.split(b"\n")[1:])])
        entry = hand_in(stage, course, lane, backwards)
        if entry is not None and fresh(entry).state == EntryState.REFUSED:
            stage.memory.breaks("refused", "another order", "items in another order are no fault")


def crash(stage: RaceStage, course: Course, lane: Lane) -> None:
    """One answer of one team that the scorer cannot bear; nobody else's entry suffers.

    Where the gate counts only some of the items it is every answer: the one might not be among them.
    """
    lines = course.exam.answers(0.9).split(b"\n")
    last = 1 if course.gate.gate.counting.items == 100 else len(lines) - 1
    lines[1 : last + 1] = [line.split(b",")[0] + b",crash" for line in lines[1 : last + 1]]
    entry = hand_in(stage, course, lane, b"\n".join(lines))
    if entry is not None and fresh(entry).kind == Entry.Kind.ANSWERS:
        course.crashing.append(entry)


def stranger(stage: RaceStage, course: Course, lane: Lane) -> None:
    """Nobody hands in for another team, and no team for a race of others."""
    data, visitor, staff = course.exam.answers(0.5), stage.visitor, stage.staff
    for actor in (visitor, staff):
        act = as_other(course, lane, data, actor)
        stage.refused("entry.by_a_stranger", act, by=PermissionDenied)


def as_other(course: Course, lane: Lane, data: bytes, actor: Any) -> Any:
    def act() -> Entry:
        handed = Handed(receive(course.race, data), kind=course.kind)
        return entering.hand_in(fresh(lane), fresh(course.gate), actor=actor, at=clock.now(), handed=handed)

    return act


def over_the_cap(stage: RaceStage, course: Course, lane: Lane) -> None:
    """Entries until the day has no more; the next is refused. What was refused for its form does not count."""
    caps = course.gate.gate.entries
    for _each in range(caps.a_day):
        if entering.left_for(lane, course.gate, clock.now()).entries:
            good(stage, course, lane, course.shares.get(lane.pk, 0.5))
    left = entering.left_for(lane, course.gate, clock.now()).entries
    if left == 0:
        data = course.exam.answers(0.9)
        stage.refused("entry.over_the_cap", lambda: put(course, lane, data), by=CapReached)


def replaced_too_late(stage: RaceStage, course: Course) -> None:
    if Entry.objects.filter(stage=course.gate).exclude(kind="dry_run").exists():
        data = course.exam.key()
        stage.refused("test_set.after_the_first_entry", lambda: keep_test_set(stage, course, data))


def last_second(stage: RaceStage, course: Course) -> None:
    """At the very end an entry is in time; a second later none is, nor with the clock set back."""
    lanes, closes = running(course.race), course.gate.closes_at
    if not lanes or closes is None:
        return
    lane = stage.dice.choice(lanes)
    stage.clock.to(closes - timedelta(seconds=30))
    if stage.dice.happens(0.5):
        good(stage, course, lane, course.shares.get(lane.pk, 0.5))
    if stage.dice.happens(0.2):
        decide_early(stage, course)
    data = course.exam.answers(1.0)
    late = closes + timedelta(seconds=1)
    stage.refused("entry.a_second_late", lambda: put(course, lane, data, at=late), by=OutsideWindow)
    stage.clock.to(late)
    if stage.dice.happens(0.3):
        set_back(stage, course, lane)


def decide_early(stage: RaceStage, course: Course) -> None:
    at = course.gate.closes_at or stage.clock.at
    stage.refused("gate.decided_before_the_end", gates.make_report, course.gate, actor=stage.staff, at=at)


def set_back(stage: RaceStage, course: Course, lane: Lane) -> None:
    """Once the log has told of something after the end, no clock makes it earlier."""
    entry = Entry.objects.filter(stage=course.gate, state__in=CLOSED).order_by("pk").first()
    if entry is None:
        return
    stage.do("entry.rerun", scoring.rerun, entry, actor=stage.staff, reason="核对")
    data = course.exam.answers(1.0)
    with stage.clock.set_back(days=2):
        stage.refused("entry.with_the_clock_set_back", lambda: put(course, lane, data), by=OutsideWindow)


# --- the queue ------------------------------------------------------------------------------------------------------


def work(stage: RaceStage) -> None:
    """Whatever happens to a worker, another one brings everything to its end."""
    how = stage.dice.choice(["plain", "plain", "plain", "taken", "struck", "killed"])
    entry = scoring.next_entry()
    if entry is not None and how != "plain":
        dies(stage, entry, how)
    stage.clock.tick()
    working.work_through()
    stage.memory.done["queue.work"] += 1
    left = Entry.objects.filter(state__in=["received", "queued", "scoring"]).count()
    if left:
        stage.memory.breaks("queue", "the queue", f"{left} entries are left")
    looked_at(stage)


def dies(stage: RaceStage, entry: Entry, how: str) -> None:
    """A worker is killed between taking a run and storing it, or at some statement."""
    stage.memory.crashes[f"queue.{how}"] += 1
    if how == "taken" and entry.state == EntryState.QUEUED:
        scoring.take(entry, "dead", at=clock.now())
    elif how == "struck":
        try:
            with crashing(stage.dice.randint(1, 30)):
                scoring.work_once("dead")
        except Crash:
            return
    elif how == "killed":
        try:
            with patch.object(scoring, "finish", die):
                scoring.work_once("dead")
        except SystemExit:
            return


def die(*_parts: Any, **_words: Any) -> None:
    raise SystemExit


def looked_at(stage: RaceStage) -> None:
    """Somebody looks at each sign of trouble, and says what was found."""
    for flag in Flag.objects.filter(state=FlagState.OPEN).order_by("pk")[:2]:
        found = stage.dice.happens(0.5)
        words = stage.by_officer(found=found, looked="核对了两队的日志")
        stage.refused("flag.closed_without_a_word", look_at, flag, **{**words, "looked": " "})
        stage.do("flag.look_at", look_at, flag, once=True, **words)


# --- people -----------------------------------------------------------------------------------------------------------


def meddle(stage: RaceStage, course: Course) -> bool:
    """Entries scored again, cancelled, disqualified and reinstated; whether the queue has something to do."""
    rows = list(Entry.objects.filter(stage=course.gate).exclude(state="refused").order_by("pk"))
    if not rows:
        return False
    entry, again = stage.dice.choice(rows), stage.dice.happens(0.5)
    if again:
        stage.refused("entry.rerun_without_a_reason", scoring.rerun, entry, actor=stage.staff, reason="")
        stage.do("entry.rerun", scoring.rerun, entry, actor=stage.staff, reason="核对")
        if stage.dice.happens(0.15):
            cancelled(stage, entry)
    if stage.dice.happens(0.3):
        other = stage.dice.choice(rows)
        firm = writer(other.lane)
        stage.refused("entry.disqualified_by_a_team", disqualify, other, actor=firm, reason="抄袭", by=PermissionDenied)
        stage.do("entry.disqualify", disqualify, other, actor=stage.staff, reason="疑似泄题", once=True)
        if stage.dice.happens(0.6):
            stage.do("entry.reinstate", reinstate, other, actor=stage.staff, reason="查无实据", once=True)
    return again


def cancelled(stage: RaceStage, entry: Entry) -> None:
    """Taken off the queue, at rest or in a worker's hands; perhaps scored after all."""
    if stage.dice.happens(0.5):
        scoring.take(fresh(entry), "slow", at=clock.now())
    words: dict[str, Any] = {"actor": stage.staff, "at": clock.now(), "reason": "测试集有误"}
    stage.do("entry.cancel", scoring.cancel, entry, once=True, **words)
    if stage.dice.happens(0.7):
        stage.do("entry.rerun", scoring.rerun, entry, actor=stage.staff, reason="重新评分")
