"""What was handed in: kept to the byte, taken in time, within the caps, from lanes that ran."""

import json
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from django.utils import timezone

from qunxing.challenges.rehearsal.invariants.found import Found
from qunxing.core.errors import Problem
from qunxing.ledger.models import LogEntry
from qunxing.races.actions.entering import RECEIVED_ENTRY
from qunxing.races.models import Entry, Lane, ScoreRun
from qunxing.races.models.runs import Verdict
from qunxing.races.rehearsal.memory import RaceMemory
from qunxing.races.sealing import read_sealed
from qunxing.races.states.lane import LaneState
from qunxing.races.uploading import file_name


def files(memory: RaceMemory) -> Iterator[Found]:
    """File, row and log of every entry agree, and every entry that the log tells of is there."""
    logged = {one["subject"][1]: one["facts"]["digest"] for one in bodies(RECEIVED_ENTRY)}
    rows = list(Entry.objects.select_related("stage__race"))
    yield Found.of("the entries", set(logged) == {row.ref for row in rows}, "the log tells of others")
    for row in rows:
        data = bytes_of(row)
        digests = {sha256(data).hexdigest(), row.digest, logged.get(row.ref)}
        yield Found.of(row.ref, len(digests) == 1, "its digests differ")
        yield Found.of(row.ref, memory.files.get(row.digest) == data, "it is not what was handed in")


def bodies(kind: str) -> list[dict[str, Any]]:
    return [json.loads(body) for body in LogEntry.objects.filter(kind=kind).values_list("body", flat=True)]


def bytes_of(row: Entry) -> bytes:
    try:
        return read_sealed(row.stage.race, file_name(row.ref))
    except Problem:
        return b"lost"


def in_time(_memory: RaceMemory) -> Iterator[Found]:
    for row in Entry.objects.select_related("stage"):
        opens, closes = row.stage.opens_at, row.stage.closes_at
        fine = opens is not None and closes is not None and opens <= row.received_at <= closes
        yield Found.of(row.ref, fine, f"received {row.received_at}, the window was {opens} to {closes}")


def caps(_memory: RaceMemory) -> Iterator[Found]:
    """No lane has more on a day, or in all, than the gate allows; what failed or was refused was not spent."""
    spoiled = ScoreRun.objects.exclude(verdict__in=[Verdict.OK, Verdict.UNDEFINED]).values("entry")
    rows = Entry.objects.exclude(kind="dry_run").exclude(state="refused").exclude(pk__in=spoiled)
    days: Counter[tuple[str, str, object]] = Counter()
    alls: Counter[tuple[str, str]] = Counter()
    limits = {}
    for row in rows.select_related("stage", "lane"):
        limits[row.stage.ref] = row.stage.gate.entries
        days[row.stage.ref, row.lane.ref, timezone.localdate(row.received_at)] += 1
        alls[row.stage.ref, row.lane.ref] += 1
    for (stage, lane, day), many in days.items():
        most = limits[stage].a_day
        yield Found.of(lane, not most or many <= most, f"{many} entries on {day}, {most} are allowed")
    for (stage, lane), many in alls.items():
        most = limits[stage].in_all
        yield Found.of(lane, not most or many <= most, f"{many} entries, {most} are allowed")


def ended(memory: RaceMemory) -> Iterator[Found]:
    """A lane that is over enters nothing more, and nothing more falls due to it."""
    for lane in Lane.objects.exclude(state__in=[LaneState.WINNER]).filter(ended_on__isnull=False):
        since = memory.over.get(lane.ref)
        yield Found.of(lane.ref, since is not None, "nobody knows since when it is over")
        later = lane.entries.filter(received_at__gt=since).count() if since else 0
        yield Found.of(lane.ref, not later, f"{later} entries after it was over")
        contract = lane.contract
        due = contract.payments.filter(due_on__gt=lane.ended_on).count() if contract is not None else 0
        yield Found.of(lane.ref, not due, f"{due} payments fell due after it was over")


def merged(_memory: RaceMemory) -> Iterator[Found]:
    """A merged lane keeps what it entered and what was decided of it; its organisations stand in the other."""
    for lane in Lane.objects.filter(state=LaneState.MERGED).select_related("merged_into"):
        into = lane.merged_into
        decided = lane.decisions.filter(follows="merge", into=into, report__state="final").exists()
        yield Found.of(lane.ref, decided, "no gate decided that it merges")
        if into is None:
            continue
        firms = {lane.organization_id, *lane.parties.values_list("organization", flat=True)}
        there = {into.organization_id, *into.parties.values_list("organization", flat=True)}
        yield Found.of(lane.ref, firms <= there, "an organisation was lost in the merge")
        versions = lane.history.filter(state=LaneState.RUNNING).exists()
        yield Found.of(lane.ref, versions, "its own history is gone")
