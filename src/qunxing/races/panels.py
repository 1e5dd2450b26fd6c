"""What races show on the pages of other records."""

from typing import Any

from django.urls import reverse

from qunxing.challenges.models.boards import Mechanism
from qunxing.challenges.states.challenge import ChallengeState
from qunxing.core.panels import PanelSpec
from qunxing.races.models import Lane, Race
from qunxing.races.rules.running import Permission
from qunxing.races.states.race import RaceState


def challenge_panel(challenge: Any, user: Any) -> dict[str, Any] | None:
    """The race of a challenge, or the way to make it one."""
    found = list(Race.objects.visible_to(user).filter(challenge=challenge).order_by("-pk"))
    ready = challenge.mechanism == Mechanism.RACE and challenge.state == ChallengeState.AWARDED
    none = not any(race.state != RaceState.STOPPED for race in found)
    may = ready and none and user.has_perm(Permission.CREATE_RACE)
    if not found and not may:
        return None
    return {"races": found, "url": reverse("races:from-challenge", args=[challenge.ref]) if may else ""}


def contract_panel(contract: Any, user: Any) -> dict[str, Any] | None:
    """The lane of a contract."""
    lane = Lane.objects.visible_to(user).filter(contract=contract).select_related("race").first()
    return {"lane": lane, "race": lane.race} if lane is not None else None


def organization_panel(organization: Any, user: Any) -> dict[str, Any] | None:
    """The lanes that an organisation leads."""
    rows = Lane.objects.visible_to(user).filter(organization=organization).select_related("race").order_by("-pk")
    found = list(rows[:20])
    return {"lanes": found} if found else None


PANELS = (
    PanelSpec("challenges.challenge", "races/challenge_panel.html", challenge_panel),
    PanelSpec("challenges.contract", "races/contract_panel.html", contract_panel),
    PanelSpec("directory.organization", "races/organization_panel.html", organization_panel),
)
