"""Milestones with their proof, difficulties told early, and acceptance target by target."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunxing.challenges.models.boards import Challenge
from qunxing.challenges.models.contracts import Commitment, Contract, PartQuerySet, sides
from qunxing.challenges.states import acceptance, milestone
from qunxing.challenges.states.acceptance import AcceptanceState
from qunxing.challenges.states.milestone import MilestoneState
from qunxing.panels.models.base import ClosedQuerySet, ClosedRecord


class Milestone(ClosedRecord):
    """A day by which something shall be shown. The last one is the acceptance; a gate of a race decides its own."""

    class Kind(models.TextChoices):
        WORK = "work", pgettext_lazy("kind of milestone", "milestone")
        MID = "mid", pgettext_lazy("kind of milestone", "mid-term check")
        GATE = "gate", pgettext_lazy("kind of milestone", "gate of a race")
        FINAL = "final", pgettext_lazy("kind of milestone", "acceptance")

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="milestones", verbose_name=_("contract"))
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    kind = models.CharField(pgettext_lazy("milestone", "kind"), max_length=5, choices=Kind.choices, default=Kind.WORK)
    name = models.CharField(_("name"), max_length=120)
    due_on = models.DateField(_("due on"))
    shows = models.TextField(_("what shall be shown"), blank=True)
    state = models.CharField(
        _("state"), max_length=8, choices=MilestoneState.choices, default=MilestoneState.PLANNED, editable=False
    )
    report = models.TextField(_("report"), blank=True, editable=False)
    reported_on = models.DateField(_("reported on"), null=True, editable=False)
    finding = models.CharField(_("finding"), max_length=500, blank=True, editable=False)
    checked_on = models.DateField(_("checked on"), null=True, editable=False)

    objects: ClassVar[Any] = PartQuerySet.as_manager()
    PARENT: ClassVar[str] = "contract"

    class Meta:
        ordering = ["contract", "position", "pk"]
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        constraints = [
            models.UniqueConstraint(fields=["contract", "position"], name="a_milestone_stands_once"),
            models.UniqueConstraint(
                fields=["contract"], condition=Q(kind="final"), name="one_acceptance_of_a_contract_is_planned"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def challenge(self) -> Challenge | None:
        return self.contract.challenge

    @property
    def tone(self) -> str:
        return milestone.TONES[MilestoneState(self.state)]


class Proof(ClosedRecord):
    """A file that shows what was done; its name says nothing of where it lies."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="proofs", verbose_name=_("contract"))
    milestone = models.ForeignKey(
        Milestone, models.CASCADE, null=True, blank=True, related_name="proofs", verbose_name=_("milestone")
    )
    title = models.CharField(_("title"), max_length=200)
    file = models.FileField(_("file"), upload_to="proofs/%Y/%m")
    digest = models.CharField(_("digest"), max_length=64, editable=False)
    size = models.PositiveBigIntegerField(_("size"), default=0, editable=False)
    kept_on = models.DateField(_("kept on"), editable=False)

    objects: ClassVar[Any] = PartQuerySet.as_manager()
    PARENT: ClassVar[str] = "contract"

    class Meta:
        ordering = ["contract", "pk"]
        verbose_name = _("proof")
        verbose_name_plural = _("proofs")

    def __str__(self) -> str:
        return self.title

    @property
    def challenge(self) -> Challenge | None:
        return self.contract.challenge


class Difficulty(ClosedRecord):
    """Something in the way, told by the contractor before it is too late."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="difficulties", verbose_name=_("contract"))
    text = models.TextField(_("what is in the way"))
    done = models.TextField(_("what was tried"), blank=True)
    told_on = models.DateField(_("told on"), editable=False)

    objects: ClassVar[Any] = PartQuerySet.as_manager()
    PARENT: ClassVar[str] = "contract"

    class Meta:
        ordering = ["contract", "pk"]
        verbose_name = _("difficulty")
        verbose_name_plural = _("difficulties")

    def __str__(self) -> str:
        return self.text[:80]

    @property
    def challenge(self) -> Challenge | None:
        return self.contract.challenge


class Word(models.TextChoices):
    """What the user says of the result."""

    ACCEPTS = "accepts", pgettext_lazy("word of the user", "accepts it")
    REJECTS = "rejects", pgettext_lazy("word of the user", "does not accept it")


class Acceptance(ClosedRecord):
    """One attempt at acceptance: targets measured, the user's word, the decision."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="acceptances", verbose_name=_("contract"))
    attempt = models.PositiveSmallIntegerField(_("attempt"), default=1)
    state = models.CharField(
        _("state"), max_length=8, choices=AcceptanceState.choices, default=AcceptanceState.ASKED, editable=False
    )
    asked_on = models.DateField(_("asked on"), editable=False)
    report = models.TextField(_("report"), blank=True)
    word = models.CharField(_("the user's word"), max_length=8, choices=Word.choices, blank=True, editable=False)
    word_text = models.TextField(_("in the user's words"), blank=True, editable=False)
    word_on = models.DateField(_("word given on"), null=True, editable=False)
    false_data = models.BooleanField(_("false data"), default=False, editable=False)
    finding = models.CharField(_("finding"), max_length=500, blank=True, editable=False)
    decided_on = models.DateField(_("decided on"), null=True, editable=False)
    rectify_by = models.DateField(_("to be rectified by"), null=True, editable=False)

    objects: ClassVar[Any] = PartQuerySet.as_manager()
    PARENT: ClassVar[str] = "contract"
    TIMELINE_PARTS = ("measurements",)

    class Meta:
        ordering = ["contract", "-attempt"]
        verbose_name = _("acceptance")
        verbose_name_plural = _("acceptances")
        constraints = [models.UniqueConstraint(fields=["contract", "attempt"], name="an_attempt_stands_once")]

    def __str__(self) -> str:
        return f"{self.contract.number} · {self.attempt}"

    @property
    def challenge(self) -> Challenge | None:
        return self.contract.challenge

    @property
    def tone(self) -> str:
        return acceptance.TONES[AcceptanceState(self.state)]


class MeasurementQuerySet(ClosedQuerySet):
    def own_rows(self, user: Any) -> Q:
        return sides(user, "acceptance__contract__")

    def in_order(self) -> Self:
        return self.order_by("commitment__position", "commitment_id")


class Measurement(ClosedRecord):
    """The value of one committed target, who measured it and how."""

    acceptance = models.ForeignKey(
        Acceptance, models.CASCADE, related_name="measurements", verbose_name=_("acceptance")
    )
    commitment = models.ForeignKey(
        Commitment, models.PROTECT, related_name="measurements", verbose_name=_("committed target")
    )
    value = models.DecimalField(_("measured value"), max_digits=20, decimal_places=6)
    measured_by = models.CharField(_("measured by"), max_length=200)
    how = models.CharField(_("how"), max_length=500)
    measured_on = models.DateField(_("measured on"))
    met = models.BooleanField(_("met"), editable=False)

    objects: ClassVar[Any] = MeasurementQuerySet.as_manager()
    PARENT: ClassVar[str] = "acceptance"

    class Meta:
        ordering = ["acceptance", "commitment"]
        verbose_name = _("measurement")
        verbose_name_plural = _("measurements")
        constraints = [
            models.UniqueConstraint(fields=["acceptance", "commitment"], name="a_target_is_measured_once_an_attempt")
        ]

    def __str__(self) -> str:
        return f"{self.value.normalize():f} {self.commitment.unit}".strip()

    def derive(self) -> None:
        super().derive()
        self.met = self.commitment.met_by(self.value)

    @property
    def challenge(self) -> Challenge | None:
        return self.acceptance.contract.challenge
