"""Offers: what organisations hold out to the community."""

from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
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


COMPUTING_POWER = (Unit.PFLOPS, Unit.EFLOPS)


class NumberFormat(models.TextChoices):
    """In which numbers the operations of a stated computing power are; powers in two formats are never added."""

    FP64 = "fp64", "FP64"
    FP32 = "fp32", "FP32"
    FP16 = "fp16", _("FP16 or BF16")
    FP8 = "fp8", "FP8"
    INT8 = "int8", "INT8"


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
    number_format = models.CharField(
        _("precision"),
        max_length=4,
        choices=NumberFormat.choices,
        blank=True,
        help_text=_("For computing power in PFLOPS or EFLOPS: the number format in which it is stated."),
    )
    region = models.CharField(_("region (GB/T 2260)"), max_length=6, blank=True, validators=[known_division])
    domestic_chips = models.BooleanField(
        _("domestic chips"), null=True, blank=True, help_text=_("For compute: whether it runs on domestic chips.")
    )
    price_terms = models.TextField(_("price and terms"), blank=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    search_key = models.TextField(editable=False, blank=True)

    objects: ClassVar[Any] = OfferQuerySet.as_manager()
    DETAIL_URL: ClassVar[str] = "resources:offer-detail"
    TIMELINE_PARTS = ("vouchers",)

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
            models.CheckConstraint(
                condition=Q(domestic_chips__isnull=True) | Q(kind=Kind.COMPUTE),
                name="chips_are_those_of_compute",
                violation_error_message=_("Only of compute it is said on which chips it runs."),
            ),
            models.CheckConstraint(
                condition=Q(number_format="") | Q(kind=Kind.COMPUTE, unit__in=COMPUTING_POWER),
                name="a_precision_is_of_computing_power",
                violation_error_message=_("Only computing power in PFLOPS or EFLOPS is stated in a precision."),
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


class VoucherKind(models.TextChoices):
    """What a voucher pays a part of."""

    COMPUTE = "compute", _("compute voucher (算力券)")
    MODEL = "model", _("model voucher (模型券)")
    CORPUS = "corpus", _("corpus voucher (语料券)")


class VoucherQuerySet(RecordQuerySet):
    """Never more open than the offer that it is a part of."""

    def open_rows(self, levels: list[Visibility]) -> Q:
        hidden = Organization.objects.exclude(visibility__in=levels).values("pk")
        return Q(visibility__in=levels, offer__visibility__in=levels) & ~Q(offer__provider__in=hidden)

    def own_rows(self, user: Any) -> Q:
        return Q(offer__provider__in=member_organizations(user))


class Voucher(Record):
    """The terms of a voucher that a policy offers: which share of which cost, and at most how much."""

    offer = models.ForeignKey(Offer, models.CASCADE, related_name="vouchers", verbose_name=_("offer"))
    kind = models.CharField(_("kind"), max_length=7, choices=VoucherKind.choices, default=VoucherKind.COMPUTE)
    percent = models.PositiveSmallIntegerField(
        _("percent of the cost"), validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    cap = models.BigIntegerField(
        _("at most (yuan)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("For one firm, over the whole period; empty where there is no cap."),
    )
    months = models.PositiveSmallIntegerField(
        _("period (months)"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(120)]
    )
    between_related = models.BooleanField(
        _("between related parties, too"),
        default=False,
        help_text=_("Whether it pays when the seller and the firm are related parties."),
    )
    stacks = models.BooleanField(
        _("adds to others"), default=False, help_text=_("Whether it pays beside another voucher for the same cost.")
    )

    objects: ClassVar[Any] = VoucherQuerySet.as_manager()
    PARENT: ClassVar[str] = "offer"

    class Meta:
        ordering = ["kind", "-percent", "pk"]
        verbose_name = _("voucher")
        verbose_name_plural = _("vouchers")
        constraints = [
            models.CheckConstraint(
                condition=Q(percent__gte=1, percent__lte=100),
                name="a_voucher_pays_a_share",
                violation_error_message=_("Give a percentage from 1 to 100."),
            ),
            models.CheckConstraint(
                condition=Q(cap__isnull=True) | Q(cap__gte=1),
                name="a_cap_is_above_nothing",
                violation_error_message=_("A cap is above nothing."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.percent}%"

    def support(self, cost: int) -> int:
        """What it pays of a cost, in whole yuan, rounded down."""
        share = cost * self.percent // 100
        return share if self.cap is None else min(share, self.cap)
