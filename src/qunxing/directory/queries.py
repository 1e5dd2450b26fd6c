"""Reads of the directory."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from qunxing.directory.models import Capability, Contact, Link, Organization, Product, Residency, TechnicalField


def field_options(_user: Any = None) -> list[tuple[str, str]]:
    """(code, name in the reader's language) of all technical fields, second level after its first, one query."""
    fields = list(TechnicalField.objects.all())
    children: dict[int | None, list[TechnicalField]] = {}
    for item in fields:
        children.setdefault(item.parent_id, []).append(item)
    ordered = [(item, depth) for parent in children.get(None, []) for item, depth in family(parent, children)]
    return [(item.code, f"{'　' * depth}{item}") for item, depth in ordered]


def family(
    parent: TechnicalField, children: dict[int | None, list[TechnicalField]]
) -> list[tuple[TechnicalField, int]]:
    return [(parent, 0), *((child, 1) for child in children.get(parent.pk, []))]


def field_names(codes: tuple[str, ...]) -> list[str]:
    """The names of the codes in the reader's language; an unknown code stands for itself."""
    if not codes:
        return []
    names = {item.code: str(item) for item in TechnicalField.objects.filter(code__in=codes)}
    return [names.get(code, code) for code in codes]


def resident_on(day: date) -> Q:
    """Residencies that held on the day: entered by then (or on a day not known) and not left."""
    entered = Q(entered_on__lte=day) | Q(entered_on__isnull=True)
    return entered & (Q(left_on__isnull=True) | Q(left_on__gt=day))


def organizations_for(user: Any) -> QuerySet[Organization]:
    rows: QuerySet[Organization] = Organization.objects.visible_to(user)
    return rows


@dataclass(frozen=True)
class Parts:
    """What hangs on one organisation, as the reader may see it; whoever shows `contacts` masks them."""

    names: list[Any]
    residencies: list[Residency]
    products: list[Product]
    capabilities: list[Capability]
    contacts: list[Contact]
    links: list[Link]


def parts_of(organization: Organization, *, user: Any) -> Parts:
    """One query for each kind of part."""
    links = Link.objects.visible_to(user).select_related("from_organization", "to_organization")
    return Parts(
        names=list(organization.names.visible_to(user)),
        residencies=list(organization.residencies.visible_to(user).select_related("scope__community")),
        products=list(organization.products.visible_to(user)),
        capabilities=list(organization.capabilities.visible_to(user)),
        contacts=list(organization.contacts.all()) if user.is_authenticated else [],
        links=list(links.filter(Q(from_organization=organization) | Q(to_organization=organization))),
    )


def graph_of(organization: Organization, links: list[Link]) -> dict[str, Any]:
    """Nodes and links of the small graph around an organisation, as the chart component takes them."""
    ends = {organization.pk: organization}
    for link in links:
        ends |= {link.from_organization_id: link.from_organization, link.to_organization_id: link.to_organization}
    return {
        "type": "graph",
        "title": _("Links"),
        "nodes": [
            {
                "id": str(pk),
                "name": end.short_name or end.name,
                "url": end.get_absolute_url(),
                "centre": pk == organization.pk,
            }
            for pk, end in ends.items()
        ],
        "links": [
            {
                "source": str(link.from_organization_id),
                "target": str(link.to_organization_id),
                "label": link.get_kind_display(),
            }
            for link in links
        ],
    }


def tier_counts(user: Any, day: date) -> list[tuple[str, int]]:
    """(tier, organisations in residence on the day) over what the user may see."""
    rows = Residency.objects.visible_to(user).filter(resident_on(day))
    counted = rows.values("tier").annotate(number=Count("organization", distinct=True))
    return [(row["tier"], row["number"]) for row in counted]
