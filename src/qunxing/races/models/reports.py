"""What a gate found and decided: the report, a decision for each lane, and the panel that had a part in it."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunxing.challenges.models import Notice
from qunxing.ledger.models import Record, RecordQuerySet, Visibility
from qunxing.panels.models import Item, Panel
from qunxing.panels.models.base import ClosedQuerySet, ClosedRecord
from qunxing.races.models.lanes import Lane
from qunxing.races.models.races import Race, Stage, open_race, own_race
from qunxing.races.states import report
from qunxing.races.states.report import ReportState


class ReportQuerySet(RecordQuerySet):
    """Open once notice of it was given; staff and officers see it before that."""

    def open_rows(self, levels: list[Visibility]) -> Q:
        return Q(visibility__in=levels, told=True) & open_race(levels, "stage__race__")

    def own_rows(self, user: Any) -> Q:
        return Q(told=True) & own_race(user, "stage__race__")


class GateReport(Record):
    """What a gate measured, on what, and what was decided.

    `standing`: {"method", "draws", "seed", "level", "items", "places": [{lane, rank, score, low, high, rank_low,
    rank_high, group}], "passing": [{lane, passes, tied}], "undefined": {lane: reason}, "metrics": {lane: {metric:
    value}}, "experts": {lane: mean}}; lanes by their code. `measured`: {"test_set", "scorer", "entries": {lane: {entry,
    run, digest, by}}, "panel"}, by whom and on what. Both are as they were when the report was made.
    """

    stage = models.ForeignKey(
        Stage, models.PROTECT, related_name="reports", verbose_name=pgettext_lazy("race", "stage")
    )
    number = models.PositiveSmallIntegerField(_("number"), default=1, editable=False)
    state = models.CharField(
        _("state"), max_length=10, choices=ReportState.choices, default=ReportState.DRAFT, editable=False
    )
    standing = models.JSONField(_("standing"), default=dict, editable=False)
    standing_digest = models.CharField(_("digest of the standing"), max_length=64, blank=True, editable=False)
    measured = models.JSONField(_("what was measured"), default=dict, editable=False)
    made_on = models.DateField(_("made on"), editable=False)
    reasons = models.TextField(_("reasons"), blank=True)
    dissent = models.TextField(_("dissent"), blank=True, help_text=_("Who sees it otherwise, and why."))
    notice = models.OneToOneField(
        Notice,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="gate_report",
        verbose_name=_("public notice"),
        editable=False,
    )
    told = models.BooleanField(_("given notice of"), default=False, editable=False)
    confirmed_on = models.DateField(_("confirmed on"), null=True, editable=False)
    overturned_why = models.CharField(_("why it was taken back"), max_length=500, blank=True, editable=False)

    objects: ClassVar[Any] = ReportQuerySet.as_manager()
    DETAIL_URL: ClassVar[str] = "races:report-detail"
    TIMELINE_PARTS = ("decisions",)
    BOOKKEEPING = Record.BOOKKEEPING | {"standing", "standing_digest", "measured", "told"}

    class Meta:
        ordering = ["stage", "-number"]
        verbose_name = _("gate report")
        verbose_name_plural = _("gate reports")
        indexes = [models.Index(fields=["state"], name="reports_by_state")]
        constraints = [
            models.UniqueConstraint(fields=["stage", "number"], name="a_gate_report_stands_once"),
            models.UniqueConstraint(
                fields=["stage"], condition=~Q(state="overturned"), name="one_report_of_a_gate_counts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stage.race.name} · {self.stage}"

    @classmethod
    def closed_versions(cls, levels: list[Visibility]) -> Q:
        return super().closed_versions(levels) | Q(told=False)

    @property
    def race(self) -> Race:
        return self.stage.race

    @property
    def tone(self) -> str:
        return report.TONES[ReportState(self.state)]


class Funding(models.TextChoices):
    """What follows for a lane."""

    MORE = "more", pgettext_lazy("decision of a gate", "goes on with more")
    SAME = "same", pgettext_lazy("decision of a gate", "goes on")
    LESS = "less", pgettext_lazy("decision of a gate", "goes on with less")
    STOP = "stop", pgettext_lazy("decision of a gate", "stops")
    MERGE = "merge", pgettext_lazy("decision of a gate", "merges into another")


GOES_ON = frozenset({Funding.MORE, Funding.SAME, Funding.LESS})
DECISION_TONES = {
    Funding.MORE: "good", Funding.SAME: "good", Funding.LESS: "warn", Funding.STOP: "bad", Funding.MERGE: "info",
}  # fmt: skip


class DecisionQuerySet(RecordQuerySet):
    """As open as the report."""

    def open_rows(self, levels: list[Visibility]) -> Q:
        return Q(visibility__in=levels, report__visibility__in=levels, report__told=True) & open_race(
            levels, "report__stage__race__"
        )

    def own_rows(self, user: Any) -> Q:
        return Q(report__told=True) & own_race(user, "report__stage__race__")


class LaneDecision(Record):
    """What a gate decides of a lane: `passes` and `tied` by the rule, `follows` by those who decide, and the money."""

    report = models.ForeignKey(GateReport, models.CASCADE, related_name="decisions", verbose_name=_("gate report"))
    lane = models.ForeignKey(Lane, models.PROTECT, related_name="decisions", verbose_name=_("lane"))
    rank = models.PositiveSmallIntegerField(_("rank"), null=True, editable=False)
    score = models.FloatField(_("score"), null=True, editable=False)
    low = models.FloatField(_("from"), null=True, editable=False)
    high = models.FloatField(_("to"), null=True, editable=False)
    passes = models.BooleanField(_("passes by the rule"), default=False, editable=False)
    tied = models.BooleanField(_("tied at the line"), default=False, editable=False)
    undefined = models.CharField(_("why there is no score"), max_length=200, blank=True, editable=False)
    veto = models.CharField(_("veto"), max_length=200, blank=True, editable=False)
    follows = models.CharField(pgettext_lazy("gate", "decision"), max_length=5, choices=Funding.choices)
    into = models.ForeignKey(
        Lane, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("merges into")
    )
    money = models.BigIntegerField(_("money released (yuan)"), default=0)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    # A merge takes both teams' word.
    agreed_on = models.DateField(_("agreed to by the lane that merges"), null=True, editable=False)
    into_agreed_on = models.DateField(_("agreed to by the lane that takes it in"), null=True, editable=False)

    objects: ClassVar[Any] = DecisionQuerySet.as_manager()
    PARENT: ClassVar[str] = "report"

    class Meta:
        ordering = ["report", "rank", "pk"]
        verbose_name = pgettext_lazy("gate", "decision")
        verbose_name_plural = pgettext_lazy("gate", "decisions")
        constraints = [
            models.UniqueConstraint(fields=["report", "lane"], name="a_gate_decides_once_of_a_lane"),
            models.CheckConstraint(
                condition=Q(money__gte=0),
                name="the_money_a_gate_releases_is_not_negative",
                violation_error_message=_("The money must not be negative."),
            ),
            models.CheckConstraint(
                condition=Q(follows="merge", into__isnull=False) | (~Q(follows="merge") & Q(into__isnull=True)),
                name="only_a_merge_names_another_lane",
                violation_error_message=_("A merge names the lane that takes the other in; nothing else does."),
            ),
            models.CheckConstraint(
                condition=Q(into__isnull=True) | ~Q(into=F("lane")), name="a_lane_merges_not_into_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lane} · {self.get_follows_display()}"

    @property
    def tone(self) -> str:
        return DECISION_TONES[Funding(self.follows)]

    @property
    def agreed(self) -> bool:
        """Whether nothing is missing for it to be put before the public."""
        return self.follows != Funding.MERGE or (self.agreed_on is not None and self.into_agreed_on is not None)


class StagePanel(ClosedRecord):
    """The panel that scores the lanes at a gate; after an upheld appeal there may be another."""

    stage = models.ForeignKey(Stage, models.PROTECT, related_name="panels", verbose_name=pgettext_lazy("race", "stage"))
    panel = models.OneToOneField(Panel, models.PROTECT, related_name="race_stage", verbose_name=_("panel"))
    number = models.PositiveSmallIntegerField(_("round"), default=1)
    began_on = models.DateField(_("began on"))
    superseded = models.BooleanField(_("superseded"), default=False, editable=False)

    objects: ClassVar[Any] = ClosedQuerySet.as_manager()

    class Meta:
        ordering = ["stage", "number"]
        verbose_name = _("panel of a gate")
        verbose_name_plural = _("panels of gates")
        constraints = [
            models.UniqueConstraint(fields=["stage", "number"], name="a_panel_of_a_gate_stands_once"),
            models.UniqueConstraint(fields=["stage"], condition=Q(superseded=False), name="one_panel_of_a_gate_counts"),
        ]

    def __str__(self) -> str:
        return f"{self.stage} · {self.number}"

    def get_absolute_url(self) -> str:
        return self.stage.race.get_absolute_url()

    @property
    def race(self) -> Race:
        return self.stage.race


class StageItem(ClosedRecord):
    """Which item of the panel is which lane; the code on the item says nothing of it."""

    round = models.ForeignKey(StagePanel, models.CASCADE, related_name="items", verbose_name=_("panel of a gate"))
    lane = models.ForeignKey(Lane, models.PROTECT, related_name="panel_items", verbose_name=_("lane"))
    item = models.OneToOneField(Item, models.PROTECT, related_name="race_lane", verbose_name=_("item"))

    objects: ClassVar[Any] = ClosedQuerySet.as_manager()
    PARENT: ClassVar[str] = "round"

    class Meta:
        ordering = ["round", "pk"]
        verbose_name = _("lane under review")
        verbose_name_plural = _("lanes under review")
        constraints = [models.UniqueConstraint(fields=["round", "lane"], name="a_lane_is_reviewed_once_a_round")]

    def __str__(self) -> str:
        return self.item.code


class RaceArchive(ClosedRecord):
    """The pack of a race: everything with its digests, and the log entry that attests them."""

    race = models.OneToOneField(Race, models.PROTECT, related_name="archive", verbose_name=_("race"))
    made_on = models.DateField(_("made on"))
    digest = models.CharField(_("digest of the index"), max_length=64)
    files = models.PositiveIntegerField(_("files"), default=0)

    objects: ClassVar[Any] = ClosedQuerySet.as_manager()
    PARENT: ClassVar[str] = "race"

    class Meta:
        verbose_name = _("archive of a race")
        verbose_name_plural = _("archives of races")

    def __str__(self) -> str:
        return self.race.name
