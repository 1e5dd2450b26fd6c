"""Taking a previewed sheet over: one transaction, one source, one reason; all of it or nothing."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, ngettext_lazy

from qunxing.core.errors import Refused
from qunxing.intake.actions.lists import AGAIN, FASTER, claim, file_as_source, take_turn
from qunxing.intake.models import Batch, SheetRow
from qunxing.intake.registering import Progress
from qunxing.intake.sheets.headings import from_json
from qunxing.intake.sheets.writing import ChangedSince, Writer, mark_conflicts
from qunxing.ledger.models import Source
from qunxing.ledger.recording import recording

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
            with recording(actor=actor, reason=reason, savepoint=False):
                source = source_of(batch, actor=actor, reason=reason)
                with recording(actor=actor, reason=reason, source=source, savepoint=False) as frame:
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
    unclean = rows.filter(outcome__in=SheetRow.UNCLEAN).count()
    if unclean and not clean_only:
        raise Refused(told_unclean(unclean), MEND, 409)
    if not rows.filter(outcome__in=SheetRow.WRITTEN).exists():
        raise Refused(NOTHING, status=409)


def told_unclean(count: int) -> Any:
    return ngettext_lazy(
        "%(count)s row cannot be taken over as it is.", "%(count)s rows cannot be taken over as they are.", count
    ) % {"count": count}


def source_of(batch: Batch, *, actor: Any, reason: str) -> Source:
    """The file as a source; the same file taken in twice under one title is one source."""
    words = {"kind": Source.Kind.DOCUMENT, "title": batch.title}
    known = Source.objects.filter(**words, digest=batch.digest, day=batch.day).order_by("pk").first()
    return known or file_as_source(batch, actor=actor, reason=reason, **words)
