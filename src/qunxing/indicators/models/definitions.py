"""Definitions of indicators: what an app declares, as it stood at any time, and what staff derive from it."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from qunxing.core.specs import Access
from qunxing.core.text import search_key
from qunxing.directory.models import Scope
from qunxing.ledger.models import Record

CODE_LENGTH = 60


class Operation(models.TextChoices):
    """How a derived figure is made of others."""

    FILTER = "filter", _("only some of the rows")
    RATIO = "ratio", _("ratio of two figures")
    DIFFERENCE = "difference", _("difference of two figures")
    SHARE = "share", _("share of a total, in percent")
    GROWTH_PERIOD = "growth_period", _("growth on the period before, in percent")
    GROWTH_YEAR = "growth_year", _("growth on a year before, in percent")


OF_TWO = (Operation.RATIO, Operation.DIFFERENCE, Operation.SHARE)
GROWTHS = (Operation.GROWTH_PERIOD, Operation.GROWTH_YEAR)


class Who(models.TextChoices):
    """What a reader gets who may not see all rows."""

    OWN = Access.OWN, pgettext_lazy("figure", "a total over the rows they may see")
    PROTECTED = Access.PROTECTED, pgettext_lazy("figure", "the true total, small numbers hidden")
    BANDED = Access.BANDED, pgettext_lazy("figure", "the true total as a band")
    CLOSED = Access.CLOSED, pgettext_lazy("figure", "nothing")


class Definition(Record):
    """An indicator: its words in both languages, and of a derived one what it is made of.

    A declared one follows its app; here it has a history, and staff say who gets its totals. `where` is {dimension:
    codes} of a filter; `base` and `operand` are codes of other indicators, the second perhaps of a scope of its own.
    """

    code = models.SlugField(_("code"), max_length=CODE_LENGTH, unique=True)
    name_zh = models.CharField(_("Chinese name"), max_length=100)
    name_en = models.CharField(_("English name"), max_length=100)
    counts_zh = models.TextField(_("what it counts, in Chinese"), blank=True)
    counts_en = models.TextField(_("what it counts, in English"), blank=True)
    dates_zh = models.TextField(_("the dates that decide, in Chinese"), blank=True, editable=False)
    dates_en = models.TextField(_("the dates that decide, in English"), blank=True, editable=False)
    unit = models.CharField(_("unit"), max_length=30, blank=True)
    scope = models.CharField(_("scope"), max_length=20, default="space")
    declared = models.BooleanField(_("declared by the program"), default=False, editable=False)
    operation = models.CharField(_("made by"), max_length=14, choices=Operation.choices, blank=True)
    base = models.CharField(_("of the indicator"), max_length=CODE_LENGTH, blank=True)
    operand = models.CharField(_("and the indicator"), max_length=CODE_LENGTH, blank=True)
    operand_scope = models.CharField(
        _("told for the scope"), max_length=20, choices=Scope.Code.choices, blank=True,
        help_text=_("Left empty it is told for the same scope as the first."),
    )  # fmt: skip
    where = models.JSONField(_("only rows with"), default=dict, blank=True)
    access = models.CharField(_("who may not see all rows gets"), max_length=10, choices=Who.choices, default=Who.OWN)
    retired = models.BooleanField(_("no longer told"), default=False)
    search_key = models.TextField(editable=False, blank=True)

    DETAIL_URL: ClassVar[str] = "indicators:indicator-history"

    class Meta:
        ordering = ["pk"]
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        constraints = [
            models.CheckConstraint(
                condition=Q(declared=True) | (~Q(operation="") & ~Q(base="")),
                name="an_indicator_is_declared_or_derived",
                violation_error_message=_("Say what the indicator is made of."),
            ),
            models.CheckConstraint(
                condition=~Q(base=F("code")) & ~Q(operand=F("code")),
                name="no_indicator_is_made_of_itself",
                violation_error_message=_("An indicator cannot be made of itself."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse(self.DETAIL_URL, args=[self.code])

    @property
    def name(self) -> str:
        return self.name_zh if spoken_chinese() else self.name_en

    @property
    def counts(self) -> str:
        return self.counts_zh if spoken_chinese() else self.counts_en

    @property
    def dates(self) -> str:
        return self.dates_zh if spoken_chinese() else self.dates_en

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.derive()
        super().save(*args, **kwargs)

    def derive(self) -> None:
        """Set what follows from other fields; bulk writers call it themselves."""
        self.search_key = search_key(self.code, self.name_zh, self.name_en)


def spoken_chinese() -> bool:
    return (get_language() or "zh").startswith("zh")
