"""Computing a shortlist, which takes minutes in a large community."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from qunxing.accounts.models import User
from qunxing.accounts.rules import staff
from qunxing.core.errors import Refused
from qunxing.ledger.jobs import Progress, seen, start, work
from qunxing.ledger.models import Job
from qunxing.matching.actions import keep_shortlist
from qunxing.matching.computing import LIMIT, compute, kind_of
from qunxing.matching.reasons import TARGETS

KIND = "matching.shortlist"


@work(KIND)
def compute_shortlist(progress: Progress, arguments: dict[str, Any]) -> dict[str, Any]:
    """Compute and keep one; a subject that was removed meanwhile is told as such."""
    subject = TARGETS[arguments["subject_kind"]].objects.filter(ref=arguments["subject"]).first()
    if subject is None:
        raise Refused(_("What the shortlist was for is not on the ledger any more."))
    day = timezone.localdate()
    actor = User.objects.filter(pk=arguments["actor_pk"]).first()
    computed = compute(subject, day=day, limit=arguments.get("limit", LIMIT), tells=progress, closed=is_staff(actor))
    progress.check()
    return {"url": keep_shortlist(subject, computed, actor=actor, day=day).get_absolute_url()}


def is_staff(actor: Any) -> bool:
    """Whether closed rows count too."""
    return actor is not None and bool(staff(actor))


def start_computing(subject: Any, *, actor: Any, language: str) -> Job:
    """Queue the computation; one that waits or runs for the same subject and person is given instead of a second."""
    kind = kind_of(subject)
    words = {"subject_kind": kind, "subject": subject.ref, "actor_pk": actor.pk}
    asked = {f"arguments__{name}": value for name, value in words.items()}
    for job in Job.objects.filter(kind=KIND, state__in=[Job.State.WAITING, Job.State.RUNNING], **asked):
        if not seen(job).over:
            return job
    title = _("Shortlist: %(subject)s") % {"subject": subject}
    back = reverse(f"matching:{kind}", args=[subject.ref])
    return start(KIND, actor=actor, title=title, language=language, back=back, **words)
