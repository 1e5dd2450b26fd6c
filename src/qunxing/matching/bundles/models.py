"""What a scenario wants beside a firm, and plans: one computation over all scenarios with what it proposes to each."""

from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunxing.core.fields import REF_LENGTH, new_ref
from qunxing.directory.models import Organization, member_organizations
from qunxing.funds.models import Fund
from qunxing.ledger.models import Record, RecordQuerySet, Visibility
from qunxing.registry.models import Filing
from qunxing.resources.models import Offer, Unit, Voucher
from qunxing.scenarios.models import Scenario


def money(label: Any, help_text: Any = "") -> "models.BigIntegerField[int | None, int | None]":
    return models.BigIntegerField(label, null=True, blank=True, validators=[MinValueValidator(1)], help_text=help_text)


class SupplyQuerySet(RecordQuerySet):
    """Between the owner of the scenario, staff and officers: it tells of plans and money."""

    def open_rows(self, levels: list[Visibility]) -> Q:
        return Q(pk__in=[])

    def own_rows(self, user: Any) -> Q:
        return Q(scenario__organization__in=member_organizations(user))


class Supply(Record):
    """What a scenario will need beside a firm: how much compute, for what money, and how much capital."""

    scenario = models.OneToOneField(Scenario, models.CASCADE, related_name="supply")
    compute_amount = models.DecimalField(
        _("compute needed"), max_digits=15, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    compute_unit = models.CharField(_("unit"), max_length=10, choices=Unit.choices, blank=True)
    compute_cost = money(_("planned rent of compute (yuan)"))
    model_cost = money(_("planned calls of models (yuan)"))
    corpus_cost = money(_("planned purchase of corpora (yuan)"))
    financing = money(_("capital the firm will need (yuan)"), _("Held against the tickets of funds."))

    objects: ClassVar[Any] = SupplyQuerySet.as_manager()
    PARENT: ClassVar[str] = "scenario"

    class Meta:
        verbose_name = pgettext_lazy("scenario", "supply")
        verbose_name_plural = pgettext_lazy("scenario", "supplies")
        constraints = [
            models.CheckConstraint(
                condition=Q(compute_amount__isnull=True) | ~Q(compute_unit=""),
                name="compute_needed_has_a_unit",
                violation_error_message=_("Say in which unit the compute is counted."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.scenario} · {self._meta.verbose_name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.visibility = Visibility.INTERNAL
        super().save(*args, **kwargs)


class PlanKind(models.TextChoices):
    ASSIGNMENT = "assignment", _("Firms for all scenarios")
    BUNDLES = "bundles", _("Packages for all scenarios")


class Plan(models.Model):
    """One computation over all open scenarios; `wishes` and `summary` are plain data."""

    ref = models.CharField(max_length=REF_LENGTH, unique=True, default=new_ref, editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=PlanKind.choices)
    day = models.DateField(_("computed on"))
    wishes: Any = models.JSONField(default=dict)
    summary: Any = models.JSONField(default=dict)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    demo = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("plan")
        verbose_name_plural = _("plans")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.day}"

    def get_absolute_url(self) -> str:
        return reverse("matching:bundles:plan", args=[self.ref])


class Proposal(models.Model):
    """What a plan proposes to a scenario: a firm, in a package also the other pieces, and what is missing."""

    ref = models.CharField(max_length=REF_LENGTH, unique=True, default=new_ref, editable=False)
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="proposals")
    scenario = models.ForeignKey(Scenario, models.CASCADE, related_name="+")
    organization = models.ForeignKey(Organization, models.CASCADE, null=True, related_name="+")
    score = models.FloatField(default=0)
    standing = models.CharField(max_length=6, blank=True)
    filing = models.ForeignKey(Filing, models.SET_NULL, null=True, related_name="+")
    fund = models.ForeignKey(Fund, models.SET_NULL, null=True, related_name="+")
    offer = models.ForeignKey(Offer, models.SET_NULL, null=True, related_name="+")
    vouchers = models.ManyToManyField(Voucher, related_name="+")
    support = models.BigIntegerField(null=True)
    missing: Any = models.JSONField(default=list)
    basis: Any = models.JSONField(default=dict)
    demo = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")

    def __str__(self) -> str:
        return str(self.scenario)

    def get_absolute_url(self) -> str:
        return str(self.scenario.get_absolute_url())
