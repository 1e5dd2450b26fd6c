"""The indicators there are: declared by apps, derived by staff; and their definitions as rows with a history."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from django.utils.translation import override

from qunxing.core.errors import Text
from qunxing.core.specs import Access, FactTableSpec, IndicatorSpec, declared
from qunxing.indicators.models import Definition, Operation
from qunxing.ledger.actions import add_many, change
from qunxing.ledger.models import Visibility
from qunxing.ledger.recording import recording

OTHERS = ""
# What claims count, under the codes of indicators that count the same.
ALIASES = {
    "filed_models_landed": "filed_models",
    "clustered_firms": "resident_firms",
    "cards": "compute_cards",
    "fund_scale": "fund_size",
    "scale": "fund_size",
}


def resolved(code: str) -> str:
    """The indicator that counts what a claim of this code does."""
    return ALIASES.get(code, code)


@cache
def fact_tables() -> dict[str, FactTableSpec]:
    return {spec.code: spec for spec in declared("indicators", "FACT_TABLES")}


@cache
def specs() -> dict[str, IndicatorSpec]:
    """The declared indicators, in the order of their apps."""
    return {spec.code: spec for spec in declared("indicators", "INDICATORS")}


@dataclass(frozen=True)
class Indicator:
    """An indicator at hand; `spec` where rows are counted, `operation` where it is made of others.

    `access` and `visibility` are what they are today, whatever the day of knowledge.
    """

    code: str
    name: Text
    counts: Text
    dates: Text
    section: Text
    unit: str
    scope: str
    access: Access
    spec: IndicatorSpec | None = None
    operation: Operation | None = None
    base: str = ""
    operand: str = ""
    where: Mapping[str, tuple[str, ...]] | None = None
    operand_scope: str = ""
    visibility: Visibility = Visibility.PUBLIC


def catalogue(known_at: datetime | None = None) -> dict[str, Indicator]:
    """{code: indicator}: the declared ones, then those of staff, as they were defined at that moment."""
    today = {row.code: row for row in Definition.objects.order_by("pk")}
    rows = today if known_at is None else {row.code: row for row in as_known(known_at)}
    retired = {code for code, row in rows.items() if row.retired}
    found = {code: told(spec) for code, spec in specs().items() if code not in retired}
    found |= {code: made(row) for code, row in rows.items() if not row.declared and not row.retired}
    return {code: as_open_today(one, today.get(code)) for code, one in found.items()}


def as_known(known_at: datetime) -> Iterator[Any]:
    return iter(Definition.history.as_of(known_at))


def as_open_today(indicator: Indicator, row: Definition | None) -> Indicator:
    """To whom it is told is asked of today: what has been closed since does not open to who asks of the past."""
    if row is None:
        return indicator if indicator.code in specs() else replace(indicator, access=Access.CLOSED)
    access = Access.CLOSED if row.retired else Access(row.access)
    return replace(indicator, access=access, visibility=Visibility(row.visibility))


def told(spec: IndicatorSpec) -> Indicator:
    counted = None if spec.operation else spec
    return Indicator(
        spec.code, spec.name, spec.counts, spec.dates, spec.section, spec.unit, spec.scope, spec.access,
        spec=counted,
        operation=Operation(spec.operation) if spec.operation else None, base=spec.base, operand=spec.operand,
        operand_scope=spec.operand_scope,
    )  # fmt: skip


def made(row: Any) -> Indicator:
    """A derived indicator; a filter is counted as its base is, over fewer rows."""
    where = {name: tuple(codes) for name, codes in row.where.items()}
    return Indicator(
        row.code, row.name, row.counts, "", OTHERS, row.unit, row.scope, Access(row.access),
        operation=Operation(row.operation), base=row.base, operand=row.operand, where=where,
        operand_scope=row.operand_scope,
    )  # fmt: skip


def lineage(indicator: Indicator, among: Mapping[str, Indicator], above: tuple[str, ...] = ()) -> Iterator[Indicator]:
    """The indicator, then all that it is made of."""
    yield indicator
    for code in (indicator.base, indicator.operand):
        if code in among and code not in above:
            yield from lineage(among[code], among, (*above, indicator.code))


def strictest(indicators: Iterable[Indicator]) -> Access:
    return max((one.access for one in indicators), key=list(Access).index)


def is_part_of_protected(indicator: Indicator, among: Mapping[str, Indicator]) -> bool:
    """Whether it tells some of the rows of a protected figure, which beside it would tell the others."""
    if indicator.operation is not Operation.FILTER:
        return False
    _itself, *bases = lineage(indicator, among)
    return any(one.access is Access.PROTECTED for one in bases)


def declare(*, actor: Any) -> int:
    """Bring the rows of declared indicators in step with the program; how many were added or changed."""
    known = {row.code: row for row in Definition.objects.all()}
    missing = [Definition(**words(spec)) for code, spec in specs().items() if code not in known]
    with recording(actor=actor):
        add_many(missing)
        changed = [row for code, spec in specs().items() if (row := known.get(code)) and brought(row, spec, actor)]
    return len(missing) + len(changed)


def brought(row: Definition, spec: IndicatorSpec, actor: Any) -> bool:
    """Whether the row had to be changed to say what the program says; who gets what stays as staff have it."""
    said = {name: value for name, value in words(spec).items() if name not in {"code", "access"}}
    return change(row, actor=actor, values=said).revision != row.revision


def words(spec: IndicatorSpec) -> dict[str, Any]:
    """The fields of a definition as the app declares them, in both languages."""
    found: dict[str, Any] = {"code": spec.code, "unit": spec.unit, "scope": spec.scope, "declared": True}
    found |= {"operation": spec.operation, "base": spec.base, "operand": spec.operand}
    for language, ending in (("zh-hans", "zh"), ("en", "en")):
        with override(language):
            said = {"name": str(spec.name), "counts": str(spec.counts), "dates": str(spec.dates)}
            found |= {f"{name}_{ending}": text for name, text in said.items()}
    return found | {"access": spec.access.value}
