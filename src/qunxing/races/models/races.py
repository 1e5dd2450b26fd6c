"""Races and their stages, each with the plan of the gate at its end."""

import json
from datetime import datetime
from functools import lru_cache
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunxing.challenges.models import Challenge
from qunxing.challenges.terms import Terms
from qunxing.core.fields import CodesField
from qunxing.core.text import search_key
from qunxing.directory.models import Organization, field_labels, member_organizations
from qunxing.ledger.models import Record, RecordQuerySet, Visibility
from qunxing.races.plan import GatePlan
from qunxing.races.states import race, stage
from qunxing.races.states.race import RaceState
from qunxing.races.states.stage import StageState


@lru_cache(maxsize=256)
def read_plan(text: str) -> GatePlan:
    """The plan of a gate: it is asked for at every turn and, once published, never changes."""
    return GatePlan.read(json.loads(text))


def open_race(levels: list[Visibility], path: str = "") -> Q:
    """Published races that are open at these levels; `path` leads from a part to its race."""
    asked = {
        f"{path}visibility__in": levels,
        f"{path}published_on__isnull": False,
        f"{path}organization__visibility__in": levels,
    }
    of_challenge = {
        f"{path}challenge__visibility__in": levels,
        f"{path}challenge__board__visibility__in": levels,
    }
    return Q(**asked) & (Q(**{f"{path}challenge__isnull": True}) | Q(**of_challenge))


def own_race(user: Any, path: str = "") -> Q:
    """Races that the user's organisations ask for, or have a part in; `path` leads from a part to its race."""
    own = member_organizations(user)
    races = Race.objects.filter(Q(lanes__organization__in=own) | Q(lanes__parties__organization__in=own))
    return Q(**{f"{path}organization__in": own}) | Q(**{f"{path}id__in": races.values("pk")})


class RaceQuerySet(RecordQuerySet):
    """Open once published; before that for those who ask for it and those who are invited."""

    def open_rows(self, levels: list[Visibility]) -> Q:
        return open_race(levels)

    def own_rows(self, user: Any) -> Q:
        return own_race(user)


class Kind(models.TextChoices):
    """Where the teams come from."""

    CHALLENGE = "challenge", pgettext_lazy("kind of race", "from a challenge")
    INVITED = "invited", pgettext_lazy("kind of race", "by invitation")
    OPEN = "open", pgettext_lazy("kind of race", "open entry")


