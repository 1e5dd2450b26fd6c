"""Who sits on a panel."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qunxing.panels.models.base import ClosedQuerySet, ClosedRecord
from qunxing.panels.models.experts import Expert
from qunxing.panels.models.panels import Panel
from qunxing.panels.states import HOLDS, TONES, SeatState


class SeatQuerySet(ClosedQuerySet):
    def own_rows(self, user: Any) -> Q:
        return Q(expert__user=user.pk)


class Seat(ClosedRecord):
    """A place on the panel, counted from 1; whoever follows on it is a row of its own."""

    panel = models.ForeignKey(Panel, models.CASCADE, related_name="seats", verbose_name=_("panel"))
    expert = models.ForeignKey(Expert, models.PROTECT, related_name="seats", verbose_name=_("expert"))
    position = models.PositiveSmallIntegerField(_("seat"))
    state = models.CharField(
        _("state"), max_length=10, choices=SeatState.choices, default=SeatState.DRAWN, editable=False
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True, editable=False)
    replaces = models.OneToOneField(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="successor",
        editable=False,
        verbose_name=_("follows"),
    )

    objects: ClassVar[Any] = SeatQuerySet.as_manager()
    PARENT: ClassVar[str] = "panel"

    class Meta:
        ordering = ["panel", "position", "pk"]
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        constraints = [
            models.UniqueConstraint(
                fields=["panel", "position"], condition=Q(state__in=sorted(HOLDS)), name="one_holder_a_seat"
            ),
            models.UniqueConstraint(fields=["panel", "expert"], name="an_expert_sits_once"),
        ]

    def __str__(self) -> str:
        return f"{self.position}"

    @property
    def tone(self) -> str:
        return TONES[SeatState(self.state)]
