"""How contracts end before their time, bad records (失信), and the archive."""

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunxing.challenges.models.boards import Challenge
from qunxing.challenges.models.contracts import Contract, PartQuerySet
from qunxing.challenges.states.termination import TONES, TerminationState
from qunxing.directory.models import Organization, member_organizations
from qunxing.panels.models.base import ClosedQuerySet, ClosedRecord


class Side(models.TextChoices):
    CONTRACTOR = "contractor", pgettext_lazy("side of a contract", "contractor")
    ISSUER = "issuer", pgettext_lazy("side of a contract", "issuer")
    STAFF = "staff", pgettext_lazy("side of a contract", "community staff")


class Termination(ClosedRecord):
    """An asked-for end. `evidence` lists the log entries that speak for diligence: [{index, at, what, text}]."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="terminations", verbose_name=_("contract"))
    side = models.CharField(_("asked by"), max_length=10, choices=Side.choices, editable=False)
    grounds = models.TextField(_("why the work shall end"))
    diligent = models.BooleanField(_("claims diligence (尽职免责)"), default=False)
    evidence = models.JSONField(_("what the log shows"), default=list, editable=False)
    state = models.CharField(
        _("state"), max_length=8, choices=TerminationState.choices, default=TerminationState.ASKED, editable=False
    )
    asked_on = models.DateField(_("asked on"), editable=False)
    finding = models.CharField(_("finding"), max_length=500, blank=True, editable=False)
    returned = models.BigIntegerField(_("money to be returned (yuan)"), default=0, editable=False)
    decided_on = models.DateField(_("decided on"), null=True, editable=False)

    objects: ClassVar[Any] = PartQuerySet.as_manager()
    PARENT: ClassVar[str] = "contract"
    BOOKKEEPING = ClosedRecord.BOOKKEEPING | {"evidence"}

    class Meta:
        ordering = ["contract", "-pk"]
        verbose_name = _("termination")
        verbose_name_plural = _("terminations")
        constraints = [
            models.UniqueConstraint(
                fields=["contract"], condition=Q(state="asked"), name="one_termination_is_asked_for"
            ),
            models.CheckConstraint(condition=Q(returned__gte=0), name="what_is_returned_is_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.contract.number} · {self.get_state_display()}"

    @property
    def challenge(self) -> Challenge | None:
        return self.contract.challenge

    @property
    def tone(self) -> str:
        return TONES[TerminationState(self.state)]


class BadRecordQuerySet(ClosedQuerySet):
    def own_rows(self, user: Any) -> Q:
        return Q(organization__in=member_organizations(user))

    def standing_on(self, day: date) -> Any:
        """Those that have begun and were not lifted by that day."""
        return self.filter(Q(lifted_on__isnull=True) | Q(lifted_on__gt=day), since__lte=day)


class BadRecord(ClosedRecord):
    """That an organisation broke its word (失信); rules of eligibility read it for some years."""

    class Kind(models.TextChoices):
        FALSE_DATA = "false", pgettext_lazy("bad record", "false data")
        AT_FAULT = "fault", pgettext_lazy("bad record", "work ended at fault")
        NOT_SIGNED = "unsigned", pgettext_lazy("bad record", "did not sign what was awarded")
        NOT_RETURNED = "unreturned", pgettext_lazy("bad record", "did not return money")
        OTHER = "other", pgettext_lazy("bad record", "other")

    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="bad_records", verbose_name=_("organisation")
    )
    challenge = models.ForeignKey(
        Challenge, models.PROTECT, null=True, blank=True, related_name="bad_records", verbose_name=_("challenge")
    )
    kind = models.CharField(pgettext_lazy("bad record", "kind"), max_length=10, choices=Kind.choices)
    since = models.DateField(_("since"))
    reason = models.TextField(_("reason"))
    lifted_on = models.DateField(_("lifted on"), null=True, editable=False)
    lifted_why = models.CharField(_("why it was lifted"), max_length=500, blank=True, editable=False)

    objects: ClassVar[Any] = BadRecordQuerySet.as_manager()
    DETAIL_URL: ClassVar[str] = "challenges:badrecord-detail"

    class Meta:
        ordering = ["-since", "-pk"]
        verbose_name = _("bad record")
        verbose_name_plural = _("bad records")
        indexes = [models.Index(fields=["organization", "since"], name="bad_records_of_a_firm")]

    def __str__(self) -> str:
        return f"{self.organization} · {self.get_kind_display()}"


class Archive(ClosedRecord):
    """The pack of a challenge: everything with its digests, and the log entry that attests them."""

    challenge = models.OneToOneField(Challenge, models.PROTECT, related_name="archive", verbose_name=_("challenge"))
    made_on = models.DateField(_("made on"))
    digest = models.CharField(_("digest of the index"), max_length=64)
    files = models.PositiveIntegerField(_("files"), default=0)

    objects: ClassVar[Any] = ClosedQuerySet.as_manager()
    PARENT: ClassVar[str] = "challenge"

    class Meta:
        verbose_name = _("archive")
        verbose_name_plural = _("archives")

    def __str__(self) -> str:
        return f"{self.challenge.number}"
