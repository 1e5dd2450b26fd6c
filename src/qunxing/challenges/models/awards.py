"""What is proposed to be awarded, frozen as the panel left it."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunxing.challenges.models.bids import Bid
from qunxing.challenges.models.boards import Challenge
from qunxing.challenges.models.checks import ReviewRound
from qunxing.challenges.states.proposal import TONES, ProposalState
from qunxing.directory.models import member_organizations
from qunxing.panels.models.base import ClosedQuerySet, ClosedRecord


class Proposal(ClosedRecord):
    """Who shall be awarded and in which order the others stand by. `decides`: the order that counted."""

    challenge = models.ForeignKey(Challenge, models.PROTECT, related_name="proposals", verbose_name=_("challenge"))
    round = models.ForeignKey(ReviewRound, models.PROTECT, related_name="proposals", verbose_name=_("round"))
    number = models.PositiveSmallIntegerField(_("number"), default=1)
    state = models.CharField(
        _("state"), max_length=10, choices=ProposalState.choices, default=ProposalState.MADE, editable=False
    )
    decides = models.CharField(_("order that decides"), max_length=10)
    made_on = models.DateField(_("proposed on"))
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    result_digest = models.CharField(_("digest of the panel's result"), max_length=64, blank=True)
    told = models.BooleanField(_("given notice of"), default=False, editable=False)

    objects: ClassVar[Any] = ClosedQuerySet.as_manager()
    DETAIL_URL: ClassVar[str] = "challenges:award"
    TIMELINE_PARTS = ("places",)

    class Meta:
        ordering = ["challenge", "-number"]
        verbose_name = _("proposed award")
        verbose_name_plural = _("proposed awards")
        constraints = [
            models.UniqueConstraint(fields=["challenge", "number"], name="a_proposal_stands_once"),
            models.UniqueConstraint(
                fields=["challenge"], condition=~Q(state="overturned"), name="one_proposal_of_a_challenge_counts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.challenge.number} · {self.number}"

    def get_absolute_url(self) -> str:
        return reverse(self.DETAIL_URL, args=[self.challenge.ref])

    @property
    def tone(self) -> str:
        return TONES[ProposalState(self.state)]


class Standing(models.TextChoices):
    WINNER = "winner", pgettext_lazy("place in a proposal", "proposed")
    RESERVE = "reserve", pgettext_lazy("place in a proposal", "stands by")
    OTHER = "other", pgettext_lazy("place in a proposal", "not proposed")


class PlaceQuerySet(ClosedQuerySet):
    """A bidder reads its own place once notice was given."""

    def own_rows(self, user: Any) -> Q:
        return Q(bid__organization__in=member_organizations(user), proposal__told=True)


class Place(ClosedRecord):
    """The place of one bid in a proposal, with both orders side by side."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="places", verbose_name=_("proposed award"))
    bid = models.ForeignKey(Bid, models.PROTECT, related_name="places", verbose_name=_("bid"))
    place = models.PositiveSmallIntegerField(_("place"))
    standing = models.CharField(_("standing"), max_length=8, choices=Standing.choices, default=Standing.OTHER)
    money = models.BigIntegerField(_("money (yuan)"), default=0)
    raw = models.FloatField(_("mean"), null=True)
    raw_rank = models.PositiveSmallIntegerField(_("raw rank"), null=True)
    calibrated = models.FloatField(_("calibrated"), null=True)
    low = models.FloatField(_("from"), null=True)
    high = models.FloatField(_("to"), null=True)
    calibrated_rank = models.PositiveSmallIntegerField(_("calibrated rank"), null=True)
    band = models.PositiveSmallIntegerField(_("band"), null=True)
    disagreement = models.BooleanField(_("disagreement"), default=False)

    objects: ClassVar[Any] = PlaceQuerySet.as_manager()
    PARENT: ClassVar[str] = "proposal"

    class Meta:
        ordering = ["proposal", "place", "pk"]
        verbose_name = pgettext_lazy("proposed award", "place")
        verbose_name_plural = pgettext_lazy("proposed award", "places")
        constraints = [
            models.UniqueConstraint(fields=["proposal", "bid"], name="a_bid_has_one_place"),
            models.CheckConstraint(condition=Q(money__gte=0), name="the_money_of_a_place_is_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.place}"

    @property
    def challenge(self) -> Challenge:
        return self.proposal.challenge
