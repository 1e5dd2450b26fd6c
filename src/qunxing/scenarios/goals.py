"""What counts as solved: a measure, the value it must reach, and how that is tested."""

from collections.abc import Iterable
from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Operator(models.TextChoices):
    """How a measured value is held against the target."""

    AT_LEAST = "ge", "≥"
    AT_MOST = "le", "≤"
    EQUAL = "eq", "="
    OVER = "gt", ">"
    UNDER = "lt", "<"
    BETWEEN = "between", _("between")


class Goal(models.Model):
    """The columns of a measure with its target, of whatever asks for it or promises it."""

    position = models.PositiveSmallIntegerField(_("position"), default=1)
    name = models.CharField(_("indicator"), max_length=120)
    operator = models.CharField(_("operator"), max_length=8, choices=Operator.choices, default=Operator.AT_LEAST)
    target = models.DecimalField(_("target"), max_digits=20, decimal_places=6)
    target_high = models.DecimalField(
        _("upper target"), max_digits=20, decimal_places=6, null=True, blank=True, help_text=_("For “between” only.")
    )
    unit = models.CharField(_("unit"), max_length=30, blank=True)
    tested_how = models.CharField(_("how tested"), max_length=500, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.name} {self.goal}"

    @property
    def goal(self) -> str:
        """The target as a reader takes it in: ≥ 95 %, 2–5 s."""
        low = plain_number(self.target)
        if self.operator == Operator.BETWEEN and self.target_high is not None:
            return f"{low}–{plain_number(self.target_high)} {self.unit}".strip()
        return f"{Operator(self.operator).label} {low} {self.unit}".strip()


def two_ends_between(name: str) -> models.CheckConstraint:
    """Only “between” has an upper target, and that above the lower one."""
    return models.CheckConstraint(
        condition=Q(operator="between", target_high__gt=F("target"))
        | (~Q(operator="between") & Q(target_high__isnull=True)),
        name=name,
        violation_error_message=_("“Between” needs an upper target above the lower one; others have none."),
    )


def plain_number(value: Decimal) -> str:
    """The number without trailing zeros, its thousands set apart."""
    return f"{value.normalize():,f}"


def written_out(goals: Iterable[Goal]) -> str:
    """The measures in words, one a line: what versions of a scenario keep and compare."""
    return "\n".join(f"{row.name} {row.goal}" + (f" ({row.tested_how})" if row.tested_how else "") for row in goals)