class Race(Record):
    """Several teams on the same task, cut at gates. `start_money` is what each lane gets to begin with, in yuan."""

    number = models.CharField(_("number"), max_length=20, null=True, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=200)
    kind = models.CharField(
        pgettext_lazy("race", "kind"), max_length=10, choices=Kind.choices, default=Kind.INVITED, editable=False
    )
    text = models.TextField(_("what it is about"), blank=True)
    fields = CodesField(_("technical fields"), labels=field_labels)
    challenge = models.ForeignKey(
        Challenge,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="races",
        verbose_name=_("challenge"),
        editable=False,
    )
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="races", verbose_name=pgettext_lazy("race", "asked by")
    )
    payer = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("who pays")
    )
    state = models.CharField(
        _("state"), max_length=10, choices=RaceState.choices, default=RaceState.DRAFT, editable=False
    )
    preset = models.CharField(_("made from"), max_length=20, blank=True, editable=False)
    start_money = models.BigIntegerField(_("money to begin with (yuan a lane)"), default=0)
    lanes_most = models.PositiveSmallIntegerField(_("lanes at most"), default=3)
    enter_until = models.DateField(_("entry until"), null=True, blank=True, help_text=_("For open entry only."))
    ends_on = models.DateField(
        _("result due by"), null=True, blank=True, help_text=_("By then the winner has delivered; contracts end then.")
    )
    terms = models.JSONField(_("rules of its contracts"), default=dict, blank=True, editable=False)
    plan_digest = models.CharField(_("digest of its plan"), max_length=64, blank=True, editable=False)
    published_on = models.DateField(_("published on"), null=True, editable=False)
    started_on = models.DateField(_("started on"), null=True, editable=False)
    ended_on = models.DateField(_("ended on"), null=True, editable=False)
    ending = models.TextField(_("why it ended"), blank=True, editable=False)
    search_key = models.TextField(editable=False, blank=True)

    objects: ClassVar[Any] = RaceQuerySet.as_manager()
    DETAIL_URL: ClassVar[str] = "races:race-detail"
    TIMELINE_PARTS = ("stages", "lanes")
    BOOKKEEPING = Record.BOOKKEEPING | {"terms", "plan_digest", "preset"}

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("race")
        verbose_name_plural = _("races")
        indexes = [
            models.Index(fields=["state", "visibility"], name="races_by_state"),
            models.Index(fields=["title", "visibility"], name="races_by_title"),
            models.Index(fields=["published_on", "visibility"], name="races_by_publication"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(start_money__gte=0),
                name="the_money_of_a_race_is_not_negative",
                violation_error_message=_("The money must not be negative."),
            ),
            models.CheckConstraint(
                condition=Q(kind="challenge", challenge__isnull=False)
                | (~Q(kind="challenge") & Q(challenge__isnull=True)),
                name="a_race_from_a_challenge_names_it",
            ),
            models.UniqueConstraint(
                fields=["challenge"], condition=~Q(state="stopped"), name="one_race_of_a_challenge_counts"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def closed_versions(cls, levels: list[Visibility]) -> Q:
        return super().closed_versions(levels) | Q(published_on__isnull=True)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.derive()
        super().save(*args, **kwargs)

    def derive(self) -> None:
        """Set what follows from other fields; bulk writers call it themselves."""
        self.search_key = search_key(self.title, self.number or "", self.text)

    @property
    def tone(self) -> str:
        return race.TONES[RaceState(self.state)]

    @property
    def rules(self) -> Terms:
        """The rules its contracts are held to: those of the challenge's list, or its own."""
        return self.challenge.board.rules if self.challenge is not None else Terms.read(self.terms)

    @property
    def name(self) -> str:
        return self.number or self.title


class StageQuerySet(RecordQuerySet):
    """As open as the race."""

    def open_rows(self, levels: list[Visibility]) -> Q:
        return Q(visibility__in=levels) & open_race(levels, "race__")

    def own_rows(self, user: Any) -> Q:
        return own_race(user, "race__")


class Stage(Record):
    """A part of the way (赛段) that ends at a gate. A stage whose test set had to change is replaced by an edition."""

    race = models.ForeignKey(Race, models.CASCADE, related_name="stages", verbose_name=_("race"))
    order = models.PositiveSmallIntegerField(_("position"), default=1)
    edition = models.PositiveSmallIntegerField(_("edition"), default=1, editable=False)
    title = models.CharField(_("title"), max_length=120)
    task = models.TextField(_("task"), blank=True)
    state = models.CharField(
        _("state"), max_length=8, choices=StageState.choices, default=StageState.PLANNED, editable=False
    )
    plan = models.JSONField(_("what the gate fixes"), default=dict)
    plan_digest = models.CharField(_("digest of its plan"), max_length=64, blank=True, editable=False)
    # Kept beside the plan so that lists, desks and clocks can ask the database.
    opens_at = models.DateTimeField(_("window opens"), null=True, editable=False)
    closes_at = models.DateTimeField(_("window closes"), null=True, editable=False)
    replaced_why = models.CharField(_("why it was replaced"), max_length=500, blank=True, editable=False)

    objects: ClassVar[Any] = StageQuerySet.as_manager()
    PARENT: ClassVar[str] = "race"
    BOOKKEEPING = Record.BOOKKEEPING | {"plan_digest", "plan"}

    class Meta:
        ordering = ["race", "order", "edition"]
        verbose_name = pgettext_lazy("race", "stage")
        verbose_name_plural = pgettext_lazy("race", "stages")
        indexes = [models.Index(fields=["state", "closes_at"], name="stages_by_close")]
        constraints = [
            models.UniqueConstraint(fields=["race", "order", "edition"], name="an_edition_of_a_stage_stands_once"),
            models.UniqueConstraint(
                fields=["race", "order"], condition=~Q(state="replaced"), name="one_edition_of_a_stage_counts"
            ),
            models.CheckConstraint(
                condition=Q(closes_at__isnull=True) | Q(opens_at__isnull=True) | Q(closes_at__gt=F("opens_at")),
                name="a_window_closes_after_it_opened",
                violation_error_message=_("The window must close after it opens."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.derive()
        super().save(*args, **kwargs)

    def derive(self) -> None:
        """Set what follows from the plan; bulk writers call it themselves."""
        plan = self.gate
        self.opens_at, self.closes_at = plan.opens_at, plan.closes_at

    @property
    def gate(self) -> GatePlan:
        """What the gate at its end fixes."""
        return read_plan(json.dumps(self.plan))

    @property
    def tone(self) -> str:
        return stage.TONES[StageState(self.state)]

    @property
    def is_last(self) -> bool:
        """Whether its gate decides who wins."""
        later = Stage.objects.filter(race_id=self.race_id, order__gt=self.order).exclude(state=StageState.REPLACED)
        return not later.exists()

    @property
    def has_entries(self) -> bool:
        """Whether anything was entered, a dry run aside: from then on its test set stays as it is."""
        found: bool = self.entries.exclude(kind="dry_run").exists()
        return found

    def takes_entries_at(self, moment: datetime) -> bool:
        """Whether an entry that arrives at this moment is in time; both ends of the window are."""
        opened = self.opens_at is not None and self.opens_at <= moment
        return self.state == StageState.RUNNING and opened and self.closes_at is not None and moment <= self.closes_at
