"""Who reads what, and what they give it."""

from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunxing.ledger.models import Record
from qunxing.panels.models.base import ClosedQuerySet, ClosedRecord
from qunxing.panels.models.panels import Item, Panel
from qunxing.panels.models.seats import Seat
from qunxing.panels.states import TONES, ReviewState, SheetState


class ReviewQuerySet(ClosedQuerySet):
    def own_rows(self, user: Any) -> Q:
        return Q(seat__expert__user=user.pk) & ~Q(state=ReviewState.VOID)


class Review(ClosedRecord):
    """An item given to a seat to read."""

    panel = models.ForeignKey(Panel, models.CASCADE, related_name="reviews", verbose_name=_("panel"))
    item = models.ForeignKey(Item, models.CASCADE, related_name="reviews", verbose_name=pgettext_lazy("panel", "item"))
    seat = models.ForeignKey(Seat, models.CASCADE, related_name="reviews", verbose_name=_("seat"))
    fit = models.FloatField(_("expertise"), default=0)
    state = models.CharField(
        _("state"), max_length=10, choices=ReviewState.choices, default=ReviewState.ASSIGNED, editable=False
    )

    objects: ClassVar[Any] = ReviewQuerySet.as_manager()
    DETAIL_URL: ClassVar[str] = "panels:review-detail"

    class Meta:
        ordering = ["item", "seat", "pk"]
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        constraints = [models.UniqueConstraint(fields=["item", "seat"], name="a_seat_reads_an_item_once")]

    def __str__(self) -> str:
        return f"{self.item.code} · {self.seat.position}"

    @property
    def tone(self) -> str:
        return TONES[ReviewState(self.state)]


class SheetQuerySet(ClosedQuerySet):
    def own_rows(self, user: Any) -> Q:
        return Q(review__seat__expert__user=user.pk)


class Sheet(ClosedRecord):
    """The marks of one review; after voiding there may be another. What is handed in does not change."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="sheets", verbose_name=_("review"))
    state = models.CharField(
        _("state"), max_length=10, choices=SheetState.choices, default=SheetState.DRAFT, editable=False
    )
    marks = models.JSONField(_("marks"), default=dict)
    total = models.FloatField(_("total"), null=True, editable=False)
    abstain = models.BooleanField(_("I abstain"), default=False)
    abstain_reason = models.CharField(_("why"), max_length=500, blank=True)
    confidence = models.PositiveSmallIntegerField(
        _("how sure"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    note_to_bidder = models.TextField(_("note to the bidder"), blank=True)
    note_to_panel = models.TextField(_("note to the panel"), blank=True)
    submitted_at = models.DateTimeField(_("handed in"), null=True, editable=False)
    digest = models.CharField(_("digest"), max_length=64, blank=True, editable=False)

    objects: ClassVar[Any] = SheetQuerySet.as_manager()
    PARENT: ClassVar[str] = "review"
    BOOKKEEPING = Record.BOOKKEEPING | {"marks", "total", "note_to_panel"}

    class Meta:
        ordering = ["review", "pk"]
        verbose_name = _("score sheet")
        verbose_name_plural = _("score sheets")
        constraints = [
            models.UniqueConstraint(
                fields=["review"], condition=~Q(state=SheetState.VOID), name="one_sheet_in_force_a_review"
            ),
            models.CheckConstraint(
                condition=Q(confidence__isnull=True) | Q(confidence__gte=1, confidence__lte=5),
                name="confidence_from_1_to_5",
                violation_error_message=_("Say how sure you are from 1 to 5."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.review}"
