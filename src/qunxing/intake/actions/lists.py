"""Reading a list, planning it, and writing the plan: all of it or nothing."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.core.files import File
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from qunxing.core.errors import IllegalTransition, Refused
from qunxing.core.text import tidy
from qunxing.intake.catalogue import KnownList, known_list
from qunxing.intake.models import Batch, Turn
from qunxing.intake.official import OfficialList, read_list
from qunxing.intake.registering import Plan, Progress, Quiet, apply_plan, make_plan
from qunxing.intake.summary import summary_for
from qunxing.ledger.actions import create
from qunxing.ledger.models import Evidence, LogEntry, Source
from qunxing.ledger.recording import recording

READING = gettext_noop("Reading the file")
PLANNING = gettext_noop("Comparing with what is kept")
FASTER = gettext_lazy("Somebody else has just written one of these records. Nothing was taken over.")
AGAIN = gettext_lazy("Apply the list again.")
State = tuple[int, int]
Narrow = Callable[[Plan], Plan]


@dataclass(frozen=True)
class Prepared:
    """A list as read and planned, with the state of the ledgers it was planned on."""

    found: OfficialList
    plan: Plan
    digest: str
    state: State


def digest_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def ledger_state() -> State:
    """Where the records and their evidence stand: a plan made on it holds for as long as it is the same."""
    changes = LogEntry.objects.filter(kind__startswith="record.").order_by("-index").values_list("index", flat=True)
    evidence = Evidence.objects.order_by("-pk").values_list("pk", flat=True)
    return changes.first() or 0, evidence.first() or 0


def known_source(digest: str) -> Source | None:
    """The list as a source, where this very file was taken in before."""
    found: Source | None = Source.objects.filter(digest=digest, kind=Source.Kind.LIST).order_by("pk").first()
    return found


def prepare_file(path: Path, name: str, wanted: KnownList, *, day: date, progress: Progress | None = None) -> Prepared:
    """Read a list of that day and plan it, writing nothing; ReadingError when the file cannot be such a list."""
    progress = progress or Quiet()
    progress.stage(READING)
    digest = digest_of(path)
    found = read_list(path, name, family=wanted.family)
    progress.stage(PLANNING, found.count)
    state = ledger_state()
    plan = make_plan(found, day=day, source=known_source(digest), tell=progress.advance)
    return Prepared(found, plan, digest, state)


def prepare_batch(batch: Batch, *, progress: Progress | None = None) -> Prepared:
    wanted = known_list(batch.list_code)
    return prepare_file(Path(batch.file.path), batch.file_name, wanted, day=batch.day, progress=progress)


def keep_preview(batch: Batch, prepared: Prepared) -> None:
    """Keep with an uploaded batch what applying it would change; IllegalTransition unless it still waits for that."""
    summary, rows = summary_for(batch, prepared.found, prepared.plan)
    waiting = Batch.objects.filter(pk=batch.pk, state=Batch.State.UPLOADED)
    words = {"state": Batch.State.PREVIEWED, "counts": prepared.plan.counts, "summary": summary, "preview": rows}
    if not waiting.update(**words):
        raise IllegalTransition


def unsaved_batch(*, actor: Any, wanted: KnownList, name: str, title: str, publisher: str, day: date) -> Batch:
    return Batch(
        list_code=wanted.code,
        file_name=tidy(name)[-200:],
        title=tidy(title)[:300],
        publisher=tidy(publisher)[:200],
        day=day,
        owner=actor,
    )


def new_batch(*, content: File[Any], **words: Any) -> Batch:
    """Keep an uploaded file, under a name of ours, until somebody has looked at the preview."""
    batch = unsaved_batch(**words)
    batch.file.save(f"{batch.ref}.list", content, save=False)
    batch.digest = digest_of(Path(batch.file.path))
    batch.save()
    return batch


def apply_file(  # noqa: PLR0913 - the words of a list, and what is at hand of it
    path: Path,
    name: str,
    wanted: KnownList,
    *,
    actor: Any,
    title: str,
    publisher: str,
    day: date,
    prepared: Prepared | None = None,
    progress: Progress | None = None,
) -> tuple[Batch, Plan]:
    """Take a list in without a preview kept; `prepared` is what was made of it a moment ago."""
    prepared = prepared or prepare_file(path, name, wanted, day=day, progress=progress)
    batch = unsaved_batch(actor=actor, wanted=wanted, name=name, title=title, publisher=publisher, day=day)
    batch.digest = prepared.digest
    kept = keep_file(batch, path)
    try:
        return batch, write(batch, prepared, actor=actor, progress=progress or Quiet())
    except BaseException:
        if kept:
            batch.file.delete(save=False)
        raise


def keep_file(batch: Batch, path: Path) -> bool:
    """Keep the file with the import, once however often it is taken in; whether it was kept now."""
    earlier = Batch.objects.filter(digest=batch.digest).exclude(file="").first()
    if earlier is not None:
        batch.file = earlier.file.name
        return False
    with path.open("rb") as file:
        batch.file.save(f"{batch.ref}.list", File(file), save=False)
    return True


def apply_batch(batch: Batch, *, actor: Any, progress: Progress | None = None) -> Plan:
    """Apply a previewed batch; what the ledgers hold by then decides, so the plan is made anew."""
    prepared = prepare_batch(batch, progress=progress)
    return write(batch, prepared, actor=actor, progress=progress or Quiet())


def whole(plan: Plan) -> Plan:
    """All of it."""
    return plan


def write(batch: Batch, prepared: Prepared, *, actor: Any, progress: Progress, narrow: Narrow = whole) -> Plan:
    """Write what `narrow` leaves of the plan in one transaction; of two who apply one batch one is told it is done.

    The ledgers are locked for the writing alone: a plan is made before, and made anew where they have changed since.
    """
    reason = _("Import of “%(title)s”") % {"title": batch.title}
    try:
        with transaction.atomic():
            take_turn()
            claim(batch)
            plan = prepared.plan
            if ledger_state() != prepared.state:
                progress.stage(PLANNING, prepared.found.count)
                source = known_source(batch.digest)
                plan = make_plan(prepared.found, day=batch.day, source=source, tell=progress.advance)
            plan = narrow(plan)
            with recording(actor=actor, reason=reason) as frame:
                batch.recorded_at, batch.reason = frame.at, reason[:500]
                write_plan(plan, batch, prepared.found, actor=actor, reason=reason, progress=progress)
    except IntegrityError as error:
        raise Refused(FASTER, AGAIN, 409) from error
    return plan


def take_turn() -> None:
    """Wait until no other import writes."""
    Turn.objects.get_or_create(pk=1)
    Turn.objects.select_for_update().get(pk=1)


def claim(batch: Batch) -> None:
    """Mark the batch as applied; IllegalTransition when somebody else was faster, or gave it up."""
    if batch.pk is not None:
        waiting = Batch.objects.filter(pk=batch.pk, state=Batch.State.PREVIEWED)
        if not waiting.update(state=Batch.State.APPLIED):
            raise IllegalTransition
    batch.state = Batch.State.APPLIED


def write_plan(plan: Plan, batch: Batch, found: OfficialList, *, actor: Any, reason: str, progress: Progress) -> None:
    source = source_of(batch, actor=actor, reason=reason)
    batch.source, batch.counts = source, plan.counts
    batch.summary, batch.preview = summary_for(batch, found, plan)
    batch.save()
    with recording(actor=actor, reason=reason, source=source):
        apply_plan(plan, batch, actor=actor, source=source, progress=progress)


def source_of(batch: Batch, *, actor: Any, reason: str) -> Source:
    """The list as a source; the same file taken in twice is one source."""
    title = batch.summary.get("list_title", batch.title)
    known = known_source(batch.digest)
    return known or file_as_source(batch, actor=actor, reason=reason, kind=Source.Kind.LIST, title=title)


def file_as_source(batch: Batch, *, actor: Any, reason: str, kind: str, title: str) -> Source:
    """The file of a batch as a new source."""
    source = Source(
        kind=kind,
        title=title,
        publisher=batch.publisher,
        day=batch.day,
        digest=batch.digest,
        series=batch.list_code,
        note=batch.file_name,
    )
    return create(source, actor=actor, reason=reason)


def drop_batch(batch: Batch, *, actor: Any) -> None:  # noqa: ARG001 - every action names its actor
    """Give up a batch that was not applied; its file goes, what happened to the ledgers was nothing."""
    waiting = Batch.objects.filter(pk=batch.pk).exclude(state__in=[Batch.State.APPLIED, Batch.State.DROPPED])
    if not waiting.update(state=Batch.State.DROPPED, file=""):
        raise IllegalTransition
    if not Batch.objects.filter(file=batch.file.name).exists():
        batch.file.storage.delete(str(batch.file.name))
