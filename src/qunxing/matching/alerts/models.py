"""What people watch, what they were told, and the feeds that read it out."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunxing.core.fields import REF_LENGTH, new_ref
from qunxing.matching.alerts.keys import pack, unpack


def reference() -> Any:
    return models.CharField(max_length=REF_LENGTH, unique=True, default=new_ref, editable=False)


class WatchKind(models.TextChoices):
    """What is looked at: a list with its filters, words over all lists, what suits a firm or a fund."""

    LIST = "list", _("saved search of a list")
    SEARCH = "search", _("saved search over everything")
    MATCH = "match", _("saved match")


class Every(models.TextChoices):
    DAILY = "daily", _("every working day")
    WEEKLY = "weekly", _("every week, on its first working day")


class Watch(models.Model):
    """What one person wants to hear of; `seen` holds the keys of all rows ever met, so that none is told twice.

    `target` is the code of the list, or for a match ``<what is proposed>/<reference of the firm or fund>``.
    """

    ref = reference()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="watches")
    kind = models.CharField(_("kind"), max_length=6, choices=WatchKind.choices)
    name = models.CharField(_("name"), max_length=120)
    target = models.CharField(max_length=60, blank=True)
    query = models.TextField(blank=True)
    every = models.CharField(_("how often"), max_length=6, choices=Every.choices, default=Every.DAILY)
    paused = models.BooleanField(pgettext_lazy("watch", "paused"), default=False)
    looked_on = models.DateField(_("last looked on"))
    created_at = models.DateTimeField(auto_now_add=True)
    packed = models.BinaryField(default=bytes)

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = pgettext_lazy("alerts", "saved search")
        verbose_name_plural = pgettext_lazy("alerts", "saved searches")
        indexes = [models.Index(fields=["paused", "looked_on"], name="watches_to_look_at")]

    def __str__(self) -> str:
        return self.name

    @property
    def seen(self) -> dict[str, frozenset[int]]:
        """{list: keys of the rows that were met}."""
        return unpack(bytes(self.packed))

    @seen.setter
    def seen(self, keys: Mapping[str, frozenset[int]]) -> None:
        self.packed = pack(keys)


class MailState(models.TextChoices):
    """Where the e-mail of a digest stands."""

    NONE = "none", _("no e-mail wanted")
    WAITING = "waiting", _("to be sent")
    SENT = "sent", _("sent")
    EMPTY = "empty", _("not sent: nothing of it may be seen any more")
    GIVEN_UP = "given_up", _("given up")


MAIL_TONES = {MailState.WAITING: "warn", MailState.SENT: "good", MailState.GIVEN_UP: "bad"}


class Digest(models.Model):
    """What one person was told on one day."""

    ref = reference()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="digests")
    day = models.DateField(_("day"))
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True)
    mail = models.CharField(_("e-mail"), max_length=8, choices=MailState.choices, default=MailState.NONE)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("digest")
        verbose_name_plural = _("digests")
        indexes = [
            models.Index(fields=["user", "read_at"], name="digests_unread"),
            models.Index(fields=["mail", "next_try_at"], name="digests_to_send"),
        ]

    def __str__(self) -> str:
        return self.day.isoformat()

    def get_absolute_url(self) -> str:
        return reverse("matching:alerts:digest", args=[self.ref])

    @property
    def mail_tone(self) -> str:
        return MAIL_TONES.get(MailState(self.mail), "muted")


class Notice(models.Model):
    """The new rows of one watch in a digest; names and counts are read when somebody looks, as far as they may see."""

    MOST: ClassVar[int] = 1_000

    digest = models.ForeignKey(Digest, models.CASCADE, related_name="notices")
    watch = models.ForeignKey(Watch, models.SET_NULL, null=True, related_name="notices")
    heading = models.CharField(max_length=120)
    keys: Any = models.JSONField(default=list)  # [[list, [key of a row, newest first]]]
    cut = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.heading


class Feed(models.Model):
    """A secret address that reads out what its owner was told; only the digest of the secret is kept."""

    ref = reference()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="feeds")
    watch = models.ForeignKey(Watch, models.CASCADE, null=True, related_name="feeds", verbose_name=_("saved search"))
    name = models.CharField(_("name"), max_length=60)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    used_on = models.DateField(_("last asked on"), null=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name


class Wishes(models.Model):
    """How one person wants to be told."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="alert_wishes")
    by_mail = models.BooleanField(_("send the digest by e-mail"), default=True)
    language = models.CharField(_("language of the e-mail"), max_length=7, choices=settings.LANGUAGES)

    def __str__(self) -> str:
        return str(self.user)
