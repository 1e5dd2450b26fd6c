"""Accepting one group of a previewed list: a batch of its own, written like any other; the rest stays previewed."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunxing.core.chunks import chunks
from qunxing.core.errors import IllegalTransition, Refused
from qunxing.intake.actions import lists
from qunxing.intake.actions.lists import Prepared
from qunxing.intake.catalogue import known_list
from qunxing.intake.models import Batch, StaffRow
from qunxing.intake.reconciling.grouping import Group, Grouped, group_plan
from qunxing.intake.reconciling.narrowing import plan_of_group
from qunxing.intake.reconciling.showing import TITLES
from qunxing.intake.reconciling.vanishing import Way, mark_gone, rows_json
from qunxing.intake.registering import Plan, Progress, Quiet
from qunxing.intake.registering.writing import staff_rows
from qunxing.intake.summary import summary_for
from qunxing.ledger.reasons import needed_reason
from qunxing.ledger.recording import recording

EMPTY = gettext_lazy("There is nothing in this group any more.")


@dataclass(frozen=True)
class Verdict:
    """What a person says of the filings that vanished: what becomes of them, why, and which stay as they are."""

    way: Way = Way.NOTE
    reason: str = ""
    leave: frozenset[str] = frozenset()


def accept_group(
    batch: Batch, group: Group, *, actor: Any, verdict: Verdict | None = None, progress: Progress | None = None
) -> Batch:
    """Write the group of the previewed list and give back the batch it makes; the group is looked for anew."""
    progress = progress or Quiet()
    prepared = lists.prepare_batch(batch, progress=progress)
    part = part_of(batch, group, actor=actor)
    with one_transaction():
        hold(batch)
        if group is Group.VANISHED:
            write_vanished(part, prepared, actor=actor, verdict=verdict or Verdict())
        else:
            narrow = narrower(part, prepared, group, again=group in batch.summary.get("accepted", {}))
            lists.write(part, prepared, actor=actor, progress=progress, narrow=narrow)
        remember(batch, part, group)
    return part


def part_of(batch: Batch, group: Group, *, actor: Any) -> Batch:
    """A batch of the same list and file, not yet saved."""
    title = _("%(title)s · %(group)s") % {"title": batch.title, "group": TITLES[group]}
    part = lists.unsaved_batch(
        actor=actor,
        wanted=known_list(batch.list_code),
        name=batch.file_name,
        title=title,
        publisher=batch.publisher,
        day=batch.day,
    )
    part.file, part.digest = batch.file.name, batch.digest
    part.summary = {"part_of": batch.ref, "group": group.value, "list_title": batch.title}
    return part


@contextmanager
def one_transaction() -> Iterator[None]:
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise Refused(lists.FASTER, lists.AGAIN, 409) from error


def hold(batch: Batch) -> None:
    """Nobody else writes, and the list is still a preview; its latest words are read under the lock."""
    lists.take_turn()
    batch.refresh_from_db()
    if batch.state != Batch.State.PREVIEWED:
        raise IllegalTransition


def narrower(part: Batch, prepared: Prepared, group: Group, *, again: bool) -> lists.Narrow:
    """Cuts the plan that is about to be written down to the group; Refused when nothing is left to write.

    `again` tells that the group was accepted of this list before.
    """

    def narrow(plan: Plan) -> Plan:
        grouped = grouped_of(part, prepared, plan)
        cut = plan_of_group(plan, grouped, group)
        if not (cut.writes or cut.for_staff) or (again and not cut.writes and all_asked(cut, part)):
            raise Refused(EMPTY, status=409)
        return cut

    return narrow


def all_asked(plan: Plan, batch: Batch) -> bool:
    """Whether staff have been asked all that the plan asks of them."""
    keys = {row.key for row in staff_rows(plan, batch)}
    return keys == {
        key for some in chunks(keys) for key in StaffRow.objects.filter(key__in=some).values_list("key", flat=True)
    }


def grouped_of(batch: Batch, prepared: Prepared, plan: Plan) -> Grouped:
    return group_plan(prepared.found, plan, series=batch.list_code, digest=batch.digest)


def write_vanished(part: Batch, prepared: Prepared, *, actor: Any, verdict: Verdict) -> None:
    """Never without a reason: that a list leaves a filing out says nothing by itself."""
    reason = needed_reason(verdict.reason)
    found = grouped_of(part, prepared, prepared.plan).vanished
    gone = [one for one in found if one.ref not in verdict.leave]
    if not gone:
        raise Refused(EMPTY, status=409)
    with recording(actor=actor, reason=reason) as frame:
        part.source = lists.source_of(part, actor=actor, reason=reason)
        part.state, part.recorded_at, part.reason = Batch.State.APPLIED, frame.at, reason
        part.counts = {"rows": len(gone), "added": 0, "updated": len(gone), "unchanged": 0, "for_staff": 0}
        part.preview = {"updated": rows_json(gone)}
        part.save()
        with recording(actor=actor, reason=reason, source=part.source):
            mark_gone(gone, actor=actor, source=part.source, reason=reason, way=verdict.way)


def remember(batch: Batch, part: Batch, group: Group) -> None:
    """The list knows what was accepted of it, and by which batch."""
    accepted: Mapping[str, list[str]] = batch.summary.get("accepted", {})
    batch.summary["accepted"] = {**accepted, group.value: [*accepted.get(group.value, ()), part.ref]}
    batch.save(update_fields=["summary"])


def waiting_whole(part: Batch) -> Batch | None:
    """The list that an accepted group is part of, while the rest of it waits."""
    return Batch.objects.filter(ref=part.summary.get("part_of", ""), state=Batch.State.PREVIEWED).first()


def look_again(batch: Batch, *, progress: Progress | None = None) -> None:
    """Preview the list anew, on what the ledgers hold by now; nothing is done to one no longer waiting."""
    prepared = lists.prepare_batch(batch, progress=progress)
    batch.refresh_from_db()
    batch.summary.pop("groups", None)
    summary, rows = summary_for(batch, prepared.found, prepared.plan)
    waiting = Batch.objects.filter(pk=batch.pk, state=Batch.State.PREVIEWED)
    waiting.update(counts=prepared.plan.counts, summary=summary, preview=rows)
