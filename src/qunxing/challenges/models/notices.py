"""Public notices with their clock, objections to them, and who objected."""

from datetime import date
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunxing.accounts.models import Kind, User
from qunxing.challenges.models.awards import Proposal
from qunxing.challenges.models.boards import Challenge
from qunxing.challenges.noticeclock import Window
from qunxing.challenges.states import objection
from qunxing.challenges.states.notice import LIVE, TONES, NoticeState
from qunxing.challenges.states.objection import ObjectionState
from qunxing.challenges.terms import Notice as Rule
from qunxing.core.fields import REF_LENGTH, new_ref
from qunxing.directory.models import Organization
from qunxing.ledger.models import Record, RecordQuerySet, Visibility
from qunxing.panels.models.base import ClosedQuerySet, ClosedRecord


class NoticeQuerySet(RecordQuerySet):
    """Open to everybody as its challenge is, where it has one."""

    def open_rows(self, levels: list[Visibility]) -> Q:
        of_challenge = Q(challenge__visibility__in=levels, challenge__board__visibility__in=levels)
        shown = Q(visibility__in=levels, issuer__visibility__in=levels)
        return shown & (Q(challenge__isnull=True) | of_challenge)


class Notice(Record):
    """What is put before the public, until when, as it was published: names of persons are masked in `lines`.

    `lines`: [{place, organization, partners, leader, money, score}]; `clock` is the rule it is counted by. The notice
    of a gate of a race has no proposed award, and a challenge only if the race has.
    """

    challenge = models.ForeignKey(
        Challenge, models.PROTECT, null=True, blank=True, related_name="notices", verbose_name=_("challenge")
    )
    issuer = models.ForeignKey(
        Organization, models.PROTECT, null=True, related_name="+", verbose_name=_("issuer"), editable=False
    )
    proposal = models.ForeignKey(
        Proposal, models.PROTECT, null=True, blank=True, related_name="notices", verbose_name=_("proposed award")
    )
    number = models.CharField(_("number"), max_length=20, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=250)
    text = models.TextField(_("text"), blank=True)
    lines = models.JSONField(_("what is published"), default=list)
    clock = models.JSONField(_("how days are counted"), default=dict)
    state = models.CharField(
        _("state"), max_length=10, choices=NoticeState.choices, default=NoticeState.RUNNING, editable=False
    )
    first_day = models.DateField(_("first day"), editable=False)
    last_day = models.DateField(_("last day"), editable=False)
    certain = models.BooleanField(_("certain"), default=True, editable=False)
    stopped_on = models.DateField(_("suspended on"), null=True, editable=False)

    objects: ClassVar[Any] = NoticeQuerySet.as_manager()
    DETAIL_URL: ClassVar[str] = "challenges:notice-detail"
    BOOKKEEPING = Record.BOOKKEEPING | {"lines", "clock", "certain"}

    class Meta:
        ordering = ["-pk"]
        verbose_name = pgettext_lazy("of an award", "public notice")
        verbose_name_plural = pgettext_lazy("of an award", "public notices")
        indexes = [models.Index(fields=["state", "last_day"], name="notices_by_last_day")]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=models.F("first_day")), name="a_notice_ends_after_it_began"
            ),
            models.UniqueConstraint(
                fields=["proposal"], condition=Q(state__in=sorted(LIVE)), name="one_notice_of_a_proposal_runs"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.challenge is not None and self.issuer_id is None:
            self.issuer_id = self.challenge.issuer_id
        super().save(*args, **kwargs)

    @property
    def window(self) -> Window:
        return Window(self.first_day, self.last_day, self.certain)

    @property
    def rule(self) -> Rule:
        return Rule(**self.clock)

    @property
    def tone(self) -> str:
        return TONES[NoticeState(self.state)]

    def takes_objections_on(self, day: date) -> bool:
        """Whether an objection is in time; a suspended notice takes them too."""
        return self.state in LIVE and self.first_day <= day <= self.last_day


class ObjectionQuerySet(ClosedQuerySet):
    """What was objected is for staff, officers and whoever wrote it."""

    def own_rows(self, user: Any) -> Q:
        return Q(objector__user=user.pk)


class Objection(ClosedRecord):
    """What is held against a notice and how it was answered; who holds it is kept apart in `Objector`."""

    notice = models.ForeignKey(
        Notice, models.PROTECT, related_name="objections", verbose_name=pgettext_lazy("of an award", "public notice")
    )
    number = models.CharField(_("number"), max_length=20, unique=True, editable=False)
    grounds = models.TextField(_("what you object to, and why"))
    proof = models.TextField(_("facts and proof"), blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=ObjectionState.choices, default=ObjectionState.RECEIVED, editable=False
    )
    received_at = models.DateTimeField(_("received"), editable=False)
    reply_by = models.DateField(_("to be answered by"), editable=False)
    reply = models.TextField(_("answer"), blank=True, editable=False)
    replied_on = models.DateField(_("answered on"), null=True, editable=False)

    objects: ClassVar[Any] = ObjectionQuerySet.as_manager()
    DETAIL_URL: ClassVar[str] = "challenges:objection-detail"

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("objection")
        verbose_name_plural = _("objections")
        indexes = [models.Index(fields=["state", "reply_by"], name="objections_by_reply")]

    def __str__(self) -> str:
        return self.number

    @property
    def challenge(self) -> Challenge | None:
        return self.notice.challenge

    @property
    def tone(self) -> str:
        return objection.TONES[ObjectionState(self.state)]

    @property
    def late(self) -> bool:
        """Whether it was answered after its day."""
        return self.replied_on is not None and self.replied_on > self.reply_by


class ObjectorQuerySet(RecordQuerySet):
    """Only staff know who objected, and those who did themselves."""

    def visible_to(self, user: Any) -> Self:
        if getattr(user, "kind", None) == Kind.STAFF:
            return self
        return self.filter(user=user.pk) if user.is_authenticated else self.none()


class Objector(ClosedRecord):
    """Who objected, by real name; kept apart so that nothing that shows an objection shows this."""

    objection = models.OneToOneField(
        Objection, models.PROTECT, related_name="objector", verbose_name=_("objection"), editable=False
    )
    name = models.CharField(_("your real name"), max_length=60)
    employer = models.CharField(_("your organisation or address"), max_length=200)
    phone = models.CharField(pgettext_lazy("objector", "phone"), max_length=40, blank=True)
    email = models.EmailField(pgettext_lazy("objector", "e-mail"), blank=True)
    user = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", editable=False)
    # So that nobody can tell from the digest in the log whether a name they guess is the right one.
    salt = models.CharField(max_length=REF_LENGTH, default=new_ref, editable=False)

    objects: ClassVar[Any] = ObjectorQuerySet.as_manager()
    BOOKKEEPING = ClosedRecord.BOOKKEEPING | {"name", "employer", "phone", "email", "user", "salt"}

    class Meta:
        verbose_name = pgettext_lazy("objection", "objector")
        verbose_name_plural = pgettext_lazy("objection", "objectors")

    def __str__(self) -> str:
        return str(self.objection)

    def get_absolute_url(self) -> str:
        return self.objection.get_absolute_url()
