"""Who has to file, who has not, and what the ledger knows already."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qunxing.core.errors import Text
from qunxing.directory.models import Organization, Residency, Role, Scope
from qunxing.funds.models import Round
from qunxing.funds.models.amounts import Precision
from qunxing.indicators.engine.quarters import Quarter
from qunxing.indicators.models import Return, ReturnTerms
from qunxing.indicators.models.returns import DEGREES
from qunxing.indicators.states.returns import FILED
from qunxing.indicators.validators import stays_in
from qunxing.ledger.models import LogEntry

REMINDED = "indicators.reminded"
# Firms beyond the space and its surroundings are counted, but they are not tenants who report.
NEAR = (Scope.Code.SPACE, Scope.Code.SURROUNDINGS)


def terms() -> ReturnTerms:
    """The terms that hold: those of the ledger, or the defaults."""
    return ReturnTerms.objects.first() or ReturnTerms()


def bound_to_file(user: Any, quarter: Quarter) -> QuerySet[Any]:
    """Firms that are known to have been in the space or its surroundings in the quarter, as far as one may see them."""
    stays = Residency.objects.filter(stays_in(quarter), scope__code__in=NEAR, entered_on__isnull=False)
    rows: QuerySet[Any] = Organization.objects.visible_to(user).filter(pk__in=stays.values("organization"))
    return rows.filter(roles__has_code=Role.FIRM).order_by("name_key", "pk")


def undated_stays(user: Any, quarter: Quarter) -> QuerySet[Any]:
    """Firms in residence of which nobody can say whether they were so in the quarter: no day of entry is known."""
    stays = Residency.objects.filter(stays_in(quarter), scope__code__in=NEAR, entered_on__isnull=True)
    rows: QuerySet[Any] = Organization.objects.visible_to(user).filter(pk__in=stays.values("organization"))
    return rows.filter(roles__has_code=Role.FIRM).exclude(pk__in=bound_to_file(user, quarter))


@dataclass(frozen=True)
class Lacking:
    """A firm whose return has not come in: what there is of it, and when it was last reminded."""

    organization: Organization
    row: Return | None
    reminded_on: date | None


def lacking(user: Any, quarter: Quarter) -> list[Lacking]:
    """The firms that have to file for the quarter and have not, by name."""
    of_quarter = Return.objects.visible_to(user).filter(year=quarter.year, quarter=quarter.number)
    begun = {row.organization_id: row for row in of_quarter}
    firms = [row for row in bound_to_file(user, quarter) if row.pk not in begun or begun[row.pk].state not in FILED]
    told = reminded({row.ref for row in firms}, quarter)
    return [Lacking(row, begun.get(row.pk), told.get(row.ref)) for row in firms]


def reminded(refs: set[str], quarter: Quarter) -> dict[str, date]:
    """{reference of an organisation: the day it was last reminded of this quarter}, read from the log."""
    kind, begun = Organization.kind_code(), timezone.make_aware(datetime.combine(quarter.first, time.min))
    rows = LogEntry.objects.filter(subject_kind=kind, kind=REMINDED, subject_ref__in=refs, at__gte=begun)
    rows = rows.filter(body__contains=f'"{quarter}"').order_by("index")
    return {row.subject_ref: timezone.localdate(row.at) for row in rows}


def before(organization: Organization, quarter: Quarter) -> Return | None:
    """The organisation's last return before the quarter."""
    rows = Return.objects.filter(organization=organization).order_by("-year", "-quarter")
    return next((row for row in rows if row.period < quarter), None)


@dataclass
class Prefilled:
    """What the ledger knows of a return that is begun, and from where: asked once, never again."""

    values: dict[str, Any] = field(default_factory=dict)
    origins: dict[str, Text] = field(default_factory=dict)

    def take(self, names: Iterable[str], values: dict[str, Any], origin: Text) -> None:
        for name in names:
            if values.get(name) not in (None, ""):
                self.values[name], self.origins[name] = values[name], origin


def prefilled(organization: Organization, quarter: Quarter) -> Prefilled:
    """Financing from the rounds that closed in the quarter, people and certificates from the last return."""
    found, last = Prefilled(), before(organization, quarter)
    if last is not None:
        names = ("staff", *DEGREES, "ip_held")
        origin = _("As in %(quarter)s.") % {"quarter": last.period}
        found.take(names, vars(last), origin)
        if last.certificate_until is None or last.certificate_until >= quarter.first:
            found.take(("certificate_number", "certificate_until"), vars(last), origin)
    financed = financing_of(organization, quarter)
    if financed is not None:
        found.take(("financing",), {"financing": financed}, _("From the rounds of financing on the ledger."))
    return found


def financing_of(organization: Organization, quarter: Quarter) -> int | None:
    """The sum of the rounds that closed in the quarter; None where there is none, or one is no exact sum in yuan."""
    rows = list(Round.objects.filter(organization=organization, closed_on__range=(quarter.first, quarter.last)))
    exact = [row for row in rows if row.currency == "CNY" and row.amount_low is not None and is_exact(row)]
    return sum(row.amount_low or 0 for row in exact) if rows and len(exact) == len(rows) else None


def is_exact(row: Round) -> bool:
    same = row.amount_low == row.amount_high and not row.amount_low_open and not row.amount_high_open
    return bool(same and row.closed_precision != Precision.YEAR)
