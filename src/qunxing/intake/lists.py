"""The lists of imports and of what they leave to people, which the global search leaves out; of Word templates."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunxing.core.errors import Text
from qunxing.core.sheets import sheets
from qunxing.intake.catalogue import KNOWN
from qunxing.intake.models import Batch, Paper, Proposal, StaffRow
from qunxing.intake.rules import Permission
from qunxing.ledger.lists import Cell, Column, Filter, ListSpec, choice_filter, day_filter

TONES = {
    Batch.State.UPLOADED: "info",
    Batch.State.PREVIEWED: "warn",
    Batch.State.APPLIED: "good",
    Batch.State.REFUSED: "bad",
    Batch.State.DROPPED: "muted",
    StaffRow.State.OPEN: "warn",
    StaffRow.State.SETTLED: "good",
    StaffRow.State.DISMISSED: "muted",
    Proposal.State.ACCEPTED: "good",
}


def list_title(code: str) -> Text:
    """What the list is called, or the sheet."""
    sheet = sheets().get(code)
    return KNOWN[code].title if code in KNOWN else sheet.label if sheet else code


def state_cell(row: Any) -> Cell:
    return Cell(row.get_state_display(), kind="tag", tone=TONES[row.state])


def count_column(name: str, label: Text) -> Column:
    return Column(name, label, lambda batch: batch.counts.get(name), "number")


def permitted(model: Any) -> Any:
    """All rows for who may see imports, none for others."""

    def rows(user: Any) -> QuerySet[Any]:
        found: QuerySet[Any] = model.objects.all() if user.has_perm(Permission.SEE) else model.objects.none()
        return found

    return rows


def list_filter(path: str) -> Filter:
    return Filter(
        "list",
        _("List"),
        lambda rows, values: rows.filter(**{f"{path}__in": values}),
        lambda _user: [(code, list_title(code)) for code in (*KNOWN, *sheets())],
    )


def batch_cell(row: Any) -> Cell:
    return Cell(row.batch.title, kind="link", url=row.batch.get_absolute_url())


def old_name_cell(proposal: Proposal) -> Cell:
    return Cell(proposal.old_name, kind="link", url=proposal.get_absolute_url())


IMPORTS = ListSpec(
    code="imports",
    title=_("Imports"),
    model=Batch,
    icon="upload",
    rows=permitted(Batch),
    search=lambda rows, words: rows.filter(Q(title__icontains=words) | Q(file_name__icontains=words)),
    fetch=lambda rows: rows.select_related("owner").defer("preview", "summary"),
    order=("-pk",),
    url_name="intake:import-list",
    create_url_name="intake:import-create",
    create_permission=Permission.IMPORT,
    empty_title=_("No list was taken in yet"),
    empty_hint=_("Upload a published list; what it would change is shown before anything is changed."),
    columns=(
        Column("title", _("Title"), lambda row: Cell(row.title, kind="link", url=row.get_absolute_url()), "link"),
        Column("state", _("State"), state_cell, "tag"),
        Column("kind", _("Kind"), lambda row: row.get_kind_display()),
        Column("list", _("List"), lambda row: list_title(row.list_code)),
        Column("day", _("Day of the list"), lambda row: row.day, "date", sort=("day",)),
        count_column("rows", _("Rows")),
        count_column("added", pgettext_lazy("rows of a list", "Added")),
        count_column("updated", pgettext_lazy("rows of a list", "Changed")),
        count_column("unchanged", pgettext_lazy("rows of a list", "Unchanged")),
        count_column("for_staff", pgettext_lazy("rows of a list", "For staff")),
        Column("file", _("File"), lambda row: row.file_name, shown=False),
        Column("owner", _("Taken in by"), lambda row: row.owner or "", shown=False),
        Column("created", _("Taken in"), lambda row: row.created_at, "datetime", sort=("pk",)),
    ),
    filters=(
        choice_filter("state", _("State"), Batch.State, prominent=True),
        choice_filter("kind", _("Kind"), Batch.Kind, prominent=True),
        list_filter("list_code"),
        day_filter("day", _("Day of the list"), "day"),
    ),
)

STAFF_ROWS = ListSpec(
    code="staff-rows",
    title=_("Rows for staff"),
    model=StaffRow,
    icon="list-check",
    rows=permitted(StaffRow),
    search=lambda rows, words: rows.filter(Q(cells__icontains=words) | Q(batch__title__icontains=words)),
    fetch=lambda rows: rows.select_related("batch", "settled_by"),
    order=("-state", "-batch", "sheet", "row", "pk"),
    url_name="intake:staff-rows",
    empty_title=_("No row is left to staff"),
    empty_hint=_("Rows that an import cannot place come here, each with its reason; none is dropped."),
    columns=(
        Column("row", _("Row"), lambda row: Cell(row.place, kind="link", url=row.get_absolute_url()), "link"),
        Column("reason", _("Reason"), lambda row: str(row.reason)),
        Column("cells", _("What stands in it"), lambda row: row.told, shown=False),
        Column("batch", _("Import"), batch_cell, "link"),
        Column("day", _("Day of the list"), lambda row: row.batch.day, "date", sort=("batch__day",)),
        Column("state", _("State"), state_cell, "tag", sort=("state",)),
        Column("note", _("Note"), lambda row: row.note, shown=False),
        Column("settled_by", _("Settled by"), lambda row: row.settled_by or "", shown=False),
    ),
    filters=(
        choice_filter("state", _("State"), StaffRow.State, prominent=True),
        list_filter("batch__list_code"),
        day_filter("day", _("Day of the list"), "batch__day"),
    ),
)

PROPOSALS = ListSpec(
    code="proposals",
    title=_("Proposals on names"),
    model=Proposal,
    icon="git-compare",
    rows=permitted(Proposal),
    search=lambda rows, words: rows.filter(Q(old_name__icontains=words) | Q(new_name__icontains=words)),
    fetch=lambda rows: rows.select_related("batch", "settled_by"),
    order=("-state", "-batch", "pk"),
    url_name="intake:proposals",
    empty_title=_("Nothing is proposed"),
    empty_hint=_("Renames that a list tells of, and names nearly alike, are proposed here and left to a person."),
    columns=(
        Column("old", _("Earlier or other name"), old_name_cell, "link", sort=("old_key",)),
        Column("new", _("Name on the list"), lambda row: row.new_name, sort=("new_key",)),
        Column("kind", _("Why"), lambda row: row.get_kind_display()),
        Column("words", _("Words"), lambda row: row.words, shown=False),
        Column("place", _("Place"), lambda row: row.place, shown=False),
        Column("batch", _("Import"), batch_cell, "link"),
        Column("state", _("State"), state_cell, "tag", sort=("state",)),
        Column("settled_by", _("Settled by"), lambda row: row.settled_by or "", shown=False),
    ),
    filters=(
        choice_filter("state", _("State"), Proposal.State, prominent=True),
        choice_filter("kind", _("Why"), Proposal.Kind, prominent=True),
        list_filter("batch__list_code"),
    ),
)  # fmt: skip


def sheet_label(paper: Paper) -> Text:
    spec = sheets().get(paper.sheet_code)
    return spec.label if spec is not None else paper.sheet_code


def paper_cell(paper: Paper) -> Cell:
    return Cell(paper.name, kind="link", url=paper.get_absolute_url())


PAPERS = ListSpec(
    code="papers",
    title=_("Word templates"),
    model=Paper,
    icon="file-text",
    rows=Paper.objects.visible_to,
    search=lambda rows, words: rows.filter(name__icontains=words),
    order=("name", "pk"),
    url_name="intake:paper-list",
    create_url_name="intake:paper-create",
    create_permission=Permission.EDIT_PAPER,
    empty_title=_("No Word template was kept yet"),
    empty_hint=_("Write a form in Word with placeholders; it is filled from the ledger, for one record or for a list."),
    columns=(
        Column(
            "name", _("Name"), lambda row: Cell(row.name, kind="link", url=row.get_absolute_url()), "link", ("name",)
        ),
        Column("sheet", _("Filled from"), sheet_label),
        Column("together", _("For"), lambda row: _("a list") if row.together else _("one record")),
        Column("note", _("Note"), lambda row: row.note, shown=False),
        Column("updated", _("Changed"), lambda row: row.updated_at, "datetime", sort=("updated_at",)),
    ),
    filters=(
        Filter(
            "sheet",
            _("Filled from"),
            lambda rows, values: rows.filter(sheet_code__in=values),
            lambda _user: [(code, spec.label) for code, spec in sheets().items()],
            field="sheet_code",
        ),
    ),
)
LISTS = (PAPERS,)
