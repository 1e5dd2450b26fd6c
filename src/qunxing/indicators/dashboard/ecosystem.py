"""The graph of core firms (北斗七星) and the star firms around them."""

from collections import defaultdict
from collections.abc import Iterable
from math import cos, pi, sin
from typing import Any

from django.db.models import Q

from qunxing.directory.models import Link, Organization, Residency
from qunxing.indicators.figures.telling import Teller
from qunxing.indicators.queries.figures import Asked, records_of

STARS = 60
INNER, OUTER = 0.45, 1.0
CORE_GROUP, STAR_GROUP = 1, 3


def ecosystem(teller: Teller, asked: Asked) -> dict[str, Any] | None:
    """Core firms on an inner ring, stars on an outer one, each near the core firm it is linked to; known links only."""
    core = firms_of(teller, asked, Residency.Tier.CORE)
    stars = firms_of(teller, asked, Residency.Tier.STAR)
    links = links_among(teller, {*core, *stars})
    linked = {end for link in links for end in (link.from_organization_id, link.to_organization_id)}
    # Where not all can be drawn, those with links are.
    shown = sorted(stars, key=lambda key: (key not in linked, key))[:STARS]
    if not core and not shown:
        return None
    drawn = {*core, *shown}
    nodes = [*ring(core.values(), INNER, CORE_GROUP), *ring(around(core, shown, stars, links), OUTER, STAR_GROUP)]
    return {
        "type": "graph",
        "nodes": nodes,
        "links": [link_of(link) for link in links if {link.from_organization_id, link.to_organization_id} <= drawn],
    }


def firms_of(teller: Teller, asked: Asked, tier: str) -> dict[int, Organization]:
    """{key: organisation} of the residents of that tier on the day."""
    code = "resident_firms"
    if code not in teller.indicators:
        return {}
    found = teller.ask(code, asked.day, asked.scope, asked.span)
    keys = [int(key) for told in found for key in (*told.figure.rows, *told.figure.perhaps)]
    stays: dict[int, Any] = records_of(teller, Residency, keys)
    chosen = sorted({stay.organization_id for stay in stays.values() if stay.tier == tier})
    return records_of(teller, Organization, chosen)


def links_among(teller: Teller, keys: set[int]) -> list[Link]:
    rows = Link.objects.all() if teller.sees_all else Link.objects.visible_to(teller.user)
    return list(rows.filter(Q(from_organization__in=keys) & Q(to_organization__in=keys)).order_by("pk"))


def around(
    core: dict[int, Organization], shown: Iterable[int], stars: dict[int, Organization], links: list[Link]
) -> list[Organization]:
    """The stars in the order in which they stand on their ring: beside the core firm they are linked to."""
    near: dict[int, int] = defaultdict(lambda: len(core))
    place = {key: at for at, key in enumerate(core)}
    for link in links:
        for one, other in ((link.from_organization_id, link.to_organization_id),
                           (link.to_organization_id, link.from_organization_id)):  # fmt: skip
            if one in place and other in stars:
                near[other] = place[one]
    return [stars[key] for key in sorted(shown, key=lambda key: (near[key], key))]


def ring(firms: Iterable[Organization], radius: float, group: int) -> list[dict[str, Any]]:
    """Nodes of the graph on a circle, from the top on."""
    found = list(firms)
    turns = [2 * pi * at / max(len(found), 1) - pi / 2 for at in range(len(found))]
    return [
        {
            "id": str(firm.pk),
            "name": firm.short_name or firm.name,
            "url": firm.get_absolute_url(),
            "centre": False,
            "group": group,
            "core": group == CORE_GROUP,
            "at": [round(radius * cos(turn), 4), round(radius * sin(turn), 4)],
        }
        for firm, turn in zip(found, turns, strict=True)
    ]


def link_of(link: Link) -> dict[str, str]:
    return {
        "source": str(link.from_organization_id),
        "target": str(link.to_organization_id),
        "label": str(link.get_kind_display()),
    }
