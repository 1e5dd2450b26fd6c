"""Quarterly returns of firms (季报), the terms by which they are filed, and the totals that were published of them."""

from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from qunxing.directory.models import Membership, Organization
from qunxing.funds.models.amounts import LARGEST
from qunxing.indicators.engine.graduation import Terms
from qunxing.indicators.engine.quarters import FIRST_YEAR, LAST_YEAR, Quarter
from qunxing.indicators.states.returns import OPEN, ReturnState
from qunxing.ledger.models import Record, RecordQuerySet, Visibility

MANY = 10_000_000
# Amounts in yuan; profit alone may be below nothing.
MONEY = ("revenue", "profit", "rnd_expense", "tax", "financing")
DEGREES = ("staff_doctor", "staff_master", "staff_bachelor", "staff_below")
PEOPLE = ("staff", *DEGREES)
RIGHTS = ("ip_applied", "ip_granted", "ip_held")
FIGURES = (*MONEY, *PEOPLE, *RIGHTS)
# Without these a return says too little to be submitted.
NEEDED = (*MONEY, "staff")


def yuan(label: Any, *, signed: bool = False) -> "models.BigIntegerField[int | None, int | None]":
    limits = [MinValueValidator(-LARGEST if signed else 0), MaxValueValidator(LARGEST)]
    return models.BigIntegerField(label, null=True, blank=True, validators=limits)


def number(label: Any) -> "models.PositiveIntegerField[int | None, int | None]":
    return models.PositiveIntegerField(label, null=True, blank=True, validators=[MaxValueValidator(MANY)])


def year_field() -> "models.PositiveSmallIntegerField[int, int]":
    return models.PositiveSmallIntegerField(
        _("year"), validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)]
    )


def quarter_field() -> "models.PositiveSmallIntegerField[int, int]":
    return models.PositiveSmallIntegerField(_("quarter"), validators=[MinValueValidator(1), MaxValueValidator(4)])


def within(*names: str) -> Q:
    """None of the amounts is below nothing."""
    found = Q()
    for name in names:
        found &= Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__gte": 0})
    return found


def degrees_sum() -> Any:
    return sum((Coalesce(F(name), Value(0)) for name in DEGREES), Value(0))


class ReturnQuerySet(RecordQuerySet):
    """A firm's figures are its own: besides staff and officers only whoever edits for it sees them."""

    def open_rows(self, levels: list[Visibility]) -> Q:
        return Q(visibility__in=levels, organization__visibility__in=levels)

    def own_rows(self, user: Any) -> Q:
        return Q(organization__in=edited_organizations(user))


def edited_organizations(user: Any) -> models.QuerySet[Any]:
    """Keys of the organisations for which the user may write."""
    roles = (Membership.Role.OWNER, Membership.Role.EDITOR)
    keys: models.QuerySet[Any] = Membership.objects.filter(user_id=user.pk, role__in=roles).values("organization_id")
    return keys


