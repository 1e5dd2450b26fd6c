"""What is kept of the finding of duplicates, and of short names that wait for a person; none of these is a record."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunxing.core.fields import REF_LENGTH, new_ref
from qunxing.directory.models import Organization
from qunxing.intake.joining.grounds import Ground


class DuplicateSearch(models.Model):
    """The only row (pk 1): by which rules duplicates were found, when, and up to which entry of the log they are true.

    ``log_size`` is None while the first whole search is under way, or was stopped: then nothing is followed.
    """

    rules = models.PositiveIntegerField(default=0)
    log_size = models.BigIntegerField(null=True)
    searched_at = models.DateTimeField(_("searched"), null=True)
    followed_at = models.DateTimeField(_("followed"), null=True)

    def __str__(self) -> str:
        return f"{self.rules} {self.log_size}"


class DuplicateMark(models.Model):
    """What an organisation must have in common with another one to be compared with it, see `joining.finding`."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    mark = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["mark", "organization"], name="organizations_of_a_mark")]

    def __str__(self) -> str:
        return f"{self.organization_id} {self.mark}"


class DuplicatePair(models.Model):
    """Two organisations that may be one, the lower key first; ``score`` in thousandths, ``reasons`` as codes."""

    first = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    second = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    score = models.PositiveSmallIntegerField(_("likeness"))
    ground = models.CharField(_("why"), max_length=6, choices=Ground.choices)
    reasons: Any = models.JSONField(default=list)
    found_at = models.DateTimeField(_("found"), auto_now_add=True)

    class Meta:
        ordering = ["-score", "pk"]
        indexes = [models.Index(fields=["-score", "id"], name="likeliest_pairs")]
        constraints = [models.UniqueConstraint(fields=["first", "second"], name="a_pair_is_found_once")]

    def __str__(self) -> str:
        return f"{self.first} · {self.second}"

    def get_absolute_url(self) -> str:
        return reverse("intake:duplicate", args=[self.first.ref, self.second.ref])

    @property
    def ref(self) -> str:
        return f"{self.first.ref}-{self.second.ref}"

    @property
    def demo(self) -> bool:
        """A list marks the first of the two by it."""
        return bool(self.first.demo)


class AliasProposal(models.Model):
    """A short name that may mean an organisation, left to a person; once settled it is not proposed again.

    ``signs`` are codes of `aliases.Sign`; ``batch`` is what made it a name, where it was accepted.
    """

    class State(models.TextChoices):
        """The codes sort the open ones last, so that a list turned round shows them first."""

        OPEN = "open", pgettext_lazy("a matter left to people", "open")
        ACCEPTED = "accepted", _("accepted")
        DISMISSED = "dismissed", _("not so")

    ref = models.CharField(max_length=REF_LENGTH, unique=True, default=new_ref, editable=False)
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    short = models.CharField(_("short name"), max_length=200)
    short_key = models.CharField(max_length=200)
    place = models.CharField(_("place"), max_length=120, blank=True)
    score = models.PositiveSmallIntegerField(_("likeness"))
    signs: Any = models.JSONField(default=list)
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.OPEN)
    note = models.CharField(_("note"), max_length=500, blank=True)
    batch = models.ForeignKey("intake.Batch", models.SET_NULL, null=True, related_name="+")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    proposed_at = models.DateTimeField(_("proposed"), auto_now_add=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)

    demo: ClassVar[bool] = False  # these are no records: nothing of them is made up

    class Meta:
        ordering = ["-state", "-score", "pk"]
        indexes = [models.Index(fields=["-state", "-score", "id"], name="open_short_names")]
        constraints = [models.UniqueConstraint(fields=["short_key", "organization"], name="a_short_name_proposed_once")]

    def __str__(self) -> str:
        return f"{self.short} → {self.organization}"

    def get_absolute_url(self) -> str:
        return self.organization.get_absolute_url()
