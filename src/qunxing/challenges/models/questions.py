"""What is asked of a list in public, what is amended in it, and who wants to be told."""

import hmac
from hashlib import sha256
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qunxing.challenges.models.boards import Challenge, ChallengeList
from qunxing.challenges.states.question import TONES, QuestionState
from qunxing.directory.models import member_organizations
from qunxing.ledger.models import Record, RecordQuerySet, Visibility


def of_published_list(levels: list[Visibility]) -> Q:
    return Q(visibility__in=levels, board__visibility__in=levels, board__published_on__isnull=False)


class QuestionQuerySet(RecordQuerySet):
    """Open once answered or declined; before that for those who answer."""

    def open_rows(self, levels: list[Visibility]) -> Q:
        return of_published_list(levels) & ~Q(state=QuestionState.ASKED)

    def own_rows(self, user: Any) -> Q:
        return Q(challenge__issuer__in=member_organizations(user))


class Question(Record):
    """A question to a list or to one of its challenges; nobody is told who asked, and no row says so."""

    board = models.ForeignKey(ChallengeList, models.CASCADE, related_name="questions")
    challenge = models.ForeignKey(
        Challenge, models.CASCADE, null=True, blank=True, related_name="questions", verbose_name=_("challenge")
    )
    state = models.CharField(
        _("state"), max_length=8, choices=QuestionState.choices, default=QuestionState.ASKED, editable=False
    )
    text = models.TextField(_("question"), max_length=2000)
    asked_on = models.DateField(_("asked on"), editable=False)
    asker = models.CharField(max_length=64, editable=False)
    answer = models.TextField(_("answer"), blank=True, max_length=5000)
    answered_on = models.DateField(_("answered on"), null=True, editable=False)

    objects: ClassVar[Any] = QuestionQuerySet.as_manager()
    PARENT: ClassVar[str] = "board"
    BOOKKEEPING = Record.BOOKKEEPING | {"asker"}

    class Meta:
        ordering = ["-asked_on", "-pk"]
        verbose_name = _("question")
        verbose_name_plural = _("questions")

    def __str__(self) -> str:
        return self.text[:80]

    @property
    def tone(self) -> str:
        return TONES[QuestionState(self.state)]


def asker_tag(user: Any, board: ChallengeList) -> str:
    """By which somebody finds their own questions to a list again; it tells nobody else who asked."""
    words = f"question {board.ref} {user.pk}"
    return hmac.new(settings.SECRET_KEY.encode(), words.encode(), sha256).hexdigest()


class PublishedQuerySet(RecordQuerySet):
    """As open as the list."""

    def open_rows(self, levels: list[Visibility]) -> Q:
        return of_published_list(levels)


class Amendment(Record):
    """A numbered change of a published list: what changed field by field, why, and what became of the deadline.

    `changes` is [{"entry": number, "field": code, "label": {"zh-hans", "en"}, "before": text, "after": text}].
    """

    board = models.ForeignKey(ChallengeList, models.CASCADE, related_name="amendments")
    number = models.PositiveSmallIntegerField(_("number"))
    day = models.DateField(_("day"))
    why = models.TextField(_("reason"))
    changes = models.JSONField(_("changes"), default=list)
    deadline_before = models.DateTimeField(_("bids until, before"))
    deadline_after = models.DateTimeField(_("bids until, after"))
    extended = models.BooleanField(_("extended by rule"), default=False)
    digest = models.CharField(max_length=64, editable=False)

    objects: ClassVar[Any] = PublishedQuerySet.as_manager()
    PARENT: ClassVar[str] = "board"
    BOOKKEEPING = Record.BOOKKEEPING | {"changes", "digest"}

    class Meta:
        ordering = ["-number"]
        verbose_name = _("amendment")
        verbose_name_plural = _("amendments")
        constraints = [
            models.UniqueConstraint(fields=["board", "number"], name="amendments_of_a_list_are_numbered_once")
        ]

    def __str__(self) -> str:
        return f"{self.board} · {self.number}"

    @property
    def moved(self) -> bool:
        return self.deadline_after != self.deadline_before


class Follower(models.Model):
    """Somebody who wants to be told of what changes in a list; no time is kept, so that it tells no more than that."""

    board = models.ForeignKey(ChallengeList, models.CASCADE, related_name="followers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="followed_lists")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["board", "user"], name="a_list_is_followed_once")]

    def __str__(self) -> str:
        return f"{self.user} · {self.board}"


class AmendmentMail(models.Model):
    """How far bidders were told of an amendment by e-mail: no part of the record, so that its versions stay as written.

    `told` are tags that only the list's key can read.
    """

    amendment = models.OneToOneField(Amendment, models.CASCADE, related_name="mail")
    told: Any = models.JSONField(default=list)
    done = models.BooleanField(default=False)

    def __str__(self) -> str:
        return str(self.amendment)
