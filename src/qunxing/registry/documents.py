"""Models and filings as documents of the search."""

from datetime import date
from functools import cache
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qunxing.core.specs import Document, DocumentSpec, bilingual, by, pieces, year_of
from qunxing.directory.documents import names_of, names_within, with_organization
from qunxing.ledger.openness import levels_beside, levels_within
from qunxing.registry.models import (
    SHORT_KINDS,
    AIModel,
    AlgorithmClass,
    Filing,
    Modality,
    ModelVersion,
    Ownership,
    Task,
)
from qunxing.registry.models.reach import at_present
from qunxing.registry.states import State


def model_rows(rows: QuerySet[Any], level: str) -> QuerySet[Any]:
    """With its versions, its owners as far as they may be told, and the keys of all whose model it is."""
    levels = levels_beside(level)
    told = Ownership.objects.filter(at_present(), visibility__in=levels, organization__visibility__in=levels)
    told = told.select_related("organization").prefetch_related(names_within(level, "organization__names"))
    versions = ModelVersion.objects.filter(visibility__in=levels_within(level))
    return rows.prefetch_related(
        Prefetch("ownerships", told.order_by("pk"), to_attr="told_owners"),
        Prefetch("ownerships", Ownership.objects.filter(at_present()), to_attr="all_owners"),
        Prefetch("versions", versions, to_attr="told_versions"),
    )


def model_document(model: Any) -> Document:
    owners = [ownership.organization for ownership in model.told_owners]
    versions = [version.version for version in model.told_versions]
    return Document(
        title=model.name,
        url=model.get_absolute_url(),
        names=pieces(model.name, model.english_name),
        about=pieces(*(owner.name for owner in owners), model.parameters_text),
        text=model.description,
        also=tuple(name for owner in owners for name in names_of(owner)),
        words=" ".join([*versions, model.website, *spoken(model.modalities), *spoken(model.tasks)]),
        owners=tuple(ownership.organization_id for ownership in model.all_owners),
        facets={"type": model.modalities},
    )


@cache
def vocabulary() -> dict[str, str]:
    return bilingual({**dict(Modality.choices), **dict(Task.choices), **dict(AlgorithmClass.choices)})


def spoken(codes: tuple[str, ...]) -> list[str]:
    return [vocabulary().get(code, code) for code in codes]


def turned_models(day: date) -> Q:
    """An ownership that has ended since shows nothing more to the former owner."""
    return Q(ownerships__to_day__gte=day, ownerships__to_day__lt=timezone.localdate())


def filing_document(filing: Filing) -> Document:
    names = names_of(filing.organization)
    return Document(
        title=filing.name,
        url=filing.get_absolute_url(),
        names=(filing.name,),
        codes=pieces(filing.number),
        about=pieces(filing.organization.name, filing.number),
        text=" ".join(pieces(filing.product, filing.purpose)),
        also=names,
        words=" ".join([filing.batch, *spoken(pieces(filing.algorithm_class))]),
        owners=(filing.organization_id,),
        facets={
            "type": (filing.kind,),
            "state": (filing.state,),
            "place": pieces(filing.region),
            "year": year_of(filing.granted_on),
        },
    )


MODELS = DocumentSpec(
    code="models",
    lead=1.5,
    label=_("Models"),
    icon="cpu",
    model=AIModel,
    document=model_document,
    fetch=model_rows,
    hangs_on={"directory.organization": by("ownerships__organization")},
    types=lambda: dict(Modality.choices),
    turned=turned_models,
)
FILINGS = DocumentSpec(
    code="filings",
    label=_("Filings"),
    icon="file-certificate",
    model=Filing,
    document=filing_document,
    fetch=with_organization,
    hangs_on={"directory.organization": by("organization")},
    types=lambda: SHORT_KINDS,
    states=lambda: dict(State.choices),
)
DOCUMENTS = (MODELS, FILINGS)
