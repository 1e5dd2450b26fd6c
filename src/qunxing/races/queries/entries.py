"""Reads of entries: what a reader sees of runs, the receipt, where an entry stands in the queue."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404

from qunxing.challenges.queries.bids import facts_in
from qunxing.ledger.exporting import proof_of
from qunxing.ledger.models import LogEntry
from qunxing.races.actions.entering import RECEIVED_ENTRY
from qunxing.races.models import Entry, ScoreRun
from qunxing.races.queries.boards import told_report
from qunxing.races.queries.scales import Scale, scale_of
from qunxing.races.receipts import ENTRY_RECEIPT
from qunxing.races.rules.entering import Permission
from qunxing.races.scorewords import metric_label, undefined_words
from qunxing.races.states.entry import EntryState


def receipt_of(entry: Entry) -> dict[str, Any]:
    """The receipt with its proof; 404 where the log has no such entry."""
    rows = LogEntry.objects.filter(kind=RECEIVED_ENTRY, subject_kind=Entry.kind_code(), subject_ref=entry.ref)
    found = rows.order_by("-index").first()
    if found is None:
        raise Http404
    return ENTRY_RECEIPT.make(entry.ref, facts=facts_in(found), proof=proof_of(found.index))


@dataclass(frozen=True)
class RunRow:
    """A run as this reader sees it: `whole` for staff and officers, else what the board shows."""

    run: ScoreRun
    shown: str
    public: str
    sealed: str
    metrics: list[tuple[str, str, str]]
    undefined: list[tuple[str, str]]
    differs: bool


def run_rows(entry: Entry, user: Any) -> list[RunRow]:
    """The runs of an entry; scores of the sealed part for staff and officers, for its team once the result is told."""
    stage = entry.stage
    sees = user.has_perm(Permission.SEE_SEALED, stage)
    told = told_report(stage) is not None
    shown = told or stage.gate.board.mode != "blind"  # its guarded score a team reads always but then
    scale = scale_of(stage.gate)
    runs = list(entry.runs.order_by("number"))
    first = next((run.items_digest for run in runs if run.items_digest), "")
    return [
        RunRow(
            run,
            scale.show(run.shown_public) if sees or shown else "",
            scale.show(run.overall_public) if sees else "",
            scale.show(run.overall_sealed) if (sees or told) and entry.kind != Entry.Kind.DRY_RUN else "",
            metric_rows(run) if sees else [],
            [(str(metric_label(name)), str(undefined_words(code))) for name, code in sorted(run.undefined.items())],
            bool(run.items_digest and run.items_digest != first),
        )
        for run in runs
    ]


def metric_rows(run: ScoreRun) -> list[tuple[str, str, str]]:
    """(metric, its public value, its sealed value), each on its own scale."""
    plain = Scale("")
    names = dict.fromkeys([*run.public, *run.sealed])
    return [
        (str(metric_label(name)), plain.show(run.public.get(name)), plain.show(run.sealed.get(name))) for name in names
    ]


def ahead_of(entry: Entry) -> int:
    """How many entries are scored before this one."""
    waiting = Entry.objects.filter(state__in=[EntryState.RECEIVED, EntryState.QUEUED, EntryState.SCORING])
    return waiting.filter(received_at__lt=entry.received_at).count()
