"""Deadlines, notices and objections by the clock."""

from collections.abc import Iterator

from django.utils import timezone

from qunxing.challenges.models import BidVersion, ChallengeList, Notice, Objection
from qunxing.challenges.noticeclock import window
from qunxing.challenges.rehearsal.invariants.found import Found
from qunxing.challenges.rehearsal.memory import Memory
from qunxing.challenges.states.notice import NoticeState
from qunxing.challenges.states.objection import OPEN
from qunxing.core.calendars import work_calendar
from qunxing.ledger.versions import history_of


def in_time(memory: Memory) -> Iterator[Found]:
    """No version was taken after the deadline of its list, and what was promised on its receipt is kept."""
    for row in BidVersion.objects.select_related("bid__challenge__board"):
        deadline = row.bid.challenge.board.deadline
        yield Found.of(row, row.submitted_at <= deadline, f"received {row.submitted_at}, after {deadline}")
    for (ref, number), handed in memory.handed.items():
        kept = BidVersion.objects.filter(bid__ref=ref, number=number, submitted_at=handed.at).exists()
        yield Found.of(ref, kept, f"version {number} is lost")


def deadlines(_memory: Memory) -> Iterator[Found]:
    """Once published a deadline moves forward only."""
    last: dict[int, object] = {}
    rows = history_of(ChallengeList).objects.filter(published_on__isnull=False).order_by("history_id")
    for row in rows:
        before = last.get(row.id)
        yield Found.of(row.number, before is None or row.deadline >= before, f"from {before} back to {row.deadline}")
        last[row.id] = row.deadline


def notices(_memory: Memory) -> Iterator[Found]:
    """A notice that passed ran its days to the end, and nobody's objection was open then."""
    calendar = work_calendar()
    for row in Notice.objects.filter(state=NoticeState.PASSED):
        least = window(row.first_day, row.rule, calendar).last
        yield Found.of(row.number, row.last_day >= least, f"it ran until {row.last_day}, not {least}")
        version = history_of(Notice).objects.filter(id=row.pk, state=NoticeState.PASSED).order_by("history_id").first()
        passed = timezone.localdate(version.history_date)
        yield Found.of(row.number, passed > row.last_day, f"it passed on {passed}, its last day was {row.last_day}")
        waiting = row.objections.filter(state__in=OPEN).count()
        yield Found.of(row.number, not waiting, f"{waiting} objections were not answered")


def objections(_memory: Memory) -> Iterator[Found]:
    """Objections were taken within their notice, from somebody with a name."""
    for row in Objection.objects.select_related("notice", "objector"):
        day = timezone.localdate(row.received_at)
        yield Found.of(
            row.number, row.notice.first_day <= day <= row.notice.last_day, f"received on {day}, out of time"
        )
        yield Found.of(row.number, len(row.objector.name.strip()) > 1, "nobody stands behind it")
