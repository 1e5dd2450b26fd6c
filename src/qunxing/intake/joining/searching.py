"""Duplicates as they are kept: searched for as a whole as long work, and brought up with the log firm by firm."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_noop

from qunxing.core.chunks import ASKED, chunks
from qunxing.directory.models import Organization, OrganizationName
from qunxing.intake.joining.candidates import KIND, firms_of, told_apart
from qunxing.intake.joining.finding import RULES, Candidate, Firm, Mark, Pair, find, marks_of
from qunxing.intake.models import Distinct, DuplicateMark, DuplicatePair, DuplicateSearch
from qunxing.intake.registering import Progress, Quiet
from qunxing.ledger.inserting import insert
from qunxing.ledger.models import LogEntry, LogHead

READING = gettext_noop("Reading the organisations")
COMPARING = gettext_noop("Comparing them")
KEEPING = gettext_noop("Keeping what was found")
WRITTEN = 20_000  # rows in one transaction, so that nobody waits long for the database
ENTRIES = 2_000  # of the log, followed at once
STRETCHES = 5  # of so many entries, while somebody waits
NAME_KIND = OrganizationName.kind_code()
T = TypeVar("T")


def search(progress: Progress | None = None) -> int:
    """Compare all organisations and keep what was found; how many pairs there are.

    What changes meanwhile is followed at the end. Stopped in between, what was kept stays and counts as unfinished.
    """
    progress = progress or Quiet()
    size = log_size()
    progress.stage(READING)
    firms = firms_of()
    marks = {key: marks_of(firm) for key, firm in ticking(firms.items(), progress, len(firms))}
    total = sum(map(len, marks.values()))
    progress.stage(COMPARING, total)
    found = find(firms, ((one, key) for key, own in marks.items() for one in own), tell=progress.advance)
    progress.stage(KEEPING, total + len(found))
    DuplicateSearch.objects.update_or_create(pk=1, defaults={"log_size": None})
    keep_marks(marks, progress)
    keep_pairs(found, progress, total)
    now = timezone.now()
    done = {"rules": RULES, "log_size": size, "searched_at": now, "followed_at": now}
    DuplicateSearch.objects.update_or_create(pk=1, defaults=done)
    while follow():
        progress.advance(total + len(found))
    return DuplicatePair.objects.count()


def ticking(rows: Iterable[T], progress: Progress, total: int) -> Iterator[T]:
    """The rows, told of as they go by."""
    progress.stage(READING, total)
    for done, row in enumerate(rows):
        if done % WRITTEN == 0:
            progress.advance(done)
        yield row


def log_size() -> int:
    return LogHead.objects.filter(pk=1).values_list("size", flat=True).first() or 0


def keep_marks(marks: Mapping[int, Collection[Mark]], progress: Progress) -> None:
    """Write the marks that are not kept, and let go of those that no organisation has; the others stay untouched."""
    kept: dict[tuple[int, Mark], int] = {}
    twice: list[int] = []  # where two searches ran at once
    for pk, key, one in DuplicateMark.objects.values_list("pk", "organization_id", "mark"):
        if kept.setdefault((key, one), pk) != pk:
            twice.append(pk)
    missing = [(key, one) for key, own in marks.items() for one in own if kept.pop((key, one), None) is None]
    let_go(DuplicateMark, [*kept.values(), *twice])
    for done, chunk in enumerate(chunks(missing, WRITTEN)):
        progress.advance(done * WRITTEN)
        with transaction.atomic():
            there = present(key for key, _one in chunk)
            insert([DuplicateMark(organization_id=key, mark=one) for key, one in chunk if key in there])


def keep_pairs(found: Sequence[Candidate], progress: Progress, before: int) -> None:
    """The same for pairs; one told apart meanwhile is not kept."""
    wanted = {(one.first, one.second): one for one in found}
    gone = []
    for row in DuplicatePair.objects.order_by().iterator(ASKED):
        one = wanted.get((row.first_id, row.second_id))
        if one is not None and told(row) == told(pair_of(one)):
            del wanted[row.first_id, row.second_id]
        else:
            gone.append(row.pk)
    let_go(DuplicatePair, gone)
    for done, chunk in enumerate(chunks(list(wanted.values()), WRITTEN)):
        progress.advance(before + done * WRITTEN)
        with transaction.atomic():
            insert_pairs(chunk, told_apart())
    for first, second in Distinct.objects.filter(record_kind=KIND).values_list("first_key", "second_key"):
        DuplicatePair.objects.filter(first=first, second=second).delete()


def told(row: DuplicatePair) -> tuple[Any, ...]:
    return row.score, row.ground, tuple(row.reasons)


def pair_of(one: Candidate) -> DuplicatePair:
    return DuplicatePair(
        first_id=one.first,
        second_id=one.second,
        score=round(one.score * 1000),
        ground=one.ground,
        reasons=list(one.reasons),
    )


def insert_pairs(found: Sequence[Candidate], apart: set[Pair]) -> None:
    """Keep those of which both are still there, and that nobody has told apart; one that is kept already stays."""
    there = present(key for one in found for key in (one.first, one.second))
    rows = [
        pair_of(one)
        for one in found
        if one.first in there and one.second in there and (one.first, one.second) not in apart
    ]
    DuplicatePair.objects.bulk_create(rows, batch_size=ASKED, ignore_conflicts=True)


def present(keys: Iterable[int]) -> set[int]:
    """Those of the organisations that are still there; call it in the transaction that points at them."""
    found: set[int] = set()
    for chunk in chunks(sorted(set(keys))):
        found |= set(Organization.objects.filter(pk__in=chunk).order_by().values_list("pk", flat=True))
    return found


def let_go(model: Any, keys: Sequence[int]) -> None:
    for chunk in chunks(keys):
        model.objects.filter(pk__in=chunk).delete()


# --- following the log ------------------------------------------------------------------------------------------------


def follow() -> bool:
    """Compare the organisations that the next entries of the log tell of; whether there were any entries.

    Nothing is followed before the first search, nor what an earlier program searched by other rules.
    """
    known = DuplicateSearch.objects.filter(pk=1, rules=RULES).values_list("log_size", flat=True).first()
    if known is None or known == log_size():
        return False
    with transaction.atomic():
        state = DuplicateSearch.objects.select_for_update().get(pk=1)
        if state.log_size is None or state.rules != RULES:
            return False
        entries = LogEntry.objects.filter(index__gte=state.log_size).order_by("index")[:ENTRIES]
        refs: dict[str, set[str]] = defaultdict(set)
        for index, kind, ref in entries.values_list("index", "subject_kind", "subject_ref"):
            state.log_size = index + 1
            refs[kind].add(ref)
        compare_again(changed_keys(refs[KIND], refs[NAME_KIND]))
        state.followed_at = timezone.now()
        state.save()
    return True


def follow_a_while() -> None:
    """Follow what was just written, for somebody who waits; of much the rest is followed beside."""
    for _stretch in range(STRETCHES):
        if not follow():
            return


def changed_keys(firms: Collection[str], names: Collection[str]) -> set[int]:
    """The organisations of these references, and those that bear or bore these names."""
    keys: set[int] = set()
    for chunk in chunks(sorted(firms)):
        keys |= set(Organization.objects.filter(ref__in=chunk).order_by().values_list("pk", flat=True))
    for chunk in chunks(sorted(names)):
        versions = OrganizationName.history.filter(ref__in=chunk).order_by()
        keys |= set(versions.values_list("organization_id", flat=True))
    return keys


def compare_again(keys: Collection[int]) -> None:
    """Compare these organisations with all others and put what is found in place of what was found of them."""
    for chunk in chunks(sorted(keys)):
        firms = firms_of(chunk)
        marks = {key: marks_of(firm) for key, firm in firms.items()}
        DuplicateMark.objects.filter(organization__in=chunk).delete()
        insert([DuplicateMark(organization_id=key, mark=one) for key, own in marks.items() for one in own])
        found = partners(firms, marks)
        DuplicatePair.objects.filter(Q(first__in=chunk) | Q(second__in=chunk)).delete()
        insert_pairs(found, told_apart(chunk))


def partners(firms: Mapping[int, Firm], marks: Mapping[int, Collection[Mark]]) -> list[Candidate]:
    """The pairs of these firms with each other and with those whose marks are kept."""
    marked: list[tuple[Mark, int]] = []
    for chunk in chunks(sorted({one for own in marks.values() for one in own})):
        marked += DuplicateMark.objects.filter(mark__in=chunk).order_by().values_list("mark", "organization_id")
    others = firms_of({key for _one, key in marked} - set(firms))
    return find({**others, **firms}, marked, about=list(firms))


def is_usable() -> bool:
    """Whether the marks that are kept are those of all organisations, as far as the log was followed."""
    return DuplicateSearch.objects.filter(pk=1, rules=RULES, log_size__isnull=False).exists()


def behind() -> int:
    """How many entries of the log about organisations and names are not followed yet; 0 before the first search."""
    known = DuplicateSearch.objects.filter(pk=1).values_list("log_size", flat=True).first()
    if known is None:
        return 0
    entries = LogEntry.objects.filter(index__gte=known, subject_kind__in=[KIND, NAME_KIND])
    return len(entries.order_by("index").values_list("index")[:ENTRIES])


def forget(*organizations: Organization) -> None:
    """Let nothing be found of these any more; the log tells of those that stay."""
    DuplicatePair.objects.filter(Q(first__in=organizations) | Q(second__in=organizations)).delete()
    DuplicateMark.objects.filter(organization__in=organizations).delete()
