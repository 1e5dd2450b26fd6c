"""Rounds in which an organisation was financed, and who invested in them."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qunxing.directory.models import Organization, member_organizations
from qunxing.funds.models.amounts import Amount, Precision, ends_in_order
from qunxing.funds.models.investors import Investor, one_investor
from qunxing.funds.models.vocabulary import Stage
from qunxing.ledger.models import Record, RecordQuerySet, Visibility


class RoundQuerySet(RecordQuerySet):
    """A round is never more open than the organisation it financed."""

    def open_rows(self, levels: list[Visibility]) -> Q:
        # The few that are hidden are looked up once; a join would look up each organisation.
        hidden = Organization.objects.exclude(visibility__in=levels).values("pk")
        return Q(visibility__in=levels) & ~Q(organization__in=hidden)

    def own_rows(self, user: Any) -> Q:
        return Q(organization__in=member_organizations(user))


class Round(Amount, Record):
    """One round of financing of an organisation."""

    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="rounds", verbose_name=_("organisation")
    )
    stage = models.ForeignKey(
        Stage, models.PROTECT, to_field="code", related_name="rounds", verbose_name=_("stage of financing")
    )
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    closed_precision = models.CharField(
        _("the day is known"), max_length=5, choices=Precision.choices, default=Precision.DAY
    )
    note = models.CharField(_("note"), max_length=200, blank=True)

    objects: ClassVar[Any] = RoundQuerySet.as_manager()
    DETAIL_URL = "funds:round-detail"
    TIMELINE_PARTS = ("investments",)

    class Meta:
        ordering = ["-closed_on", "-pk"]
        verbose_name = _("round of financing")
        verbose_name_plural = _("rounds of financing")
        indexes = [
            models.Index(fields=["closed_on", "visibility", "organization"], name="rounds_by_day"),
            # Holds all that the totals by currency read, so that they need not touch the rows.
            models.Index(
                fields=[
                    "currency",
                    "amount_low",
                    "amount_high",
                    "amount_low_open",
                    "amount_high_open",
                    "visibility",
                    "organization",
                ],
                name="rounds_by_amount",
            ),
        ]
        constraints = [ends_in_order("amount", "round")]

    def __str__(self) -> str:
        return f"{self.organization} · {self.stage}"


class InvestmentQuerySet(RecordQuerySet):
    """An investment shows only to whoever may see the round, its organisation and the investor."""

    def open_rows(self, levels: list[Visibility]) -> Q:
        investor = Q(investor__isnull=True) | Q(investor__visibility__in=levels)
        investing_fund = Q(investor_fund__isnull=True) | Q(investor_fund__visibility__in=levels)
        of_round = Q(round__visibility__in=levels, round__organization__visibility__in=levels)
        return Q(visibility__in=levels) & of_round & investor & investing_fund

    def own_rows(self, user: Any) -> Q:
        return Q(round__organization__in=member_organizations(user))


class Investment(Investor, Amount, Record):
    """What one investor put into a round; the amount may be unknown."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="investments", verbose_name=_("round of financing"))
    lead = models.BooleanField(_("lead investor"), default=False)
    note = models.CharField(_("note"), max_length=200, blank=True)

    objects: ClassVar[Any] = InvestmentQuerySet.as_manager()
    PARENT: ClassVar[str] = "round"

    class Meta:
        ordering = ["-lead", "pk"]
        verbose_name = _("investment")
        verbose_name_plural = _("investments")
        constraints = [one_investor("investment"), ends_in_order("amount", "investment")]

    def __str__(self) -> str:
        return f"{self.investor_label} → {self.round}"
