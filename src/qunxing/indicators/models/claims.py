"""Claims: published figures, kept as they were said and never turned into rows."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qunxing.core.text import search_key
from qunxing.directory.models import Scope
from qunxing.ledger.models import Record, RecordQuerySet, Source, Visibility

UNIT_LENGTH = 30


class Precision(models.TextChoices):
    """How exactly the day of a claim is known."""

    DAY = "day", _("day")
    MONTH = "month", _("month")
    QUARTER = "quarter", _("quarter")
    YEAR = "year", _("year")
    PERIOD = "period", _("period")


class Status(models.TextChoices):
    """Whether what is counted exists; compute is often announced before it runs."""

    IN_SERVICE = "in_service", _("in service")
    BUILDING = "building", _("under construction")
    PLANNED = "planned", _("planned")


class ClaimQuerySet(RecordQuerySet):
    """A figure whose source a reader may not see does not appear to that reader."""

    def open_rows(self, levels: list[Visibility]) -> Q:
        scope = Q(scope__isnull=True) | Q(scope__visibility__in=levels, scope__community__visibility__in=levels)
        return scope & Q(visibility__in=levels, origin__visibility__in=levels)


class Claim(Record):
    """A figure that somebody published: of what, in which scope, as of when, said where and in which words.

    The value is a range: both ends the same is that number, an open end is not itself meant (近400 ends open at 400),
    both ends the same and open is "about".
    """

    indicator = models.SlugField(
        _("indicator"), max_length=60, help_text=_("The code of what is counted, such as resident_firms.")
    )
    subject = models.CharField(_("subject"), max_length=200, help_text=_("Whose figure it is, in words."))
    scope = models.ForeignKey(
        Scope, models.PROTECT, null=True, blank=True, related_name="claims", verbose_name=_("scope")
    )
    scope_text = models.CharField(
        _("scope in words"),
        max_length=120,
        blank=True,
        help_text=_("Where no circle of a community fits, such as the nation."),
    )
    as_of_low = models.DateField(_("as of"), help_text=_("The day, or the first day of the month, quarter or year."))
    as_of_high = models.DateField(_("as of, last day"), blank=True)
    as_of_precision = models.CharField(_("precision"), max_length=8, choices=Precision.choices, default=Precision.DAY)
    value_low = models.DecimalField(_("value from"), max_digits=24, decimal_places=6, null=True, blank=True)
    value_high = models.DecimalField(_("value to"), max_digits=24, decimal_places=6, null=True, blank=True)
    low_open = models.BooleanField(_("more than the lower value"), default=False)
    high_open = models.BooleanField(_("less than the upper value"), default=False)
    unit = models.CharField(_("unit"), max_length=UNIT_LENGTH, blank=True)
    currency = models.CharField(
        _("currency"), max_length=3, blank=True, help_text=_("For amounts of money, such as CNY.")
    )
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, blank=True)
    wording = models.TextField(_("wording"), help_text=_("The phrase, as it was published."))
    # Not `source`: a version's source is what the change rests on.
    origin = models.ForeignKey(Source, models.PROTECT, related_name="claims", verbose_name=_("source"))
    place = models.CharField(_("place in the source"), max_length=300, blank=True)
    note = models.TextField(_("note"), blank=True)
    search_key = models.TextField(editable=False, blank=True)

    objects: ClassVar[Any] = ClaimQuerySet.as_manager()
    DETAIL_URL = "indicators:claim-detail"
    BOOKKEEPING = Record.BOOKKEEPING | {"origin"}

    class Meta:
        ordering = ["indicator", "-as_of_high", "pk"]
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        indexes = [
            models.Index(fields=["indicator", "as_of_high", "visibility"], name="claims_of_an_indicator"),
            models.Index(fields=["as_of_high", "visibility"], name="claims_by_day"),
            models.Index(fields=["updated_at", "visibility"], name="claims_by_change"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(value_low__isnull=False) | Q(value_high__isnull=False),
                name="a_claim_has_a_value",
                violation_error_message=_("A claim needs a value: one end of its range at least."),
            ),
            models.CheckConstraint(
                condition=Q(value_low__isnull=True) | Q(value_high__isnull=True) | Q(value_high__gte=F("value_low")),
                name="a_claim_runs_upwards",
                violation_error_message=_("The upper value must not be below the lower one."),
            ),
            models.CheckConstraint(
                condition=Q(as_of_high__gte=F("as_of_low")),
                name="a_claim_ends_after_it_began",
                violation_error_message=_("The last day must not come before the first."),
            ),
            models.CheckConstraint(
                condition=Q(scope__isnull=False) | ~Q(scope_text=""),
                name="a_claim_has_a_scope",
                violation_error_message=_("Choose a scope, or say it in words."),
            ),
            models.CheckConstraint(
                condition=~Q(wording="") & ~Q(indicator="") & ~Q(subject=""),
                name="a_claim_has_its_words",
                violation_error_message=_("A claim needs its indicator, its subject and its wording."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} · {self.indicator}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.derive()
        super().save(*args, **kwargs)

    def derive(self) -> None:
        """Set what follows from other fields; bulk writers call it themselves."""
        self.as_of_high = getattr(self, "as_of_high", None) or self.as_of_low
        self.search_key = search_key(self.indicator, self.subject, self.scope_text, self.wording)
