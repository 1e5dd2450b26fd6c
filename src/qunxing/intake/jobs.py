"""The long work of imports."""

from typing import Any

from django.urls import reverse

from qunxing.accounts.models import User
from qunxing.core.errors import IllegalTransition
from qunxing.intake import actions
from qunxing.intake.models import Batch
from qunxing.intake.reading import ReadingError
from qunxing.intake.summary import summary_of
from qunxing.ledger.jobs import Progress, start, work
from qunxing.ledger.models import Job


@work("intake.preview")
def preview(progress: Progress, arguments: dict[str, Any]) -> dict[str, Any]:
    """Read and plan an uploaded file; what would change is kept with the batch, nothing else is written."""
    batch = Batch.objects.get(ref=arguments["batch"])
    waiting = Batch.objects.filter(pk=batch.pk, state=Batch.State.UPLOADED)
    try:
        found = actions.prepare_batch(batch, progress=progress)
    except ReadingError as error:
        waiting.update(state=Batch.State.REFUSED, problem_data=error.reason.to_json())
        return {"url": batch.get_absolute_url()}
    progress.check()
    summary, rows = summary_of(found.found, found.plan)
    state = Batch.State.PREVIEWED
    if not waiting.update(state=state, counts=found.plan.counts, summary=summary, preview=rows):
        raise IllegalTransition
    return {"url": batch.get_absolute_url()}


@work("intake.apply")
def apply(progress: Progress, arguments: dict[str, Any]) -> dict[str, Any]:
    batch = Batch.objects.get(ref=arguments["batch"])
    if batch.state != Batch.State.PREVIEWED:
        raise IllegalTransition
    actor = User.objects.get(pk=arguments["actor_pk"])
    actions.apply_batch(batch, actor=actor, progress=progress)
    return {"url": batch.get_absolute_url()}


def start_job(kind: str, batch: Batch, *, actor: Any, language: str, **more: Any) -> Job:
    """Queue the work on a batch, `more` among its arguments; the batch names its latest job."""
    back = reverse("intake:import-detail", args=[batch.ref])
    words = {"batch": batch.ref, "actor_pk": actor.pk, **more}
    job = start(f"intake.{kind}", actor=actor, title=batch.title, language=language, back=back, **words)
    Batch.objects.filter(pk=batch.pk).update(job=job)
    return job
