"""Runs: each entry comes to its end, the same entry has the same score, item scores are under their digest."""

from collections.abc import Iterator

from qunxing.challenges.rehearsal.invariants.found import Found
from qunxing.core.errors import Problem
from qunxing.races import itemscores
from qunxing.races.models import Entry, Race, ScoreRun
from qunxing.races.models.runs import Verdict
from qunxing.races.rehearsal.memory import RaceMemory
from qunxing.races.states.entry import EntryState

GOOD = (Verdict.OK, Verdict.UNDEFINED)
SAME = ("verdict", "public", "sealed", "overall_public", "overall_sealed", "items_digest", "undefined")
ENDS = frozenset({EntryState.REFUSED, EntryState.SCORED, EntryState.FAILED})


def queue(_memory: RaceMemory) -> Iterator[Found]:
    """Nothing waits for ever; what is scored has a run that says so; runs are numbered without a gap."""
    for row in Entry.objects.prefetch_related("runs"):
        runs = list(row.runs.all())
        yield Found.of(row.ref, row.state in ENDS, f"it is left {row.state}")
        good = any(run.verdict in GOOD for run in runs)
        yield Found.of(row.ref, good or row.state != EntryState.SCORED, "scored without a run")
        numbers = [run.number for run in runs]
        yield Found.of(row.ref, numbers == list(range(1, len(runs) + 1)), f"runs {numbers}")
        open_runs = sum(run.verdict == Verdict.PENDING for run in runs)
        yield Found.of(row.ref, not open_runs, f"{open_runs} runs never ended")


def same_score(_memory: RaceMemory) -> Iterator[Found]:
    """Scored again on the same test set by the same scorer an entry has the same score, to the digest of its items."""
    first: dict[tuple[int, str, str], ScoreRun] = {}
    for run in ScoreRun.objects.filter(verdict__in=GOOD).order_by("entry", "number"):
        before = first.setdefault((run.entry_id, run.test_set, run.scorer), run)
        if before is not run:
            other = [name for name in SAME if getattr(run, name) != getattr(before, name)]
            yield Found.of(run.ref, not other, f"another {', '.join(other)} than run {before.number}")


def items(_memory: RaceMemory) -> Iterator[Found]:
    runs = ScoreRun.objects.exclude(items_digest="").select_related("entry__stage__race")
    for race, digest in {(run.race, run.items_digest) for run in runs}:
        yield Found.of(digest, readable(race, digest), "its item scores are lost or changed")


def readable(race: Race, digest: str) -> bool:
    try:
        itemscores.read(race, digest)
    except (Problem, ValueError):
        return False
    return True
