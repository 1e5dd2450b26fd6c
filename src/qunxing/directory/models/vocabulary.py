"""The words by which organisations are sorted."""

from typing import ClassVar

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from qunxing.ledger.models import Record


class Role(models.TextChoices):
    """What an organisation is to the community; one may be several."""

    FIRM = "firm", _("firm")
    FUND_MANAGER = "fund_manager", _("fund manager")
    DEMAND_OWNER = "demand_owner", _("demand owner")
    COMPUTE_PROVIDER = "compute_provider", _("compute provider")
    AUTHORITY = "authority", _("authority")
    UNIVERSITY = "university", _("university or institute")


class SizeClass(models.TextChoices):
    """工信部联企业〔2011〕300号."""

    LARGE = "large", _("large")
    MEDIUM = "medium", _("medium")
    SMALL = "small", _("small")
    MICRO = "micro", _("micro")


class Precision(models.TextChoices):
    """How much of a day is known; the rest of it is filled with the first."""

    DAY = "day", _("to the day")
    MONTH = "month", _("to the month")
    YEAR = "year", _("to the year")


class Industry(models.TextChoices):
    """The sections of GB/T 4754-2017."""

    A = "A", _("Agriculture, forestry, animal husbandry and fishery")
    B = "B", _("Mining")
    C = "C", _("Manufacturing")
    D = "D", _("Electricity, heat, gas and water")
    E = "E", _("Construction")
    F = "F", _("Wholesale and retail")
    G = "G", _("Transport, storage and post")
    H = "H", _("Accommodation and catering")
    I = "I", _("Information transmission, software and IT services")  # noqa: E741 - the standard's letter
    J = "J", _("Finance")
    K = "K", _("Real estate")
    L = "L", _("Leasing and business services")
    M = "M", _("Scientific research and technical services")
    N = "N", _("Water, environment and public facilities")
    O = "O", _("Resident services, repair and other services")  # noqa: E741
    P = "P", _("Education")
    Q = "Q", _("Health and social work")
    R = "R", _("Culture, sports and entertainment")
    S = "S", _("Public administration and social organisations")
    T = "T", _("International organisations")


def field_labels() -> dict[str, str]:
    """{code: name in the reader's language} of all technical fields, in one query."""
    return {found.code: str(found) for found in TechnicalField.objects.all()}


class TechnicalField(Record):
    """A term of the editable two-level vocabulary; records keep its code, so a term can be renamed freely."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("belongs to"),
        limit_choices_to={"parent": None},
    )
    name_zh = models.CharField(_("Chinese name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=80)
    synonyms = models.TextField(
        _("synonyms"), blank=True, help_text=_("One a line; search and matching take them as the term.")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    retired = models.BooleanField(
        _("retired"), default=False, help_text=_("Kept where it is used, not offered any more.")
    )

    DETAIL_URL: ClassVar[str] = "directory:field-detail"

    class Meta:
        ordering = ["position", "code"]
        verbose_name = _("technical field")
        verbose_name_plural = _("technical fields")

    def __str__(self) -> str:
        return self.name_zh if (get_language() or "zh").startswith("zh") else self.name_en
