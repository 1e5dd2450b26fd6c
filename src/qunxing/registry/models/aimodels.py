"""AI models, their versions and their owners."""

from typing import Any, ClassVar, Self

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from qunxing.core.fields import CodesField
from qunxing.core.text import fold_name, search_key
from qunxing.directory.models import Organization, Task
from qunxing.ledger.models import Record, RecordQuerySet
from qunxing.registry.models.reach import (
    at_present,
    open_models,
    open_organizations,
    own_models,
    own_organizations,
    reached,
)
from qunxing.registry.models.vocabulary import Modality, Openness

NAME_LENGTH = 200


class AIModelQuerySet(RecordQuerySet):
    def own_rows(self, user: Any) -> models.Q:
        return own_models(user)


class AIModel(Record):
    """A model that somebody in or around the community makes or runs."""

    name = models.CharField(_("name"), max_length=NAME_LENGTH)
    name_key = models.CharField(max_length=NAME_LENGTH, editable=False)
    english_name = models.CharField(_("English name"), max_length=NAME_LENGTH, blank=True)
    description = models.TextField(_("description"), blank=True)
    modalities = CodesField(_("modalities"), labels=lambda: dict(Modality.choices))
    tasks = CodesField(_("tasks"), labels=lambda: dict(Task.choices))
    parameters = models.DecimalField(
        _("parameters (billions)"),
        max_digits=9,
        decimal_places=3,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("Of the largest published version."),
    )
    parameters_text = models.CharField(
        _("parameters as published"), max_length=60, blank=True, help_text=_("A range or a wording, such as 7B to 72B.")
    )
    openness = models.CharField(_("openness"), max_length=6, choices=Openness.choices, blank=True)
    base_model = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="derived_models", verbose_name=_("base model")
    )
    website = models.URLField(_("website"), max_length=300, blank=True)
    search_key = models.TextField(editable=False, blank=True)

    objects: ClassVar[Any] = AIModelQuerySet.as_manager()
    DETAIL_URL = "registry:model-detail"
    TIMELINE_PARTS = ("versions", "ownerships")

    class Meta:
        ordering = ["name_key", "pk"]
        verbose_name = _("model")
        verbose_name_plural = _("models")
        indexes = [
            models.Index(fields=["name_key", "visibility"], name="models_by_name"),
            models.Index(fields=["updated_at", "visibility"], name="models_by_change"),
            models.Index(fields=["parameters", "visibility"], name="models_by_parameters"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(base_model__isnull=True) | ~models.Q(base_model=models.F("id")),
                name="no_model_is_its_own_base",
                violation_error_message=_("A model cannot be its own base model."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.derive()
        super().save(*args, **kwargs)

    def derive(self) -> None:
        """Set what follows from the names; bulk writers call it themselves."""
        self.name_key = fold_name(self.name)[:NAME_LENGTH]
        self.search_key = search_key(self.name, self.english_name)

    @cached_property
    def present_owners(self) -> frozenset[int]:
        """Keys of the organisations whose model it is today."""
        return frozenset(self.ownerships.filter(at_present()).values_list("organization_id", flat=True))


class ModelVersionQuerySet(RecordQuerySet):
    def visible_to(self, user: Any) -> Self:
        return super().visible_to(user).filter(reached(user, open_models, own_models, "model__"))

    def own_rows(self, user: Any) -> models.Q:
        return own_models(user, "model__")


class ModelVersion(Record):
    """A version of a model as its makers call it."""

    model = models.ForeignKey(AIModel, models.CASCADE, related_name="versions")
    version = models.CharField(_("version"), max_length=60)
    released_on = models.DateField(_("released on"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects: ClassVar[Any] = ModelVersionQuerySet.as_manager()
    PARENT: ClassVar[str] = "model"

    class Meta:
        ordering = ["-released_on", "-pk"]
        verbose_name = _("model version")
        verbose_name_plural = _("model versions")
        constraints = [
            models.UniqueConstraint(
                fields=["model", "version"],
                name="one_row_a_version",
                violation_error_message=_("The model has this version already."),
            ),
        ]

    def __str__(self) -> str:
        return self.version


class OwnershipQuerySet(RecordQuerySet):
    def visible_to(self, user: Any) -> Self:
        owned = reached(user, open_models, own_models, "model__")
        owning = reached(user, open_organizations, own_organizations, "organization__")
        return super().visible_to(user).filter(owned & owning)

    def own_rows(self, user: Any) -> models.Q:
        return own_organizations(user, "organization__")


class Ownership(Record):
    """Whose model it is, and in which role; a model may have several owners."""

    class Role(models.TextChoices):
        OWNER = "owner", _("owner")
        CO_OWNER = "co_owner", _("co-owner")
        DEVELOPER = "developer", _("developer")

    model = models.ForeignKey(AIModel, models.CASCADE, related_name="ownerships")
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="model_ownerships", verbose_name=_("organisation")
    )
    role = models.CharField(_("role"), max_length=10, choices=Role.choices, default=Role.OWNER)
    from_day = models.DateField(_("from"), null=True, blank=True)
    to_day = models.DateField(_("until"), null=True, blank=True)

    objects: ClassVar[Any] = OwnershipQuerySet.as_manager()
    PARENT: ClassVar[str] = "model"

    class Meta:
        ordering = ["to_day", "pk"]
        verbose_name = _("ownership")
        verbose_name_plural = _("ownerships")
        constraints = [
            models.UniqueConstraint(
                fields=["model", "organization", "role"],
                condition=models.Q(to_day__isnull=True),
                name="one_present_ownership_a_role",
                violation_error_message=_("The organisation has this role already."),
            ),
            models.CheckConstraint(
                condition=models.Q(to_day__isnull=True)
                | models.Q(from_day__isnull=True)
                | models.Q(to_day__gte=models.F("from_day")),
                name="an_ownership_ends_after_it_began",
                violation_error_message=_("The last day must not come before the first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization} · {self.get_role_display()}"
