"""Lanes with the teams in them: what everybody sees of one, and its route, which is between the team and the race."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunxing.challenges.models import Bid, Contract
from qunxing.directory.models import Organization, member_organizations
from qunxing.ledger.models import Record, RecordQuerySet, Visibility
from qunxing.ledger.versions import history_of
from qunxing.panels.models.base import ClosedQuerySet, ClosedRecord
from qunxing.races.models.races import Race, open_race
from qunxing.races.states import lane
from qunxing.races.states.lane import LaneState


def lanes_of(user: Any, path: str = "") -> Q:
    """The lanes that the user's organisations lead or have a part in; `path` leads from a part to its lane."""
    own = member_organizations(user)
    parts = LaneParty.objects.filter(organization__in=own).values("lane_id")
    return Q(**{f"{path}organization__in": own}) | Q(**{f"{path}id__in": parts})


class LaneQuerySet(RecordQuerySet):
    """As open as the race; the asker and the team see it before that."""

    def open_rows(self, levels: list[Visibility]) -> Q:
        return Q(visibility__in=levels, organization__visibility__in=levels) & open_race(levels, "race__")

    def own_rows(self, user: Any) -> Q:
        return lanes_of(user) | Q(race__organization__in=member_organizations(user))


class Lane(Record):
    """A team on its way. What was entered and decided stays with it, also when it is merged into another."""

    race = models.ForeignKey(Race, models.CASCADE, related_name="lanes", verbose_name=_("race"))
    number = models.PositiveSmallIntegerField(_("lane number"), default=1, editable=False)
    name = models.CharField(_("team"), max_length=80)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="lanes", verbose_name=_("led by"))
    approach = models.CharField(
        _("approach in a line"),
        max_length=120,
        blank=True,
        help_text=_("Everybody reads this; the route stays between you and the race."),
    )
    state = models.CharField(
        _("state"), max_length=12, choices=LaneState.choices, default=LaneState.ENTERED, editable=False
    )
    bid = models.OneToOneField(
        Bid, models.PROTECT, null=True, blank=True, related_name="lane", verbose_name=_("bid"), editable=False
    )
    contract = models.OneToOneField(
        Contract,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="lane",
        verbose_name=_("contract"),
        editable=False,
    )
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="merged",
        verbose_name=_("merged into"),
        editable=False,
    )
    entered_on = models.DateField(pgettext_lazy("lane", "entered on"), null=True, editable=False)
    ended_on = models.DateField(_("ended on"), null=True, editable=False)
    ending = models.CharField(_("why it ended"), max_length=500, blank=True, editable=False)

    objects: ClassVar[Any] = LaneQuerySet.as_manager()
    DETAIL_URL: ClassVar[str] = "races:lane-detail"
    TIMELINE_PARTS = ("parties",)

    class Meta:
        ordering = ["race", "number"]
        verbose_name = _("lane")
        verbose_name_plural = _("lanes")
        indexes = [models.Index(fields=["race", "state"], name="lanes_of_a_race")]
        constraints = [
            models.UniqueConstraint(fields=["race", "number"], name="a_lane_stands_once"),
            models.UniqueConstraint(
                fields=["race", "organization"],
                name="an_organization_leads_one_lane",
                violation_error_message=_("This organisation leads a lane of the race already."),
            ),
            models.CheckConstraint(
                condition=Q(state="merged", merged_into__isnull=False)
                | (~Q(state="merged") & Q(merged_into__isnull=True)),
                name="only_a_merged_lane_names_another",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("pk")), name="a_lane_merges_into_another"
            ),
        ]

    @classmethod
    def closed_versions(cls, levels: list[Visibility]) -> Q:
        """What a lane said before the race was published, and no longer said then, stays between team and race."""
        published = history_of(Race).objects.filter(id=OuterRef("race_id"), published_on__isnull=False)
        first = published.order_by("history_id").values("history_date")[:1]
        later = history_of(cls).objects.filter(id=OuterRef("id"), history_id__gt=OuterRef("history_id"))
        superseded = later.filter(history_date__lte=Subquery(first))
        return super().closed_versions(levels) | ~Exists(published) | Exists(superseded)

    def __str__(self) -> str:
        return self.name

    @property
    def tone(self) -> str:
        return lane.TONES[LaneState(self.state)]

    @property
    def code(self) -> str:
        """By which a lane is known in tables of scores: L1, L2."""
        return f"L{self.number}"


