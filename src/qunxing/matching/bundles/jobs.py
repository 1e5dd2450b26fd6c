"""Making a plan, which takes minutes in a large community."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from qunxing.accounts.models import User
from qunxing.ledger.jobs import Progress, start, work
from qunxing.ledger.models import Job
from qunxing.matching.bundles.actions import keep_assignment, keep_bundles
from qunxing.matching.bundles.assigning import assign_all
from qunxing.matching.bundles.bundling import bundle_all
from qunxing.matching.bundles.models import PlanKind
from qunxing.matching.bundles.settings import Settings

KIND = "matching.plan"


@work(KIND)
def make_plan(progress: Progress, arguments: dict[str, Any]) -> dict[str, Any]:
    """Compute over all open scenarios, and keep what came of it."""
    day, settings = timezone.localdate(), Settings.read(arguments["settings"])
    actor = User.objects.filter(pk=arguments["actor_pk"]).first()
    if arguments["plan"] == PlanKind.ASSIGNMENT:
        assigned = assign_all(day, settings, progress)
        progress.check()
        return {"url": keep_assignment(assigned, settings=settings, actor=actor).get_absolute_url()}
    bundled = bundle_all(day, settings, progress)
    progress.check()
    return {"url": keep_bundles(bundled, settings=settings, actor=actor).get_absolute_url()}


def start_plan(kind: str, settings: Settings, *, actor: Any, language: str) -> Job:
    words = {"plan": str(kind), "settings": settings.plain(), "actor_pk": actor.pk}
    back = reverse("matching:bundles:plan-list")
    return start(KIND, actor=actor, title=str(PlanKind(kind).label), language=language, back=back, **words)