class Return(Record):
    """What a firm reports for one quarter; money is kept in yuan, typed and shown in thousands of yuan."""

    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="returns", verbose_name=_("organisation"), db_index=False
    )
    year = year_field()
    quarter = quarter_field()
    state = models.CharField(
        _("state"), max_length=9, choices=ReturnState.choices, default=ReturnState.DRAFT, editable=False
    )
    submitted_on = models.DateField(_("submitted on"), null=True, blank=True, editable=False)
    revenue = yuan(_("revenue"))
    profit = yuan(_("profit"), signed=True)
    rnd_expense = yuan(_("R&D expense"))
    tax = yuan(_("tax paid"))
    financing = yuan(_("financing received"))
    two_year_revenue = yuan(_("revenue of the last two years"))
    staff = number(_("staff"))
    staff_doctor = number(_("of these with a doctorate"))
    staff_master = number(_("with a master's degree"))
    staff_bachelor = number(_("with a bachelor's degree"))
    staff_below = number(_("with less"))
    ip_applied = number(_("IP rights applied for in the quarter"))
    ip_granted = number(_("IP rights granted in the quarter"))
    ip_held = number(_("IP rights held at its end"))
    certificate_number = models.CharField(_("high-tech certificate"), max_length=40, blank=True)
    certificate_until = models.DateField(_("certificate valid until"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True, max_length=2000)

    objects: ClassVar[Any] = ReturnQuerySet.as_manager()
    DETAIL_URL = "indicators:return-detail"

    class Meta:
        ordering = ["-year", "-quarter", "-pk"]
        verbose_name = _("quarterly return")
        verbose_name_plural = _("quarterly returns")
        indexes = [
            models.Index(fields=["year", "quarter", "state"], name="returns_of_a_quarter"),
            models.Index(fields=["updated_at"], name="returns_by_change"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "year", "quarter"],
                name="one_return_a_quarter",
                violation_error_message=_("There is a return of this organisation for this quarter already."),
            ),
            models.CheckConstraint(
                condition=Q(quarter__gte=1, quarter__lte=4, year__gte=FIRST_YEAR, year__lte=LAST_YEAR),
                name="a_return_has_a_quarter",
                violation_error_message=_("A year has four quarters."),
            ),
            models.CheckConstraint(
                condition=within("revenue", "rnd_expense", "tax", "financing", "two_year_revenue"),
                name="only_profit_may_be_a_loss",
                violation_error_message=_("Only profit may be below nothing."),
            ),
            models.CheckConstraint(
                condition=Q(staff__isnull=True) | Q(staff__gte=degrees_sum()),
                name="degrees_are_of_the_staff",
                violation_error_message=_("The degrees add up to more people than there are on the staff."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization} · {self.period}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.derive()
        super().save(*args, **kwargs)

    def derive(self) -> None:
        """Figures of one firm are never open; bulk writers call it themselves."""
        self.visibility = Visibility.INTERNAL

    @property
    def period(self) -> Quarter:
        return Quarter(self.year, self.quarter)

    @property
    def still_open(self) -> bool:
        return self.state in OPEN

    @property
    def lacking(self) -> list[str]:
        """The needed figures that are not there."""
        return [name for name in NEEDED if getattr(self, name) is None]


class ReturnTerms(Record):
    """The terms of returns and of graduation; there is one row at most, the defaults hold without it."""

    due_day = models.PositiveSmallIntegerField(
        _("due on this day of the month after the quarter"),
        default=20,
        validators=[MinValueValidator(1), MaxValueValidator(31)],
    )
    certificate = models.BooleanField(_("a valid high-tech certificate is enough to graduate"), default=True)
    investment_over = models.BigIntegerField(
        _("investment over (yuan)"),
        null=True,
        blank=True,
        default=Terms.investment,
        validators=[MinValueValidator(0), MaxValueValidator(LARGEST)],
        help_text=_("Empty: no amount of investment is enough to graduate."),
    )
    revenue_over = models.BigIntegerField(
        _("revenue of two years over (yuan)"),
        null=True,
        blank=True,
        default=Terms.revenue,
        validators=[MinValueValidator(0), MaxValueValidator(LARGEST)],
        help_text=_("Empty: no revenue is enough to graduate."),
    )
    exit = models.BooleanField(_("being acquired or listed is enough to graduate"), default=True)
    entry_months = models.PositiveSmallIntegerField(
        _("age on entry at most (months)"),
        null=True,
        blank=True,
        default=Terms.entry_months,
        validators=[MaxValueValidator(1200)],
        help_text=_("Empty: no bound."),
    )
    stay_months = models.PositiveSmallIntegerField(
        _("stay at most (months)"),
        null=True,
        blank=True,
        default=Terms.stay_months,
        validators=[MaxValueValidator(1200)],
        help_text=_("Empty: no bound."),
    )
    only = models.PositiveSmallIntegerField(default=1, unique=True, editable=False)

    BOOKKEEPING = Record.BOOKKEEPING | {"only"}

    class Meta:
        verbose_name = _("terms of returns")
        verbose_name_plural = _("terms of returns")

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    def get_absolute_url(self) -> str:
        return reverse("indicators:return-terms")

    @property
    def graduation(self) -> Terms:
        return Terms(
            certificate=self.certificate,
            investment=self.investment_over,
            revenue=self.revenue_over,
            exit=self.exit,
            entry_months=self.entry_months,
            stay_months=self.stay_months,
        )


class QuarterTotals(Record):
    """What was published of a quarter's returns; who may not see the returns sees this and nothing newer.

    `totals` is {figure: its sum, null where it is hidden}, `basis` {reference of a return: the revision that was
    counted}: the next publication is held against it, so that their difference tells no firm's figures.
    """

    year = year_field()
    quarter = quarter_field()
    day = models.DateField(_("published on"))
    firms = models.PositiveIntegerField(_("firms"))
    totals: Any = models.JSONField(_("totals"), default=dict, editable=False)
    basis: Any = models.JSONField(default=dict, editable=False)

    BOOKKEEPING = Record.BOOKKEEPING | {"basis", "totals"}

    class Meta:
        ordering = ["-year", "-quarter"]
        verbose_name = _("published totals of a quarter")
        verbose_name_plural = _("published totals of quarters")
        constraints = [models.UniqueConstraint(fields=["year", "quarter"], name="one_publication_a_quarter")]

    def __str__(self) -> str:
        return str(self.period)

    def get_absolute_url(self) -> str:
        return reverse("indicators:return-quarter", args=[str(self.period)])

    @property
    def period(self) -> Quarter:
        return Quarter(self.year, self.quarter)
