"""Offers as documents of the search."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from qunxing.core.specs import Document, DocumentSpec, by, pieces, place_code
from qunxing.directory.documents import names_of, names_within
from qunxing.resources.models import Kind, Offer
from qunxing.resources.states import State


def offer_rows(rows: QuerySet[Any], level: str) -> QuerySet[Any]:
    return rows.select_related("provider").prefetch_related(names_within(level, "provider__names"))


def offer_document(offer: Offer) -> Document:
    return Document(
        title=offer.title,
        url=offer.get_absolute_url(),
        names=(offer.title,),
        about=(offer.provider.name,),
        text=" ".join(pieces(offer.description, offer.price_terms)),
        also=names_of(offer.provider),
        owners=(offer.provider_id,),
        facets={
            "type": (offer.kind,),
            "state": (offer.state,),
            "field": offer.fields,
            "place": place_code(offer.region),
        },
    )


OFFERS = DocumentSpec(
    code="offers",
    label=_("Offers"),
    icon="server",
    model=Offer,
    document=offer_document,
    fetch=offer_rows,
    hangs_on={"directory.organization": by("provider")},
    types=lambda: dict(Kind.choices),
    states=lambda: dict(State.choices),
)
DOCUMENTS = (OFFERS,)
