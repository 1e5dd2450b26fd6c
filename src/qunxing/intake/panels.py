"""What this app offers on the pages and lists of every record that has a sheet: Word files filled with it."""

from typing import Any

from django.urls import reverse

from qunxing.core.panels import ExportSpec, PanelSpec, Show
from qunxing.core.sheets import SheetSpec, sheets
from qunxing.intake.models import Paper

TEMPLATE = "intake/papers/panel.html"
SHOWN = 20


def papers_for(spec: SheetSpec, user: Any, *, together: bool) -> list[Paper]:
    if not user.is_authenticated:
        return []
    return list(Paper.objects.visible_to(user).filter(sheet_code=spec.code, together=together)[:SHOWN])


def panel(spec: SheetSpec) -> Show:
    def show(record: Any, user: Any) -> dict[str, Any] | None:
        found = papers_for(spec, user, together=False)
        return {"papers": found, "ref": record.ref} if found else None

    return show


def export(spec: SheetSpec) -> ExportSpec:
    def offer(user: Any) -> list[tuple[str, str]]:
        found = papers_for(spec, user, together=True)
        return [(paper.name, reverse("intake:paper-fill", args=[paper.ref])) for paper in found]

    return ExportSpec(spec.model.kind_code(), offer)


PANELS = tuple(PanelSpec(spec.model.kind_code(), TEMPLATE, panel(spec)) for spec in sheets().values())
EXPORTS = tuple(export(spec) for spec in sheets().values())
