"""Taking a previewed sheet over: one transaction, one source, one reason; all of it or nothing."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, ngettext_lazy

from qunxing.core.errors import IllegalTransition, Refused
from qunxing.intake.actions.lists import AGAIN, FASTER, take_turn
from qunxing.intake.models import Batch
from qunxing.intake.registering import Progress
from qunxing.intake.sheets.headings import from_json
from qunxing.intake.sheets.rows import Outcome
from qunxing.intake.sheets.writing import CLEAN, ChangedSince, Writer, mark_conflicts
from qunxing.ledger.actions import create
from qunxing.ledger.models import Source
from qunxing.ledger.recording import recording

UNCLEAN = (Outcome.CONFLICT, Outcome.DUPLICATE, Outcome.ERROR)
SEALING = gettext_noop("Writing the log")
UNSETTLED = gettext_lazy("Some headings of the file are not settled: %(headings)s.")
SETTLE = gettext_lazy("Say what each of them is, or leave it out on purpose.")
NOTHING = gettext_lazy("There is nothing to take over.")
MEND = gettext_lazy("Correct them, leave them out, or take over the clean part.")
LOOK = gettext_lazy("Look at the conflicts, then take the sheet over again. Nothing was written.")


def apply_sheet(batch: Batch, *, actor: Any, clean_only: bool, progress: Progress) -> Batch:
    """Write the new and the changed rows that are not left out; all of them or nothing."""
    try:
        with transaction.atomic():
            take_turn()
            check_ready(batch, clean_only=clean_only)
            claim(batch)
            reason = batch.reason or _("Import of “%(title)s”") % {"title": batch.title}
            with recording(actor=actor, reason=reason):
                source = source_of(batch, actor=actor, reason=reason)
                with recording(actor=actor, reason=reason, source=source) as frame:
                    Writer(batch, frame, clean_only=clean_only, progress=progress).write()
                progress.stage(SEALING)
    except ChangedSince as overtaken:
        mark_conflicts(batch, overtaken.rows)
        raise Refused(told_conflicts(len(overtaken.rows)), LOOK, 409) from overtaken
    except IntegrityError as error:
        raise Refused(FASTER, AGAIN, 409) from error
    batch.refresh_from_db()
    return batch


def told_conflicts(count: int) -> Any:
    return ngettext_lazy(
        "%(count)s row is about a record that was changed since the preview.",
        "%(count)s rows are about records that were changed since the preview.",
        count,
    ) % {"count": count}


def check_ready(batch: Batch, *, clean_only: bool) -> None:
    unknown = [one.label for table in from_json(batch.mapping) for one in table.unknown]
    if unknown:
        raise Refused(str(UNSETTLED) % {"headings": "、".join(dict.fromkeys(unknown))[:300]}, SETTLE, 409)
    rows = batch.rows.filter(left_out=False)
    unclean = rows.filter(outcome__in=UNCLEAN).count()
    if unclean and not clean_only:
        raise Refused(told_unclean(unclean), MEND, 409)
    if not rows.filter(outcome__in=CLEAN).exists():
        raise Refused(NOTHING, status=409)


def told_unclean(count: int) -> Any:
    return ngettext_lazy(
        "%(count)s row cannot be taken over as it is.", "%(count)s rows cannot be taken over as they are.", count
    ) % {"count": count}


def claim(batch: Batch) -> None:
    """Mark the batch as applied; IllegalTransition when somebody else was faster, or gave it up."""
    waiting = Batch.objects.filter(pk=batch.pk, state=Batch.State.PREVIEWED)
    if not waiting.update(state=Batch.State.APPLIED):
        raise IllegalTransition
    batch.state = Batch.State.APPLIED


def source_of(batch: Batch, *, actor: Any, reason: str) -> Source:
    """The file as a source; the same file taken in twice under one title is one source."""
    words = {"kind": Source.Kind.DOCUMENT, "digest": batch.digest, "title": batch.title, "day": batch.day}
    known: Source | None = Source.objects.filter(**words).order_by("pk").first()
    if known is not None:
        return known
    source = Source(**words, publisher=batch.publisher, series=batch.list_code, note=batch.file_name)
    return create(source, actor=actor, reason=reason)
