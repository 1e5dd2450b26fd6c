"""What the quarterly returns count: figures of a quarter, and what stands at its end; in yuan, told in thousands."""

import numpy as np
from django.utils.translation import gettext_lazy as _

from qunxing.core.columns import Columns, Days
from qunxing.core.errors import Text
from qunxing.core.facttables import Amounts, Bounds, FactTable, Measure, forever
from qunxing.core.specs import Access, Dimension, FactTableSpec, IndicatorSpec, Read
from qunxing.directory.indicators import choices, whereabouts
from qunxing.directory.models import SizeClass, field_labels
from qunxing.indicators.models import Return
from qunxing.indicators.models.returns import DEGREES, MONEY
from qunxing.indicators.states.returns import FILED, ReturnState

FLOWS = (*MONEY, "ip_applied", "ip_granted")
STANDS = ("staff", *DEGREES, "ip_held")


def quarter_ends(rows: Columns, later: int = 0) -> Days:
    """The last day of each return's quarter, or of the one so many quarters later."""
    months = (rows["year"] - 1970) * 12 + (rows["quarter"] + later) * 3
    ends = months.astype(np.int64).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64) - 1
    days: Days = ends.astype(np.int32)
    return days


def returns(read: Read) -> FactTable:
    """Returns on the last day of their quarter: what was earned and spent in it."""
    rows = read(Return, "organization_id", "state", "year", "quarter", *FLOWS)
    ends = quarter_ends(rows)
    return table(read, rows, Bounds(ends, ends), forever(len(rows)), FLOWS)


def standings(read: Read) -> FactTable:
    """What stood at the end of each quarter, until the end of the next."""
    rows = read(Return, "organization_id", "state", "year", "quarter", *STANDS)
    ends, next_ends = quarter_ends(rows), quarter_ends(rows, later=1)
    return table(read, rows, Bounds(ends, ends), Bounds(next_ends, next_ends), STANDS)


def table(read: Read, rows: Columns, since: Bounds, until: Bounds, names: tuple[str, ...]) -> FactTable:
    firms, closed = whereabouts(read, rows["organization_id"]), np.zeros(len(rows), dtype=bool)
    return FactTable(
        rows=rows["id"],
        things=rows["organization_id"],
        since=since,
        until=until,
        organizations=rows["organization_id"],
        divisions=firms["division"],
        dimensions={"state": rows["state"], "field": firms["fields"], "size": firms["size_class"]},
        amounts={name: Amounts(rows[name], rows[name], closed, closed) for name in names},
    )


DIMENSIONS = (
    Dimension("state", _("State"), lambda: choices(ReturnState)),
    Dimension("field", _("Technical field"), field_labels, of_sets=True),
    Dimension("size", _("Size class"), lambda: choices(SizeClass)),
)
FACT_TABLES = (
    FactTableSpec("returns", _("Quarterly returns"), Return, returns, DIMENSIONS),
    FactTableSpec("return_standings", _("Ends of quarters in returns"), Return, standings, DIMENSIONS),
)

SECTION = _("Quarterly returns")
IN_QUARTER = _("The last day of the quarter lies in the period.")
AT_ITS_END = _("From the last day of the quarter until the last of the next.")
SUBMITTED = {"state": tuple(FILED)}
BY = ("field", "size")


def flow(code: str, name: Text, counts: Text, amount: str = "", unit: str = "元") -> IndicatorSpec:
    """What came together in the quarters of the period; nobody but staff and officers is told."""
    return IndicatorSpec(
        code, name, counts, "returns", IN_QUARTER, SECTION, unit, Measure.ENTERED, amount,
        where=SUBMITTED, by=BY, access=Access.CLOSED,
    )  # fmt: skip


def standing(code: str, name: Text, counts: Text, amount: str, unit: str = "人") -> IndicatorSpec:
    return IndicatorSpec(
        code, name, counts, "return_standings", AT_ITS_END, SECTION, unit, Measure.STOCK, amount,
        where=SUBMITTED, by=BY, access=Access.CLOSED,
    )  # fmt: skip


INDICATORS = (
    flow("returns_filed", _("Firms that filed"), _("Firms with a return submitted for a quarter of the period."),
         unit="家"),
    flow("return_revenue", _("Revenue of firms"), _("Revenue in the returns of the period."), "revenue"),
    flow("return_profit", _("Profit of firms"), _("Profits less losses in the returns of the period."), "profit"),
    flow("return_rnd", _("R&D expense of firms"), _("R&D expense in the returns of the period."), "rnd_expense"),
    flow("return_tax", _("Tax paid by firms"), _("Tax paid in the returns of the period."), "tax"),
    flow("return_financing", _("Financing told by firms"),
         _("Financing in the returns of the period, as the firms told it."), "financing"),
    flow("return_ip_applied", _("IP rights applied for"), _("IP rights applied for in the returns of the period."),
         "ip_applied", "个"),
    flow("return_ip_granted", _("IP rights granted"), _("IP rights granted in the returns of the period."),
         "ip_granted", "个"),
    standing("return_ip_held", _("IP rights held"), _("IP rights held at the end of the quarter."), "ip_held", "个"),
    standing("return_staff", _("Staff of firms"), _("Staff in the returns of the quarter that ended last."), "staff"),
    standing("return_staff_doctor", _("Staff with a doctorate"),
             _("Staff with a doctorate in the returns of the quarter that ended last."), "staff_doctor"),
    standing("return_staff_master", _("Staff with a master's degree"),
             _("Staff with a master's degree in the returns of the quarter that ended last."), "staff_master"),
    standing("return_staff_bachelor", _("Staff with a bachelor's degree"),
             _("Staff with a bachelor's degree in the returns of the quarter that ended last."), "staff_bachelor"),
    standing("return_staff_below", _("Staff with less than a bachelor's degree"),
             _("Staff with less in the returns of the quarter that ended last."), "staff_below"),
)  # fmt: skip
