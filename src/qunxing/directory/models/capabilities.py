"""What an organisation can show that it is able, or allowed, to do."""

from datetime import date
from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunxing.directory.models.organizations import Organization, PartQuerySet
from qunxing.ledger.models import Record


class Capability(Record):
    """A level it was assessed at, a certificate it holds, where it can work, how much it can take on.

    `held` false says that it is known not to have it; where nothing is kept, nothing is known.
    """

    class Kind(models.TextChoices):
        SECURITY = "security", _("security level (等保)")
        CHIPS = "chips", _("runs on domestic chips")
        ON_SITE = "on_site", _("works on the owner's site")
        CERTIFICATE = "certificate", _("certificate")
        CAPACITY = "capacity", _("projects it can carry at once")

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="capabilities")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    held = models.BooleanField(
        _("it has it"), default=True, help_text=_("Untick to put on record that it does not have it.")
    )
    amount = models.PositiveSmallIntegerField(
        _("level or number"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(999)],
        help_text=_("The security level, or how many projects at once."),
    )
    name = models.CharField(
        pgettext_lazy("capability", "what exactly"),
        max_length=120,
        blank=True,
        help_text=_("The name of the certificate, the make of the chips."),
    )
    number = models.CharField(_("number of the certificate"), max_length=80, blank=True)
    issued_by = models.CharField(_("issued by"), max_length=120, blank=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    objects: ClassVar[Any] = PartQuerySet.as_manager()
    PARENT: ClassVar[str] = "organization"

    class Meta:
        ordering = ["kind", "name", "pk"]
        verbose_name = _("capability")
        verbose_name_plural = _("capabilities")
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind__in=["security", "capacity"]) | Q(held=False) | Q(amount__isnull=False),
                name="a_level_has_a_number",
                violation_error_message=_("Give the level, or the number of projects."),
            ),
            models.CheckConstraint(
                condition=~Q(kind="certificate") | ~Q(name=""),
                name="a_certificate_has_a_name",
                violation_error_message=_("Name the certificate."),
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_until__gte=F("valid_from")),
                name="a_capability_ends_after_it_began",
                violation_error_message=_("The last day must not come before the first."),
            ),
        ]

    def __str__(self) -> str:
        what = self.name or (str(self.amount) if self.amount is not None else "")
        return f"{self.get_kind_display()} {what}".strip()

    def stands_on(self, day: date) -> bool:
        """Whether it is valid on the day, as far as its days are known."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_until is None or self.valid_until >= day)
