"""What open challenges show on the pages of other records."""

from typing import Any

from django.urls import reverse

from qunxing.challenges import offered
from qunxing.challenges.forms.boards import PutOnListForm
from qunxing.challenges.models import Challenge, Need
from qunxing.challenges.rules.boards import Permission
from qunxing.challenges.rules.calls import Permission as NeedPermission
from qunxing.core.panels import PanelSpec
from qunxing.scenarios.states import OVER


def scenario_panel(scenario: Any, user: Any) -> dict[str, Any] | None:
    """On which lists a scenario stands, and the one click that puts it on one; None where there is neither."""
    entries = list(Challenge.objects.visible_to(user).filter(scenario=scenario).order_by("-pk")[:10])
    needs = list(Need.objects.visible_to(user).filter(scenario=scenario).order_by("-pk")[:10])
    over = scenario.state in OVER
    may_list = not over and user.has_perm(Permission.CREATE_CHALLENGE)
    may_hand_in = not over and not needs and user.has_perm(NeedPermission.SUBMIT_NEED, as_need(scenario))
    if not (entries or needs or may_list or may_hand_in):
        return None
    return {
        "entries": entries,
        "needs": needs,
        "form": PutOnListForm() if may_list else None,
        "url": reverse("challenges:from-scenario", args=[scenario.ref]),
        "need_url": reverse("challenges:need-from-scenario", args=[scenario.ref]) if may_hand_in else "",
    }


def as_need(scenario: Any) -> Need:
    """The need it would be, to ask who may hand it in."""
    return Need(organization_id=scenario.organization_id)


PANELS = (PanelSpec("scenarios.scenario", "challenges/scenario_panel.html", scenario_panel), *offered.PANELS)
