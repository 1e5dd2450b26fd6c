"""Shortlists: who answers a scenario, what suits a firm, which firms are in a fund's mandate."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunxing.directory.models import Organization, Product, member_organizations
from qunxing.funds.models import Fund
from qunxing.ledger.models import Record, RecordQuerySet, Visibility
from qunxing.registry.models import AIModel, Filing
from qunxing.resources.models import Offer
from qunxing.scenarios.models import Scenario


class ShortlistQuerySet(RecordQuerySet):
    """For staff and officers; a scenario's for its owner once it is shared, others for those they are about."""

    def open_rows(self, levels: list[Visibility]) -> Q:
        return Q(pk__in=[])

    def own_rows(self, user: Any) -> Q:
        mine = member_organizations(user)
        shared = Q(scenario__organization__in=mine, shared_on__isnull=False)
        return shared | Q(organization__in=mine) | Q(fund__manager__in=mine)


class Shortlist(Record):
    """One computation for one subject (a scenario, a firm or a fund), and what people decided on it."""

    class Order(models.TextChoices):
        COMPUTED = "computed", _("computed order")
        MANUAL = "manual", _("manual order")

    scenario = models.ForeignKey(Scenario, models.CASCADE, null=True, related_name="shortlists")
    organization = models.ForeignKey(Organization, models.CASCADE, null=True, related_name="shortlists")
    fund = models.ForeignKey(Fund, models.CASCADE, null=True, related_name="shortlists")
    day = models.DateField(_("computed on"), editable=False)
    engine = models.CharField(_("engine"), max_length=40, editable=False)
    weights = models.CharField(_("weights"), max_length=64, editable=False)
    compared = models.PositiveIntegerField(_("records compared"), default=0, editable=False)
    remarks = models.CharField(_("remarks"), max_length=100, blank=True, editable=False)
    shared_on = models.DateField(_("shared with the owner on"), null=True, editable=False)
    order = models.CharField(_("order that counts"), max_length=8, choices=Order.choices, default=Order.COMPUTED)
    manual = models.TextField(_("manual order"), blank=True, editable=False)
    manual_reason = models.CharField(_("reason of the manual order"), max_length=500, blank=True)

    objects: ClassVar[Any] = ShortlistQuerySet.as_manager()
    DETAIL_URL = "matching:shortlist-detail"
    BOOKKEEPING = Record.BOOKKEEPING | {"manual", "remarks"}

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("shortlist")
        verbose_name_plural = _("shortlists")
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(scenario__isnull=False, organization__isnull=True, fund__isnull=True)
                    | Q(scenario__isnull=True, organization__isnull=False, fund__isnull=True)
                    | Q(scenario__isnull=True, organization__isnull=True, fund__isnull=False)
                ),
                name="a_shortlist_has_one_subject",
            ),
            models.CheckConstraint(
                condition=~Q(order="manual") | (~Q(manual="") & ~Q(manual_reason="")),
                name="a_manual_order_has_its_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} · {self.day}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.visibility = Visibility.INTERNAL
        super().save(*args, **kwargs)

    @property
    def subject(self) -> Any:
        """The scenario, firm or fund that it is for."""
        return self.scenario or self.organization or self.fund

    @property
    def kind(self) -> str:
        return "scenario" if self.scenario_id else "organization" if self.organization_id else "fund"

    @property
    def manual_places(self) -> dict[str, int]:
        """{reference of a candidate: its place by hand}."""
        return {ref: place for place, ref in enumerate(self.manual.split(), start=1)}

    @property
    def remark_codes(self) -> list[str]:
        return self.remarks.split()


class Standing(models.TextChoices):
    """What the conditions make of a candidate."""

    FIT = "fit", pgettext_lazy("candidate", "all conditions pass")
    OPEN = "open", pgettext_lazy("candidate", "something is not known")
    MISSED = "missed", pgettext_lazy("candidate", "something is missing")


TARGETS = ("organization", "scenario", "fund", "offer")


class Candidate(models.Model):
    """One line of a shortlist as it was computed; it never changes, and what it rests on is named row by row."""

    shortlist = models.ForeignKey(Shortlist, models.CASCADE, related_name="candidates")
    pool = models.CharField(max_length=12, choices=[(name, name) for name in TARGETS])
    standing = models.CharField(max_length=6, choices=Standing.choices)
    place = models.PositiveSmallIntegerField()
    organization = models.ForeignKey(Organization, models.CASCADE, null=True, related_name="+")
    scenario = models.ForeignKey(Scenario, models.CASCADE, null=True, related_name="+")
    fund = models.ForeignKey(Fund, models.CASCADE, null=True, related_name="+")
    offer = models.ForeignKey(Offer, models.CASCADE, null=True, related_name="+")
    model = models.ForeignKey(AIModel, models.SET_NULL, null=True, related_name="+")
    product = models.ForeignKey(Product, models.SET_NULL, null=True, related_name="+")
    filing = models.ForeignKey(Filing, models.SET_NULL, null=True, related_name="+")
    score = models.FloatField()
    parts: Any = models.JSONField(default=list)
    hits: Any = models.JSONField(default=list)
    passages: Any = models.JSONField(default=list)
    findings: Any = models.JSONField(default=list)
    basis: Any = models.JSONField(default=dict)
    groups: Any = models.JSONField(default=dict)

    class Meta:
        ordering = ["pool", "place", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["shortlist", "pool", "place"], name="one_candidate_a_place"),
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.target}"

    @property
    def target(self) -> Any:
        return getattr(self, self.pool)

    @property
    def target_id(self) -> int:
        return int(getattr(self, f"{self.pool}_id"))
