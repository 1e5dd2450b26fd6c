"""Organisations and products as documents of the search."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _

from qunxing.core.specs import Document, DocumentSpec, by, pieces, place_code, year_of
from qunxing.directory.models import Capability, Organization, OrganizationName, Product, Role
from qunxing.ledger.openness import levels_within


def names_within(level: str, path: str = "names") -> Prefetch[str]:
    """The names that an organisation bears beside its own, as open as the record that is told of."""
    names = OrganizationName.objects.filter(visibility__in=levels_within(level)).order_by("pk")
    return Prefetch(path, names, to_attr="told_names")


def organization_rows(rows: QuerySet[Any], level: str) -> QuerySet[Any]:
    """With its names and what it can do, as open as the organisation."""
    able = Capability.objects.filter(visibility__in=levels_within(level), held=True).order_by("pk")
    return rows.prefetch_related(names_within(level), Prefetch("capabilities", able, to_attr="told_capabilities"))


def names_of(organization: Any) -> tuple[str, ...]:
    """All names it was fetched with, the registered one first."""
    told = [name.text for name in organization.told_names]
    return pieces(organization.name, organization.short_name, organization.english_name, *told)


def organization_document(organization: Any) -> Document:
    names = names_of(organization)
    able = [word for one in organization.told_capabilities for word in (one.name, one.number)]
    return Document(
        title=organization.name,
        url=organization.get_absolute_url(),
        names=names,
        codes=pieces(organization.uscc),
        about=pieces(organization.short_name, organization.english_name, organization.uscc),
        text=" ".join(pieces(organization.description, organization.address)),
        words=" ".join(pieces(organization.website, *able)),
        owners=(organization.pk,),
        facets={
            "type": organization.roles,
            "field": organization.fields,
            "place": place_code(organization.division),
            "year": year_of(organization.founded_on),
        },
    )


def with_organization(rows: QuerySet[Any], level: str) -> QuerySet[Any]:
    """Rows of an organisation, which whoever sees them sees too."""
    return rows.select_related("organization").prefetch_related(names_within(level, "organization__names"))


def product_document(product: Product) -> Document:
    return Document(
        title=product.name,
        url=product.get_absolute_url(),
        names=(product.name,),
        about=pieces(product.organization.name, product.category),
        text=product.description,
        also=names_of(product.organization),
        words=product.website,
        owners=(product.organization_id,),
        facets={"field": product.fields, "year": year_of(product.shown_from)},
    )


ORGANIZATIONS = DocumentSpec(
    code="organizations",
    lead=3.0,
    label=_("Organisations"),
    icon="building",
    model=Organization,
    document=organization_document,
    fetch=organization_rows,
    types=lambda: dict(Role.choices),
)
PRODUCTS = DocumentSpec(
    code="products",
    label=_("Products"),
    icon="building-store",
    model=Product,
    document=product_document,
    fetch=with_organization,
    hangs_on={"directory.organization": by("organization")},
)
DOCUMENTS = (ORGANIZATIONS, PRODUCTS)
