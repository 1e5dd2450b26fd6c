"""What came of the scores: standings, dissent, signatures."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qunxing.panels.models.base import ClosedQuerySet, ClosedRecord
from qunxing.panels.models.panels import Item, Panel
from qunxing.panels.models.seats import Seat


class Standing(ClosedRecord):
    """An item's result, of the last counting."""

    panel = models.ForeignKey(Panel, models.CASCADE, related_name="standings", verbose_name=_("panel"))
    item = models.OneToOneField(Item, models.CASCADE, related_name="standing", verbose_name=_("item"))
    scores = models.PositiveSmallIntegerField(_("scores"), default=0)
    abstained = models.PositiveSmallIntegerField(_("abstained"), default=0)
    wanted = models.PositiveSmallIntegerField(_("reviews"), default=0)
    needed = models.PositiveSmallIntegerField(_("scores needed"), default=0)
    quorum = models.BooleanField(_("quorum"), default=False)
    raw_mean = models.FloatField(_("mean"), null=True)
    trimmed_mean = models.FloatField(_("trimmed mean"), null=True)
    spread = models.FloatField(_("spread"), null=True)
    disagreement = models.BooleanField(_("disagreement"), default=False)
    calibrated = models.FloatField(_("calibrated"), null=True)
    low = models.FloatField(_("from"), null=True)
    high = models.FloatField(_("to"), null=True)
    raw_rank = models.PositiveSmallIntegerField(_("raw rank"), null=True)
    calibrated_rank = models.PositiveSmallIntegerField(_("calibrated rank"), null=True)
    band = models.PositiveSmallIntegerField(_("band"), null=True)

    objects: ClassVar[Any] = ClosedQuerySet.as_manager()
    PARENT: ClassVar[str] = "panel"

    class Meta:
        ordering = ["panel", "raw_rank", "pk"]
        verbose_name = _("standing")
        verbose_name_plural = _("standings")

    def __str__(self) -> str:
        return f"{self.item}"


class OfSeatQuerySet(ClosedQuerySet):
    def own_rows(self, user: Any) -> Q:
        return Q(seat__expert__user=user.pk)


class Dissent(ClosedRecord):
    """What a member holds against the panel's opinion, in writing; it stands in the report."""

    panel = models.ForeignKey(Panel, models.CASCADE, related_name="dissents", verbose_name=_("panel"))
    seat = models.OneToOneField(Seat, models.CASCADE, related_name="dissent", verbose_name=_("seat"))
    text = models.TextField(_("dissent"))

    objects: ClassVar[Any] = OfSeatQuerySet.as_manager()
    PARENT: ClassVar[str] = "panel"

    class Meta:
        ordering = ["panel", "seat"]
        verbose_name = _("dissent")
        verbose_name_plural = _("dissents")

    def __str__(self) -> str:
        return self.text[:60]


class Signature(ClosedRecord):
    """A member signs the result with this digest; a result that changes needs new signatures."""

    panel = models.ForeignKey(Panel, models.CASCADE, related_name="signatures", verbose_name=_("panel"))
    seat = models.ForeignKey(Seat, models.CASCADE, related_name="signatures", verbose_name=_("seat"))
    digest = models.CharField(_("digest of the result"), max_length=64)
    signed_at = models.DateTimeField(_("signed"))

    objects: ClassVar[Any] = OfSeatQuerySet.as_manager()
    PARENT: ClassVar[str] = "panel"

    class Meta:
        ordering = ["panel", "seat"]
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        constraints = [models.UniqueConstraint(fields=["seat", "digest"], name="a_result_is_signed_once_a_seat")]

    def __str__(self) -> str:
        return self.digest[:12]
