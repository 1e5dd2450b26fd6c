"""Who puts money in: a fund or an organisation of the ledger, or a name that is on neither."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qunxing.directory.models import Organization


def one_investor(model: str) -> models.CheckConstraint:
    """Exactly one of the three ways to say who it is."""
    fund, organization = Q(investor_fund__isnull=False), Q(investor__isnull=False)
    named = ~Q(investor_name="")
    one = (fund & ~organization & ~named) | (~fund & organization & ~named) | (~fund & ~organization & named)
    return models.CheckConstraint(
        condition=one,
        name=f"{model}_has_one_investor",
        violation_error_message=_("Give one investor: a fund, an organisation, or a name."),
    )


class Investor(models.Model):
    """Columns that say who puts the money in."""

    investor_fund = models.ForeignKey(
        "funds.Fund",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="%(class)ss_made",
        verbose_name=_("investing fund"),
    )
    investor = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="%(class)ss_made", verbose_name=_("investor")
    )
    investor_name = models.CharField(
        _("investor's name"), max_length=200, blank=True, help_text=_("Only for an investor that is not on the ledger.")
    )

    class Meta:
        abstract = True

    @property
    def investor_record(self) -> Any:
        """The fund or the organisation; None for a name alone."""
        return self.investor_fund or self.investor

    @property
    def investor_label(self) -> str:
        return self.investor_name or str(self.investor_record)
