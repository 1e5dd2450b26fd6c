"""The formal check of opened bids, and the panels that review them."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunxing.challenges.models.bids import Bid, BidParty, own_tags
from qunxing.challenges.models.boards import Challenge
from qunxing.challenges.states.bid import BidState
from qunxing.directory.models import member_organizations
from qunxing.panels.models import Item, Panel
from qunxing.panels.models.base import ClosedQuerySet, ClosedRecord

# Bids that could not be opened and were decided on all the same.
BROKEN = (BidState.REFUSED, BidState.LOST)


class Verdict(models.TextChoices):
    ADMIT = "admit", pgettext_lazy("verdict of the formal check", "admitted")
    REFUSE = "refuse", pgettext_lazy("verdict of the formal check", "refused")


class FormalCheckQuerySet(ClosedQuerySet):
    """The bidder reads what was found once it is decided."""

    def own_rows(self, user: Any) -> Q:
        sealed = BidParty.objects.filter(bid__state__in=BROKEN, bid__opened_at=None)
        own = sealed.filter(tag__in=own_tags(user)).values("bid") if sealed.exists() else ()
        return (Q(bid__organization__in=member_organizations(user)) | Q(bid__in=own)) & ~Q(verdict="")


class FormalCheck(ClosedRecord):
    """Point by point whether an opened bid may go to the panel.

    `points`: [{code, label, state, detail, by_hand}], state pass, fail or unknown.
    """

    bid = models.OneToOneField(Bid, models.CASCADE, related_name="formal_check", verbose_name=_("bid"))
    points = models.JSONField(_("points"), default=list)
    verdict = models.CharField(_("verdict"), max_length=6, choices=Verdict.choices, blank=True, editable=False)
    reason = models.CharField(_("reason"), max_length=500, blank=True, editable=False)
    decided_on = models.DateField(_("decided on"), null=True, editable=False)

    objects: ClassVar[Any] = FormalCheckQuerySet.as_manager()
    PARENT: ClassVar[str] = "bid"
    BOOKKEEPING = ClosedRecord.BOOKKEEPING | {"points"}

    class Meta:
        verbose_name = _("formal check")
        verbose_name_plural = _("formal checks")

    def __str__(self) -> str:
        return str(self.get_verdict_display())

    @property
    def challenge(self) -> Challenge:
        return self.bid.challenge


class ReviewRound(ClosedRecord):
    """A panel that reviews the admitted bids of a challenge; after an upheld objection there may be another."""

    challenge = models.ForeignKey(Challenge, models.PROTECT, related_name="rounds", verbose_name=_("challenge"))
    panel = models.OneToOneField(Panel, models.PROTECT, related_name="review_round", verbose_name=_("panel"))
    number = models.PositiveSmallIntegerField(_("round"), default=1)
    began_on = models.DateField(_("began on"))
    superseded = models.BooleanField(_("superseded"), default=False, editable=False)

    objects: ClassVar[Any] = ClosedQuerySet.as_manager()
    PARENT: ClassVar[str] = "challenge"

    class Meta:
        ordering = ["challenge", "number"]
        verbose_name = _("round of review")
        verbose_name_plural = _("rounds of review")
        constraints = [
            models.UniqueConstraint(fields=["challenge", "number"], name="a_round_of_review_stands_once"),
            models.UniqueConstraint(
                fields=["challenge"], condition=Q(superseded=False), name="one_round_of_review_counts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.challenge.number} · {self.number}"


class ReviewItem(ClosedRecord):
    """Which item of the panel is which bid; the code on the item says nothing of it."""

    round = models.ForeignKey(ReviewRound, models.CASCADE, related_name="items", verbose_name=_("round"))
    bid = models.ForeignKey(Bid, models.PROTECT, related_name="review_items", verbose_name=_("bid"))
    item = models.OneToOneField(Item, models.PROTECT, related_name="review_item", verbose_name=_("item"))

    objects: ClassVar[Any] = ClosedQuerySet.as_manager()
    PARENT: ClassVar[str] = "round"

    class Meta:
        ordering = ["round", "pk"]
        verbose_name = _("bid under review")
        verbose_name_plural = _("bids under review")
        constraints = [models.UniqueConstraint(fields=["round", "bid"], name="a_bid_is_reviewed_once_a_round")]

    def __str__(self) -> str:
        return self.item.code
