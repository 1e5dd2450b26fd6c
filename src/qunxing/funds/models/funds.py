"""Funds, their parents, and who committed what to them."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qunxing.core.divisions import division_options
from qunxing.core.errors import Refused
from qunxing.core.fields import CodesField
from qunxing.core.text import fold_name, search_key
from qunxing.directory.models import Organization, field_labels, member_organizations
from qunxing.funds.lineage import closes_circle
from qunxing.funds.models.amounts import Amount, MoneyColumns, currency_field, ends_in_order, money_field
from qunxing.funds.models.investors import Investor, one_investor
from qunxing.funds.models.vocabulary import stage_labels
from qunxing.ledger.models import Record, RecordQuerySet, Visibility

NAME_LENGTH = 200


class Level(models.TextChoices):
    """Who stands behind the money."""

    NATIONAL = "national", _("national")
    CITY = "city", _("city")
    DISTRICT = "district", _("district")
    MARKET = "market", _("market")


class FundKind(models.TextChoices):
    """What a mandate lets the fund buy; one may be several."""

    EQUITY = "equity", _("equity")
    DEBT = "debt", _("debt")
    FUND_OF_FUNDS = "fund_of_funds", _("fund of funds")


class Status(models.TextChoices):
    RAISING = "raising", _("raising")
    INVESTING = "investing", _("investing")
    EXITED = "exited", _("exited")


class FundQuerySet(RecordQuerySet):
    """Writes that pass by `save` are held against the same rule: no fund stands above itself."""

    def own_rows(self, user: Any) -> Q:
        return Q(manager__in=member_organizations(user))

    def bulk_create(self, objs: Any, *args: Any, **kwargs: Any) -> Any:
        rows = list(objs)
        self.check_many(rows)
        return super().bulk_create(rows, *args, **kwargs)

    def bulk_update(self, objs: Any, fields: Any, *args: Any, **kwargs: Any) -> int:
        rows, names = list(objs), list(fields)
        self.check_many(rows, names)
        return super().bulk_update(rows, names, *args, **kwargs)

    def check_many(self, records: Sequence[Any], fields: Sequence[str] | None = None) -> None:
        if fields is None or {"parent", "parent_id"} & set(fields):
            self.refuse_circles(list(records))

    def refuse_circles(self, rows: "list[Fund]") -> None:
        """CircularParent when the ledger with these rows written would hold a circle."""
        planned = {row.pk: row.parent_id for row in rows if row.pk}
        if any(planned.values()):
            below = self.model.objects.filter(parent__isnull=False)
            parents = {**dict(below.values_list("pk", "parent_id")), **planned}
            if any(closes_circle(key, parents) for key in planned):
                raise CircularParent


class CircularParent(Refused):
    """A fund would stand above itself."""

    def __init__(self) -> None:
        super().__init__(_("The parent fund already stands below this fund."), _("Choose another parent, or none."))


class Fund(Record):
    """A fund: its size, who manages it, what it may buy, and the fund whose money it invests."""

    name = models.CharField(_("name"), max_length=NAME_LENGTH)
    name_key = models.CharField(max_length=NAME_LENGTH, editable=False, db_index=True)
    short_name = models.CharField(_("short name"), max_length=60, blank=True)
    english_name = models.CharField(_("English name"), max_length=NAME_LENGTH, blank=True)
    level = models.CharField(_("level"), max_length=10, choices=Level.choices, default=Level.MARKET)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, blank=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("parent fund")
    )
    manager = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="managed_funds", verbose_name=_("manager")
    )
    size_low = money_field(_("size from"))
    size_high = money_field(_("size to"))
    size_low_open = models.BooleanField(_("size is more than that"), default=False)
    size_high_open = models.BooleanField(_("size is less than that"), default=False)
    currency = currency_field()
    vintage = models.PositiveSmallIntegerField(
        _("vintage"),
        null=True,
        blank=True,
        help_text=_("The year of its first closing."),
        validators=[MinValueValidator(1980), MaxValueValidator(2100)],
    )
    kinds = CodesField(_("invests by"), labels=lambda: dict(FundKind.choices))
    stages = CodesField(_("stages"), labels=stage_labels)
    fields = CodesField(_("technical fields"), labels=field_labels)
    regions = CodesField(
        _("regions (GB/T 2260)"), labels=lambda: dict(division_options()), help_text=_("None means anywhere.")
    )
    ticket_low = money_field(_("ticket from"))
    ticket_high = money_field(_("ticket to"))
    website = models.URLField(_("website"), max_length=300, blank=True)
    description = models.TextField(_("description"), blank=True)
    search_key = models.TextField(editable=False, blank=True)

    size = MoneyColumns("size")
    objects: ClassVar[Any] = FundQuerySet.as_manager()
    DETAIL_URL = "funds:fund-detail"
    TIMELINE_PARTS = ("commitments",)

    class Meta:
        ordering = ["name_key", "pk"]
        verbose_name = _("fund")
        verbose_name_plural = _("funds")
        indexes = [
            models.Index(fields=["name_key", "visibility"], name="funds_by_name"),
            models.Index(fields=["vintage", "visibility"], name="funds_by_vintage"),
            models.Index(fields=["currency", "size_low", "visibility"], name="funds_by_size"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=models.F("id")),
                name="no_fund_above_itself",
                violation_error_message=_("A fund cannot be its own parent."),
            ),
            ends_in_order("size", "fund"),
            ends_in_order("ticket", "fund"),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        try:
            self.check_parent()
        except CircularParent as circle:
            raise ValidationError({"parent": str(circle)}) from circle

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.derive()
        self.check_parent()
        super().save(*args, **kwargs)

    def check_parent(self) -> None:
        """CircularParent when the present parent stands below this fund."""
        if self.pk and self.parent_id is not None:
            type(self).objects.refuse_circles([self])

    def derive(self) -> None:
        """Set what follows from the names; bulk writers call it themselves."""
        self.name_key = fold_name(self.name)[:NAME_LENGTH]
        self.search_key = search_key(self.name, self.short_name, self.english_name)


class CommitmentQuerySet(RecordQuerySet):
    """A commitment shows only to whoever may see both its ends."""

    def open_rows(self, levels: list[Visibility]) -> Q:
        return Q(visibility__in=levels) & self.open_ends(levels)

    def own_rows(self, user: Any) -> Q:
        return Q(fund__manager__in=member_organizations(user))

    @staticmethod
    def open_ends(levels: list[Visibility]) -> Q:
        investor = Q(investor__isnull=True) | Q(investor__visibility__in=levels)
        investing_fund = Q(investor_fund__isnull=True) | Q(investor_fund__visibility__in=levels)
        return Q(fund__visibility__in=levels) & investor & investing_fund


class Commitment(Investor, Amount, Record):
    """A parent fund or an organisation promises an amount to a fund."""

    fund = models.ForeignKey(Fund, models.CASCADE, related_name="commitments", verbose_name=_("fund"))
    committed_on = models.DateField(_("committed on"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    objects: ClassVar[Any] = CommitmentQuerySet.as_manager()
    PARENT: ClassVar[str] = "fund"

    class Meta:
        ordering = ["-committed_on", "-pk"]
        verbose_name = _("commitment")
        verbose_name_plural = _("commitments")
        constraints = [
            one_investor("commitment"),
            ends_in_order("amount", "commitment"),
            models.CheckConstraint(
                condition=Q(investor_fund__isnull=True) | ~Q(investor_fund=models.F("fund")),
                name="no_commitment_to_itself",
                violation_error_message=_("A fund cannot commit money to itself."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.investor_label} → {self.fund}"
