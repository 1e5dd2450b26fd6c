"""The list of models."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from qunxing.core.text import search_terms
from qunxing.ledger.lists import Cell, Column, Filter, ListSpec, choice_filter, code_filter
from qunxing.ledger.lists.spec import Options
from qunxing.registry.lists.shared import joined, labelled, organization_filter
from qunxing.registry.models import (
    SHORT_KINDS,
    AIModel,
    Coverage,
    Modality,
    ModelVersion,
    Openness,
    Ownership,
    Task,
)
from qunxing.registry.models.reach import at_present
from qunxing.registry.states import IN_FORCE

MODALITIES = dict(Modality.choices)
TASKS = dict(Task.choices)
TONES = {Openness.OPEN: "good", Openness.API: "info", Openness.CLOSED: "muted"}
NONE = "none"


def fetch(user: Any, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Owners, filings, versions and base models as far as the reader may see them."""
    owners = Ownership.objects.visible_to(user).filter(at_present()).select_related("organization")
    coverages = Coverage.objects.visible_to(user).select_related("filing")
    return rows.prefetch_related(
        Prefetch("ownerships", owners, to_attr="shown_owners"),
        Prefetch("coverages", coverages, to_attr="shown_coverages"),
        Prefetch("versions", ModelVersion.objects.visible_to(user), to_attr="shown_versions"),
        Prefetch("base_model", AIModel.objects.visible_to(user)),
    )


def search(user: Any, rows: QuerySet[Any], words: str) -> QuerySet[Any]:
    """By the model's own names, or by those of an owner whom the reader may see."""
    condition = Q()
    for term in search_terms(words):
        owned = Ownership.objects.visible_to(user).filter(organization__search_key__holds=term)
        condition &= Q(search_key__holds=term) | Q(pk__in=owned.order_by().values("model_id"))
    return rows.filter(condition)


def owners_cell(model: Any) -> Cell:
    owners = [row.organization for row in model.shown_owners]
    url = owners[0].get_absolute_url() if len(owners) == 1 else ""
    return Cell(joined(owner.name for owner in owners), kind="link" if url else "text", url=url)


def size_cell(model: AIModel) -> Cell:
    number = "" if model.parameters is None else f"{model.parameters.normalize():f}B"
    return Cell(model.parameters_text or number)


def openness_cell(model: AIModel) -> Cell:
    if not model.openness:
        return Cell()
    return Cell(model.get_openness_display(), kind="tag", tone=TONES[Openness(model.openness)])


def filings_cell(model: Any) -> Cell:
    """The kinds of its filings that are in force."""
    kinds = {row.filing.kind for row in model.shown_coverages if row.filing.state in IN_FORCE}
    shown = [str(label) for kind, label in SHORT_KINDS.items() if kind in kinds]
    return Cell(joined(shown), kind="tag" if shown else "text", tone="good")


def version_cell(model: Any) -> str:
    return model.shown_versions[0].version if model.shown_versions else ""


def base_cell(model: AIModel) -> Cell:
    base = model.base_model
    return Cell(base.name, kind="link", url=base.get_absolute_url()) if base is not None else Cell()


def by_filing(user: Any, rows: QuerySet[Any], values: Sequence[str]) -> QuerySet[Any]:
    """Models covered by a filing in force of one of these kinds, or by none at all."""
    covered = Coverage.objects.visible_to(user).filter(filing__state__in=IN_FORCE).order_by()
    kinds = [value for value in values if value != NONE]
    condition = Q(pk__in=covered.filter(filing__kind__in=kinds).values("model_id")) if kinds else Q()
    if NONE in values:
        condition |= ~Q(pk__in=covered.values("model_id"))
    return rows.filter(condition)


def by_owner(user: Any, rows: QuerySet[Any], keys: list[int]) -> QuerySet[Any]:
    owned = Ownership.objects.visible_to(user).filter(at_present(), organization__in=keys)
    return rows.filter(pk__in=owned.order_by().values("model_id"))


COLUMNS = (
    Column("name", _("Name"), lambda row: row.name, sort=("name_key",)),
    Column("english_name", _("English name"), lambda row: row.english_name, shown=False),
    Column("owners", _("Owners"), owners_cell, "link"),
    Column("modalities", _("Modalities"), lambda row: labelled(row.modalities, MODALITIES)),
    Column("tasks", _("Tasks"), lambda row: labelled(row.tasks, TASKS), shown=False),
    Column("parameters", _("Parameters"), size_cell, sort=("parameters",)),
    Column("openness", _("Openness"), openness_cell, "tag"),
    Column("filings", _("Filings in force"), filings_cell, "tag"),
    Column("version", _("Newest version"), version_cell),
    Column("base", _("Base model"), base_cell, "link", shown=False),
    Column("website", _("Website"), lambda row: row.website, shown=False),
    Column("changed", _("Changed"), lambda row: row.updated_at, "datetime", sort=("updated_at",), shown=False),
)


def filing_options(_user: Any) -> Options:
    return [*SHORT_KINDS.items(), (NONE, _("none in force"))]


def models_for(user: Any, chosen: Sequence[str] = ()) -> ListSpec:
    """The list as this reader may see it; `chosen` are references of organisations to be offered as a filter."""
    return ListSpec(
        code="models",
        title=_("Models"),
        model=AIModel,
        icon="cpu",
        rows=AIModel.objects.visible_to,
        search=partial(search, user),
        fetch=partial(fetch, user),
        order=("name_key", "pk"),
        url_name="registry:model-list",
        create_url_name="registry:model-create",
        create_permission="registry.create_model",
        empty_title=_("No model here yet"),
        empty_hint=_("Add one by hand, or import the published list: the models on it are added with their filings."),
        columns=COLUMNS,
        filters=(
            code_filter("modality", _("Modality"), lambda _user: Modality.choices, "modalities", prominent=True),
            choice_filter("openness", _("Openness"), Openness, prominent=True),
            Filter("filing", _("Filing in force"), partial(by_filing, user), filing_options, prominent=True),
            code_filter("task", _("Task"), lambda _user: Task.choices, "tasks"),
            organization_filter(user, chosen, partial(by_owner, user)),
        ),
    )
