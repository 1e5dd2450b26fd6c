"""What the first page says of the community to those who do not know it: published figures, its core firms."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import get_language

from qunxing.core.divisions import division_name
from qunxing.core.errors import Text
from qunxing.directory.models import Community, Organization, Residency
from qunxing.directory.queries import resident_on
from qunxing.indicators.days import show_as_of
from qunxing.indicators.models import Claim
from qunxing.indicators.names import indicator_name
from qunxing.indicators.showing import say_number, scope_name, unit_word

# In this order; of each the newest that the reader may see.
TOLD = (
    "clustered_llm_firms", "resident_firms", "filed_models_landed", "share_of_city_total", "compute_partners",
    "cards",
)  # fmt: skip
CORE = 9


@dataclass(frozen=True)
class Figure:
    """A published figure with all that makes it one: scope, day, source."""

    number: str
    unit: str
    label: Text
    scope: str
    day: str
    source: str
    wording: str
    url: str


@dataclass(frozen=True)
class Hero:
    community: Community
    name: str
    place: str
    unveiled: str
    figures: list[Figure]
    firms: list[Organization]


def hero_of(community: Community, *, user: Any, today: date) -> Hero:
    """Three queries."""
    english = get_language() == "en" and community.english_name
    place = str(division_name(community.division)) if community.division else ""
    name = community.english_name if english else community.name
    return Hero(
        community, name, place, month_of(community.unveiled), figures_of(community, user), core_firms(user, today)
    )


def month_of(text: str) -> str:
    """A day, month or year as it is kept, 2023-09, in the reader's way: 2023年9月."""
    if not (get_language() or "").startswith("zh"):
        return text
    return "".join(
        f"{int(part)}{unit}" for part, unit in zip(text.split("-"), "年月日", strict=False) if part.isdecimal()
    )


def figures_of(community: Community, user: Any) -> list[Figure]:
    rows = Claim.objects.visible_to(user).filter(indicator__in=TOLD, scope__community=community, status="")
    newest: dict[str, Claim] = {}
    for claim in rows.select_related("origin", "scope").order_by("as_of_high", "pk"):
        newest[claim.indicator] = claim
    return [figure_of(newest[code]) for code in TOLD if code in newest]


def figure_of(claim: Claim) -> Figure:
    return Figure(
        number=say_number(claim),
        unit=unit_word(claim.unit),
        label=indicator_name(claim.indicator),
        scope=scope_name(claim),
        day=show_as_of(claim),
        source=claim.origin.publisher or claim.origin.title,
        wording=claim.wording,
        url=claim.get_absolute_url(),
    )


def core_firms(user: Any, today: date) -> list[Organization]:
    """The organisations of the core tier that live here on the day and that the user may see."""
    stays = Residency.objects.visible_to(user).filter(resident_on(today), tier=Residency.Tier.CORE)
    rows = Organization.objects.visible_to(user).filter(pk__in=stays.values("organization_id"))
    return list(rows.order_by("pk")[:CORE])
