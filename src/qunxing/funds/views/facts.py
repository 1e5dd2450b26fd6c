"""The facts of a fund and of a round as their pages show them, and the chart of totals."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from qunxing.core.divisions import division_name
from qunxing.core.money import MoneyRange, show_range
from qunxing.directory.models import Organization
from qunxing.directory.queries import field_names
from qunxing.funds.lists import closed_cell, kinds_cell
from qunxing.funds.models import Fund, Level, Round
from qunxing.funds.queries import FundTotals, stage_names
from qunxing.ledger.queries import Fact, FieldEvidence, facts

FUND_FACTS = (
    "name", "short_name", "english_name", "level", "status", "parent", "manager", "size_low", "vintage", "website",
    "kinds", "stages", "fields", "regions", "ticket_low", "description",
)  # fmt: skip
ROUND_FACTS = ("organization", "stage", "closed_on", "amount_low", "note")
HUNDRED_MILLION, BILLION = 10**8, 10**9


def fund_facts(fund: Fund, evidence: Sequence[FieldEvidence], *, user: Any) -> list[Fact]:
    """The fund's facts, its mandate last; manager and parent only for those who may see them."""
    manager = seen(Organization.objects, fund.manager_id, user)
    parent = seen(Fund.objects, fund.parent_id, user)
    shown = facts(
        fund,
        FUND_FACTS,
        evidence,
        parent=str(parent or ""),
        manager=str(manager or ""),
        size_low=money(fund.size),
        kinds=kinds_cell(fund),
        stages="、".join(stage_names(fund.stages)),
        fields="、".join(name.strip() for name in field_names(fund.fields)),
        regions="、".join(division_name(code) for code in fund.regions) or _("anywhere"),
        ticket_low=money(MoneyRange(fund.ticket_low, fund.ticket_high, fund.currency)),
    )
    changed: dict[str, dict[str, Any]] = {
        "parent": {"url": parent.get_absolute_url() if parent else ""},
        "manager": {"url": manager.get_absolute_url() if manager else ""},
        "size_low": {"label": _("Size")},
        "ticket_low": {"label": _("Ticket")},
    }
    return [replace(item, **changed.get(name, {})) for name, item in zip(FUND_FACTS, shown, strict=True)]


def round_facts(found: Round, evidence: Sequence[FieldEvidence]) -> list[Fact]:
    shown = facts(
        found,
        ROUND_FACTS,
        evidence,
        organization=found.organization.name,
        stage=str(found.stage),
        closed_on=closed_cell(found).text,
        amount_low=show_range(found.amount),
    )
    changed: dict[str, dict[str, Any]] = {
        "organization": {"url": found.organization.get_absolute_url()},
        "amount_low": {"label": _("Amount")},
    }
    return [replace(item, **changed.get(name, {})) for name, item in zip(ROUND_FACTS, shown, strict=True)]


def seen(rows: Any, key: int | None, user: Any) -> Any:
    return rows.visible_to(user).filter(pk=key).first() if key is not None else None


def money(amount: MoneyRange) -> str:
    return "" if amount.undisclosed else show_range(amount)


def level_chart(totals: FundTotals) -> dict[str, Any] | None:
    """The yuan of each level as bars; of a range its lower end."""
    yuan = {total.level: total.money.low for total in totals.totals if total.money.currency == "CNY"}
    if not any(yuan.values()):
        return None
    chinese = (get_language() or "zh").startswith("zh")
    divisor, unit = (HUNDRED_MILLION, "亿元") if chinese else (BILLION, "CNY billion")
    levels = [level for level in Level if level in yuan]
    values = [(yuan[level] or 0) / divisor for level in levels]
    return {
        "type": "bar",
        "title": _("Size of funds by level, in yuan"),
        "note": _("Of a range the lower end; levels do not add up."),
        "unit": unit,
        "across": True,
        "labels": [str(level.label) for level in levels],
        "series": [{"name": unit, "data": values}],
    }
