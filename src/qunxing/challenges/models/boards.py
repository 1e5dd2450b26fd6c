"""Lists and the challenges on them, each with its targets."""

import json
from datetime import datetime
from functools import lru_cache
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunxing.challenges.models.calls import Need
from qunxing.challenges.models.rulesets import RuleSet
from qunxing.challenges.states import board
from qunxing.challenges.states.board import ListState
from qunxing.challenges.states.challenge import TONES, ChallengeState
from qunxing.challenges.terms import Terms
from qunxing.core.fields import CodesField
from qunxing.core.text import search_key
from qunxing.directory.models import Organization, field_labels, member_organizations
from qunxing.ledger.models import Record, RecordQuerySet, Visibility
from qunxing.scenarios.goals import Goal, two_ends_between
from qunxing.scenarios.models import Scenario


@lru_cache(maxsize=64)
def read_terms(text: str) -> Terms:
    """The rules of a published list: they are asked for at every turn and never change."""
    return Terms.read(json.loads(text))


class ChallengeListQuerySet(RecordQuerySet):
    """Open once published; a draft is for staff and officers."""

    def open_rows(self, levels: list[Visibility]) -> Q:
        return Q(visibility__in=levels, published_on__isnull=False)


class ChallengeList(Record):
    """A list (榜单): challenges published together under one set of rules, with one deadline and one key."""

    number = models.CharField(_("number"), max_length=20, null=True, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=200)
    publisher = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="published_lists",
        verbose_name=_("published by"),
        help_text=_("The authority that signs the list."),
    )
    preface = models.TextField(_("preface"), blank=True)
    rule_set = models.ForeignKey(RuleSet, models.PROTECT, related_name="lists", verbose_name=_("rule set"))
    terms = models.JSONField(_("rules in force"), default=dict, editable=False)
    terms_digest = models.CharField(max_length=64, blank=True, editable=False)
    content = models.JSONField(_("as published"), default=dict, editable=False)
    content_digest = models.CharField(max_length=64, blank=True, editable=False)
    state = models.CharField(
        _("state"), max_length=10, choices=ListState.choices, default=ListState.DRAFT, editable=False
    )
    published_on = models.DateField(_("published on"), null=True, editable=False)
    deadline = models.DateTimeField(
        _("bids until"), help_text=_("The last moment at which a bid is taken, by the clock of this program.")
    )
    opened_at = models.DateTimeField(_("opened at"), null=True, editable=False)
    key_digest = models.CharField(max_length=64, blank=True, editable=False)
    ended_on = models.DateField(_("ended on"), null=True, editable=False)
    ending = models.TextField(_("why it ended"), blank=True, editable=False)

    objects: ClassVar[Any] = ChallengeListQuerySet.as_manager()
    DETAIL_URL = "challenges:list-detail"
    BOOKKEEPING = Record.BOOKKEEPING | {"terms", "terms_digest", "content", "content_digest", "key_digest"}
    TIMELINE_PARTS = ("challenges", "amendments")

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("list of challenges")
        verbose_name_plural = _("lists of challenges")
        indexes = [
            models.Index(fields=["published_on", "visibility"], name="lists_by_publication"),
            models.Index(fields=["state", "deadline"], name="lists_by_deadline"),
        ]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def closed_versions(cls, levels: list[Visibility]) -> models.Q:
        return super().closed_versions(levels) | models.Q(published_on__isnull=True)

    @property
    def tone(self) -> str:
        return board.TONES[ListState(self.state)]

    @property
    def rules(self) -> Terms:
        """The rules it is held to: its own copy once published, the rule set's until then."""
        return read_terms(json.dumps(self.terms)) if self.published_on else self.rule_set.rules

    def state_at(self, moment: datetime) -> ListState:
        """Where it stands for a reader: once the deadline is over, bids are closed, whoever says so when."""
        over = self.state == ListState.PUBLISHED and moment > self.deadline
        return ListState.CLOSED if over else ListState(self.state)

    def takes_bids_at(self, moment: datetime) -> bool:
        """Whether a bid that arrives at this moment is in time; the deadline itself is."""
        return self.state == ListState.PUBLISHED and moment <= self.deadline


class Kind(models.TextChoices):
    """Whose list it stands on."""

    GOVERNMENT = "government", _("government list (政府榜)")
    ENTERPRISE = "enterprise", _("enterprise list (企业榜)")


class Purpose(models.TextChoices):
    BREAKTHROUGH = "breakthrough", _("breakthrough (攻关)")
    TRANSFER = "transfer", _("transfer of results (转化)")


class Mechanism(models.TextChoices):
    SINGLE = "single", _("one winner (单选)")
    RACE = "race", _("race (赛马)")


class Ownership(models.TextChoices):
    """Who shall own what comes out of it."""

    ISSUER = "issuer", _("the issuer")
    BIDDER = "bidder", _("the bidder")
    SHARED = "shared", _("both together")
    CONTRACT = "contract", _("as the contract says")


class ChallengeQuerySet(RecordQuerySet):
    """Open with its list once published; its issuer sees it before that."""

    def open_rows(self, levels: list[Visibility]) -> Q:
        return Q(
            visibility__in=levels,
            board__visibility__in=levels,
            board__published_on__isnull=False,
            issuer__visibility__in=levels,
        )

    def own_rows(self, user: Any) -> Q:
        return Q(issuer__in=member_organizations(user))


