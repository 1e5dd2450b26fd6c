"""The long work of keeping one organisation once."""

from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from qunxing.accounts.models import User
from qunxing.intake.joining.aliases import Short
from qunxing.intake.joining.proposals import keep_proposals
from qunxing.intake.joining.searching import search
from qunxing.ledger.jobs import Progress, seen, start, work
from qunxing.ledger.models import Job

SEARCH, SHORT_NAMES = "intake.duplicates", "intake.short_names"


@work(SEARCH)
def search_duplicates(progress: Progress, arguments: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG001 - as all work
    """Compare all organisations anew; what was kept before it was stopped stays, and counts as unfinished."""
    return {"url": reverse("intake:duplicates"), "pairs": search(progress)}


@work(SHORT_NAMES)
def propose_short_names(progress: Progress, arguments: dict[str, Any]) -> dict[str, Any]:
    """Hold short names against the organisations; what may be meant waits for a person."""
    progress.check()
    actor = User.objects.get(pk=arguments["actor_pk"])
    shorts = [Short(text, place) for text, place in arguments["shorts"]]
    kept = keep_proposals(shorts, actor=actor)
    return {"url": reverse("intake:short-names"), **kept}


def start_search(*, actor: Any, language: str) -> Job:
    """Queue a search, or give the one that is under way."""
    with transaction.atomic():
        for job in Job.objects.filter(kind=SEARCH, state__in=[Job.State.WAITING, Job.State.RUNNING]):
            if not seen(job).over:
                return job
        back = reverse("intake:duplicates")
        return start(SEARCH, actor=actor, title=_("Search for duplicates"), language=language, back=back)


def start_proposing(shorts: list[Short], *, actor: Any, language: str) -> Job:
    words = {"shorts": [[one.text, one.place] for one in shorts], "actor_pk": actor.pk}
    title = _("Whom short names mean: %(count)s") % {"count": len(shorts)}
    return start(SHORT_NAMES, actor=actor, title=title, language=language, back=reverse("intake:short-names"), **words)
