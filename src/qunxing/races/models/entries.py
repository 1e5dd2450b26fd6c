"""Entries: what a lane handed in, for good."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunxing.panels.models.base import ClosedQuerySet, ClosedRecord
from qunxing.races.models.lanes import Lane, lanes_of
from qunxing.races.models.races import Race, Stage
from qunxing.races.models.testsets import TestingBody
from qunxing.races.states import entry
from qunxing.races.states.entry import EntryState


class EntryQuerySet(ClosedQuerySet):
    """The team's own; what a board tells of it everybody reads there."""

    def own_rows(self, user: Any) -> Q:
        return lanes_of(user, "lane__")


class Entry(ClosedRecord):
    """A file that was handed in: never changed, never deleted. `faults` are why it was refused, by row and column.

    `receipt`: {"log": index of its entry in the log, "digest"}.
    """

    class Kind(models.TextChoices):
        ANSWERS = "answers", pgettext_lazy("kind of entry", "answers")
        TABLE = "table", pgettext_lazy("kind of entry", "table of scores")
        DRY_RUN = "dry_run", pgettext_lazy("kind of entry", "dry run")

    lane = models.ForeignKey(Lane, models.PROTECT, related_name="entries", verbose_name=_("lane"))
    stage = models.ForeignKey(
        Stage, models.PROTECT, related_name="entries", verbose_name=pgettext_lazy("race", "stage")
    )
    number = models.PositiveIntegerField(_("number"), default=1, editable=False)
    kind = models.CharField(
        pgettext_lazy("entry", "kind"), max_length=8, choices=Kind.choices, default=Kind.ANSWERS, editable=False
    )
    state = models.CharField(
        _("state"), max_length=8, choices=EntryState.choices, default=EntryState.RECEIVED, editable=False
    )
    received_at = models.DateTimeField(_("received at"), editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by"), editable=False
    )
    body = models.ForeignKey(
        TestingBody,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="entries",
        verbose_name=pgettext_lazy("race", "testing body"),
        editable=False,
    )
    name = models.CharField(_("name of the file"), max_length=200, editable=False)
    digest = models.CharField(_("digest"), max_length=64, editable=False)
    size = models.PositiveBigIntegerField(_("size"), default=0, editable=False)
    items = models.PositiveIntegerField(_("items answered"), default=0, editable=False)
    faults = models.JSONField(_("what is wrong with it"), default=list, editable=False)
    receipt = models.JSONField(_("receipt"), default=dict, editable=False)
    note = models.CharField(_("note"), max_length=200, blank=True)
    cost = models.BigIntegerField(_("cost told (yuan)"), null=True, blank=True, editable=False)
    disqualified = models.BooleanField(_("disqualified"), default=False, editable=False)
    why = models.CharField(_("why"), max_length=500, blank=True, editable=False)

    objects: ClassVar[Any] = EntryQuerySet.as_manager()
    DETAIL_URL: ClassVar[str] = "races:entry-detail"
    BOOKKEEPING = ClosedRecord.BOOKKEEPING | {"faults", "receipt", "by"}

    class Meta:
        ordering = ["stage", "lane", "number"]
        verbose_name = _("entry of a race")
        verbose_name_plural = _("entries of races")
        indexes = [
            models.Index(fields=["stage", "state"], name="entries_of_a_stage"),
            models.Index(fields=["lane", "stage", "received_at"], name="entries_of_a_lane"),
            models.Index(fields=["state", "received_at"], name="entries_in_the_queue"),
        ]
        constraints = [models.UniqueConstraint(fields=["lane", "stage", "number"], name="an_entry_stands_once")]

    def __str__(self) -> str:
        return f"{self.lane.code}-{self.number}"

    @property
    def race(self) -> Race:
        return self.stage.race

    @property
    def tone(self) -> str:
        return "bad" if self.disqualified else entry.TONES[EntryState(self.state)]

    @property
    def counts(self) -> bool:
        """Whether it may decide anything."""
        return self.state == EntryState.SCORED and not self.disqualified and self.kind != Entry.Kind.DRY_RUN
