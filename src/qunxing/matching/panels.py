"""What matching shows on the pages of scenarios, organisations and funds."""

from typing import Any, Final

from django.urls import reverse

from qunxing.core.panels import PanelSpec
from qunxing.matching.models import Invitation, Shortlist, Standing
from qunxing.matching.reasons import TARGETS
from qunxing.matching.rules import Permission

SHOWN: Final = 3
TEMPLATE: Final = "matching/panel.html"


def panel_of(kind: str, row: Any, user: Any) -> dict[str, Any] | None:
    """The newest shortlist's first names; None for who neither sees one nor may compute one."""
    if not user.is_authenticated:
        return None
    newest = Shortlist.objects.visible_to(user).filter(**{kind: row}).order_by("-pk").first()
    if newest is None and not user.has_perm(Permission.COMPUTE, row):
        return None
    return {
        "kind": kind,
        "shortlist": newest,
        "url": reverse(f"matching:{kind}", args=[row.ref]),
        "names": first_names(newest, user) if newest is not None else [],
        "invited": Invitation.objects.visible_to(user).filter(scenario=row).count() if kind == "scenario" else 0,
    }


def first_names(shortlist: Shortlist, user: Any) -> list[Any]:
    """The first candidates that the reader may see, in the order that counts."""
    rows = list(shortlist.candidates.exclude(standing=Standing.MISSED).only("pool", "place", *columns()))
    places = shortlist.manual_places if shortlist.order == Shortlist.Order.MANUAL else {}
    found: list[Any] = []
    for pool, model in TARGETS.items():
        keys = [row.target_id for row in rows if row.pool == pool]
        seen = {one.pk: one for one in model.objects.visible_to(user).filter(pk__in=keys)} if keys else {}
        here = [seen[key] for key in keys if key in seen]
        found += sorted(here, key=lambda one: places.get(one.ref, len(places) + 1))[:SHOWN]
    return found


def columns() -> list[str]:
    return [f"{name}_id" for name in TARGETS]


def scenario_panel(row: Any, user: Any) -> dict[str, Any] | None:
    return panel_of("scenario", row, user)


def organization_panel(row: Any, user: Any) -> dict[str, Any] | None:
    return panel_of("organization", row, user)


def fund_panel(row: Any, user: Any) -> dict[str, Any] | None:
    return panel_of("fund", row, user)


PANELS = (
    PanelSpec("scenarios.scenario", TEMPLATE, scenario_panel),
    PanelSpec("directory.organization", TEMPLATE, organization_panel),
    PanelSpec("funds.fund", TEMPLATE, fund_panel),
)
