"""What the pages of imports show."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import Q
from django.http import Http404
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from qunxing.core.errors import Text
from qunxing.core.reasons import Reason
from qunxing.core.regions import division_name
from qunxing.core.sheets import sheets
from qunxing.directory.models import Organization, OrganizationName
from qunxing.intake.headers import SkipKind
from qunxing.intake.models import Batch, Proposal, StaffRow
from qunxing.intake.registering import Outcome
from qunxing.intake.telling import hidden_marks
from qunxing.ledger.kinds import record_kinds
from qunxing.ledger.versions import history_of
from qunxing.registry.models import Filing, FilingKind

LABELS: dict[str, Text] = {
    Outcome.FOR_STAFF: pgettext_lazy("rows of a list", "For staff"),
    Outcome.UPDATED: pgettext_lazy("rows of a list", "Changed"),
    Outcome.ADDED: pgettext_lazy("rows of a list", "Added"),
    Outcome.UNCHANGED: pgettext_lazy("rows of a list", "Unchanged"),
}
SKIPPED: dict[str, Text] = {
    SkipKind.TITLE: gettext_lazy("title above the table"),
    SkipKind.HEADER: gettext_lazy("header"),
    SkipKind.BLANK: gettext_lazy("blank"),
    SkipKind.SECTION: gettext_lazy("heading of a section"),
    SkipKind.NOTE: gettext_lazy("note or total"),
    SkipKind.SHEET: gettext_lazy("sheet without such a table"),
}
MOST_SAME = 20


@dataclass(frozen=True)
class Left:
    """How much waits for a person."""

    rows: int
    proposals: int


def open_counts() -> Left:
    return Left(
        StaffRow.objects.filter(state=StaffRow.State.OPEN).count(),
        Proposal.objects.filter(state=Proposal.State.OPEN).count(),
    )


def row_tabs(batch: Batch, asked: str) -> tuple[list[tuple[Any, ...]], str]:
    """(tabs of the outcomes with their counts, the outcome that is shown): the one asked for, else the first."""
    counted = [outcome for outcome in LABELS if batch.counts.get(outcome)] or [Outcome.ADDED]
    shown = asked if asked in counted else counted[0]
    tabs = [
        (LABELS[outcome], f"?rows={outcome}#rows", outcome == shown, batch.counts.get(outcome, 0))
        for outcome in counted
    ]
    return tabs, str(shown)


@dataclass(frozen=True)
class ShownRow:
    place: str
    name: str
    organization: str
    number: str
    fields: list[str]
    notes: list[str]


def shown_rows(batch: Batch, outcome: str) -> list[ShownRow]:
    """The kept rows of that outcome, their notes in the reader's language."""
    return [
        ShownRow(
            place=row["place"],
            name=row["name"],
            organization=row.get("organization", ""),
            number=row.get("number", ""),
            fields=[str(label_of(name)) for name in row.get("fields", ())],
            notes=notes_of(row["notes"]),
        )
        for row in batch.preview.get(outcome, ())
    ]


def notes_of(data: Sequence[Any]) -> list[str]:
    return [str(Reason.from_json(note)) for note in data]


@cache
def label_of(name: str) -> Text:
    label: Text = Filing._meta.get_field(name).verbose_name  # type: ignore[union-attr]
    return label


def totals_of(batch: Batch) -> dict[str, list[tuple[Text, int]]]:
    """The placed rows of the list by kind and by region, the most first."""
    kinds: list[tuple[Text, int]] = [
        (FilingKind(code).label, number) for code, number in batch.summary.get("by_kind", {}).items()
    ]
    regions = [(region_label(code), number) for code, number in batch.summary.get("by_region", {}).items()]
    return {"kinds": kinds, "regions": sorted(regions, key=lambda pair: -pair[1])}


def region_label(code: str) -> Text:
    if not code:
        return _("unknown")
    return division_name(code, chinese=(get_language() or "zh").startswith("zh"))


def file_reading(batch: Batch) -> dict[str, Any]:
    """How the file was read, its notes in the reader's language."""
    tables = [{**table, "notes": notes_of(table["notes"])} for table in batch.summary.get("tables", ())]
    skipped = [
        {
            **row,
            "label": SKIPPED.get(row["kind"], row["kind"]),
            "why": notes_of([row["reason"]] if row["reason"] else []),
        }
        for row in batch.summary.get("skipped_rows", ())
    ]
    total = sum(batch.summary.get("skipped", {}).values())
    return {"tables": tables, "skipped": skipped, "skipped_total": total}


def may_see_rows(batch: Batch, user: Any) -> None:
    """Not found, as if there were no such batch, for who may not see the ledger that its sheet is of."""
    spec = sheets().get(batch.list_code)
    if spec is not None and spec.see and not user.has_perm(spec.see):
        raise Http404


def marks_named(texts: Sequence[str], *, user: Any) -> list[tuple[str, int]]:
    """(kind, key) of the records that are named as ``kind:reference``, removed ones too.

    What is no record, or none that the user may see, is passed over; the command line, None, sees all.
    """
    found: list[tuple[Any, int]] = []
    for code, kind in record_kinds().items():
        refs = [ref for text in texts for mark, _colon, ref in [text.partition(":")] if mark == code and ref.isalnum()]
        if refs:
            keys = history_of(kind).objects.filter(ref__in=refs).order_by().values_list("id", flat=True).distinct()
            found += [(kind, key) for key in keys]
    hidden = hidden_marks(found, user)
    return [(mark[0].kind_code(), mark[1]) for mark in found if mark not in hidden]


def bearers(name_key: str, user: Any) -> list[Organization]:
    """The organisations that bear the name, or bore it, as far as the reader may see them."""
    former = OrganizationName.objects.filter(name_key=name_key, kind=OrganizationName.Kind.REGISTERED)
    condition = Q(name_key=name_key) | Q(pk__in=former.values("organization_id"))
    return list(Organization.objects.visible_to(user).filter(condition).order_by("pk")[:MOST_SAME])
