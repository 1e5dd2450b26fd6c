"""Made-up templates and reports."""

from datetime import UTC, date, datetime
from typing import Any

from qunxing.directory.models import Residency, Scope
from qunxing.indicators.actions.reports import issue
from qunxing.indicators.models import Report, ReportTemplate
from qunxing.ledger.actions import create
from tests import factories

DAY = date(2025, 5, 7)
AT = datetime(2025, 5, 8, 2, 0, tzinfo=UTC)
BODY = """# 入驻
截至{{as_of}}，{{scope}}在驻企业{{resident_firms}}。
!table resident_firms, firms_left
!breakdown resident_firms by tier
!rows resident_firms
"""


def template(**values: Any) -> ReportTemplate:
    number = next(factories.numbers)
    known = {"code": f"brief-{number}", "name_zh": f"简报{number}", "name_en": f"Brief {number}", "body": BODY}
    return create(ReportTemplate(**known | values), actor=None)


def report(of: ReportTemplate | None = None, scope: Scope | None = None, **values: Any) -> Report:
    """A draft for officers and staff, of DAY unless said otherwise."""
    known: dict[str, Any] = {"as_of": DAY, "visibility": "internal"}
    made = Report(template=of or template(), scope=scope or factories.scope(), **known | values)
    return create(made, actor=None)


def issued(*args: Any, at: datetime = AT, **values: Any) -> Report:
    """One that is issued; nobody stands behind it."""
    return issue(report(*args, **values), actor=None, reason="核对无误", at=at)


def stay(scope: Scope, name: str = "", **values: Any) -> Residency:
    """A firm's stay since a day that is long past."""
    firm = values.pop("firm", None) or factories.organization(**({"name": name} if name else {}))
    known: dict[str, Any] = {"entered_on": date(2024, 3, 1)}
    return create(Residency(organization=firm, scope=scope, **known | values), actor=None)
