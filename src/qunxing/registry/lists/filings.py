"""The list of filings."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from qunxing.core.text import search_terms
from qunxing.directory.models import Organization
from qunxing.ledger.lists import Cell, Column, Filter, ListSpec, choice_filter, day_filter, on_day_filter
from qunxing.ledger.lists.selection import select
from qunxing.ledger.lists.spec import Options
from qunxing.registry.lists.shared import joined, organization_filter, yes_no_filter
from qunxing.registry.models import (
    REGIONS,
    SHORT_KINDS,
    AIModel,
    AlgorithmClass,
    AlgorithmRole,
    Authority,
    Coverage,
    Filing,
    FilingKind,
    FilingStep,
    Modality,
    Precision,
)
from qunxing.registry.models.vocabulary import part_of_day
from qunxing.registry.rules import Permission
from qunxing.registry.states import ENDED, IN_FORCE, PUBLISHED, TONES, State

# Looked up here and not by `get_region_display`, which hashes every label for every row.
REGION_LABELS = dict(REGIONS)


def fetch(user: Any, rows: QuerySet[Any]) -> QuerySet[Any]:
    coverages = Coverage.objects.visible_to(user).select_related("model")
    relied_on = Filing.objects.visible_to(user)
    return rows.select_related("organization").prefetch_related(
        Prefetch("coverages", coverages, to_attr="shown_coverages"), Prefetch("relies_on", relied_on)
    )


def search(rows: QuerySet[Any], words: str) -> QuerySet[Any]:
    """By name and number, or by the filer's names: whoever sees a filing sees its organisation."""
    condition = Q()
    for term in search_terms(words):
        filers = Organization.objects.filter(search_key__holds=term).order_by()
        few = select(filers).keys
        condition &= Q(search_key__holds=term) | Q(organization__in=filers.values("pk") if few is None else few)
    return rows.filter(condition)


def granted_text(filing: Filing) -> str:
    """As much of the day as is known."""
    return "" if filing.granted_on is None else part_of_day(filing.granted_on, filing.granted_precision)


def granted_cell(filing: Filing) -> Cell:
    text = granted_text(filing)
    exact = filing.granted_precision == Precision.DAY
    return Cell(text, kind="code" if text else "text", value=filing.granted_on if exact else None)


def organization_cell(filing: Filing) -> Cell:
    return Cell(filing.organization.name, kind="link", url=filing.organization.get_absolute_url())


def state_cell(filing: Filing) -> Cell:
    state = State(filing.state)
    return Cell(state.label, kind="tag", tone=TONES[state])


def models_cell(filing: Any) -> Cell:
    models = [row.model for row in filing.shown_coverages]
    url = models[0].get_absolute_url() if len(models) == 1 else ""
    return Cell(joined(model.name for model in models), kind="link" if url else "text", url=url)


def relies_cell(filing: Filing) -> Cell:
    relied_on = filing.relies_on
    return Cell(relied_on.name, kind="link", url=relied_on.get_absolute_url()) if relied_on is not None else Cell()


def state_options(user: Any) -> Options:
    """States that are not published are offered to those who may meet them."""
    if user.has_perm(Permission.SEE_DUE):
        return list(State.choices)
    return [(value, label) for value, label in State.choices if value in PUBLISHED]


def by_modality(user: Any, rows: QuerySet[Any], values: Sequence[str]) -> QuerySet[Any]:
    """Filings that cover a model of one of these modalities."""
    modal = Q()
    for value in values:
        modal |= Q(modalities__has_code=value)
    models = AIModel.objects.visible_to(user).filter(modal)
    return rows.filter(pk__in=Coverage.objects.filter(model__in=models.order_by().values("pk")).values("filing_id"))


def covering(user: Any, _rows: QuerySet[Any]) -> Q:
    return Q(pk__in=Coverage.objects.visible_to(user).order_by().values("filing_id"))


def relying(_rows: QuerySet[Any]) -> Q:
    # A comparison can use the index; a search for what is not null reads every row.
    return Q(relies_on__gt=0)