class Challenge(Record):
    """An entry of a list: a problem, the targets that count as solving it, the money and the conditions."""

    board = models.ForeignKey(ChallengeList, models.PROTECT, related_name="challenges", verbose_name=_("list"))
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    number = models.CharField(_("number"), max_length=24, null=True, unique=True, editable=False)
    scenario = models.ForeignKey(
        Scenario, models.PROTECT, null=True, blank=True, related_name="challenges", verbose_name=_("scenario")
    )
    need = models.ForeignKey(
        Need, models.PROTECT, null=True, blank=True, related_name="challenges", verbose_name=_("need"), editable=False
    )
    issuer = models.ForeignKey(Organization, models.PROTECT, related_name="challenges", verbose_name=_("issuer"))
    state = models.CharField(
        _("state"), max_length=10, choices=ChallengeState.choices, default=ChallengeState.DRAFT, editable=False
    )
    outcome = models.CharField(_("outcome"), max_length=10, choices=ChallengeState.choices, blank=True, editable=False)
    kind = models.CharField(pgettext_lazy("challenge", "kind"), max_length=10, choices=Kind.choices)
    purpose = models.CharField(_("purpose"), max_length=12, choices=Purpose.choices, default=Purpose.BREAKTHROUGH)
    mechanism = models.CharField(_("mechanism"), max_length=6, choices=Mechanism.choices, default=Mechanism.SINGLE)
    title = models.CharField(_("title"), max_length=200)
    fields = CodesField(_("technical fields"), labels=field_labels)
    problem = models.TextField(_("main problem"))
    conditions = models.TextField(_("conditions for bidders"), blank=True)
    ownership = models.CharField(
        _("intellectual property"), max_length=10, choices=Ownership.choices, default=Ownership.CONTRACT
    )
    money = models.BigIntegerField(_("money (yuan)"), null=True, blank=True)
    payer = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("who pays")
    )
    starts_on = models.DateField(_("starts on"), null=True, blank=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    contact_name = models.CharField(_("contact's name"), max_length=60, blank=True)
    contact_phone = models.CharField(_("contact's phone"), max_length=40, blank=True)
    contact_email = models.EmailField(_("contact's e-mail"), blank=True)
    contact_open = models.BooleanField(
        _("the contact agreed to be published"),
        default=False,
        help_text=_("Without it name, phone and e-mail are shown in part."),
    )
    ended_on = models.DateField(_("ended on"), null=True, editable=False)
    ending = models.TextField(_("why it ended"), blank=True, editable=False)
    search_key = models.TextField(editable=False, blank=True)

    objects: ClassVar[Any] = ChallengeQuerySet.as_manager()
    DETAIL_URL = "challenges:challenge-detail"
    TIMELINE_PARTS = ("targets",)
    BOOKKEEPING = Record.BOOKKEEPING | {"contact_name", "contact_phone", "contact_email", "contact_open"}

    class Meta:
        ordering = ["board", "position", "pk"]
        verbose_name = _("challenge")
        verbose_name_plural = _("challenges")
        indexes = [
            models.Index(fields=["state", "visibility"], name="challenges_by_state"),
            models.Index(fields=["title", "visibility"], name="challenges_by_title"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(starts_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="a_challenge_ends_after_it_began",
                violation_error_message=_("The last day must not come before the first."),
            ),
            models.CheckConstraint(
                condition=Q(money__isnull=True) | Q(money__gte=0),
                name="the_money_of_a_challenge_is_not_negative",
                violation_error_message=_("The money must not be negative."),
            ),
        ]

    @classmethod
    def closed_versions(cls, levels: list[Visibility]) -> models.Q:
        return super().closed_versions(levels) | models.Q(state=ChallengeState.DRAFT)

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.derive()
        super().save(*args, **kwargs)

    def derive(self) -> None:
        """Set what follows from other fields; bulk writers call it themselves."""
        self.search_key = search_key(self.title, self.number or "", self.problem)

    @property
    def tone(self) -> str:
        return TONES[ChallengeState(self.state)]


class TargetQuerySet(RecordQuerySet):
    """Targets are as open as their challenge."""

    def open_rows(self, levels: list[Visibility]) -> Q:
        return Q(
            visibility__in=levels,
            challenge__visibility__in=levels,
            challenge__board__visibility__in=levels,
            challenge__board__published_on__isnull=False,
            challenge__issuer__visibility__in=levels,
        )

    def own_rows(self, user: Any) -> Q:
        return Q(challenge__issuer__in=member_organizations(user))


class Target(Goal, Record):
    """A core indicator that a solution must reach, and how that is tested."""

    challenge = models.ForeignKey(Challenge, models.CASCADE, related_name="targets")

    objects: ClassVar[Any] = TargetQuerySet.as_manager()
    PARENT = "challenge"

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = pgettext_lazy("challenge", "core indicator")
        verbose_name_plural = pgettext_lazy("challenge", "core indicators")
        constraints = [two_ends_between("only_a_target_between_has_two_ends")]
