"""An amount as a ledger keeps it: the two ends of a range in whole units of one currency."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qunxing.core.money import CURRENCIES, MoneyRange

# More than all the money there is; the sum of a whole ledger still fits a column.
LARGEST = 10**15
CURRENCY_CHOICES = [(code, code) for code in CURRENCIES]


class Precision(models.TextChoices):
    """How much of a day is known."""

    DAY = "day", _("to the day")
    MONTH = "month", _("to the month")
    YEAR = "year", _("to the year")


def money_field(label: Any) -> "models.BigIntegerField[int | None, int | None]":
    limits = [MinValueValidator(0), MaxValueValidator(LARGEST)]
    return models.BigIntegerField(label, null=True, blank=True, validators=limits)


def currency_field() -> "models.CharField[str, str]":
    return models.CharField(_("currency"), max_length=3, choices=CURRENCY_CHOICES, default="CNY")


def ends_in_order(prefix: str, model: str) -> models.CheckConstraint:
    """Neither end below nothing or above all, the lower not above the higher."""
    low, high = f"{prefix}_low", f"{prefix}_high"
    known = [Q(**{f"{end}__isnull": True}) | Q(**{f"{end}__gte": 0, f"{end}__lte": LARGEST}) for end in (low, high)]
    ordered = Q(**{f"{low}__isnull": True}) | Q(**{f"{high}__isnull": True}) | Q(**{f"{low}__lte": F(high)})
    return models.CheckConstraint(
        condition=known[0] & known[1] & ordered,
        name=f"{model}_{prefix}_in_order",
        violation_error_message=_("The lower end must not be above the higher."),
    )


class MoneyColumns:
    """Attribute that reads and sets a `MoneyRange` kept in the columns ``<prefix>_low`` and so on, and ``currency``."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix

    def __get__(self, row: Any, owner: Any = None) -> Any:
        if row is None:
            return self
        low, high, low_open, high_open = (getattr(row, name) for name in self.names())
        return MoneyRange(low, high, row.currency, low_open, high_open)

    def __set__(self, row: Any, value: MoneyRange) -> None:
        for name, part in zip(self.names(), (value.low, value.high, value.low_open, value.high_open), strict=True):
            setattr(row, name, part)
        row.currency = value.currency

    def names(self) -> tuple[str, str, str, str]:
        return (f"{self.prefix}_low", f"{self.prefix}_high", f"{self.prefix}_low_open", f"{self.prefix}_high_open")


class Amount(models.Model):
    """Columns of one amount that may be exact, a range, or not disclosed (neither end)."""

    amount_low = money_field(_("amount from"))
    amount_high = money_field(_("amount to"))
    amount_low_open = models.BooleanField(_("more than that"), default=False)
    amount_high_open = models.BooleanField(_("less than that"), default=False)
    currency = currency_field()

    amount = MoneyColumns("amount")

    class Meta:
        abstract = True

    @property
    def amount_kind(self) -> "AmountKind":
        money: MoneyRange = self.amount
        if money.undisclosed:
            return AmountKind.UNDISCLOSED
        return AmountKind.RANGE if money.amount is None else AmountKind.EXACT


class AmountKind(models.TextChoices):
    """How an amount was told."""

    EXACT = "exact", _("exact amount")
    RANGE = "range", _("range")
    UNDISCLOSED = "undisclosed", _("undisclosed")


UNDISCLOSED = Q(amount_low__isnull=True, amount_high__isnull=True)
EXACT = Q(amount_low=F("amount_high"), amount_low_open=False)
ONE_END = Q(amount_low__isnull=True, amount_high__isnull=False) | Q(amount_low__isnull=False, amount_high__isnull=True)
RANGE = ONE_END | Q(amount_low__lt=F("amount_high")) | Q(amount_low=F("amount_high"), amount_low_open=True)
AMOUNT_KINDS = {AmountKind.EXACT: EXACT, AmountKind.RANGE: RANGE, AmountKind.UNDISCLOSED: UNDISCLOSED}