class PartQuerySet(RecordQuerySet):
    """As open as the lane."""

    def open_rows(self, levels: list[Visibility]) -> Q:
        seen = Q(visibility__in=levels, lane__visibility__in=levels, organization__visibility__in=levels)
        return seen & Q(lane__organization__visibility__in=levels) & open_race(levels, "lane__race__")

    def own_rows(self, user: Any) -> Q:
        return Q(lane__in=Lane.objects.filter(LaneQuerySet(Lane).own_rows(user)))


class LaneParty(Record):
    """Another organisation in a lane."""

    class Role(models.TextChoices):
        PARTNER = "partner", pgettext_lazy("part in a lane", "partner")
        MERGED = "merged", pgettext_lazy("part in a lane", "joined by a merge")

    lane = models.ForeignKey(Lane, models.CASCADE, related_name="parties", verbose_name=_("lane"))
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="lane_parts", verbose_name=_("organisation")
    )
    role = models.CharField(_("role"), max_length=8, choices=Role.choices, default=Role.PARTNER, editable=False)
    tasks = models.CharField(_("tasks"), max_length=500, blank=True)

    objects: ClassVar[Any] = PartQuerySet.as_manager()
    PARENT: ClassVar[str] = "lane"

    class Meta:
        ordering = ["lane", "pk"]
        verbose_name = _("partner in a lane")
        verbose_name_plural = _("partners in lanes")
        constraints = [
            models.UniqueConstraint(fields=["lane", "organization"], name="an_organization_stands_once_in_a_lane")
        ]

    def __str__(self) -> str:
        return str(self.organization)

    @property
    def race(self) -> Race:
        return self.lane.race


class RouteQuerySet(ClosedQuerySet):
    """For the team, staff and officers, and whoever asks for the race."""

    def own_rows(self, user: Any) -> Q:
        return lanes_of(user, "lane__") | Q(lane__race__organization__in=member_organizations(user))


class Route(ClosedRecord):
    """How a team means to do it, and who it is. `tags` are a word or two each, by which routes are told apart."""

    lane = models.OneToOneField(Lane, models.CASCADE, related_name="route", verbose_name=_("lane"))
    leader = models.CharField(_("leader in person (挂帅人)"), max_length=60, blank=True)
    team = models.TextField(_("team members"), blank=True)
    text = models.TextField(_("technical route"), blank=True)
    tags = models.JSONField(_("route in keywords"), default=list, blank=True)

    objects: ClassVar[Any] = RouteQuerySet.as_manager()
    PARENT: ClassVar[str] = "lane"

    class Meta:
        verbose_name = _("route")
        verbose_name_plural = _("routes")

    def __str__(self) -> str:
        return f"{self.lane}"

    @property
    def race(self) -> Race:
        return self.lane.race


class RouteCheck(ClosedRecord):
    """How alike two routes read, and what staff say to it; the first lane has the lower number."""

    race = models.ForeignKey(Race, models.CASCADE, related_name="route_checks", verbose_name=_("race"))
    first = models.ForeignKey(Lane, models.CASCADE, related_name="+", verbose_name=_("first lane"))
    second = models.ForeignKey(Lane, models.CASCADE, related_name="+", verbose_name=_("second lane"))
    likeness = models.FloatField(_("how alike they read"), default=0.0)
    alike = models.BooleanField(_("too much alike to pass without a word"), default=False)
    differ = models.BooleanField(_("the routes differ"), null=True)
    word = models.CharField(_("in what they differ"), max_length=500, blank=True)

    objects: ClassVar[Any] = ClosedQuerySet.as_manager()
    PARENT: ClassVar[str] = "race"

    class Meta:
        ordering = ["race", "first", "second"]
        verbose_name = _("comparison of routes")
        verbose_name_plural = _("comparisons of routes")
        constraints = [models.UniqueConstraint(fields=["first", "second"], name="two_routes_are_compared_once")]

    def __str__(self) -> str:
        return f"{self.first} – {self.second}"

    @property
    def settled(self) -> bool:
        """Whether nothing in it keeps the race from being published."""
        return bool(self.differ) or (self.differ is None and not self.alike)
