"""Opening many bids apart from the request."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from qunxing.accounts.models import User
from qunxing.challenges.actions import opening
from qunxing.challenges.models import Opening
from qunxing.core.errors import Refused
from qunxing.ledger.jobs import Progress, start, work
from qunxing.ledger.models import Job

KIND = "challenges.opening"
MANY = 60
STAGE = gettext_noop("Opening the bids")


@work(KIND)
def open_many(progress: Progress, arguments: dict[str, Any]) -> dict[str, Any]:
    """Open the bids as the second person confirmed them."""
    found = Opening.objects.filter(ref=arguments["opening"]).select_related("board", "first").first()
    actor = User.objects.filter(pk=arguments["actor_pk"]).first()
    at = parse_datetime(arguments["at"])
    if found is None or actor is None or at is None:
        raise Refused(_("The opening is not on the ledger any more."))
    progress.stage(STAGE)
    opening.confirm_opening(found, actor=actor, at=at, tells=progress)
    return {"url": reverse("challenges:opening", args=[found.board.ref])}


def start_opening(waiting: Opening, *, actor: Any, at: datetime, language: str) -> Job:
    """Queue the opening that both have confirmed."""
    words = {"opening": waiting.ref, "actor_pk": actor.pk, "at": at.isoformat()}
    title = _("Opening: %(list)s") % {"list": waiting.board}
    back = reverse("challenges:opening", args=[waiting.board.ref])
    return start(KIND, actor=actor, title=title, language=language, back=back, **words)
