"""Signs of trouble, for people to look at."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunxing.panels.models.base import ClosedQuerySet, ClosedRecord
from qunxing.races.models.lanes import Lane
from qunxing.races.models.races import Race, Stage
from qunxing.races.states.entry import FLAG_TONES, FlagState


class Flag(ClosedRecord):
    """A sign (races/flags.py), its figure and the bar it passed. Nothing follows from it but that somebody looks."""

    class Sign(models.TextChoices):
        CONSTANT = "constant", pgettext_lazy("sign of trouble", "answers all but the same")
        TWIN = "twin", pgettext_lazy("sign of trouble", "answers like another's")
        GAP = "gap", pgettext_lazy("sign of trouble", "public score far above the sealed one")
        JUMP = "jump", pgettext_lazy("sign of trouble", "a leap at the deadline")

    stage = models.ForeignKey(Stage, models.CASCADE, related_name="flags", verbose_name=pgettext_lazy("race", "stage"))
    lane = models.ForeignKey(Lane, models.CASCADE, related_name="flags", verbose_name=_("lane"))
    sign = models.CharField(_("sign"), max_length=8, choices=Sign.choices, editable=False)
    other = models.ForeignKey(Lane, models.CASCADE, null=True, related_name="+", verbose_name=_("like"), editable=False)
    figure = models.FloatField(_("figure"), editable=False)
    bar = models.FloatField(_("bar"), editable=False)
    state = models.CharField(
        _("state"), max_length=7, choices=FlagState.choices, default=FlagState.OPEN, editable=False
    )
    looked = models.CharField(_("what was looked at and found"), max_length=500, blank=True, editable=False)
    raised_on = models.DateField(_("raised on"), editable=False)
    looked_on = models.DateField(_("looked at on"), null=True, editable=False)

    objects: ClassVar[Any] = ClosedQuerySet.as_manager()
    PARENT: ClassVar[str] = "stage"

    class Meta:
        ordering = ["stage", "pk"]
        verbose_name = _("sign of trouble")
        verbose_name_plural = _("signs of trouble")
        indexes = [models.Index(fields=["state"], name="flags_by_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["stage", "lane", "sign", "other"], name="a_sign_is_raised_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.lane} · {self.get_sign_display()}"

    @property
    def race(self) -> Race:
        return self.stage.race

    @property
    def tone(self) -> str:
        return FLAG_TONES[FlagState(self.state)]
