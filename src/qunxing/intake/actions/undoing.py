"""Undoing a batch, whole or by record; undoing is itself a batch, and can be undone in its turn."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from qunxing.core.chunks import chunks
from qunxing.core.errors import Refused
from qunxing.core.formats import show_day
from qunxing.intake.actions.lists import AGAIN, FASTER, take_turn
from qunxing.intake.joining.parting import part_again, settle_again
from qunxing.intake.models import Batch, ForeignNumber, Proposal, StaffRow
from qunxing.intake.registering import Progress, Quiet
from qunxing.intake.registering.writing import SEALING
from qunxing.intake.telling import as_json, told_steps
from qunxing.ledger.reasons import needed_reason
from qunxing.ledger.recording import recording
from qunxing.ledger.undoing import Fate, Step, UndoPlan, plan_undo, undo, written_total

Marks = Iterable[tuple[str, int]]
SHOWN = 200
PLANNING = gettext_noop("Looking at what was written")
UNDOING = gettext_noop("Undoing")


def plan_of(batch: Batch, *, only: Marks | None = None, progress: Progress | None = None) -> UndoPlan:
    """What undoing the batch would do, all of it or to these (kind, key); Refused for one that cannot be undone."""
    moment, progress = moment_of(batch), progress or Quiet()
    marks = None if only is None else frozenset(only)
    progress.stage(PLANNING, written_total(moment, batch.source_id) if marks is None else len(marks))
    return plan_undo(moment, batch.source_id, only=marks, tell=progress.advance)


def moment_of(batch: Batch) -> datetime:
    """The moment of what it wrote; Refused for a batch that cannot be undone, or was."""
    if batch.state != Batch.State.APPLIED:
        raise Refused(_("This was never applied: there is nothing to undo."), status=409)
    if batch.recorded_at is None:
        raise Refused(_("This was taken in before undoing was known: what it wrote is not told apart."), status=409)
    if batch.undoes is not None and batch.undoes.kind == Batch.Kind.MERGE:
        raise Refused(_("Two records that were parted are joined by a merge."), _("Join them again."), 409)
    earlier = undone_by(batch)
    if earlier is not None:
        day, who = show_day(timezone.localdate(earlier.created_at)), earlier.owner or _("the command line")
        raise Refused(_("This was undone on %(day)s by %(who)s.") % {"day": day, "who": who}, status=409)
    return batch.recorded_at


def written_by(batch: Batch) -> int:
    """How many versions the batch wrote; Refused for one that cannot be undone."""
    return written_total(moment_of(batch), batch.source_id)


def undone_by(batch: Batch) -> Batch | None:
    """What undid the whole batch and holds still."""
    whole = batch.undone_by.filter(summary__whole=True).select_related("owner").order_by("-pk")
    return next((one for one in whole if undone_by(one) is None), None)


def undo_batch(
    batch: Batch, *, actor: Any, reason: str, only: Marks | None = None, progress: Progress | None = None
) -> Batch:
    """Undo the batch, all of it or these (kind, key), in one transaction; later edits stay.

    Refused when nothing of it is left to undo, when it was undone before, and without a reason. Stopped by `progress`
    it leaves everything as it was.
    """
    told, progress = needed_reason(reason), progress or Quiet()
    try:
        with transaction.atomic():
            take_turn()
            batch = Batch.objects.select_for_update().get(pk=batch.pk)
            plan = plan_of(batch, only=only, progress=progress)
            if plan.empty:
                raise Refused(_("Nothing of it is left to undo."), status=409)
            return write_undo(batch, plan, actor=actor, reason=told, whole=only is None, progress=progress)
    except IntegrityError as error:
        raise Refused(FASTER, AGAIN, 409) from error


def write_undo(batch: Batch, plan: UndoPlan, *, actor: Any, reason: str, whole: bool, progress: Progress) -> Batch:
    # No savepoint over all of it: the transaction is that of `undo_batch`, and SQLite would keep every page twice.
    with recording(actor=actor, reason=reason, savepoint=False) as frame:
        progress.stage(UNDOING, len(plan.steps) - len(plan.of(Fate.KEPT)))
        undo(plan, tell=progress.advance)
        made: Batch = Batch.objects.create(
            kind=Batch.Kind.UNDO,
            state=Batch.State.APPLIED,
            list_code=batch.list_code,
            title=(_("Undoing of “%(title)s”") % {"title": batch.title})[:300],
            day=timezone.localdate(frame.at),
            reason=reason,
            counts=plan.counts,
            summary={"whole": whole},
            preview={"kept": [as_json(told) for told in told_steps(staying(plan)[:SHOWN], user=None)]},
            recorded_at=frame.at,
            undoes=batch,
            owner=actor,
        )
        let_go(batch, plan, whole=whole)
        progress.stage(SEALING)
    return made


def staying(plan: UndoPlan) -> list[Step]:
    """The steps in which something of somebody else's stays."""
    return [step for step in plan.steps if step.later or step.fate is Fate.KEPT]


def let_go(batch: Batch, plan: UndoPlan, *, whole: bool) -> None:
    """What the batch left to people and nobody has settled is no question any more; numbers of what is gone go too."""
    if whole:
        StaffRow.objects.filter(batch=batch, state=StaffRow.State.OPEN).delete()
        Proposal.objects.filter(batch=batch, state=Proposal.State.OPEN).delete()
    if whole and batch.kind == Batch.Kind.MERGE:
        part_again(batch)
    settle_again(batch)
    gone = [step.mark for step in plan.of(Fate.REMOVED)]
    for chunk in chunks(gone):
        for code in {code for code, _key in chunk}:
            keys = [key for kind, key in chunk if kind == code]
            ForeignNumber.objects.filter(record_kind=code, record_key__in=keys).delete()
