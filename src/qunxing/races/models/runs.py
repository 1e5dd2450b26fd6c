"""Runs of a scorer over entries, all of them kept, and the rows that lanes are held against."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunxing.panels.models.base import ClosedQuerySet, ClosedRecord
from qunxing.races.models.entries import Entry
from qunxing.races.models.races import Race, Stage


class Verdict(models.TextChoices):
    """How a run ended; those of qunxing.races.sandbox."""

    PENDING = "", pgettext_lazy("verdict of a run", "not yet run")
    OK = "ok", pgettext_lazy("verdict of a run", "scored")
    CRASHED = "crashed", pgettext_lazy("verdict of a run", "the scorer crashed")
    TIMEOUT = "timeout", pgettext_lazy("verdict of a run", "took too long")
    MEMORY = "memory", pgettext_lazy("verdict of a run", "took too much memory")
    OUTPUT = "output", pgettext_lazy("verdict of a run", "wrote too much")
    FORBIDDEN = "forbidden", pgettext_lazy("verdict of a run", "did what is forbidden")
    BAD_RESULT = "bad_result", pgettext_lazy("verdict of a run", "gave no readable result")
    REFUSED = "refused", pgettext_lazy("verdict of a run", "this machine cannot confine a scorer")
    CANCELLED = "cancelled", pgettext_lazy("verdict of a run", "taken off the queue")
    UNREADABLE = "unreadable", pgettext_lazy("verdict of a run", "the file could not be opened here")
    UNDEFINED = "undefined", pgettext_lazy("verdict of a run", "the metric is undefined for it")


class ScoreRun(ClosedRecord):
    """One run over one entry. Later runs stand beside the earlier ones; the last that ended well counts.

    Scores of the sealed part are here and in the file of item scores, so that only staff and officers see a run; a team
    reads its public scores where a board shows them. `public` and `sealed`: {metric: value or null}; `undefined`:
    {metric: reason}; `overall_*` is the weighed whole.
    """

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="runs", verbose_name=_("entry of a race"))
    number = models.PositiveSmallIntegerField(_("run"), default=1, editable=False)
    scorer = models.CharField(_("digest of the scorer"), max_length=64, blank=True, editable=False)
    test_set = models.CharField(_("digest of the test set"), max_length=64, blank=True, editable=False)
    verdict = models.CharField(
        _("verdict"), max_length=10, choices=Verdict.choices, default=Verdict.PENDING, blank=True, editable=False
    )
    words = models.CharField(_("in words"), max_length=500, blank=True, editable=False)
    public = models.JSONField(_("scores of the public part"), default=dict, editable=False)
    sealed = models.JSONField(_("scores of the sealed part"), default=dict, editable=False)
    undefined = models.JSONField(_("undefined metrics"), default=dict, editable=False)
    overall_public = models.FloatField(_("public score"), null=True, editable=False)
    overall_sealed = models.FloatField(_("sealed score"), null=True, editable=False)
    shown_public = models.FloatField(_("public score as shown"), null=True, editable=False)
    items_digest = models.CharField(_("digest of the item scores"), max_length=64, blank=True, editable=False)
    why = models.CharField(_("why it was run again"), max_length=500, blank=True, editable=False)
    taken_at = models.DateTimeField(_("taken at"), null=True, editable=False)
    taken_by = models.CharField(_("taken by"), max_length=80, blank=True, editable=False)
    ended_at = models.DateTimeField(_("ended at"), null=True, editable=False)

    objects: ClassVar[Any] = ClosedQuerySet.as_manager()
    PARENT: ClassVar[str] = "entry"
    BOOKKEEPING = ClosedRecord.BOOKKEEPING | {"public", "sealed", "undefined", "taken_by"}

    class Meta:
        ordering = ["entry", "number"]
        verbose_name = _("scoring run")
        verbose_name_plural = _("scoring runs")
        indexes = [models.Index(fields=["verdict", "taken_at"], name="runs_by_verdict")]
        constraints = [models.UniqueConstraint(fields=["entry", "number"], name="a_run_of_an_entry_stands_once")]

    def __str__(self) -> str:
        return f"{self.entry} · {self.number}"

    @property
    def race(self) -> Race:
        return self.entry.stage.race

    @property
    def stage(self) -> Stage:
        return self.entry.stage


class Baseline(ClosedRecord):
    """A row that lanes are held against: a rule of thumb, the system in use, a person; it wins nothing."""

    stage = models.ForeignKey(
        Stage, models.CASCADE, related_name="baselines", verbose_name=pgettext_lazy("race", "stage")
    )
    name = models.CharField(_("name"), max_length=80)
    note = models.CharField(_("what it is"), max_length=300, blank=True)
    digest = models.CharField(_("digest"), max_length=64, blank=True, editable=False)
    overall_public = models.FloatField(_("public score"), null=True, editable=False)
    overall_sealed = models.FloatField(_("sealed score"), null=True, editable=False)
    items_digest = models.CharField(_("digest of the item scores"), max_length=64, blank=True, editable=False)
    kept_on = models.DateField(_("kept on"), editable=False)

    objects: ClassVar[Any] = ClosedQuerySet.as_manager()
    PARENT: ClassVar[str] = "stage"

    class Meta:
        ordering = ["stage", "pk"]
        verbose_name = _("baseline")
        verbose_name_plural = _("baselines")
        constraints = [models.UniqueConstraint(fields=["stage", "name"], name="a_baseline_stands_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def race(self) -> Race:
        return self.stage.race
