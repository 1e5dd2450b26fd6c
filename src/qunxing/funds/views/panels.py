"""The tables below the facts of a fund and of a round."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from qunxing.core.errors import Text
from qunxing.core.formats import show_isoday
from qunxing.core.money import show_range
from qunxing.funds.lists import closed_cell
from qunxing.funds.models import Commitment, Fund, Investment, Round
from qunxing.funds.queries import FundParts
from qunxing.funds.rules import Permission
from qunxing.ledger.lists import Cell


@dataclass(frozen=True)
class PanelRow:
    """`edit_url` and `remove_url` are empty for whoever may not."""

    cells: Sequence[Cell]
    demo: bool
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
    more_url: str = ""
    more: int = 0

    @property
    def shown(self) -> bool:
        return bool(self.rows or self.add_url)


def fund_panels(fund: Fund, parts: FundParts, *, user: Any) -> list[Panel]:
    may_change = user.has_perm(Permission.CHANGE_COMMITMENT, fund)
    panels = [
        received_panel(fund, parts.received, may_change=may_change),
        Panel(
            "made", _("Committed to other funds"), "arrow-up-right", [_("Fund"), _("Amount"), _("Day")],
            [PanelRow([linked(row.fund), *commitment_cells(row)], row.demo) for row in parts.made],
        ),
        investments_panel(fund, parts),
    ]  # fmt: skip
    return [panel for panel in panels if panel.shown]


def received_panel(fund: Fund, rows: Iterable[Commitment], *, may_change: bool) -> Panel:
    shown = [
        PanelRow(
            [investor(row), *commitment_cells(row), Cell(row.note)],
            row.demo,
            *part_urls("commitment", fund, row, may_change=may_change),
        )
        for row in rows
    ]
    add_url = reverse("funds:commitment-create", args=[fund.ref]) if may_change else ""
    headings = [_("Investor"), _("Amount"), _("Day"), _("Note")]
    return Panel("commitments", _("Commitments to this fund"), "coins", headings, shown, add_url)


def investments_panel(fund: Fund, parts: FundParts) -> Panel:
    rows = [
        PanelRow(
            [
                Cell(row.round.organization.name, url=row.round.get_absolute_url()),
                Cell(str(row.round.stage)),
                Cell(closed_cell(row.round).text),
                amount(row),
                lead(row),
            ],
            row.demo,
        )
        for row in parts.investments
    ]
    headings = [_("Organisation"), _("Stage of financing"), _("Closed on"), _("Amount"), _("Lead")]
    more = parts.investments_total - len(rows)
    more_url = f"{reverse('funds:round-list')}?fund={fund.ref}" if more else ""
    return Panel("investments", _("Investments"), "trending-up", headings, rows, "", more_url, more)


def round_panel(found: Round, rows: Iterable[Investment], *, user: Any) -> Panel:
    may_change = user.has_perm(Permission.CHANGE_INVESTMENT, found)
    shown = [
        PanelRow(
            [investor(row), amount(row), lead(row), Cell(row.note)],
            row.demo,
            *part_urls("investment", found, row, may_change=may_change),
        )
        for row in rows
    ]
    add_url = reverse("funds:investment-create", args=[found.ref]) if may_change else ""
    headings = [_("Investor"), _("Amount"), _("Lead"), _("Note")]
    return Panel("investments", _("Investors"), "coins", headings, shown, add_url)


def part_urls(part: str, parent: Any, row: Any, *, may_change: bool) -> tuple[str, str]:
    if not may_change:
        return "", ""
    edit, remove = (reverse(f"funds:{part}-{verb}", args=[parent.ref, row.ref]) for verb in ("edit", "remove"))
    return edit, remove


def linked(record: Any) -> Cell:
    return Cell(str(record), url=record.get_absolute_url())


def investor(row: Commitment | Investment) -> Cell:
    return linked(row.investor_record) if row.investor_record else Cell(row.investor_name)


def amount(row: Commitment | Investment) -> Cell:
    return Cell(show_range(row.amount))


def lead(row: Investment) -> Cell:
    return Cell(_("lead") if row.lead else "")


def commitment_cells(row: Commitment) -> list[Cell]:
    return [amount(row), Cell(show_isoday(row.committed_on))]
