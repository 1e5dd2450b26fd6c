"""The tables below the facts of a model and of a filing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from qunxing.core.errors import Text
from qunxing.core.formats import show_isoday
from qunxing.ledger.lists import Cell
from qunxing.ledger.models import Record
from qunxing.registry.lists.filings import granted_text, state_cell
from qunxing.registry.lists.shared import joined
from qunxing.registry.models import SHORT_KINDS, AIModel, Filing
from qunxing.registry.queries import FilingParts, ModelParts
from qunxing.registry.rules import Permission


@dataclass(frozen=True)
class PanelRow:
    """`edit_url` and `remove_url` are empty for whoever may not."""

    cells: Sequence[Cell]
    demo: bool = False
    edit_url: str = ""
    remove_url: str = ""


@dataclass(frozen=True)
class Panel:
    code: str
    title: Text
    icon: str
    headings: Sequence[Text]
    rows: list[PanelRow]
    add_url: str = ""
    more: int = 0

    @property
    def shown(self) -> bool:
        return bool(self.rows or self.add_url)

    @property
    def editable(self) -> bool:
        return any(row.edit_url for row in self.rows)


def linked(record: Any, text: str = "") -> Cell:
    return Cell(text or str(record), url=record.get_absolute_url())


def filing_cells(filing: Filing) -> list[Cell]:
    """A filing as a row of another record's page."""
    return [
        linked(filing, filing.name),
        Cell(SHORT_KINDS[filing.kind]),
        Cell(filing.number, kind="code"),
        linked(filing.organization),
        state_cell(filing),
        Cell(granted_text(filing), kind="date"),
    ]


def part_row(cells: Sequence[Cell], part: Record, urls: tuple[str, Record] | None, *, demo: bool) -> PanelRow:
    """A row with the addresses to edit and remove its part, given (name of the addresses, parent)."""
    if urls is None:
        return PanelRow(cells, demo)
    name, parent = urls
    refs = [parent.ref, part.ref]
    return PanelRow(
        cells, demo, reverse(f"registry:{name}-edit", args=refs), reverse(f"registry:{name}-remove", args=refs)
    )


def add_url(urls: tuple[str, Record] | None) -> str:
    return reverse(f"registry:{urls[0]}-create", args=[urls[1].ref]) if urls else ""


def model_panels(model: AIModel, parts: ModelParts, *, user: Any) -> list[Panel]:
    panels = [
        owners_panel(model, parts, user),
        covering_panel(parts),
        versions_panel(model, parts, user),
        Panel("derived", _("Models built on it"), "sitemap", [_("Name")], derived_rows(parts.derived)),
    ]
    return [panel for panel in panels if panel.shown]


def owners_panel(model: AIModel, parts: ModelParts, user: Any) -> Panel:
    urls = ("ownership", model) if user.has_perm(Permission.CHANGE_OWNERSHIP, model) else None
    rows = [
        part_row(
            [
                linked(row.organization),
                Cell(row.get_role_display()),
                Cell(show_isoday(row.from_day), kind="date"),
                Cell(show_isoday(row.to_day), kind="date"),
            ],
            row,
            urls,
            demo=row.organization.demo,
        )
        for row in parts.ownerships
    ]
    headings = [_("Organisation"), _("Role"), _("From"), _("Until")]
    return Panel("owners", _("Owners"), "building", headings, rows, add_url(urls))


def covering_panel(parts: ModelParts) -> Panel:
    headings = [_("Name as filed"), _("Kind"), _("Number"), _("Filed by"), _("State"), _("Granted on")]
    rows = [PanelRow(filing_cells(row.filing), row.filing.demo) for row in parts.coverages]
    return Panel("filings", _("Filings that cover it"), "file-certificate", headings, rows)


def versions_panel(model: AIModel, parts: ModelParts, user: Any) -> Panel:
    urls = ("version", model) if user.has_perm(Permission.CHANGE_MODEL, model) else None
    rows = [
        part_row(
            [Cell(row.version), Cell(show_isoday(row.released_on), kind="date"), Cell(row.note)],
            row,
            urls,
            demo=row.demo,
        )
        for row in parts.versions
    ]
    headings = [_("Version"), _("Released on"), _("Note")]
    return Panel("versions", _("Versions"), "versions", headings, rows, add_url(urls))


def derived_rows(models: Iterable[AIModel]) -> list[PanelRow]:
    return [PanelRow([linked(model)], model.demo) for model in models]


def filing_panels(filing: Filing, parts: FilingParts, *, user: Any) -> list[Panel]:
    panels = [reliance_panel(parts), covered_panel(filing, parts, user), relying_panel(parts)]
    return [panel for panel in panels if panel.shown]


def reliance_panel(parts: FilingParts) -> Panel:
    """The chain of a registered service: the filing it relies on, and the models behind that."""
    relied_on, rows = parts.relies_on, []
    if relied_on is not None:
        models = [row.model for row in parts.relied_models]
        cells = [
            linked(relied_on, relied_on.name),
            Cell(relied_on.number, kind="code"),
            linked(relied_on.organization),
            state_cell(relied_on),
            linked(models[0]) if len(models) == 1 else Cell(joined(str(model) for model in models)),
        ]
        rows = [PanelRow(cells, relied_on.demo)]
    headings = [_("Name as filed"), _("Number"), _("Filed by"), _("State"), _("Its models")]
    return Panel("reliance", _("What it relies on"), "sitemap", headings, rows)


def covered_panel(filing: Filing, parts: FilingParts, user: Any) -> Panel:
    urls = ("coverage", filing) if user.has_perm(Permission.CHANGE_COVERAGE, filing) else None
    rows = [part_row([linked(row.model), Cell(row.note)], row, urls, demo=row.model.demo) for row in parts.coverages]
    return Panel("models", _("Models covered"), "cpu", [_("Model"), _("Note")], rows, add_url(urls))


def relying_panel(parts: FilingParts) -> Panel:
    headings = [_("Name as filed"), _("Kind"), _("Number"), _("Filed by"), _("State"), _("Granted on")]
    rows = [PanelRow(filing_cells(row), row.demo) for row in parts.relying]
    title = _("Services that rely on it")
    return Panel("relying", title, "link", headings, rows, "", parts.relying_total - len(rows))