def by_organization(rows: QuerySet[Any], keys: list[int]) -> QuerySet[Any]:
    return rows.filter(organization__in=keys)


def any_of(field: str, rows: QuerySet[Any], values: Sequence[str]) -> QuerySet[Any]:
    return rows.filter(**{f"{field}__in": values})


COLUMNS = (
    Column("name", _("Name"), lambda row: row.name, sort=("name_key",)),
    Column("kind", _("Kind"), lambda row: Cell(SHORT_KINDS[row.kind], kind="tag"), "tag"),
    Column("number", _("Number"), lambda row: row.number, "code", sort=("number_key",)),
    Column("organization", _("Filed by"), organization_cell, "link"),
    Column("state", _("State"), state_cell, "tag"),
    Column("region", _("Region (属地)"), lambda row: REGION_LABELS.get(row.region, "")),
    Column("granted", _("Granted on"), granted_cell, "code", sort=("granted_on",)),
    Column("granted_note", _("Remark on the date"), lambda row: row.granted_note, shown=False),
    Column("authority", _("Authority"), lambda row: row.authority_name or row.get_authority_display(), shown=False),
    Column("batch", _("Batch"), lambda row: row.batch, shown=False),
    Column("models", _("Models covered"), models_cell, shown=False),
    Column("relies_on", _("Relies on"), relies_cell, "link", shown=False),
    Column("algorithm_class", _("Class of algorithm"), lambda row: row.get_algorithm_class_display(), shown=False),
    Column("algorithm_role", _("Role of the filer"), lambda row: row.get_algorithm_role_display(), shown=False),
    Column("product", _("Product"), lambda row: row.product, shown=False),
    Column("purpose", _("Main purpose"), lambda row: row.purpose, shown=False),
    Column("live", _("Went live on"), lambda row: row.went_live_on, "date", shown=False),
    Column("changed", _("Changed"), lambda row: row.updated_at, "datetime", sort=("updated_at",), shown=False),
)


def in_force_on(rows: QuerySet[Any], day: date) -> QuerySet[Any]:
    """Filings granted by the day and not withdrawn or revoked by then."""
    ends = FilingStep.objects.filter(state__in=ENDED, day__lte=day, filing=OuterRef("pk"))
    return rows.filter(Q(granted_on__lte=day), Q(state__in=IN_FORCE) | (Q(state__in=ENDED) & ~Exists(ends)))


def filings_for(user: Any, chosen: Sequence[str] = ()) -> ListSpec:
    """The list as this reader may see it; `chosen` are references of organisations to be offered as a filter."""
    return ListSpec(
        code="filings",
        title=_("Filings"),
        model=Filing,
        icon="file-certificate",
        rows=Filing.objects.visible_to,
        search=search,
        fetch=partial(fetch, user),
        order=("-granted_on", "-pk"),
        url_name="registry:filing-list",
        create_url_name="registry:filing-create",
        create_permission="registry.create_filing",
        empty_title=_("No filing here yet"),
        empty_hint=_("Add one that is being prepared, or import the published lists."),
        columns=COLUMNS,
        filters=(
            choice_filter("kind", _("Kind"), FilingKind, prominent=True),
            Filter("state", _("State"), partial(any_of, "state"), state_options, prominent=True),
            Filter("region", _("Region (属地)"), partial(any_of, "region"), lambda _user: REGIONS, prominent=True),
            on_day_filter("on", _("In force on"), in_force_on),
            day_filter("granted", _("Granted"), "granted_on"),
            choice_filter("class", _("Class of algorithm"), AlgorithmClass, "algorithm_class"),
            choice_filter("role", _("Role of the filer"), AlgorithmRole, "algorithm_role"),
            choice_filter("authority", _("Authority"), Authority),
            Filter("modality", _("Modality"), partial(by_modality, user), lambda _user: Modality.choices),
            yes_no_filter("covers", _("Names its models"), partial(covering, user)),
            yes_no_filter("relies", _("Names what it relies on"), relying),
            organization_filter(user, chosen, by_organization),
        ),
    )
