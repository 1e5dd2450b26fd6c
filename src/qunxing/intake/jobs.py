"""The long work of imports."""

from typing import Any

from django.urls import reverse

from qunxing.accounts.models import User
from qunxing.core.errors import IllegalTransition
from qunxing.intake import actions
from qunxing.intake.models import Batch
from qunxing.intake.reading import ReadingError
from qunxing.intake.reconciling.accepting import Verdict, accept_group, look_again, waiting_whole
from qunxing.intake.reconciling.grouping import Group
from qunxing.intake.reconciling.vanishing import Way
from qunxing.intake.sheets import actions as sheet_actions
from qunxing.intake.telling import plan_json
from qunxing.ledger.jobs import Progress, start, work
from qunxing.ledger.models import Job


@work("intake.preview")
def preview(progress: Progress, arguments: dict[str, Any]) -> dict[str, Any]:
    """Read and plan an uploaded file; what would change is kept with the batch, nothing else is written."""
    batch = Batch.objects.get(ref=arguments["batch"])
    try:
        found = actions.prepare_batch(batch, progress=progress)
    except ReadingError as error:
        waiting = Batch.objects.filter(pk=batch.pk, state=Batch.State.UPLOADED)
        waiting.update(state=Batch.State.REFUSED, problem_data=error.reason.to_json())
        return {"url": batch.get_absolute_url()}
    progress.check()
    actions.keep_preview(batch, found)
    return {"url": batch.get_absolute_url()}


@work("intake.apply")
def apply(progress: Progress, arguments: dict[str, Any]) -> dict[str, Any]:
    batch = Batch.objects.get(ref=arguments["batch"])
    if batch.state != Batch.State.PREVIEWED:
        raise IllegalTransition
    actor = User.objects.get(pk=arguments["actor_pk"])
    actions.apply_batch(batch, actor=actor, progress=progress)
    return {"url": batch.get_absolute_url()}


@work("intake.accept")
def accept(progress: Progress, arguments: dict[str, Any]) -> dict[str, Any]:
    """Accept one group of a previewed list, then look again at what is left of it."""
    batch = Batch.objects.get(ref=arguments["batch"])
    actor = User.objects.get(pk=arguments["actor_pk"])
    verdict = Verdict(Way(arguments["way"]), arguments["reason"], frozenset(arguments["leave"]))
    made = accept_group(batch, Group(arguments["group"]), actor=actor, verdict=verdict, progress=progress)
    look_again(batch, progress=progress)
    return {"url": batch.get_absolute_url(), "made": made.get_absolute_url()}


@work("intake.look_again")
def look(progress: Progress, arguments: dict[str, Any]) -> dict[str, Any]:
    """Preview a list anew, of which a group was undone."""
    batch = Batch.objects.get(ref=arguments["batch"])
    look_again(batch, progress=progress)
    return {"url": batch.get_absolute_url()}


@work("intake.sheet_preview")
def sheet_preview(progress: Progress, arguments: dict[str, Any]) -> dict[str, Any]:
    """Read and plan a sheet; its rows are kept with the batch, the ledgers are not touched."""
    batch = Batch.objects.get(ref=arguments["batch"])
    actor = User.objects.get(pk=arguments["actor_pk"])
    try:
        sheet_actions.preview(batch, actor=actor, progress=progress)
    except ReadingError as error:
        waiting = Batch.objects.filter(pk=batch.pk, state=Batch.State.UPLOADED)
        waiting.update(state=Batch.State.REFUSED, problem_data=error.reason.to_json())
    return {"url": batch.get_absolute_url()}


@work("intake.sheet_apply")
def sheet_apply(progress: Progress, arguments: dict[str, Any]) -> dict[str, Any]:
    batch = Batch.objects.get(ref=arguments["batch"])
    actor = User.objects.get(pk=arguments["actor_pk"])
    clean_only = bool(arguments.get("clean_only"))
    sheet_actions.apply(batch, actor=actor, clean_only=clean_only, progress=progress)
    return {"url": batch.get_absolute_url()}


@work("intake.undo_plan")
def undo_plan(progress: Progress, arguments: dict[str, Any]) -> dict[str, Any]:
    """What undoing a large batch would do, as its starter may see it; nothing is written."""
    batch = Batch.objects.get(ref=arguments["batch"])
    actor = User.objects.get(pk=arguments["actor_pk"])
    plan = actions.plan_of(batch, progress=progress)
    url = reverse("intake:import-undo", args=[batch.ref])
    return {"url": f"{url}?look={progress.job.ref}", "plan": plan_json(plan, user=actor)}


@work("intake.undo")
def undo(progress: Progress, arguments: dict[str, Any]) -> dict[str, Any]:
    batch = Batch.objects.get(ref=arguments["batch"])
    actor = User.objects.get(pk=arguments["actor_pk"])
    made = actions.undo_batch(batch, actor=actor, reason=arguments["reason"], progress=progress)
    whole = waiting_whole(batch)
    if whole is not None:
        look_again(whole)
    return {"url": made.get_absolute_url()}


def start_job(kind: str, batch: Batch, *, actor: Any, language: str, **more: Any) -> Job:
    """Queue the work on a batch, `more` among its arguments; the batch names its latest job."""
    back = reverse("intake:import-detail", args=[batch.ref])
    words = {"batch": batch.ref, "actor_pk": actor.pk, **more}
    job = start(f"intake.{kind}", actor=actor, title=batch.title, language=language, back=back, **words)
    Batch.objects.filter(pk=batch.pk).update(job=job)
    return job
