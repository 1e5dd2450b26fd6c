"""Offers: what organisations hold out to the community."""

from typing import Any, ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qunxing.core.fields import CodesField
from qunxing.core.text import search_key
from qunxing.directory.models import Organization, field_labels, member_organizations
from qunxing.ledger.models import Record, RecordQuerySet, Visibility
from qunxing.resources.states import State
from qunxing.resources.validators import known_division

TITLE_LENGTH = 200


class Kind(models.TextChoices):
    """What is offered: the three key factors, then the five supports."""

    COMPUTE = "compute", _("compute")
    CORPUS = "corpus", _("corpus")
    ALGORITHM = "algorithm", _("algorithm")
    TALENT = "talent", _("talent")
    SPACE = "space", _("space")
    CAPITAL = "capital", _("capital")
    IP = "ip", _("intellectual property")
    POLICY = "policy", _("policy")


class Unit(models.TextChoices):
    CARDS = "cards", _("cards")
    CARD_HOURS = "card_hours", _("card hours")
    PFLOPS = "pflops", _("PFLOPS")
    EFLOPS = "eflops", _("EFLOPS")
    TB = "tb", _("TB")
    TOKENS = "tokens", _("tokens")
    ITEMS = "items", _("items")
    PEOPLE = "people", _("people")
    SQUARE_METRES = "m2", _("m²")
    DESKS = "desks", _("desks")
    YUAN = "yuan", _("yuan")


class Bound(models.TextChoices):
    """What the number says of the quantity: 超5万张 is over 50,000."""

    EXACT = "exact", _("exactly")
    OVER = "over", _("over")
    UNDER = "under", _("under")
    ABOUT = "about", _("about")


class OfferQuerySet(RecordQuerySet):
    """An offer is never more open than its provider."""

    def open_rows(self, levels: list[Visibility]) -> Q:
        # The few that are hidden are looked up once; a join would look up each provider.
        hidden = Organization.objects.exclude(visibility__in=levels).values("pk")
        return Q(visibility__in=levels) & ~Q(provider__in=hidden)

    def own_rows(self, user: Any) -> Q:
        return Q(provider__in=member_organizations(user))


class Offer(Record):
    """Something an organisation offers: how much of it, where, on what terms, and from when to when."""

    title = models.CharField(_("title"), max_length=TITLE_LENGTH)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    provider = models.ForeignKey(Organization, models.CASCADE, related_name="offers", verbose_name=_("provider"))
    state = models.CharField(_("state"), max_length=6, choices=State.choices, default=State.OPEN, editable=False)
    description = models.TextField(_("description"), blank=True)
    fields = CodesField(_("technical fields"), labels=field_labels)
    quantity = models.DecimalField(
        _("quantity"), max_digits=15, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    quantity_bound = models.CharField(_("the quantity is"), max_length=5, choices=Bound.choices, default=Bound.EXACT)
    unit = models.CharField(_("unit"), max_length=10, choices=Unit.choices, blank=True)
    region = models.CharField(_("region (GB/T 2260)"), max_length=6, blank=True, validators=[known_division])
    price_terms = models.TextField(_("price and terms"), blank=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    search_key = models.TextField(editable=False, blank=True)

    objects: ClassVar[Any] = OfferQuerySet.as_manager()
    DETAIL_URL: ClassVar[str] = "resources:offer-detail"

    class Meta:
        ordering = ["-updated_at", "-pk"]
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        indexes = [
            models.Index(fields=["updated_at", "visibility", "provider"], name="offers_by_change"),
            models.Index(fields=["kind", "state", "visibility", "provider"], name="offers_by_kind"),
            models.Index(fields=["valid_until", "visibility", "provider"], name="offers_by_end"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_until__gte=F("valid_from")),
                name="an_offer_ends_after_it_began",
                violation_error_message=_("The last day must not come before the first."),
            ),
            models.CheckConstraint(
                condition=Q(quantity__isnull=True) | (Q(quantity__gte=0) & ~Q(unit="")),
                name="a_quantity_has_a_unit",
                violation_error_message=_("A quantity needs a unit and must not be below zero."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.derive()
        super().save(*args, **kwargs)

    def derive(self) -> None:
        """Set what follows from the title; bulk writers call it themselves."""
        self.search_key = search_key(self.title)
