"""The long work of imports."""

from pathlib import Path
from typing import Any

from django.urls import reverse

from qunxing.accounts.models import User
from qunxing.core.errors import Problem
from qunxing.intake import actions
from qunxing.intake.catalogue import known_list
from qunxing.intake.models import Batch
from qunxing.intake.registering import Outcome
from qunxing.intake.summary import summary_of
from qunxing.ledger.jobs import Progress, start, work
from qunxing.ledger.models import Job

SHOWN_ROWS = 200


@work("intake.preview")
def preview(progress: Progress, arguments: dict[str, Any]) -> dict[str, Any]:
    """Read and plan an uploaded file; what would change is kept with the batch, nothing else is written."""
    batch = Batch.objects.get(ref=arguments["batch"])
    try:
        found = actions.preview_file(Path(batch.file.path), batch.file_name, known_list(batch.list_code))
    except Problem as problem:
        Batch.objects.filter(pk=batch.pk).update(state=Batch.State.REFUSED, problem=str(problem))
        return {"url": batch_url(batch)}
    progress.check()
    batch.counts = found.plan.counts | {"summary": summary_of(found.plan), "preview": preview_rows(found)}
    batch.state = Batch.State.PREVIEWED
    batch.save()
    return {"url": batch_url(batch)}


@work("intake.apply")
def apply(progress: Progress, arguments: dict[str, Any]) -> dict[str, Any]:
    batch = Batch.objects.get(ref=arguments["batch"])
    actor = User.objects.get(pk=arguments["actor_pk"])
    progress.expect(batch.counts.get("added", 0))
    plan = actions.apply_batch(batch, actor=actor, tell=lambda _done: progress.check())
    Batch.objects.filter(pk=batch.pk).update(counts=plan.counts | {"summary": summary_of(plan)})
    return {"url": batch_url(batch)}


def start_job(kind: str, batch: Batch, *, actor: Any, language: str) -> Job:
    job = start(f"intake.{kind}", actor=actor, title=batch.title, language=language, batch=batch.ref, actor_pk=actor.pk)
    Batch.objects.filter(pk=batch.pk).update(job=job)
    return job


def batch_url(batch: Batch) -> str:
    return reverse("intake:import-detail", args=[batch.ref])


def preview_rows(found: actions.Preview) -> list[dict[str, Any]]:
    """The first rows that would change or go to staff, as the preview page shows them."""
    rows = [
        {
            "place": str(plan.row.place.row),
            "outcome": plan.outcome,
            "name": plan.row.title,
            "organization": "、".join(plan.row.organizations),
            "number": plan.row.number,
            "notes": [note.to_json() for note in plan.notes],
        }
        for plan in found.plan.rows
        if plan.outcome is not Outcome.UNCHANGED or plan.notes
    ]
    for_staff = [
        {
            "place": str(left.place.row),
            "outcome": Outcome.FOR_STAFF,
            "name": left.cells.get("title", "") or " · ".join(left.cells.values())[:200],
            "organization": "",
            "number": "",
            "notes": [left.reason.to_json()],
        }
        for left in found.plan.for_staff
    ]
    return [*for_staff[:SHOWN_ROWS], *rows[:SHOWN_ROWS]]
