"""Communities, the scopes in which they are counted, and who lives in them."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from qunxing.directory.models.organizations import Organization, PartQuerySet
from qunxing.ledger.models import Record


class Community(Record):
    """An innovation community, incubator or park."""

    name = models.CharField(_("name"), max_length=100)
    english_name = models.CharField(_("English name"), max_length=100, blank=True)
    division = models.CharField(_("division (GB/T 2260)"), max_length=6, blank=True)
    unveiled = models.CharField(
        _("unveiled"), max_length=10, blank=True, help_text=_("A day, a month (2023-09) or a year.")
    )
    address = models.CharField(_("address"), max_length=300, blank=True)
    description = models.TextField(_("description"), blank=True)

    DETAIL_URL = "directory:community-detail"
    TIMELINE_PARTS = ("scopes",)

    class Meta:
        verbose_name = _("community")
        verbose_name_plural = _("communities")

    def __str__(self) -> str:
        return self.name


class Scope(Record):
    """A circle in which figures are counted; a wider one includes the narrower ones."""

    class Code(models.TextChoices):
        SPACE = "space", _("the space itself")
        SURROUNDINGS = "surroundings", _("the space and its surroundings")
        DISTRICT = "district", _("the district")
        CITY = "city", _("the city")

    community = models.ForeignKey(Community, models.CASCADE, related_name="scopes")
    code = models.CharField(_("scope"), max_length=20, choices=Code.choices)
    name_zh = models.CharField(_("Chinese name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)
    width = models.PositiveSmallIntegerField(
        _("width"), help_text=_("1 is the narrowest; a wider scope includes the narrower.")
    )

    PARENT: ClassVar[str] = "community"

    class Meta:
        ordering = ["community", "width"]
        verbose_name = _("scope")
        verbose_name_plural = _("scopes")
        constraints = [models.UniqueConstraint(fields=["community", "code"], name="one_scope_a_code")]

    def __str__(self) -> str:
        zh = (get_language() or "zh").startswith("zh")
        return self.name_zh if zh or not self.name_en else self.name_en


class Residency(Record):
    """An organisation's stay in a community or its surroundings."""

    class Tier(models.TextChoices):
        CORE = "core", _("core (北斗七星)")
        STAR = "star", _("star (群星)")

    class Stage(models.TextChoices):
        RESIDENT = "resident", _("in residence")
        GRADUATED = "graduated", _("graduated")
        LEFT = "left", _("left")
        MOVED = "moved", _("moved away")

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="residencies", db_index=False)
    scope = models.ForeignKey(Scope, models.PROTECT, related_name="residencies", verbose_name=_("where"))
    tier = models.CharField(_("tier"), max_length=10, choices=Tier.choices, default=Tier.STAR)
    stage = models.CharField(_("stage"), max_length=10, choices=Stage.choices, default=Stage.RESIDENT)
    entered_on = models.DateField(_("entered on"), null=True, blank=True)
    left_on = models.DateField(_("left on"), null=True, blank=True)
    space = models.CharField(_("rooms"), max_length=100, blank=True)

    objects: ClassVar[Any] = PartQuerySet.as_manager()
    PARENT: ClassVar[str] = "organization"

    class Meta:
        ordering = ["-entered_on", "-pk"]
        verbose_name = _("residency")
        verbose_name_plural = _("residencies")
        indexes = [
            models.Index(fields=["scope", "stage", "entered_on"], name="residents_of_a_scope"),
            # All that the list of organisations filters by: a stay is then judged without touching its row.
            models.Index(
                fields=["organization", "tier", "stage", "scope", "visibility"], name="stays_of_an_organization"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(left_on__isnull=True)
                | models.Q(entered_on__isnull=True)
                | models.Q(left_on__gte=models.F("entered_on")),
                name="a_stay_ends_after_it_began",
                violation_error_message=_("The day of leaving must not come before the day of entering."),
            ),
            models.CheckConstraint(
                condition=models.Q(stage="resident", left_on__isnull=True) | ~models.Q(stage="resident"),
                name="a_resident_has_not_left",
                violation_error_message=_("An organisation in residence has no day of leaving."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization} · {self.scope}"
