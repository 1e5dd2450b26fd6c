"""Test sets, scorers and the bodies whose tables of scores are taken."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunxing.directory.models import Organization
from qunxing.panels.models.base import ClosedQuerySet, ClosedRecord
from qunxing.races.models.races import Race, Stage


class TestSet(ClosedRecord):
    """A sealed test set of a stage. Its questions may be handed out; its answers lie encrypted beside the database.

    `schema`: {"id": column, "answer": column, "kind": "label" | "number" | "text", "labels": [...]}; `public`: what
    answers while the window is open, {"items": [...]} or {"percent", "seed"}.
    """

    __test__ = False  # no test of ours, whatever its name says

    stage = models.ForeignKey(
        Stage, models.PROTECT, related_name="test_sets", verbose_name=pgettext_lazy("race", "stage")
    )
    version = models.PositiveSmallIntegerField(_("version"), default=1, editable=False)
    name = models.CharField(_("name"), max_length=120)
    digest = models.CharField(_("digest of the answers"), max_length=64, editable=False)
    questions_digest = models.CharField(_("digest of the questions"), max_length=64, blank=True, editable=False)
    size = models.PositiveBigIntegerField(_("size"), default=0, editable=False)
    items = models.PositiveIntegerField(_("items"), default=0, editable=False)
    public_items = models.PositiveIntegerField(_("items of the public part"), default=0, editable=False)
    schema = models.JSONField(_("form of the answers"), default=dict)
    public = models.JSONField(_("public part"), default=dict)
    in_force = models.BooleanField(_("in force"), default=True, editable=False)
    registered_on = models.DateField(_("registered on"), editable=False)
    note = models.CharField(_("where it comes from"), max_length=300, blank=True)

    objects: ClassVar[Any] = ClosedQuerySet.as_manager()
    PARENT: ClassVar[str] = "stage"
    BOOKKEEPING = ClosedRecord.BOOKKEEPING | {"schema", "public"}

    class Meta:
        ordering = ["stage", "-version"]
        verbose_name = _("test set")
        verbose_name_plural = _("test sets")
        constraints = [
            models.UniqueConstraint(fields=["stage", "version"], name="a_version_of_a_test_set_stands_once"),
            models.UniqueConstraint(
                fields=["stage"], condition=Q(in_force=True), name="one_test_set_of_a_stage_is_in_force"
            ),
            models.CheckConstraint(condition=Q(items__gt=0), name="a_test_set_is_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"

    @property
    def race(self) -> Race:
        return self.stage.race

    @property
    def replaceable(self) -> bool:
        """Whether another version may take its place; once something was entered it takes a new gate."""
        return not self.stage.has_entries


class Scorer(ClosedRecord):
    """A Python file of staff's that scores entries, kept beside the database; the gate names it by its digest."""

    name = models.CharField(_("name"), max_length=120)
    digest = models.CharField(_("digest"), max_length=64, unique=True, editable=False)
    size = models.PositiveIntegerField(_("size"), default=0, editable=False)
    metrics = models.JSONField(_("what it measures"), default=list)
    limits = models.JSONField(_("limits"), default=dict, blank=True)
    note = models.CharField(_("what it does"), max_length=300, blank=True)
    kept_on = models.DateField(_("kept on"), editable=False)

    objects: ClassVar[Any] = ClosedQuerySet.as_manager()
    DETAIL_URL: ClassVar[str] = "races:scorer-detail"

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("scorer")
        verbose_name_plural = _("scorers")

    def __str__(self) -> str:
        return self.name


class TestingBody(ClosedRecord):
    """Who may bring tables of scores to a gate; they count only with a signature by this key (Ed25519, in hex)."""

    __test__ = False

    stage = models.ForeignKey(
        Stage, models.PROTECT, related_name="testing_bodies", verbose_name=pgettext_lazy("race", "stage")
    )
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("race", "testing body")
    )
    key = models.CharField(_("public key"), max_length=64)
    registered_on = models.DateField(_("registered on"), editable=False)
    revoked_on = models.DateField(_("revoked on"), null=True, editable=False)
    revoked_why = models.CharField(_("why it was revoked"), max_length=500, blank=True, editable=False)

    objects: ClassVar[Any] = ClosedQuerySet.as_manager()
    PARENT: ClassVar[str] = "stage"

    class Meta:
        ordering = ["stage", "pk"]
        verbose_name = pgettext_lazy("race", "testing body")
        verbose_name_plural = pgettext_lazy("race", "testing bodies")
        constraints = [models.UniqueConstraint(fields=["stage", "key"], name="a_key_is_registered_once_at_a_gate")]

    def __str__(self) -> str:
        return str(self.organization)

    @property
    def race(self) -> Race:
        return self.stage.race
