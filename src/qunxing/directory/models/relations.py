"""What an organisation shows, and how organisations hang together."""

from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunxing.core.fields import CodesField
from qunxing.directory.models.organizations import Organization, PartQuerySet, member_organizations
from qunxing.directory.models.vocabulary import field_labels
from qunxing.ledger.models import Record, RecordQuerySet, Visibility


class Product(Record):
    """A product, perhaps on show in the product experience store (产品体验店)."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="products")
    name = models.CharField(_("name"), max_length=100)
    category = models.CharField(_("category"), max_length=60, blank=True)
    fields = CodesField(_("technical fields"), labels=field_labels)
    description = models.TextField(_("description"), blank=True)
    website = models.URLField(_("website"), max_length=300, blank=True)
    shown_from = models.DateField(_("on show from"), null=True, blank=True)
    shown_until = models.DateField(_("on show until"), null=True, blank=True)
    place = models.CharField(_("place in the store"), max_length=60, blank=True)

    objects: ClassVar[Any] = PartQuerySet.as_manager()
    PARENT: ClassVar[str] = "organization"

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("product")
        verbose_name_plural = _("products")

    def __str__(self) -> str:
        return self.name


class LinkQuerySet(RecordQuerySet):
    def open_rows(self, levels: list[Visibility]) -> models.Q:
        return models.Q(
            visibility__in=levels,
            from_organization__visibility__in=levels,
            to_organization__visibility__in=levels,
        )

    def own_rows(self, user: Any) -> models.Q:
        mine = member_organizations(user)
        return models.Q(from_organization__in=mine) | models.Q(to_organization__in=mine)


class Link(Record):
    """`from_organization` holds, invests in, partners with, supplies, or is the former self of `to_organization`."""

    class Kind(models.TextChoices):
        HOLDS = "holds", _("holds")
        INVESTS = "invests", _("invests in")
        PARTNERS = "partners", _("partners with")
        SUPPLIES = "supplies", _("supplies")
        FORMER = "former", _("former name of")

    from_organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="links_from", verbose_name=pgettext_lazy("link", "from")
    )
    to_organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="links_to", verbose_name=pgettext_lazy("link", "to")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    share = models.DecimalField(
        _("share (%)"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    from_day = models.DateField(_("from day"), null=True, blank=True)
    to_day = models.DateField(_("until day"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    objects: ClassVar[Any] = LinkQuerySet.as_manager()
    PARENT: ClassVar[str] = "from_organization"

    class Meta:
        ordering = ["kind", "pk"]
        verbose_name = _("link")
        verbose_name_plural = _("links")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(from_organization=models.F("to_organization")),
                name="no_link_to_itself",
                violation_error_message=_("An organisation cannot be linked to itself."),
            ),
            models.UniqueConstraint(
                fields=["from_organization", "to_organization", "kind", "from_day"], name="one_link_a_kind_and_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_organization} {self.get_kind_display()} {self.to_organization}"

    def other_end(self, organization: Organization) -> Organization:
        """The organisation at the far end, seen from one end."""
        far = self.from_organization_id if self.to_organization_id == organization.pk else self.to_organization_id
        found: Organization = self.from_organization if far == self.from_organization_id else self.to_organization
        return found
