"""What hangs on a model and on a filing, as one reader may see it."""

from dataclasses import dataclass
from typing import Any

from qunxing.registry.models import AIModel, Coverage, Filing, ModelVersion, Ownership

SHOWN = 50


@dataclass(frozen=True)
class ModelParts:
    versions: list[ModelVersion]
    ownerships: list[Ownership]
    coverages: list[Coverage]
    derived: list[AIModel]
    base: AIModel | None


def model_parts(model: AIModel, *, user: Any) -> ModelParts:
    """One query for each kind of part; a base model only where the reader may see it."""
    models = AIModel.objects.visible_to(user)
    coverages = model.coverages.visible_to(user).select_related("filing__organization")
    return ModelParts(
        versions=list(model.versions.visible_to(user)),
        ownerships=list(model.ownerships.visible_to(user).select_related("organization")),
        coverages=list(coverages.order_by("-filing__granted_on", "-pk")[:SHOWN]),
        derived=list(models.filter(base_model=model)[:SHOWN]),
        base=models.filter(pk=model.base_model_id).first() if model.base_model_id else None,
    )


@dataclass(frozen=True)
class FilingParts:
    """`relying` are registered services that call this filing's model, `relying_total` how many the reader may see."""

    coverages: list[Coverage]
    relies_on: Filing | None
    relied_models: list[Coverage]
    relying: list[Filing]
    relying_total: int


def filing_parts(filing: Filing, *, user: Any) -> FilingParts:
    """What hangs on the filing, and the chain of who relies on whom."""
    relied_on = None
    if filing.relies_on_id:
        rows = Filing.objects.visible_to(user).select_related("organization")
        relied_on = rows.filter(pk=filing.relies_on_id).first()
    relying = filing.relied_on_by.visible_to(user)
    return FilingParts(
        coverages=list(filing.coverages.visible_to(user).select_related("model")[:SHOWN]),
        relies_on=relied_on,
        relied_models=list(relied_on.coverages.visible_to(user).select_related("model")) if relied_on else [],
        relying=list(relying.select_related("organization")[:SHOWN]),
        relying_total=relying.count(),
    )
