"""The statistics form of the quarter as Word and as a sheet; money in thousands of yuan."""

from collections.abc import Sequence
from decimal import Decimal
from tempfile import SpooledTemporaryFile
from typing import Any

from django.http import FileResponse, HttpResponse
from django.utils.translation import gettext as _

from qunxing.challenges.papers import Block, block, fact, paper
from qunxing.core.exports import write_xlsx
from qunxing.core.formats import NOTHING, show_day, show_number
from qunxing.indicators.engine.quarters import Quarter
from qunxing.indicators.models import Return
from qunxing.indicators.models.returns import DEGREES, MONEY, RIGHTS
from qunxing.indicators.queries.returns.totals import in_thousands, label_of, sums

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ASKED = (*MONEY, "two_year_revenue", "staff", *DEGREES, *RIGHTS)
AMOUNTS = frozenset({*MONEY, "two_year_revenue"})
Row = list[Any]


def value_of(name: str, value: int | None) -> Decimal | int | None:
    return in_thousands(value) if name in AMOUNTS else value


def heading_of(name: str) -> str:
    label = str(label_of(name))
    return _("{name} (thousand yuan)").format(name=label) if name in AMOUNTS else label


def return_sheet(row: Return) -> tuple[Row, list[Row]]:
    rows: list[Row] = [[_("Organisation"), row.organization.name], [_("Quarter"), str(row.period)]]
    rows += [[_("State"), row.get_state_display()]]
    rows += [[heading_of(name), value_of(name, getattr(row, name))] for name in ASKED]
    rows += [[_("High-tech certificate"), row.certificate_number], [_("Valid until"), row.certificate_until]]
    return [_("Figure"), _("Value")], rows


def quarter_sheet(rows: Sequence[Return]) -> tuple[Row, list[Row]]:
    """A line for each firm, and the sums below."""
    head = [_("Organisation"), _("State"), *(heading_of(name) for name in ASKED)]
    head += [_("High-tech certificate"), _("Valid until")]
    lines: list[Row] = [
        [
            row.organization.name,
            row.get_state_display(),
            *(value_of(name, getattr(row, name)) for name in ASKED),
            row.certificate_number,
            row.certificate_until,
        ]
        for row in rows
    ]
    totals = sums(rows).totals
    return head, [*lines, [_("Total"), "", *(value_of(name, totals.get(name)) for name in ASKED), "", ""]]


def return_paper(row: Return) -> Block:
    """The form that a firm signs and stamps."""
    until = show_day(row.certificate_until) if row.certificate_until else NOTHING
    lines = [[heading_of(name), show_number(value_of(name, getattr(row, name)))] for name in ASKED]
    certified = [fact(_("High-tech certificate"), row.certificate_number), fact(_("Valid until"), until)]
    signs = [_("Filled in by:"), _("Checked by:"), _("Seal of the organisation:")]
    title = _("Quarterly statistics of a firm in residence")
    return paper(
        title,
        str(row.period),
        [
            block(lines=[fact(_("Organisation"), row.organization.name), fact(_("State"), row.get_state_display())]),
            block(head=[_("Figure"), _("Value")], rows=lines),
            block(lines=[*certified, row.note]),
        ],
        signs,
    )


def quarter_paper(quarter: Quarter, rows: Sequence[Return]) -> Block:
    """The totals of the quarter, for the file."""
    found = sums(rows)
    lines = [[heading_of(name), show_number(value_of(name, found.totals.get(name)))] for name in found.totals]
    told = [fact(_("Returns submitted"), str(found.firms)), fact(_("Of these accepted"), str(found.accepted))]
    title = _("Quarterly statistics of the firms in residence")
    return paper(title, str(quarter), [block(lines=told), block(head=[_("Figure"), _("Value")], rows=lines)])


def sheet_response(head: Row, rows: list[Row], name: str) -> HttpResponse:
    file = SpooledTemporaryFile(max_size=8 * 1024 * 1024)  # noqa: SIM115 - closed by the response
    write_xlsx(head, rows, file, title=name)
    file.seek(0)
    answer: Any = FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)
    return answer  # type: ignore[no-any-return]
