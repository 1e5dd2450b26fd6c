"""The page of a job: its progress, what came of it, and a way to stop it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from qunxing.core.ui import wants_fragment
from qunxing.ledger.edges import require
from qunxing.ledger.jobs import cancel, seen
from qunxing.ledger.models import Job
from qunxing.ledger.rules import Permission


def the_job(request: HttpRequest, ref: str) -> Job:
    job = get_object_or_404(Job, ref=ref)
    require(request.user, Permission.SEE_JOB, job)
    return job


@require_safe
def job_detail(request: HttpRequest, ref: str) -> HttpResponse:
    job = the_job(request, ref)
    if job.state == Job.State.DONE and isinstance(job.result, dict) and job.result.get("url"):
        if request.htmx:  # type: ignore[attr-defined]
            return HttpResponse(status=204, headers={"HX-Redirect": job.result["url"]})
        return redirect(job.result["url"])
    shown = seen(job)
    if wants_fragment(request) and shown.over:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})  # the buttons beside the bar change, too
    name = "ledger/job.html#progress" if wants_fragment(request) else "ledger/job.html"
    may_cancel = not shown.over and request.user.has_perm(Permission.CANCEL_JOB, job)
    context = {"job": shown, "may_cancel": may_cancel, "back": job.arguments.get("back", "")}
    return render(request, name, context)


@require_POST
def job_cancel(request: HttpRequest, ref: str) -> HttpResponse:
    job = the_job(request, ref)
    require(request.user, Permission.CANCEL_JOB, job)
    cancel(job)
    return redirect("ledger:job-detail", ref=ref)
